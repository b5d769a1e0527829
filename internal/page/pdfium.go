package page

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"naskah/internal/problem"
)

// pdfDocument is an open PDF. instance is nil after a page without end: it is
// opened again with the next question.
type pdfDocument struct {
	engine   *Engine
	sandbox  *sandbox
	file     *io.SectionReader
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	count    int
	loaded   references.FPDF_PAGE
	number   int // of the loaded page, 0 for none
	text     pageText
	scanned  map[int]scanned
	masks    answer
	closed   bool
}

func (e *Engine) openPDF(ctx context.Context, r io.ReaderAt, size int64) (*pdfDocument, error) {
	box, err := e.acquire()
	if err != nil {
		return nil, err
	}
	d := &pdfDocument{engine: e, sandbox: box, file: io.NewSectionReader(r, 0, size), scanned: map[int]scanned{}}
	if err = d.reopen(ctx); err == nil && d.count > e.o.Limits.Pages {
		err = tooManyPages(e.o.Limits.Pages)
	}
	if err != nil {
		err = errors.Join(err, d.close())
		return nil, err
	}
	return d, nil
}

func tooManyPages(limit int) error {
	return problem.New(problem.TooLarge, fmt.Sprintf("Berkas ini lebih dari %d halaman. Bagi menjadi beberapa surat.", limit),
		fmt.Sprintf("This file has more than %d pages. Split it into several letters.", limit), nil)
}

func (d *pdfDocument) reopen(ctx context.Context) error {
	if d.instance != nil {
		return nil
	}
	var err error
	if d.instance, err = d.engine.instance(ctx, d.sandbox); err != nil {
		return err
	}
	return d.within(ctx, d.open)
}

func (d *pdfDocument) open() error {
	opened, err := d.instance.OpenDocument(&requests.OpenDocument{FileReader: d.file, FileReaderSize: d.file.Size()})
	if err != nil {
		return unreadable(err)
	}
	d.doc = opened.Document
	pages, err := d.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.doc})
	if err != nil {
		return unreadable(err)
	}
	if d.count = pages.PageCount; d.count < 1 {
		return unreadable(errors.New("no pages"))
	}
	return nil
}

func unreadable(cause error) error {
	if errors.Is(cause, pdfiumerrors.ErrPassword) || errors.Is(cause, pdfiumerrors.ErrSecurity) {
		return problem.New(problem.Invalid, "PDF ini dikunci dengan kata sandi. Buka dengan kata sandinya, simpan tanpa kata sandi, lalu kirim lagi.",
			"This PDF is locked with a password. Open it with its password, save it without one, and send it again.", cause)
	}
	return problem.New(problem.Invalid, "PDF ini rusak dan tidak dapat dibuka. Pindai atau simpan lagi, lalu kirim lagi.",
		"This PDF is damaged and cannot be opened. Scan or save it again, then send it again.", cause)
}

func (d *pdfDocument) close() error {
	d.closed = true
	defer d.engine.release()
	if d.instance == nil {
		return nil
	}
	return guarded(d.instance.Close, unreadable)
}

// on loads the page (pages count from 1) and asks.
func (d *pdfDocument) on(ctx context.Context, n int, ask func(p requests.Page) error) error {
	if n < 1 || n > d.count {
		return noSuchPage(n)
	}
	return d.do(ctx, func() error {
		if err := d.turnTo(n); err != nil {
			return unreadable(err)
		}
		return ask(requests.Page{ByReference: &d.loaded})
	})
}

func (d *pdfDocument) turnTo(n int) error {
	if d.number == n {
		return nil
	}
	if d.number != 0 {
		d.number = 0
		if _, err := d.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: d.loaded}); err != nil {
			return err
		}
	}
	got, err := d.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.doc, Index: n - 1})
	if err != nil {
		return err
	}
	d.loaded, d.number = got.Page, n
	return nil
}

func (d *pdfDocument) size(ctx context.Context, n int) (s Size, err error) {
	err = d.on(ctx, n, func(p requests.Page) error {
		got, err := d.instance.GetPageSize(&requests.GetPageSize{Page: p})
		if err != nil {
			return unreadable(err)
		}
		s = Size{got.Width, got.Height}
		return nil
	})
	return s, err
}

// leastDPI is where a page is refused rather than rendered at less.
const leastDPI = 10

// picture renders the page. A page so large that its picture would be over the
// limit is rendered at a lower resolution; one that would be even at leastDPI (16
// metres a side) is refused.
func (d *pdfDocument) picture(ctx context.Context, n, dpi int) (image.Image, error) {
	s, err := d.size(ctx, n)
	if err != nil {
		return nil, err
	}
	inches := max(s.Width, 1) / 72 * max(s.Height, 1) / 72
	most := float64(d.engine.o.Limits.Pixels) / 2 // it is held twice, in the sandbox and here
	for dpi > leastDPI && inches*float64(dpi)*float64(dpi) > most {
		dpi = max(dpi*3/4, leastDPI)
	}
	if inches*float64(dpi)*float64(dpi) > most {
		return nil, problem.New(problem.TooLarge, "Halaman ini terlalu lebar untuk ditampilkan. Cetak ke PDF ukuran A4 atau F4, lalu kirim lagi.",
			"This page is too large to be shown. Print it to a PDF of A4 or F4 size and send it again.", nil)
	}
	if img, err := d.scanOf(ctx, n, dpi); img != nil || err != nil {
		return img, err
	}
	return d.draw(ctx, n, dpi)
}

func (d *pdfDocument) draw(ctx context.Context, n, dpi int) (out image.Image, err error) {
	err = d.on(ctx, n, func(p requests.Page) error {
		got, err := d.instance.RenderPageInDPI(&requests.RenderPageInDPI{Page: p, DPI: dpi, RenderForm: true, Document: &d.doc})
		if err != nil {
			return unreadable(err)
		}
		defer got.Cleanup()
		out = copyImage(got.Result.RenderedImage)
		return nil
	})
	return out, err
}
