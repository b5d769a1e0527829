package page

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"naskah/internal/problem"
)

// sandbox is one loaded PDFium. Ending its context stops even a page that runs
// without end; the sandbox is then thrown away.
type sandbox struct {
	pool   pdfium.Pool
	cancel context.CancelFunc
	broken bool
}

// instances is how many PDFs are open at once: one a core, and one for a person
// who looks while the queue reads.
const instances = 3

func (e *Engine) load() (*sandbox, error) {
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCloseOnContextDone(true)
	if e.o.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.o.CacheDir)
		if err != nil {
			return nil, fmt.Errorf("PDFium cache: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	ctx, cancel := context.WithCancel(context.Background())
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: instances, RuntimeConfig: config, Stdout: io.Discard, Stderr: io.Discard, ReuseWorkers: true,
	})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("load PDFium: %w", err)
	}
	return &sandbox{pool: pool, cancel: cancel}, nil
}

func (e *Engine) acquire() (*sandbox, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.idle != nil {
		e.idle.Stop()
	}
	if e.sandbox == nil || e.sandbox.broken {
		s, err := e.load()
		if err != nil {
			return nil, err
		}
		e.sandbox = s
	}
	e.users++
	return e.sandbox, nil
}

func (e *Engine) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.users--; e.users == 0 {
		e.idle = time.AfterFunc(e.o.Idle, func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.users == 0 {
				e.unload()
			}
		})
	}
}

func (e *Engine) unload() {
	if e.sandbox != nil {
		_ = e.sandbox.pool.Close() // its memory is gone either way
		e.sandbox.cancel()
		e.sandbox = nil
	}
}

func (e *Engine) giveUpOn(s *sandbox) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s.broken = true
	s.cancel()
}

// Close unloads PDFium; documents that are still open fail.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.idle != nil {
		e.idle.Stop()
	}
	e.unload()
	return nil
}

type pdfDocument struct {
	engine   *Engine
	sandbox  *sandbox
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	count    int
	loaded   references.FPDF_PAGE
	number   int // of the loaded page, 0 for none
	scanned  map[int]scanned
}

type scanned struct{ coverage, dpi float64 }

func (e *Engine) openPDF(ctx context.Context, r io.ReaderAt, size int64) (*pdfDocument, error) {
	box, err := e.acquire()
	if err != nil {
		return nil, err
	}
	d := &pdfDocument{engine: e, sandbox: box, scanned: map[int]scanned{}}
	err = d.do(ctx, func() error { return d.open(ctx, r, size) })
	if err == nil && d.count > e.o.Limits.Pages {
		err = problem.New(problem.TooLarge, fmt.Sprintf("Berkas ini lebih dari %d halaman. Bagi menjadi beberapa surat.", e.o.Limits.Pages),
			fmt.Sprintf("This file has more than %d pages. Split it into several letters.", e.o.Limits.Pages), nil)
	}
	if err != nil {
		if d.instance != nil {
			err = errors.Join(err, d.close())
		}
		d.release()
		return nil, err
	}
	return d, nil
}

func (d *pdfDocument) open(ctx context.Context, r io.ReaderAt, size int64) error {
	var err error
	if d.instance, err = d.sandbox.pool.GetInstanceWithContext(ctx); err != nil {
		return fmt.Errorf("PDFium: %w", err)
	}
	opened, err := d.instance.OpenDocument(&requests.OpenDocument{FileReader: io.NewSectionReader(r, 0, size), FileReaderSize: size})
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

// do asks PDFium something, for PageTime at most. A question without end takes
// the whole sandbox with it; the next document gets a new one.
func (d *pdfDocument) do(ctx context.Context, ask func() error) error {
	ctx, cancel := context.WithTimeout(ctx, d.engine.o.Limits.PageTime)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- guarded(ask) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	d.engine.giveUpOn(d.sandbox)
	<-done
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return problem.New(problem.Invalid, "Halaman ini terlalu rumit untuk dibaca. Cetak dan pindai lagi, lalu kirim pindaiannya.",
		"This page is too complicated to read. Print it, scan it again and send the scan.", ctx.Err())
}

// guarded turns a panic of the PDFium binding (a trap in the sandbox) into a
// problem: foreign bytes must not end the service.
func guarded(ask func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = unreadable(fmt.Errorf("PDFium: %v", r))
		}
	}()
	return ask()
}

