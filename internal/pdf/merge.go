package pdf

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// PageRange is pages From to To, counted from 1, both included; To 0 is the last.
type PageRange struct{ From, To int }

// ParseRanges reads "1,3-5,8-": pages as people write them. "" is all pages, and
// gives none.
func ParseRanges(text string) ([]PageRange, error) {
	var out []PageRange
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		from, to, isRange := strings.Cut(part, "-")
		r := PageRange{}
		var err, errTo error
		r.From, err = strconv.Atoi(from)
		switch {
		case !isRange:
			r.To = r.From
		case to != "":
			r.To, errTo = strconv.Atoi(to)
		}
		if err = firstOf(err, errTo); err != nil || r.From < 1 || r.To < 0 || (r.To != 0 && r.To < r.From) {
			return nil, problem.New(problem.Invalid, fmt.Sprintf("Halaman “%s” tidak dimengerti. Tulis seperti 1,3-5.", part),
				fmt.Sprintf("The pages “%s” are not understood. Write them like 1,3-5.", part), err)
		}
		out = append(out, r)
	}
	return out, nil
}

// numbersOf lists the pages of the ranges; all pages when there are no ranges.
func (d *document) numbersOf(ranges []PageRange) ([]int, error) {
	if len(ranges) == 0 {
		ranges = []PageRange{{From: 1}}
	}
	var out []int
	for _, r := range ranges {
		to := r.To
		if to == 0 {
			to = len(d.pages)
		}
		if r.From < 1 || to > len(d.pages) || to < r.From || len(out)+to-r.From >= maxPages {
			return nil, problem.New(problem.Invalid, fmt.Sprintf("Berkas ini hanya mempunyai %d halaman.", len(d.pages)),
				fmt.Sprintf("This file has only %d pages.", len(d.pages)), nil)
		}
		for n := r.From; n <= to; n++ {
			out = append(out, n)
		}
	}
	return out, nil
}

// Part is pages of a file; no ranges are all of its pages.
type Part struct {
	In    io.ReadSeeker
	Pages []PageRange
}

// Merge writes the pages of all files one after the other.
func Merge(w io.Writer, ins ...io.ReadSeeker) error {
	parts := make([]Part, len(ins))
	for i, in := range ins {
		parts[i] = Part{In: in}
	}
	return Join(w, parts...)
}

// Join writes the pages of the parts one after the other. A file may be named in
// several parts; what its pages share is written once. Marks on the pages (notes,
// filled form fields, seals) are printed into them, because the forms they belong
// to do not come along.
func Join(w io.Writer, parts ...Part) error {
	b := newBook(w)
	opened := map[io.ReadSeeker]*copier{}
	for _, part := range parts {
		c, ok := opened[part.In]
		if !ok {
			d, err := open(part.In)
			if err != nil {
				return err
			}
			c = newCopier(b.out, d)
			opened[part.In] = c
		}
		ns, err := c.from.numbersOf(part.Pages)
		if err != nil {
			return err
		}
		b.append(c, ns)
	}
	return b.close()
}

// Split writes the named pages of a file in the order given.
func Split(in io.ReadSeeker, w io.Writer, pages ...PageRange) error {
	return Join(w, Part{In: in, Pages: pages})
}

// book is a file made of pages of other files.
type book struct {
	out  *writer
	hash interface{ Sum([]byte) []byte }
	tree types.IndirectRef
	kids types.Array
}

func newBook(w io.Writer) *book {
	h := sha256.New()
	b := &book{out: newWriter(io.MultiWriter(w, h)), hash: h}
	b.tree = b.out.alloc()
	return b
}

// append copies pages of the copier's document.
func (b *book) append(c *copier, ns []int) {
	flat := map[int]types.Dict{}
	for _, n := range ns {
		p, ok := flat[n]
		if !ok {
			p = c.from.flatPage(n)
			flat[n] = p
		}
		ref := b.out.alloc()
		copied := c.renumberDict(p)
		copied["Parent"] = b.tree
		b.kids = append(b.kids, ref)
		b.out.put(ref, copied)
		c.drain()
	}
}

