package page

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	"naskah/internal/problem"
)

func tooManyPixels(w, h int) error {
	return problem.New(problem.TooLarge, fmt.Sprintf("Gambar ini terlalu besar (%d × %d titik). Pindai lagi dengan 300 dpi.", w, h),
		fmt.Sprintf("This picture is too large (%d × %d pixels). Scan it again at 300 dpi.", w, h), nil)
}

func badPicture(cause error) error {
	return problem.New(problem.Invalid, "Gambar ini rusak dan tidak dapat dibuka. Pindai atau potret lagi, lalu kirim lagi.",
		"This picture is damaged and cannot be opened. Scan or photograph it again, then send it again.", cause)
}

// single is a JPEG or PNG.
type single struct {
	r      io.ReaderAt
	length int64
	kind   Kind
	config image.Config
	exif   int // EXIF orientation, 1 to 8
	dpi    float64
}

// openSingle reads the header alone: a picture over the limit is refused before
// a byte of it is decoded.
func openSingle(r io.ReaderAt, size int64, kind Kind, pixels int64) (pictures, error) {
	s := &single{r: r, length: size, kind: kind, exif: 1}
	var err error
	if kind == JPEG {
		s.config, err = jpeg.DecodeConfig(s.reader())
		head := make([]byte, min(size, 128<<10)) // EXIF lies in the first segments
		n, _ := r.ReadAt(head, 0)
		s.exif, s.dpi = readEXIF(head[:n])
	} else {
		s.config, err = png.DecodeConfig(s.reader())
		head := make([]byte, min(size, 64<<10))
		n, _ := r.ReadAt(head, 0)
		s.dpi = pngDPI(head[:n])
	}
	if err != nil {
		return nil, badPicture(err)
	}
	if s.config.Width < 1 || s.config.Height < 1 {
		return nil, badPicture(fmt.Errorf("size %d × %d", s.config.Width, s.config.Height))
	}
	if int64(s.config.Width)*int64(s.config.Height) > pixels {
		return nil, tooManyPixels(s.config.Width, s.config.Height)
	}
	return s, nil
}

func (s *single) reader() io.Reader { return bufio.NewReader(io.NewSectionReader(s.r, 0, s.length)) }
func (s *single) pages() int        { return 1 }

func (s *single) turn() int {
	switch s.exif {
	case 3, 4:
		return 180
	case 5, 6:
		return 90
	case 7, 8:
		return 270
	default:
		return 0
	}
}

func (s *single) size(n int) (int, int, float64, error) {
	if n != 1 {
		return 0, 0, 0, noSuchPage(n)
	}
	if s.exif >= 5 {
		return s.config.Height, s.config.Width, s.dpi, nil
	}
	return s.config.Width, s.config.Height, s.dpi, nil
}

func (s *single) picture(n int) (image.Image, error) {
	if n != 1 {
		return nil, noSuchPage(n)
	}
	var img image.Image
	var err error
	if s.kind == JPEG {
		img, err = jpeg.Decode(s.reader())
	} else {
		img, err = png.Decode(s.reader())
	}
	if err != nil {
		return nil, badPicture(err)
	}
	return orient(flatten(img), s.exif), nil
}

func noSuchPage(n int) error {
	return problem.New(problem.NotFound, fmt.Sprintf("Berkas ini tidak punya halaman %d.", n), fmt.Sprintf("This file has no page %d.", n), nil)
}

// flatten lays transparent pictures on white paper; others stay as they are.
func flatten(img image.Image) image.Image {
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		return img
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	return out
}

