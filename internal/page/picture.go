package page

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

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
func openSingle(r io.ReaderAt, size int64, kind Kind, limits Limits) (pictures, error) {
	s := &single{r: r, length: size, kind: kind, exif: 1}
	var err error
	extra := 0.0
	if kind == JPEG {
		s.config, err = jpeg.DecodeConfig(s.reader())
		h := readJPEG(io.NewSectionReader(r, 0, size))
		s.exif, s.dpi, extra = h.orientation, h.dpi, h.extra
	} else {
		s.config, err = png.DecodeConfig(s.reader())
		head := make([]byte, min(size, 64<<10))
		n, _ := r.ReadAt(head, 0)
		s.dpi = pngDPI(head[:n])
	}
	if err != nil {
		return nil, badPicture(err)
	}
	if err := affordable(s.config, extra, limits); err != nil {
		return nil, err
	}
	return s, nil
}

// affordable says whether a picture may be decoded: its pixels, and what they take
// in memory. extra is what decoding takes beside, in bytes a pixel.
func affordable(c image.Config, extra float64, limits Limits) error {
	if c.Width < 1 || c.Height < 1 {
		return badPicture(fmt.Errorf("size %d × %d", c.Width, c.Height))
	}
	pixels := int64(c.Width) * int64(c.Height)
	if pixels > limits.Pixels || float64(pixels)*(bytesPerPixel(c.ColorModel)+extra) > float64(limits.DecodedBytes) {
		return tooManyPixels(c.Width, c.Height)
	}
	return nil
}

func bytesPerPixel(m color.Model) float64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, paletted := m.(color.Palette); paletted {
		return 1
	}
	return 4
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

func (s *single) orientation(int) int { return s.exif }

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
	return flatten(img), nil
}

func noSuchPage(n int) error {
	return problem.New(problem.NotFound, fmt.Sprintf("Berkas ini tidak punya halaman %d.", n), fmt.Sprintf("This file has no page %d.", n), nil)
}
