package pdf

import (
	"fmt"
	"io"
	"iter"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// FromScans writes a PDF/A-2b with one page for each picture and its words
// invisibly over it. Pages are taken one at a time, so that a run of hundreds
// needs the memory of one. The first error that pages yields ends the writing.
func FromScans(w io.Writer, meta Meta, pages iter.Seq2[ScanPage, error]) error {
	out := newWriter(w)
	tree := out.alloc()
	font := addGlyphless(out.add)
	var kids types.Array
	for p, err := range pages {
		if err != nil {
			return err
		}
		ref, err := addScan(out, tree, font, p)
		if err != nil {
			return fmt.Errorf("page %d: %w", len(kids)+1, err)
		}
		if kids = append(kids, ref); len(kids) > maxPages {
			return problem.New(problem.TooLarge, "Berkas ini mempunyai terlalu banyak halaman. Bagi menjadi beberapa berkas.", "This file has too many pages. Divide it into several files.", nil)
		}
	}
	if len(kids) == 0 {
		return problem.New(problem.Invalid, "Berkas ini tidak mempunyai halaman.", "This file has no pages.", nil)
	}
	out.put(tree, types.Dict{"Type": types.Name("Pages"), "Kids": kids, "Count": types.Integer(len(kids))})
	root := types.Dict{"Type": types.Name("Catalog"), "Pages": tree}
	info := describe(root, meta, out.add)
	return out.finish(out.add(root), &info, meta.ID)
}

// addScan writes the page of one picture. The page is upright and the picture is
// turned onto it, so that every reader, and every stamp later, sees one up.
func addScan(out *writer, tree, font types.IndirectRef, p ScanPage) (types.IndirectRef, error) {
	pic, err := loadPicture(p.Picture, p.Media)
	if err != nil {
		return types.IndirectRef{}, err
	}
	dpi := p.DPI
	if dpi <= 0 {
		dpi = 200
	}
	pw, ph := float64(pic.w)*72/dpi, float64(pic.h)*72/dpi
	if big := max(pw, ph); big > 14400 { // PDF/A allows pages up to 14400 points
		pw, ph = pw*14400/big, ph*14400/big
	}
	pw, ph = max(pw, 3), max(ph, 3) // and none below 3
	var m [6]float64
	w, h := pw, ph
	switch ((p.Turn%360 + 360) % 360) / 90 {
	case 1:
		w, h = ph, pw
		m = [6]float64{0, -pw, ph, 0, 0, pw}
	case 2:
		m = [6]float64{-pw, 0, 0, -ph, pw, ph}
	case 3:
		w, h = ph, pw
		m = [6]float64{0, pw, -ph, 0, ph, 0}
	default:
		m = [6]float64{pw, 0, 0, ph, 0, 0}
	}
	content := []byte("q ")
	for _, f := range m {
		content = append(appendNumber(content, f), ' ')
	}
	content = append(content, "cm /Scan Do Q\n"...)
	content = append(content, textContent(p.Words, w, h)...)
	page := types.Dict{
		"Type": types.Name("Page"), "Parent": tree, "MediaBox": numbers(0, 0, w, h), "Contents": out.add(deflated(types.Dict{}, content)),
		"Resources": types.Dict{"XObject": types.Dict{"Scan": out.add(pic.stream)}, "Font": types.Dict{layerFont: font}},
	}
	return out.add(page), nil
}
