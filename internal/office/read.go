package office

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"time"

	"naskah/internal/db"
	"naskah/internal/jobs"
	"naskah/internal/letter"
	"naskah/internal/ocr"
	"naskah/internal/page"
	"naskah/internal/problem"
)

// pagesPerJob bounds one job (design: at most ten pages), so that a killed
// process reads at most ten pages again.
const pagesPerJob = 10

// waitForReader is how long a letter waits before it asks again whether the OCR
// program has appeared.
const waitForReader = 15 * time.Second

// readPages is the job that gives up to pagesPerJob pages their words, from the
// real text layer or by OCR. It may run twice: pages are written over with the
// same content.
func (o *Office) readPages(ctx context.Context, job ReadJob) error {
	l, err := o.DB.Letter(ctx, job.LetterID)
	if err != nil {
		return err
	}
	src, err := o.readable(ctx, l)
	if err == nil {
		defer o.closing(src)
		err = o.readFrom(ctx, l, src, job.From)
	}
	return o.settleReading(ctx, l, err)
}

// settleReading turns what stops a reading into the letter's state: something
// missing waits, a file that cannot be read fails with its sentence and goes to
// the index with its fields alone; anything else is tried again by the queue.
func (o *Office) settleReading(ctx context.Context, l db.Letter, err error) error {
	switch problem.KindOf(err) {
	case "":
		return nil
	case problem.Unavailable:
		if ctx.Err() != nil {
			return err
		}
		if e := o.setReading(ctx, l.ID, letter.Waiting, problem.Sentence(err, "id")); e != nil {
			return errors.Join(err, e)
		}
		return jobs.Later(waitForReader, err)
	case problem.Invalid, problem.Unsupported, problem.TooLarge:
		return o.giveUpReading(ctx, l, err)
	default:
		return err
	}
}

func (o *Office) giveUpReading(ctx context.Context, l db.Letter, cause error) error {
	o.Log.Warn("letter cannot be read", "letter", l.ID, "error", cause)
	err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return errors.Join(
			tx.SetReading(ctx, l.ID, string(letter.Failed), problem.Sentence(cause, "id")),
			o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{l.ID}),
		)
	})
	o.watchers.tell(Progress{LetterID: l.ID, State: letter.Failed})
	return err
}

func (o *Office) setReading(ctx context.Context, id string, state letter.ReadState, why string) error {
	err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.SetReading(ctx, id, string(state), why) })
	o.watchers.tell(Progress{LetterID: id, State: state})
	return err
}

// source is an open document together with the file row it came from.
type source struct {
	doc  *page.Document
	file db.File
	raw  io.Closer
}

func (o *Office) closing(s source) {
	if err := errors.Join(s.doc.Close(), s.raw.Close()); err != nil {
		o.Log.Warn("closing a document", "file", s.file.ID, "error", err)
	}
}

// readable opens the file whose pages are read: the original, or the PDF that a
// DOCX was turned into.
func (o *Office) readable(ctx context.Context, l db.Letter) (source, error) {
	file, err := o.DB.LetterFile(ctx, l.ID, readableRole(l))
	if err != nil {
		return source{}, err
	}
	if file.Media == string(page.DOCX) {
		if file, err = o.converted(ctx, l, file); err != nil {
			return source{}, err
		}
	}
	return o.openFile(ctx, file)
}

// readableRole is the file whose pages stand for the letter.
func readableRole(l db.Letter) string {
	switch {
	case l.Ink:
		return db.RoleInk
	case l.Direction == string(letter.Outgoing):
		return db.RoleSigned
	}
	return db.RoleOriginal
}

func (o *Office) openFile(ctx context.Context, file db.File) (source, error) {
	raw, err := o.openRef(ctx, file.Ref)
	if err != nil {
		return source{}, err
	}
	doc, err := o.Pages.Open(ctx, raw, raw.Size())
	if err != nil {
		return source{}, errors.Join(err, raw.Close())
	}
	return source{doc: doc, file: file, raw: raw}, nil
}

func (o *Office) readFrom(ctx context.Context, l db.Letter, src source, from int) error {
	total := src.doc.Pages()
	if total > o.Limits.Pages {
		return problem.New(problem.TooLarge, fmt.Sprintf("Berkas ini lebih dari %d halaman. Bagi menjadi beberapa surat.", o.Limits.Pages),
			fmt.Sprintf("This file has more than %d pages. Split it into several letters.", o.Limits.Pages), nil)
	}
	to := min(from+pagesPerJob-1, total)
	o.watchers.tell(Progress{LetterID: l.ID, State: letter.Reading, Done: from - 1, Pages: total})
	pages, err := o.pagesOf(ctx, l, src, from, to)
	if err != nil {
		return err
	}
	if err := o.keepWords(ctx, pages); err != nil {
		return err
	}
	if from == 1 {
		if bound, err := o.bindByCode(ctx, l, src, pages); bound || err != nil {
			return err
		}
		if err := o.keepThumbnail(ctx, l, src, &pages[0].Page); err != nil {
			return err
		}
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return o.enterPages(ctx, tx, l, pages, to, total) })
	o.watchers.tell(Progress{LetterID: l.ID, State: letter.Reading, Done: to, Pages: total})
	return err
}

