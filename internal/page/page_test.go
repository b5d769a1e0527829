package page_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/tiff"

	"naskah/internal/page"
	"naskah/internal/problem"
)

// engine is shared: PDFium is compiled once for all tests.
//
//nolint:gochecknoglobals // a function that runs once
var engine = sync.OnceValue(func() *page.Engine { return page.New(page.Options{CacheDir: cacheDir()}) })

func cacheDir() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "naskah", "pdfium")
}

func open(t *testing.T, raw []byte) (*page.Document, error) {
	t.Helper()
	d, err := engine().Open(context.Background(), bytes.NewReader(raw), int64(len(raw)))
	if err == nil {
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return d, err
}

func mustOpen(t *testing.T, raw []byte) *page.Document {
	t.Helper()
	d, err := open(t, raw)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func letterPDF(t testing.TB, texts ...string) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.SetFont("Helvetica", "", 12)
	for _, text := range texts {
		p.AddPage()
		p.MultiCell(400, 16, text, "", "L", false)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gray(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.SetGray(0, 0, color.Gray{Y: 0}) // top left corner is black
	return img
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTextLayerGivesWordsWithTheirPlaces(t *testing.T) {
	t.Parallel()
	d := mustOpen(t, letterPDF(t, "Undangan rapat di Cicalengka pada hari Kamis pukul sembilan pagi", "Halaman kedua"))
	if d.Pages() != 2 || d.Kind() != page.PDF {
		t.Fatalf("%d pages, %s", d.Pages(), d.Kind())
	}
	decision, err := d.TextLayer(context.Background(), 1)
	if err != nil || !decision.Real || decision.Reason != page.ReasonText {
		t.Fatalf("%+v, %v", decision, err)
	}
	words, err := d.Words(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(words) != 10 || words[0].Text != "Undangan" || words[3].Text != "Cicalengka" {
		t.Fatalf("%+v", words)
	}
	for i, w := range words {
		if w.Box.X0 >= w.Box.X1 || w.Box.Y0 >= w.Box.Y1 || w.Box.Y1 > 0.2 || (i > 0 && w.Line == words[i-1].Line && w.Box.X0 < words[i-1].Box.X0) {
			t.Errorf("%s stands at %+v", w.Text, w.Box)
		}
	}
}

func TestPageIsDrawnAtTheAskedResolution(t *testing.T) {
	t.Parallel()
	d := mustOpen(t, letterPDF(t, "isi"))
	img, err := d.Picture(context.Background(), 1, 72)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() < 594 || b.Dx() > 597 || b.Dy() < 840 || b.Dy() > 844 {
		t.Fatalf("A4 at 72 dpi is %v", b)
	}
	if _, err := d.Picture(context.Background(), 2, 72); !errors.Is(err, problem.NotFound) {
		t.Fatalf("page 2 of 1: %v", err)
	}
}

func TestScanInAPDFIsSentToOCRWithItsResolution(t *testing.T) {
	t.Parallel()
	p := fpdf.New("P", "pt", "A4", "")
	p.AddPage()
	p.RegisterImageOptionsReader("scan", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(asPNG(t, gray(1654, 2339))))
	p.ImageOptions("scan", 0, 0, 595, 842, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	p.SetFont("Helvetica", "", 8)
	p.Text(20, 20, "FAX 12/11/2026 hal 1")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	d := mustOpen(t, b.Bytes())
	decision, err := d.TextLayer(context.Background(), 1)
	if err != nil || decision.Real || decision.Reason != page.ReasonScan {
		t.Fatalf("%+v, %v", decision, err)
	}
	if dpi := d.PictureDPI(context.Background(), 1); dpi < 195 || dpi > 205 {
		t.Fatalf("a 200 dpi scan was measured as %v", dpi)
	}
}

func TestPhonePhotoIsTurnedAsItsCameraSays(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, wedge(), nil); err != nil {
		t.Fatal(err)
	}
	for orientation, corner := range map[byte]image.Point{1: {10, 10}, 3: {190, 90}, 6: {90, 10}, 8: {10, 190}} {
		d := mustOpen(t, withOrientation(b.Bytes(), orientation))
		img, err := d.Picture(context.Background(), 1, 200)
		if err != nil {
			t.Fatal(err)
		}
		if r, _, _, _ := img.At(corner.X, corner.Y).RGBA(); r > 0x8000 {
			t.Errorf("orientation %d: the dark corner is not at %v of %v", orientation, corner, img.Bounds())
		}
	}
}

// wedge is 200 × 100 with a dark top left corner.
func wedge() image.Image {
	img := image.NewGray(image.Rect(0, 0, 200, 100))
	for y := range 100 {
		for x := range 200 {
			if x > 40 || y > 40 {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return img
}

func withOrientation(jpg []byte, orientation byte) []byte {
	tiffPart := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00")
	tiffPart = append(tiffPart, orientation, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(tiffPart)+2))
	return append(append(append([]byte{}, jpg[:2]...), append(segment, tiffPart...)...), jpg[2:]...)
}

// manyPages is a TIFF of n pages that share their bytes.
func manyPages(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tiff.Encode(&b, gray(60, 80), nil); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	order := binary.LittleEndian
	dir := order.Uint32(raw[4:])
	size := 2 + 12*uint32(order.Uint16(raw[dir:]))
	ifd := bytes.Clone(raw[dir : dir+size])
	next := dir + size
	raw = append(raw[:next], 0, 0, 0, 0)
	for range n - 1 {
		order.PutUint32(raw[next:], uint32(len(raw)))
		raw = append(raw, ifd...)
		next = uint32(len(raw))
		raw = append(raw, 0, 0, 0, 0)
	}
	return raw
}

func TestTIFFOfFiveHundredPagesIsReadPageByPage(t *testing.T) {
	t.Parallel()
	d := mustOpen(t, manyPages(t, 500))
	if d.Pages() != 500 {
		t.Fatalf("%d pages", d.Pages())
	}
	for _, n := range []int{1, 250, 500} {
		img, err := d.Picture(context.Background(), n, 300)
		if err != nil || img.Bounds().Dx() != 60 {
			t.Fatalf("page %d: %v %v", n, img, err)
		}
	}
}

func TestBadInputGetsASentence(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(rand.IntN(256))
	}
	whole := letterPDF(t, "isi surat")
	for name, c := range map[string]struct {
		raw  []byte
		kind problem.Kind
	}{
		"empty file":               {nil, problem.Invalid},
		"random bytes named .pdf":  {append([]byte("x"), noise...), problem.Unsupported},
		"only a PDF header":        {[]byte("%PDF-1.7\n"), problem.Invalid},
		"truncated PDF":            {whole[:len(whole)/3], problem.Invalid},
		"circular page tree":       {circular(), problem.Invalid},
		"20,000 x 20,000 PNG":      {hugePNG(20_000, 20_000), problem.TooLarge},
		"broken JPEG":              {[]byte("\xff\xd8\xff\xe0nonsense"), problem.Invalid},
		"broken TIFF":              {[]byte("II*\x00\xff\xff\xff\xff"), problem.Invalid},
		"zip that is no Word file": {[]byte("PK\x03\x04 nothing"), problem.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := open(t, c.raw)
			if err == nil { // opened: then its pages must not be readable as a letter
				_, err = d.Picture(context.Background(), 1, 50)
			}
			if !errors.Is(err, c.kind) || problem.Sentence(err, "id") == "" {
				t.Fatalf("got %v", err)
			}
		})
	}
	if _, err := open(t, whole); err != nil {
		t.Fatalf("after all that a good file is refused: %v", err)
	}
}

func circular() []byte {
	return rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]/Parent 3 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>")
}

// hugePNG is a header that promises a picture of that size, and nothing more.
func hugePNG(w, h uint32) []byte {
	body := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(body[4:], w)
	binary.BigEndian.PutUint32(body[8:], h)
	body[12] = 8
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), body...)
	return append(out, crc(body)...)
}

func crc(b []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)) }

