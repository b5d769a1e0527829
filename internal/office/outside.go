package office

import (
	"context"
	"fmt"
	"io"
	"os"

	"naskah/internal/db"
	"naskah/internal/page"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// Reading is what was read of one file outside the archive.
type Reading struct {
	Pages      []string // text of each page
	OCRPages   int
	Confidence float64 // mean of the pages read by OCR; 0 when there are none
}

// pagesAtOnce bounds the words in memory; pictures are drawn as they are read. With
// fewer, the cores would wait for each other more often.
const pagesAtOnce = 200

// ReadOutside reads one file into a searchable PDF, with the same decisions as for
// the archive, and keeps nothing. Of p only Pages, OCR, TempDir, Log and Limits
// are used.
func ReadOutside(ctx context.Context, p Parts, in *os.File, out io.Writer) (Reading, error) {
	o := &Office{Parts: p}
	info, err := in.Stat()
	if err != nil {
		return Reading{}, fmt.Errorf("size of file: %w", err)
	}
	doc, err := p.Pages.Open(ctx, in, info.Size())
	if err != nil {
		return Reading{}, err
	}
	defer doc.Close() //nolint:errcheck // only read
	src := source{doc: doc, raw: in}
	var read Reading
	words := map[int][]pdf.Word{}
	for from := 1; from <= doc.Pages(); from += pagesAtOnce {
		pages, err := o.pagesOf(ctx, db.Letter{}, src, from, min(from+pagesAtOnce-1, doc.Pages()))
		if err != nil {
			return read, err
		}
		for _, each := range pages {
			read.take(each, words)
		}
	}
	if read.OCRPages > 0 {
		read.Confidence /= float64(read.OCRPages)
	}
	return read, o.writeOutside(ctx, in, out, src, words)
}

func (r *Reading) take(p readPage, words map[int][]pdf.Word) {
	r.Pages = append(r.Pages, p.Text)
	if p.Source != db.SourceOCR {
		return
	}
	r.OCRPages++
	r.Confidence += p.Confidence
	for _, w := range p.words {
		words[p.Number] = append(words[p.Number], pdf.Word{Text: w.Text, X0: w.Box.X0, Y0: w.Box.Y0, X1: w.Box.X1, Y1: w.Box.Y1})
	}
}

func (o *Office) writeOutside(ctx context.Context, in *os.File, out io.Writer, src source, words map[int][]pdf.Word) error {
	if src.doc.Kind() == page.PDF {
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("rewind file: %w", err)
		}
		return pdf.AddText(in, out, words)
	}
	whole := func() ([]byte, error) {
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("rewind file: %w", err)
		}
		raw, err := io.ReadAll(io.LimitReader(in, o.Limits.UploadBytes+1))
		if err == nil && int64(len(raw)) > o.Limits.UploadBytes {
			err = problem.New(problem.TooLarge, "Berkas ini terlalu besar.", "This file is too large.", nil)
		}
		return raw, err
	}
	return pdf.FromScans(out, pdf.Meta{Title: SafeName(in.Name()), Language: "id", Creator: "Naskah", Created: o.clock()}, o.scanPages(ctx, src, whole, words))
}