// orient turns a picture as EXIF's orientation 1 to 8 says.
func orient(img image.Image, exif int) image.Image {
	if exif <= 1 || exif > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if exif >= 5 {
		w, h = h, w
	}
	out := newLike(img, w, h)
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := turned(exif, x, y, b.Dx(), b.Dy())
			out.Set(dx, dy, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// turned is where the pixel x, y of a w × h picture goes.
func turned(exif, x, y, w, h int) (int, int) {
	switch exif {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default: // 8
		return y, w - 1 - x
	}
}

func newLike(img image.Image, w, h int) draw.Image {
	if _, gray := img.(*image.Gray); gray {
		return image.NewGray(image.Rect(0, 0, w, h))
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// shrink makes a picture smaller by the factor; it never enlarges.
func shrink(img image.Image, factor float64) image.Image {
	if factor >= 0.95 || factor <= 0 {
		return img
	}
	b := img.Bounds()
	out := newLike(img, max(int(float64(b.Dx())*factor), 1), max(int(float64(b.Dy())*factor), 1))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Src, nil)
	return out
}

// Thumbnail is a picture of that width as JPEG.
func Thumbnail(img image.Image, width int) ([]byte, error) {
	small := shrink(img, float64(width)/float64(max(img.Bounds().Dx(), 1)))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: 70}); err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	return b.Bytes(), nil
}

// EncodePNG writes a picture without loss.
func EncodePNG(w io.Writer, img image.Image) error {
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(w, img); err != nil {
		return fmt.Errorf("picture to PNG: %w", err)
	}
	return nil
}

// Gray gives a picture in 8-bit gray.
func Gray(img image.Image) *image.Gray {
	if g, ok := img.(*image.Gray); ok {
		return g
	}
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	if rgba, ok := img.(*image.RGBA); ok {
		for y := range b.Dy() {
			src := rgba.Pix[y*rgba.Stride:]
			dst := out.Pix[y*out.Stride:]
			for x := range b.Dx() {
				p := src[4*x : 4*x+3 : 4*x+3]
				dst[x] = uint8((299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2]) + 500) / 1000) //nolint:gosec // at most 255
			}
		}
		return out
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetGray(x, y, color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray)) //nolint:forcetypeassert // GrayModel gives Gray
		}
	}
	return out
}

// copyImage takes a picture out of the sandbox's memory.
func copyImage(img image.Image) image.Image {
	switch src := img.(type) {
	case *image.RGBA:
		out := *src
		out.Pix = bytes.Clone(src.Pix)
		return &out
	case *image.Gray:
		out := *src
		out.Pix = bytes.Clone(src.Pix)
		return &out
	}
	return img
}

// pngDPI reads the pHYs chunk; 0 when there is none.
func pngDPI(head []byte) float64 {
	at := bytes.Index(head, []byte("pHYs"))
	if at < 0 || len(head) < at+13 || head[at+12] != 1 {
		return 0
	}
	return float64(binary.BigEndian.Uint32(head[at+4:])) * 0.0254
}

// readEXIF finds the orientation (1 when absent) and the resolution (0 when
// absent) in the first segments of a JPEG. It reads foreign bytes: every offset
// is checked.
func readEXIF(head []byte) (orientation int, dpi float64) {
	orientation = 1
	for at := 2; at+4 <= len(head) && head[at] == 0xff; {
		marker, length := head[at+1], int(binary.BigEndian.Uint16(head[at+2:]))
		if length < 2 || marker == 0xda {
			break
		}
		body := head[min(at+4, len(head)):min(at+2+length, len(head))]
		switch {
		case marker == 0xe0 && len(body) >= 12 && bytes.HasPrefix(body, []byte("JFIF\x00")):
			dpi = jfifDPI(body)
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			orientation = exifOrientation(body[6:])
		}
		at += 2 + length
	}
	return orientation, dpi
}

func jfifDPI(body []byte) float64 {
	x := float64(binary.BigEndian.Uint16(body[8:]))
	switch {
	case x <= 1:
		return 0
	case body[7] == 1:
		return x
	case body[7] == 2:
		return x * 2.54
	}
	return 0
}

func exifOrientation(tiff []byte) int {
	order := tiffOrder(tiff)
	if order == nil {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) || at < 8 {
		return 1
	}
	for i := range int64(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

func tiffOrder(head []byte) binary.ByteOrder {
	switch {
	case len(head) < 8:
		return nil
	case head[0] == 'I' && head[1] == 'I':
		return binary.LittleEndian
	case head[0] == 'M' && head[1] == 'M':
		return binary.BigEndian
	}
	return nil
}
