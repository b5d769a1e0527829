package office

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"io"
	"iter"
	"os"

	"naskah/internal/db"
	"naskah/internal/page"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// mostAttached bounds what is drawn anew: more pages belong into a file of their
// own, not behind a letter.
const mostAttached = 200

// attachedDPI is the resolution at which pages are drawn: letters stay sharp in
// print.
const attachedDPI = 200

// keepAttachment stores a file that goes behind a letter. A letter is PDF/A as a
// whole or not at all, so a file that does not claim it is made anew from pictures
// of its pages, with its words over them; the file that came is kept beside it.
func (o *Office) keepAttachment(ctx context.Context, l db.Letter, file *os.File, name string, size int64) (db.File, error) {
	claims, err := pdf.Claim(file)
	if err != nil {
		return db.File{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return db.File{}, fmt.Errorf("rewind attachment: %w", err)
	}
	ref, err := o.Store.Put(ctx, file)
	if err != nil {
		return db.File{}, fmt.Errorf("keep attachment: %w", err)
	}
	row := db.File{ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleAttachment, Ref: string(ref), Name: name, Media: string(page.PDF), Size: size}
	if err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.AddFile(ctx, &row) }); err != nil || claims {
		return row, err
	}
	doc, err := o.Pages.Open(ctx, file, size)
	if err != nil {
		return row, err
	}
	defer doc.Close() //nolint:errcheck // only read
	if doc.Pages() > mostAttached {
		return row, problem.New(problem.TooLarge, fmt.Sprintf("Lampiran ini lebih dari %d halaman. Kirimkan sebagai berkas tersendiri.", mostAttached),
			fmt.Sprintf("This attachment has more than %d pages. Send it as a file of its own.", mostAttached), nil)
	}
	return o.derive(ctx, db.File{
		LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleAttachment, FromFile: row.ID, Recipe: "archival/1", Name: name, Media: string(page.PDF),
	}, func(w *os.File) error {
		return pdf.FromScans(w, pdf.Meta{Title: name, Language: "id", Creator: "Naskah", Created: l.CreatedAt, ID: idOf(row.ID)}, drawn(ctx, doc))
	})
}

// drawn are the pages of a document as pictures with their words.
func drawn(ctx context.Context, doc *page.Document) iter.Seq2[pdf.ScanPage, error] {
	return func(yield func(pdf.ScanPage, error) bool) {
		for n := 1; n <= doc.Pages(); n++ {
			p, err := drawnPage(ctx, doc, n)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

func drawnPage(ctx context.Context, doc *page.Document, n int) (pdf.ScanPage, error) {
	img, err := doc.Picture(ctx, n, attachedDPI)
	if err != nil {
		return pdf.ScanPage{}, err
	}
	words, err := doc.Words(ctx, n)
	if err != nil {
		return pdf.ScanPage{}, err
	}
	var b bytes.Buffer
	const quality = 85 // letters have no visible seams
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return pdf.ScanPage{}, fmt.Errorf("draw attachment: %w", err)
	}
	p := pdf.ScanPage{Picture: b.Bytes(), Media: string(page.JPEG), DPI: attachedDPI}
	for _, w := range words {
		p.Words = append(p.Words, pdf.Word{Text: w.Text, X0: w.Box.X0, Y0: w.Box.Y0, X1: w.Box.X1, Y1: w.Box.Y1})
	}
	return p, nil
}
