package page

import (
	"context"
	"image"
	"io"
	"sync"
	"time"

	"naskah/internal/problem"
)

// Limits bound what one foreign file may cost.
type Limits struct {
	Pages        int           // more is a book, not a letter
	Pixels       int64         // of one picture; a letter at 600 dpi has 35 million
	DecodedBytes int64         // of one picture in memory; 16 bits a colour or four colours cost more
	PageTime     time.Duration // for one question about one page
}

// DefaultLimits are design §7's.
func DefaultLimits() Limits {
	return Limits{Pages: 2000, Pixels: 80_000_000, DecodedBytes: 256 << 20, PageTime: time.Minute}
}

// orDefault fills in what was left out.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Pages == 0 {
		l.Pages = d.Pages
	}
	if l.Pixels == 0 {
		l.Pixels = d.Pixels
	}
	if l.DecodedBytes == 0 {
		l.DecodedBytes = d.DecodedBytes
	}
	if l.PageTime == 0 {
		l.PageTime = d.PageTime
	}
	return l
}

// Options of an Engine.
type Options struct {
	CacheDir string // compiled PDFium; empty compiles at every start (5 CPU seconds)
	Limits   Limits
	Idle     time.Duration // PDFium's memory is given back after so long; 0 is a minute
}

// Engine opens foreign files. PDFium runs in a WebAssembly sandbox: whatever a
// file does to it, it cannot touch the machine. It is loaded with the first PDF
// and released when idle.
type Engine struct {
	o       Options
	mu      sync.Mutex
	sandbox *sandbox
	users   int
	idle    *time.Timer
	large   chan struct{} // one place: pictures over largePixels are decoded one at a time
}

// New makes an engine; nothing is loaded yet.
func New(o Options) *Engine {
	o.Limits = o.Limits.orDefault()
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	return &Engine{o: o, large: make(chan struct{}, 1)}
}

// Box is a place on a page: fractions of its width and height as shown, from the
// top left corner.
type Box struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}

// Word is a word on a page. Line and Block tell where lines end; Confidence is 0
// to 1, and 1 for a real text layer.
type Word struct {
	Text       string  `json:"t"`
	Box        Box     `json:"b"`
	Line       int     `json:"l"`
	Block      int     `json:"k"`
	Confidence float64 `json:"c"`
}

// Size is a page's size in points as it is shown.
type Size struct{ Width, Height float64 }

// Decision says whether a page has a real text layer, and why. Reason is one of
// the Reason constants.
type Decision struct {
	Real    bool
	Reason  string
	Letters int
}

// Why a page is read as it is.
const (
	ReasonText    = "text"    // it has a text layer
	ReasonNoText  = "no-text" // a PDF page without text
	ReasonGarbage = "garbage" // its text layer has no usable characters
	ReasonScan    = "scan"    // a page-filling picture with next to no text
	ReasonPicture = "picture" // the file is a picture
)

// Document is an open file. Its methods may be called from several goroutines;
// they wait for each other.
type Document struct {
	kind   Kind
	engine *Engine
	mu     sync.Mutex
	pdf    *pdfDocument
	pic    pictures
}

// pictures is what a document that is a picture (or several) can answer.
type pictures interface {
	pages() int
	picture(n int) (image.Image, error)                     // as it lies in the file
	orientation(n int) int                                  // EXIF's, 1 to 8
	size(n int) (width, height int, dpi float64, err error) // as a person sees it
	turn() int
}

