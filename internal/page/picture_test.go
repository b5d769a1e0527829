package page_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"golang.org/x/image/tiff"

	"naskah/internal/page"
	"naskah/internal/problem"
)

func TestPictureDearerThanItsPixelsIsRefusedBeforeDecoding(t *testing.T) {
	t.Parallel()
	deep := hugePNG(7000, 7000) // 49 Mpixel, but 16 bits and four channels: 374 MiB
	deep[24], deep[25] = 16, 6
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	progressive := b.Bytes() // 16 Mpixel that would be kept as 4 bytes a sample
	at := bytes.Index(progressive, []byte{0xff, 0xc0})
	progressive[at+1] = 0xc2
	binary.BigEndian.PutUint16(progressive[at+5:], 8000)
	binary.BigEndian.PutUint16(progressive[at+7:], 5000)
	for name, raw := range map[string][]byte{"16-bit PNG": repaired(deep), "progressive JPEG": progressive} {
		if _, err := open(t, raw); !errors.Is(err, problem.TooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// repaired gives a changed PNG header its check sum back.
func repaired(png []byte) []byte {
	return append(png[:29:29], crc(png[12:29])...)
}

func TestTurnedTIFFIsShownUpright(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := tiff.Encode(&b, wedge(), nil); err != nil {
		t.Fatal(err)
	}
	raw := withTag(b.Bytes(), 274, 6)
	d := mustOpen(t, raw)
	img, err := d.Picture(context.Background(), 1, 200)
	if err != nil {
		t.Fatal(err)
	}
	size, err := d.Size(context.Background(), 1)
	if err != nil || size.Width >= size.Height {
		t.Fatalf("%+v, %v", size, err)
	}
	if r, _, _, _ := img.At(90, 10).RGBA(); img.Bounds().Dx() != 100 || r > 0x8000 {
		t.Fatalf("the dark corner is not at the top right of %v", img.Bounds())
	}
}

// withTag writes a short value over the TIFF's samples per pixel, an entry
// that a reader of plain gray pictures can do without.
func withTag(raw []byte, tag, value uint16) []byte {
	order := binary.LittleEndian
	dir := int(order.Uint32(raw[4:]))
	entries := int(order.Uint16(raw[dir:]))
	for i := range entries {
		e := raw[dir+2+12*i:]
		if t := order.Uint16(e); t == 277 { // SamplesPerPixel
			order.PutUint16(e, tag)
			order.PutUint16(e[2:], 3)
			order.PutUint32(e[4:], 1)
			order.PutUint32(e[8:], uint32(value))
		}
	}
	return raw
}

func TestPhotoOfALetterIsALetterAndNoPoster(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1500, 2000)), nil); err != nil {
		t.Fatal(err)
	}
	jfif := []byte("\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00\x48\x00\x48\x00\x00") // 72 dpi, as cameras write
	raw := append(append(bytes.Clone(b.Bytes()[:2]), jfif...), b.Bytes()[2:]...)
	size, err := mustOpen(t, raw).Size(context.Background(), 1)
	if err != nil || size.Height < 841 || size.Height > 843 {
		t.Fatalf("%+v, %v", size, err)
	}
}

func TestSmallPictureOfAPageKeepsThinStrokes(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 1000, 1000))
	for y := range 1000 {
		for x := range 1000 {
			img.SetGray(x, y, color.Gray{Y: 255 * uint8(min(y%10, 1))}) // a line of one pixel in ten
		}
	}
	d := mustOpen(t, asPNG(t, img))
	small, err := d.Picture(context.Background(), 1, int(d.PictureDPI(context.Background(), 1)/5))
	if err != nil {
		t.Fatal(err)
	}
	sum, gray := 0, page.Gray(small)
	for _, v := range gray.Pix {
		sum += int(v)
	}
	if mean := sum / len(gray.Pix); mean < 220 || mean > 240 {
		t.Fatalf("a tenth of black became a mean of %d", mean)
	}
}

func TestGrayIsTheSameWhateverThePictureIsMadeOf(t *testing.T) {
	t.Parallel()
	r := image.Rect(0, 0, 40, 40)
	ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	rgba, paletted, cmyk := image.NewRGBA(r), image.NewPaletted(r, color.Palette{color.White, color.Gray{Y: 90}}), image.NewCMYK(r)
	for y := range 40 {
		for x := range 40 {
			ycc.Y[y*ycc.YStride+x] = 90
			rgba.Set(x, y, color.Gray{Y: 90})
			paletted.SetColorIndex(x, y, 1)
			cmyk.SetCMYK(x, y, color.CMYK{K: 165})
		}
	}
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = 128, 128
	}
	for _, img := range []image.Image{ycc, rgba, paletted, cmyk} {
		if got := page.Gray(img).GrayAt(20, 20).Y; got != 90 {
			t.Errorf("%T: %d", img, got)
		}
	}
}
