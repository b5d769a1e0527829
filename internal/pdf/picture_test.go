package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"naskah/internal/problem"
)

func TestQRReadsBack(t *testing.T) {
	t.Parallel()
	const content = "https://naskah.example/v/abcdefghijklmnopqrstuvwxyz"
	raw, err := QRPNG(content, 300)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	res, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil || res.GetText() != content {
		t.Fatal(res, err)
	}
	if level := res.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "Q" {
		t.Fatalf("error correction %v, wanted Q", level)
	}
	if _, err := QRPNG("", 300); problem.KindOf(err) != problem.Invalid {
		t.Fatal(err)
	}
}

func TestPalettePNGKeepsItsColours(t *testing.T) {
	t.Parallel()
	img := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.NRGBA{200, 10, 20, 255}, color.NRGBA{1, 250, 3, 255}})
	img.Pix[1] = 1
	path := onDisk(t, scans(t, ScanPage{Picture: encodePNG(t, img), Media: PNG, DPI: 72.0 / 20}))
	ppm := run(t, "pdftoppm", "-r", "72", path)
	pix := ppm[len(ppm)-40*20*3:]
	if pix[:3] != "\xc8\x0a\x14" || pix[39*3:40*3] != "\x01\xfa\x03" {
		t.Fatalf("colours changed: %x %x", pix[:3], pix[39*3:40*3])
	}
}

func TestAdobeMarkerIsFound(t *testing.T) {
	t.Parallel()
	marker := append([]byte{0xff, 0xd8, 0xff, 0xee, 0, 14}, "Adobe\x00\x64\x00\x00\x00\x00\x00"...)
	if got := adobeTransform(append(marker, 0xff, 0xda)); got != 0 {
		t.Fatal(got)
	}
	if got := adobeTransform(encodeJPEG(t, gradient(8, 8))); got != -1 {
		t.Fatal(got)
	}
}

func FuzzLoadPicture(f *testing.F) {
	f.Add(encodeJPEG(f, gradient(9, 7)))
	f.Add(encodePNG(f, gradient(9, 7)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := loadPicture(raw, "")
		if err == nil && (p.w < 1 || p.h < 1 || len(p.stream.Raw) == 0) {
			t.Fatal("an empty picture was taken")
		}
		_, _ = stampPicture(raw)
	})
}

func BenchmarkScanPage(b *testing.B) {
	raw := encodeJPEG(b, gradient(1654, 2339)) // A4 at 200 dpi
	words := make([]Word, 400)
	for i := range words {
		x, y := float64(i%10)/10, float64(i/10)/40
		words[i] = Word{"kata", x, y, x + 0.08, y + 0.015}
	}
	for b.Loop() {
		scans(b, ScanPage{Picture: raw, Media: JPEG, DPI: 200, Words: words})
	}
}

func BenchmarkAddText(b *testing.B) {
	raw := scans(b, ScanPage{Picture: encodeJPEG(b, gradient(1654, 2339)), Media: JPEG, DPI: 200})
	for b.Loop() {
		if err := AddText(bytes.NewReader(raw), &bytes.Buffer{}, map[int][]Word{1: words()}); err != nil {
			b.Fatal(err)
		}
	}
}

// interlaced is a PNG of one red pixel in seven passes, which Go cannot write.
func interlaced() []byte {
	out := pngMagic()
	chunk := func(kind string, body []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
		named := append([]byte(kind), body...)
		out = binary.BigEndian.AppendUint32(append(out, named...), crc32.ChecksumIEEE(named))
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write([]byte{0, 255, 0, 0})
	_ = w.Close()
	chunk("IHDR", []byte{0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 1})
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return out
}

func TestInterlacedPNGKeepsItsPixels(t *testing.T) {
	t.Parallel()
	path := onDisk(t, scans(t, ScanPage{Picture: interlaced(), Media: PNG, DPI: 72.0 / 10}))
	ppm := run(t, "pdftoppm", "-r", "72", path)
	if pix := ppm[len(ppm)-10*10*3:]; pix != strings.Repeat("\xff\x00\x00", 100) {
		t.Fatalf("%x", pix[:6])
	}
}