// Open opens a PDF or picture of size bytes. r must stay open as long as the
// document. Encrypted, malformed and too large files are problems with a
// sentence.
func (e *Engine) Open(ctx context.Context, r io.ReaderAt, size int64) (*Document, error) {
	kind, err := Sniff(r, size)
	if err != nil {
		return nil, err
	}
	d := &Document{kind: kind, engine: e}
	switch kind {
	case PDF:
		d.pdf, err = e.openPDF(ctx, r, size)
	case JPEG, PNG:
		d.pic, err = openSingle(r, size, kind, e.o.Limits)
	case TIFF:
		d.pic, err = openTIFF(r, size, e.o.Limits)
	default:
		err = problem.New(problem.Unsupported, "Berkas Word harus diubah menjadi PDF dulu.", "A Word file must become a PDF first.", nil)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Kind is what the file is.
func (d *Document) Kind() Kind { return d.kind }

// Pages is the number of pages, at least 1.
func (d *Document) Pages() int {
	if d.pdf != nil {
		return d.pdf.count
	}
	return d.pic.pages()
}

// Turn is the clockwise turn in degrees that a camera noted; 0 for all others.
func (d *Document) Turn() int {
	if d.pic != nil {
		return d.pic.turn()
	}
	return 0
}

// Close gives everything back. Closing twice does nothing.
func (d *Document) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf == nil || d.pdf.closed {
		return nil
	}
	return d.pdf.close()
}

// Size is a page's size in points as shown. Pages count from 1.
func (d *Document) Size(ctx context.Context, n int) (Size, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf != nil {
		return d.pdf.size(ctx, n)
	}
	w, h, dpi, err := d.pic.size(n)
	dpi = resolution(w, h, dpi)
	return Size{float64(w) * 72 / dpi, float64(h) * 72 / dpi}, err
}

// resolution is what a picture says of itself, unless it cannot be: cameras
// write 72 or nothing, which would make a letter a poster. Then it is taken as
// a page of A4's length.
func resolution(w, h int, stated float64) float64 {
	const a4, poster, least, most = 11.69, 20, 72, 600 // inches, inches, dots per inch
	long := float64(max(w, h, 1))
	if stated > 96 || (stated >= 30 && long/stated <= poster) {
		return stated
	}
	return min(max(long/a4, least), most)
}

// Words are the words of the real text layer; nil for pictures.
func (d *Document) Words(ctx context.Context, n int) ([]Word, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf == nil {
		return nil, nil
	}
	return d.pdf.words(ctx, n)
}

// TextLayer decides whether the page must be read by OCR.
func (d *Document) TextLayer(ctx context.Context, n int) (Decision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf == nil {
		return Decision{Reason: ReasonPicture}, nil
	}
	return d.pdf.decide(ctx, n)
}

// PictureDPI is the resolution of the scan that fills a PDF's page, 0 for its
// other pages; of a picture file what it says or, failing that, what makes it a
// page of A4's length.
func (d *Document) PictureDPI(ctx context.Context, n int) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf != nil {
		_, dpi := d.pdf.scan(ctx, n)
		return dpi
	}
	w, h, dpi, err := d.pic.size(n)
	if err != nil {
		return 0
	}
	return resolution(w, h, dpi)
}

// largePixels is where a picture is decoded alone: two at once would take half a
// gigabyte.
const largePixels = 20_000_000

// Picture gives the page as a person sees it, at about the resolution; a PDF's
// page without colour is an *image.Gray. A picture file is never enlarged.
func (d *Document) Picture(ctx context.Context, n, dpi int) (img image.Image, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pdf != nil {
		return d.pdf.picture(ctx, n, dpi)
	}
	err = guarded(func() error {
		img, err = d.decode(ctx, n, dpi)
		return err
	}, badPicture)
	return img, err
}

func (d *Document) decode(ctx context.Context, n, dpi int) (image.Image, error) {
	w, h, native, err := d.pic.size(n)
	if err != nil {
		return nil, err
	}
	if int64(w)*int64(h) > largePixels {
		select {
		case d.engine.large <- struct{}{}:
			defer func() { <-d.engine.large }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	img, err := d.pic.picture(n)
	if err != nil {
		return nil, err
	}
	return orient(shrink(img, float64(dpi)/resolution(w, h, native)), d.pic.orientation(n)), nil
}
