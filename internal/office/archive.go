package office

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// makeArchiveFile is the job that makes the searchable copy of a scan: the
// scan's own pictures with an invisible text layer. Files with a real text layer
// throughout stay as they are. The original is never changed.
func (o *Office) makeArchiveFile(ctx context.Context, job LetterJob) error {
	l, err := o.DB.Letter(ctx, job.LetterID)
	if err != nil || l.Direction != string(letter.Incoming) {
		return err
	}
	pages, err := o.DB.Pages(ctx, l.ID)
	if err != nil {
		return err
	}
	words, err := o.ocrWords(ctx, pages)
	if err != nil || len(words) == 0 {
		return err
	}
	src, err := o.readable(ctx, l)
	if err != nil {
		return o.noArchiveFile(l, err)
	}
	defer o.closing(src)
	_, err = o.derive(ctx, db.File{
		LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleArchive, FromFile: src.file.ID, Recipe: "text-layer/1",
		Name: fileName(l, " (arsip)"), Media: string(page.PDF),
	}, func(w *os.File) error { return o.writeArchive(ctx, w, l, src, words) })
	return o.noArchiveFile(l, err)
}

// noArchiveFile ends the job for files that no text layer can be put on: the
// letter is found by its pages all the same.
func (o *Office) noArchiveFile(l db.Letter, err error) error {
	switch problem.KindOf(err) {
	case problem.Invalid, problem.Unsupported, problem.TooLarge:
		o.Log.Warn("no archive copy", "letter", l.ID, "error", err)
		return nil
	}
	return err
}

func (o *Office) ocrWords(ctx context.Context, pages []db.Page) (map[int][]pdf.Word, error) {
	out := map[int][]pdf.Word{}
	for _, p := range pages {
		if p.Source != db.SourceOCR || p.WordsRef == "" {
			continue
		}
		words, err := o.words(ctx, p.WordsRef)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			out[p.Number] = append(out[p.Number], pdf.Word{Text: w.Text, X0: w.Box.X0, Y0: w.Box.Y0, X1: w.Box.X1, Y1: w.Box.Y1})
		}
	}
	return out, nil
}

func (o *Office) words(ctx context.Context, ref string) ([]page.Word, error) {
	r, err := o.openRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read
	return unpackWords(r)
}

func (o *Office) writeArchive(ctx context.Context, w io.Writer, l db.Letter, src source, words map[int][]pdf.Word) error {
	if src.doc.Kind() == page.PDF {
		raw, err := o.openRef(ctx, src.file.Ref)
		if err != nil {
			return err
		}
		defer raw.Close() //nolint:errcheck // only read
		return pdf.AddText(raw, w, words)
	}
	meta := pdf.Meta{Title: l.Subject, Language: "id", Creator: "Naskah", Created: l.CreatedAt, ID: idOf(l.ID)}
	whole := func() ([]byte, error) { return o.readAll(ctx, src.file.Ref) }
	return pdf.FromScans(w, meta, o.scanPages(ctx, src, whole, words))
}

// scanPages are the pages of a picture file; whole gives the file's own bytes.
func (o *Office) scanPages(ctx context.Context, src source, whole func() ([]byte, error), words map[int][]pdf.Word) iter.Seq2[pdf.ScanPage, error] {
	return func(yield func(pdf.ScanPage, error) bool) {
		for n := 1; n <= src.doc.Pages(); n++ {
			p, err := scanPage(ctx, src, n, whole)
			p.Words = words[n]
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// scanPage gives a page's own bytes where PDF can hold them as they are (JPEG,
// PNG), and otherwise its pixels.
func scanPage(ctx context.Context, src source, n int, whole func() ([]byte, error)) (pdf.ScanPage, error) {
	dpi := src.doc.PictureDPI(ctx, n)
	if dpi <= 0 {
		dpi = 200 // a photo without a resolution: about A4 wide at 8 Mpixel
	}
	kind := src.doc.Kind()
	if kind == page.JPEG || kind == page.PNG {
		raw, err := whole()
		return pdf.ScanPage{Picture: raw, Media: string(kind), DPI: dpi, Turn: src.doc.Turn()}, err
	}
	img, err := src.doc.Picture(ctx, n, int(dpi))
	if err != nil {
		return pdf.ScanPage{}, err
	}
	var b bytes.Buffer
	if err := page.EncodePNG(&b, img); err != nil {
		return pdf.ScanPage{}, err
	}
	return pdf.ScanPage{Picture: b.Bytes(), Media: string(page.PNG), DPI: dpi}, nil
}

// idOf makes the 16 bytes of a PDF's /ID from a letter's id.
func idOf(id string) (out [16]byte) {
	copy(out[:], bytes.ReplaceAll([]byte(id), []byte("-"), nil))
	return out
}

// convertTimeout bounds LibreOffice: a letter takes two seconds, a damaged file
// can hang it.
const convertTimeout = 2 * time.Minute

// converted gives the PDF that a DOCX was turned into, making it on first need.
// Without LibreOffice it is problem.Unavailable: the letter waits for it.
func (o *Office) converted(ctx context.Context, l db.Letter, docx db.File) (db.File, error) {
	f, err := o.DB.LetterFile(ctx, l.ID, db.RoleConverted)
	if problem.KindOf(err) != problem.NotFound {
		return f, err
	}
	program, err := exec.LookPath(o.Converter)
	if err != nil {
		return f, problem.New(problem.Unavailable, "Berkas Word menunggu LibreOffice. Minta admin memasangnya: sudo apt install libreoffice-writer. Atau simpan sebagai PDF, lalu kirim lagi.",
			"Word files wait for LibreOffice. Ask the administrator to install it: sudo apt install libreoffice-writer. Or save as PDF and send that.", err)
	}
	return o.derive(ctx, db.File{
		LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleConverted, FromFile: docx.ID, Recipe: "libreoffice", Name: fileName(l, ""), Media: string(page.PDF),
	}, func(w *os.File) error { return o.convert(ctx, program, docx, w) })
}

func (o *Office) convert(ctx context.Context, program string, docx db.File, w io.Writer) error {
	dir, err := os.MkdirTemp(o.TempDir, "convert-*")
	if err != nil {
		return fmt.Errorf("folder for conversion: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover is removed at the next start
	raw, err := o.readAll(ctx, docx.Ref)
	if err != nil {
		return err
	}
	in := filepath.Join(dir, "surat.docx")
	if err := os.WriteFile(in, raw, 0o600); err != nil {
		return fmt.Errorf("copy for conversion: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, convertTimeout)
	defer cancel()
	// The program's own settings folder, so that two conversions do not meet.
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, in)
	said, err := cmd.CombinedOutput()
	out, openErr := os.Open(filepath.Join(dir, "surat.pdf"))
	if err != nil || openErr != nil {
		return problem.New(problem.Invalid, "Berkas Word ini tidak dapat dibaca. Buka di Word, simpan sebagai PDF, lalu kirim PDF-nya.",
			"This Word file cannot be read. Open it in Word, save it as PDF and send the PDF.", fmt.Errorf("%w: %s", err, said))
	}
	defer out.Close() //nolint:errcheck // only read
	if _, err := io.Copy(w, out); err != nil {
		return fmt.Errorf("copy converted file: %w", err)
	}
	return nil
}