func (d *pdfDocument) close() error {
	if d.sandbox.broken {
		return nil
	}
	return guarded(d.instance.Close)
}

func (d *pdfDocument) release() { d.engine.release() }

// on loads the page (pages count from 1) and asks.
func (d *pdfDocument) on(ctx context.Context, n int, ask func(p requests.Page) error) error {
	if n < 1 || n > d.count {
		return problem.New(problem.NotFound, fmt.Sprintf("Berkas ini tidak punya halaman %d.", n), fmt.Sprintf("This file has no page %d.", n), nil)
	}
	return d.do(ctx, func() error {
		if d.number != n {
			if d.number != 0 {
				if _, err := d.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: d.loaded}); err != nil {
					return unreadable(err)
				}
				d.number = 0
			}
			got, err := d.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.doc, Index: n - 1})
			if err != nil {
				return unreadable(err)
			}
			d.loaded, d.number = got.Page, n
		}
		return ask(requests.Page{ByReference: &d.loaded})
	})
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

// picture renders in gray. A page so large that its picture would be over the
// limit is rendered at a lower resolution instead of refused.
func (d *pdfDocument) picture(ctx context.Context, n, dpi int) (image.Image, error) {
	s, err := d.size(ctx, n)
	if err != nil {
		return nil, err
	}
	inches := max(s.Width, 1) / 72 * max(s.Height, 1) / 72
	for dpi > 10 && inches*float64(dpi)*float64(dpi) > float64(d.engine.o.Limits.Pixels)/2 {
		dpi = dpi * 3 / 4
	}
	var out image.Image
	err = d.on(ctx, n, func(p requests.Page) error {
		got, err := d.instance.RenderPageInDPI(&requests.RenderPageInDPI{Page: p, DPI: dpi, RenderForm: true, Document: &d.doc})
		if err != nil {
			return unreadable(err)
		}
		defer func() { got.Cleanup() }() // gives the picture's memory back
		out = copyImage(got.Result.RenderedImage)
		return nil
	})
	return out, err
}

func (d *pdfDocument) words(ctx context.Context, n int) ([]Word, error) {
	var out []Word
	err := d.on(ctx, n, func(p requests.Page) error {
		shown, err := d.shownAs(p)
		if err != nil {
			return err
		}
		got, err := d.instance.GetPageTextStructured(&requests.GetPageTextStructured{Page: p, Mode: requests.GetPageTextStructuredModeChars})
		if err != nil {
			return unreadable(err)
		}
		g := grouper{shown: shown}
		for _, c := range got.Chars {
			g.add(c.Text, c.PointPosition.Left, c.PointPosition.Top, c.PointPosition.Right, c.PointPosition.Bottom)
		}
		out = g.finish()
		return nil
	})
	return out, err
}

// mapping takes a point of the page's own space to fractions of the page as it is
// shown: turned by /Rotate, cut to its crop box, from the top left.
type mapping struct{ x0, xx, xy, y0, yx, yy float64 }

func (m mapping) at(x, y float64) (float64, float64) {
	return m.x0 + m.xx*x + m.xy*y, m.y0 + m.yx*x + m.yy*y
}

// shownAs asks PDFium where three points of the page come to lie.
func (d *pdfDocument) shownAs(p requests.Page) (mapping, error) {
	const far, grid = 1000, 100_000 // points; steps a page, so that rounding is far below a dot
	var at [3][2]float64
	for i, point := range [3][2]float64{{0, 0}, {far, 0}, {0, far}} {
		got, err := d.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: p, SizeX: grid, SizeY: grid, PageX: point[0], PageY: point[1]})
		if err != nil {
			return mapping{}, unreadable(err)
		}
		at[i] = [2]float64{float64(got.DeviceX) / grid, float64(got.DeviceY) / grid}
	}
	return mapping{
		x0: at[0][0], xx: (at[1][0] - at[0][0]) / far, xy: (at[2][0] - at[0][0]) / far,
		y0: at[0][1], yx: (at[1][1] - at[0][1]) / far, yy: (at[2][1] - at[0][1]) / far,
	}, nil
}

// grouper makes words of characters.
type grouper struct {
	shown mapping
	words []Word
	text  strings.Builder
	box   Box
	line  int
}