func (o *Office) enterPages(ctx context.Context, tx db.Tx, l db.Letter, pages []readPage, to, total int) error {
	for i := range pages {
		if err := tx.PutPage(ctx, &pages[i].Page); err != nil {
			return err
		}
	}
	if err := tx.SetPages(ctx, l.ID, total, pages[0].ThumbnailRef); err != nil {
		return err
	}
	if to < total {
		return errors.Join(tx.SetReading(ctx, l.ID, string(letter.Reading), ""),
			o.Queue.Enqueue(ctx, tx, jobRead, ReadJob{LetterID: l.ID, From: to + 1}))
	}
	return errors.Join(
		o.Queue.Enqueue(ctx, tx, jobArchive, LetterJob{l.ID}),
		o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{l.ID}),
	)
}

// readPage is a page row with its words before they are stored.
type readPage struct {
	db.Page
	words []page.Word
}

// pagesOf decides for each page between its text layer and OCR, and reads it.
func (o *Office) pagesOf(ctx context.Context, l db.Letter, src source, from, to int) ([]readPage, error) {
	out := make([]readPage, 0, to-from+1)
	var pictures []ocr.Picture
	var waiting []int
	for n := from; n <= to; n++ {
		p, err := o.lookAt(ctx, l, src, n)
		if err != nil {
			return nil, err
		}
		if p.Source == db.SourceOCR {
			pic := o.pictureForOCR(ctx, src.doc, n)
			p.DPI = float64(pic.DPI)
			pictures, waiting = append(pictures, pic), append(waiting, len(out))
		}
		out = append(out, p)
	}
	if len(pictures) == 0 {
		return out, nil
	}
	if err := o.OCR.Ready(ctx); err != nil {
		return nil, err
	}
	results, err := o.OCR.Read(ctx, pictures)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		o.takeResult(&out[waiting[i]], r)
	}
	return out, nil
}

func (o *Office) takeResult(p *readPage, r ocr.Result) {
	if r.Err != nil { // one bad page never stops its letter
		o.Log.Warn("page could not be read", "letter", p.LetterID, "page", p.Number, "error", r.Err)
		p.Source, p.Reason = db.SourceNone, "ocr-failed"
		return
	}
	p.words, p.Text, p.Confidence, p.Skew = r.Words, r.Text, r.Confidence, r.Skew
}

func (o *Office) lookAt(ctx context.Context, l db.Letter, src source, n int) (readPage, error) {
	size, err := src.doc.Size(ctx, n)
	if err != nil {
		return readPage{}, err
	}
	decision, err := src.doc.TextLayer(ctx, n)
	if err != nil {
		return readPage{}, err
	}
	p := readPage{Page: db.Page{
		LetterID: l.ID, OfficeID: l.OfficeID, FileID: src.file.ID, Number: n, Reason: decision.Reason,
		Width: size.Width, Height: size.Height, Source: db.SourceOCR,
	}}
	if !decision.Real {
		return p, nil
	}
	if p.words, err = src.doc.Words(ctx, n); err != nil {
		return readPage{}, err
	}
	p.Source, p.Confidence, p.Text = db.SourceText, 1, wordsText(p.words)
	return p, nil
}

// pictureForOCR is drawn when the reader comes to it: few pages are in memory at
// once, and a page that cannot be drawn costs only itself.
func (o *Office) pictureForOCR(ctx context.Context, doc *page.Document, n int) ocr.Picture {
	dpi := o.Limits.OCRDPI
	if native := int(doc.PictureDPI(ctx, n)); native >= 150 && native < dpi {
		dpi = native // enlarging a scan adds nothing but time
	}
	return ocr.Picture{DPI: dpi, Load: func(ctx context.Context) (image.Image, error) { return doc.Picture(ctx, n, dpi) }}
}

// wordsText joins words line by line.
func wordsText(words []page.Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			sep := byte(' ')
			if prev := words[i-1]; prev.Line != w.Line || prev.Block != w.Block {
				sep = '\n'
			}
			b.WriteByte(sep)
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// keepWords stores the words of each page as one compressed object, before the
// rows that name them.
func (o *Office) keepWords(ctx context.Context, pages []readPage) error {
	for i := range pages {
		if len(pages[i].words) == 0 {
			continue
		}
		packed, err := packWords(pages[i].words)
		if err != nil {
			return err
		}
		ref, err := o.Store.Put(ctx, bytes.NewReader(packed))
		if err != nil {
			return fmt.Errorf("keep words: %w", err)
		}
		pages[i].WordsRef = string(ref)
	}
	return nil
}

func packWords(words []page.Word) ([]byte, error) {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(zip).Encode(words), zip.Close()); err != nil {
		return nil, fmt.Errorf("pack words: %w", err)
	}
	return b.Bytes(), nil
}

// maxWords bounds what one page's words may unpack to: our own bytes, but a
// store is a place others may write to.
const maxWords = 16 << 20

func unpackWords(r io.Reader) ([]page.Word, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("unpack words: %w", err)
	}
	var words []page.Word
	if err := json.NewDecoder(io.LimitReader(zip, maxWords)).Decode(&words); err != nil {
		return nil, fmt.Errorf("unpack words: %w", err)
	}
	return words, nil
}

// thumbnailWidth in pixels: sharp on a phone at half its width.
const thumbnailWidth = 240

func (o *Office) keepThumbnail(ctx context.Context, l db.Letter, src source, first *db.Page) error {
	img, err := src.doc.Picture(ctx, 1, 50)
	if err != nil {
		return err
	}
	small, err := page.Thumbnail(img, thumbnailWidth)
	if err != nil {
		return err
	}
	ref, err := o.Store.Put(ctx, bytes.NewReader(small))
	if err != nil {
		return fmt.Errorf("keep thumbnail: %w", err)
	}
	first.ThumbnailRef = string(ref)
	return nil
}