func TestGigabyteOfZerosIsRefusedWithoutReadingIt(t *testing.T) {
	t.Parallel()
	f, err := os.Create(filepath.Join(t.TempDir(), "nol.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(1 << 30); err != nil {
		t.Fatal(err)
	}
	read := &counting{ReaderAt: f}
	if _, err := page.Sniff(read, 1<<30); !errors.Is(err, problem.Unsupported) || read.n > 1<<20 {
		t.Fatalf("%v after %d bytes", err, read.n)
	}
}

type counting struct {
	io.ReaderAt
	n int
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.n += len(p)
	return c.ReaderAt.ReadAt(p, off)
}

func TestThumbnailIsSmall(t *testing.T) {
	t.Parallel()
	small, err := page.Thumbnail(gray(1654, 2339), 240)
	if err != nil || len(small) > 20_000 {
		t.Fatalf("%d bytes, %v", len(small), err)
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(small))
	if err != nil || c.Width != 240 {
		t.Fatalf("%+v, %v", c, err)
	}
}

func FuzzForeignFileNeverEndsTheProgram(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00"))
	f.Add(withOrientation([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00\x48\x00\x48\x00\x00\xff\xd9"), 6))
	f.Add([]byte(strings.Repeat("PK\x03\x04", 3)))
	f.Add(manyPages(f, 3))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, err := page.Sniff(bytes.NewReader(raw), int64(len(raw)))
		if err != nil || kind == page.PDF {
			return // PDFium's own bytes are its sandbox's business
		}
		d, err := page.New(page.Options{Limits: page.Limits{Pages: 10, Pixels: 10_000, PageTime: 1e9}}).Open(context.Background(), bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		for n := 1; n <= d.Pages(); n++ {
			_, _ = d.Picture(context.Background(), n, 100)
		}
	})
}
