package page

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// pattern has a colour of its own in each corner.
func pattern() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 400, 560))
	for y := range 560 {
		for x := range 400 {
			img.Set(x, y, color.RGBA{R: uint8(x / 2), G: uint8(y / 3), B: uint8(200 * (x / 200) * (y / 280)), A: 255})
		}
	}
	return img
}

func inPDF(t *testing.T, img image.Image, also func(p *fpdf.Fpdf)) []byte {
	t.Helper()
	var raw, out bytes.Buffer
	var err error
	kind := "PNG"
	if _, photo := img.(*image.RGBA); photo {
		kind, err = "JPEG", jpeg.Encode(&raw, img, &jpeg.Options{Quality: 95})
	} else {
		err = png.Encode(&raw, img)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 200, Ht: 280}})
	p.SetCompression(false)
	p.AddPage()
	p.RegisterImageOptionsReader("scan", fpdf.ImageOptions{ImageType: kind}, &raw)
	p.ImageOptions("scan", 0, 0, 200, 280, false, fpdf.ImageOptions{ImageType: kind}, 0, "")
	also(p)
	if err := p.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func nothing(*fpdf.Fpdf) {}

// turnedBy gives the page a /Rotate in place of fpdf's spare spaces.
func turnedBy(raw []byte, degrees string) []byte {
	return bytes.Replace(raw, []byte("/Type /Page\n"), []byte("/Type /Page /Rotate "+degrees+"\n"), 1)
}

func TestScanTakenAsItIsLooksLikeThePageDrawn(t *testing.T) {
	t.Parallel()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	e := New(Options{CacheDir: filepath.Join(cache, "naskah", "pdfium")})
	photo, gray := inPDF(t, pattern(), nothing), inPDF(t, Gray(pattern()), nothing)
	palette := image.NewPaletted(image.Rect(0, 0, 400, 560), color.Palette{color.White, color.RGBA{R: 200, A: 255}})
	stencil := image.NewNRGBA(image.Rect(0, 0, 400, 560)) // half transparent
	for i := range stencil.Pix {
		stencil.Pix[i] = 128
	}
	for name, c := range map[string]struct {
		raw   []byte
		taken bool
	}{
		"photo": {photo, true}, "gray": {gray, true},
		"turned by 90": {turnedBy(photo, "90"), true}, "turned by 180": {turnedBy(photo, "180"), true}, "turned by 270": {turnedBy(gray, "270"), true},
		"palette": {inPDF(t, palette, nothing), false}, "transparent": {inPDF(t, stencil, nothing), false},
		"text over it": {inPDF(t, pattern(), func(p *fpdf.Fpdf) { p.SetFont("Helvetica", "", 20); p.Text(20, 100, "CAP") }), false},
		"note over it": {inPDF(t, pattern(), func(p *fpdf.Fpdf) { p.LinkString(10, 10, 50, 50, "https://example.org") }), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d, err := e.Open(ctx, bytes.NewReader(c.raw), int64(len(c.raw)))
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close() //nolint:errcheck // only read
			const dpi = 72
			taken, err := d.pdf.scanOf(ctx, 1, dpi)
			if err != nil || (taken != nil) != c.taken {
				t.Fatalf("taken: %v, %v", taken != nil, err)
			}
			if taken == nil {
				return
			}
			drawn, err := d.pdf.draw(ctx, 1, dpi)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := taken.Bounds(), drawn.Bounds(); abs(a.Dx()-b.Dx()) > 1 || abs(a.Dy()-b.Dy()) > 1 {
				t.Fatalf("%v instead of %v", a, b)
			}
			if off := difference(taken, drawn); off > 3 {
				t.Fatalf("the pixels differ by %.1f of 255", off)
			}
		})
	}
}

func abs(v int) int { return max(v, -v) }

// difference is the mean over both pictures' colours.
func difference(a, b image.Image) float64 {
	sum, n := 0.0, 0
	for y := 5; y < min(a.Bounds().Dy(), b.Bounds().Dy())-5; y++ {
		for x := 5; x < min(a.Bounds().Dx(), b.Bounds().Dx())-5; x++ {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(ar)-float64(br)) + math.Abs(float64(ag)-float64(bg)) + math.Abs(float64(ab)-float64(bb))
			n += 3
		}
	}
	return sum / float64(n) / 257
}