func (b *book) close() error {
	b.out.put(b.tree, types.Dict{"Type": types.Name("Pages"), "Kids": b.kids, "Count": types.Integer(len(b.kids))})
	root := b.out.add(types.Dict{"Type": types.Name("Catalog"), "Pages": b.tree})
	return b.out.finish(root, nil, [16]byte(b.hash.Sum(nil)[:16]))
}

// flatPage is a page that needs nothing of its file but what it draws.
func (d *document) flatPage(n int) types.Dict {
	p, _ := d.dict(d.pages[n-1])
	d.flatten(p)
	out := types.Dict{"Type": types.Name("Page")}
	for _, k := range []string{"Contents", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "Group", "UserUnit"} {
		if v, ok := p[k]; ok {
			out[k] = v
		}
	}
	if _, ok := out["MediaBox"]; !ok {
		out["MediaBox"] = numbers(0, 0, 595.28, 841.89)
	}
	if _, ok := out["Resources"]; !ok {
		out["Resources"] = types.Dict{}
	}
	return out
}

// flatten draws the appearances of a page's annotations into the page.
func (d *document) flatten(p types.Dict) {
	forms := types.Dict{}
	var content []byte
	for i, a := range d.array(p["Annots"]) {
		annot, ok := d.dict(a)
		if !ok || d.hidden(annot) {
			continue
		}
		form, ref, ok := d.appearance(annot)
		rect, hasRect := d.rect(annot["Rect"])
		if !ok || !hasRect {
			continue
		}
		name := fmt.Sprintf("NaskahAnnot%d", i)
		forms[name] = ref
		content = append(content, "q "...)
		for _, f := range d.fit(form, rect) {
			content = append(appendNumber(content, f), ' ')
		}
		content = fmt.Appendf(content, "cm /%s Do Q\n", name)
	}
	delete(p, "Annots")
	if len(forms) > 0 {
		d.draw(p, view{matrix: [6]float64{1, 0, 0, 1, 0, 0}}, content, map[string]types.Dict{"XObject": forms})
	}
}

// hidden: flags Hidden (2) and NoView (32); pop-ups are never part of the paper.
func (d *document) hidden(annot types.Dict) bool {
	flags, _ := d.number(annot["F"])
	sub, _ := d.get(annot["Subtype"]).(types.Name)
	return int(flags)&(2|32) != 0 || sub == "Popup"
}

// appearance is the normal appearance in the state the annotation has.
func (d *document) appearance(annot types.Dict) (types.StreamDict, types.Object, bool) {
	ap, ok := d.get(annot["AP"]).(types.Dict)
	if !ok {
		return types.StreamDict{}, nil, false
	}
	ref := ap["N"]
	if states, ok := d.get(ref).(types.Dict); ok {
		state, _ := d.get(annot["AS"]).(types.Name)
		ref = states[string(state)]
	}
	s, ok := d.get(ref).(types.StreamDict)
	_, indirect := ref.(types.IndirectRef)
	return s, ref, ok && indirect
}

// fit is the matrix that puts a form's box, after its own matrix, on the
// rectangle (ISO 32000-2, 12.5.5).
func (d *document) fit(form types.StreamDict, rect [4]float64) [6]float64 {
	box, ok := d.rect(form.Dict["BBox"])
	if !ok {
		return [6]float64{1, 0, 0, 1, rect[0], rect[1]}
	}
	v := view{matrix: [6]float64{1, 0, 0, 1, 0, 0}}
	if m := d.array(form.Dict["Matrix"]); len(m) == 6 {
		for i := range m {
			v.matrix[i], _ = d.number(m[i])
		}
	}
	corners := []([4]float64){v.toPage(box), v.toPage([4]float64{box[0], box[3], box[2], box[1]})}
	t := [4]float64{min(corners[0][0], corners[1][0]), min(corners[0][1], corners[1][1]), max(corners[0][2], corners[1][2]), max(corners[0][3], corners[1][3])}
	if t[2]-t[0] == 0 || t[3]-t[1] == 0 {
		return [6]float64{1, 0, 0, 1, 0, 0}
	}
	sx, sy := (rect[2]-rect[0])/(t[2]-t[0]), (rect[3]-rect[1])/(t[3]-t[1])
	return [6]float64{sx, 0, 0, sy, rect[0] - t[0]*sx, rect[1] - t[1]*sy}
}