func (g *grouper) add(text string, x0, y0, x1, y1 float64) {
	if strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) == "" {
		g.end()
		if strings.ContainsAny(text, "\n\r") {
			g.line++
		}
		return
	}
	ax, ay := g.shown.at(x0, y0)
	bx, by := g.shown.at(x1, y1)
	b := Box{clamp(min(ax, bx)), clamp(min(ay, by)), clamp(max(ax, bx)), clamp(max(ay, by))}
	if g.text.Len() == 0 {
		g.box = b
	} else {
		g.box = Box{min(g.box.X0, b.X0), min(g.box.Y0, b.Y0), max(g.box.X1, b.X1), max(g.box.Y1, b.Y1)}
	}
	g.text.WriteString(strings.ToValidUTF8(text, ""))
}

func clamp(v float64) float64 { return min(max(v, 0), 1) }

func (g *grouper) end() {
	if g.text.Len() > 0 {
		g.words = append(g.words, Word{Text: g.text.String(), Box: g.box, Line: g.line, Confidence: 1})
		g.text.Reset()
	}
}

func (g *grouper) finish() []Word {
	g.end()
	return g.words
}

// A scan fills most of its page; a page number or a fax header on it is no text
// layer.
const (
	scanCoverage  = 0.7
	fewLetters    = 40
	garbageShare  = 0.2
	maxScanLooked = 2000 // page objects looked at for the scan; a scan is among the first
)

func (d *pdfDocument) decide(ctx context.Context, n int) (Decision, error) {
	var text string
	err := d.on(ctx, n, func(p requests.Page) error {
		got, err := d.instance.GetPageText(&requests.GetPageText{Page: p})
		if err != nil {
			return unreadable(err)
		}
		text = got.Text
		return nil
	})
	if err != nil {
		return Decision{}, err
	}
	letters, bad := countLetters(text)
	out := Decision{Letters: letters}
	coverage, _ := d.scan(ctx, n)
	switch {
	case letters == 0 && bad == 0:
		out.Reason = ReasonNoText
	case float64(bad) > garbageShare*float64(letters+bad):
		out.Reason = ReasonGarbage
	case coverage > scanCoverage && letters < fewLetters:
		out.Reason = ReasonScan
	default:
		out.Real, out.Reason = true, ReasonText
	}
	return out, nil
}

func countLetters(text string) (letters, bad int) {
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			letters++
		case r == unicode.ReplacementChar, unicode.Is(unicode.Co, r), unicode.IsControl(r) && !unicode.IsSpace(r):
			bad++
		}
	}
	return letters, bad
}

// scan finds the picture that fills the page: the share of the page it covers
// and its resolution, 0 when there is none.
func (d *pdfDocument) scan(ctx context.Context, n int) (coverage, dpi float64) {
	if s, ok := d.scanned[n]; ok {
		return s.coverage, s.dpi
	}
	size, err := d.size(ctx, n)
	if err == nil {
		err = d.on(ctx, n, func(p requests.Page) error {
			coverage, dpi, err = d.largestImage(p, size)
			return err
		})
	}
	if err != nil {
		coverage, dpi = 0, 0 // no scan that we can measure; the page is judged by its text
	}
	d.scanned[n] = scanned{coverage, dpi}
	return coverage, dpi
}

func (d *pdfDocument) largestImage(p requests.Page, size Size) (coverage, dpi float64, err error) {
	count, err := d.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p})
	if err != nil {
		return 0, 0, unreadable(err)
	}
	for i := range min(count.Count, maxScanLooked) {
		object, err := d.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p, Index: i})
		if err != nil {
			return 0, 0, unreadable(err)
		}
		kind, err := d.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
			continue
		}
		bounds, errB := d.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object.PageObject})
		pixels, errP := d.instance.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: object.PageObject})
		if errB != nil || errP != nil {
			continue
		}
		w, h := float64(bounds.Right-bounds.Left), float64(bounds.Top-bounds.Bottom)
		share := w * h / max(size.Width*size.Height, 1)
		if share > coverage && w > 0 {
			coverage, dpi = share, max(float64(pixels.Width), float64(pixels.Height))*72/max(w, h)
		}
	}
	return coverage, dpi, nil
}
