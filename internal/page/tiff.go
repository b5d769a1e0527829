package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/tiff"

	"naskah/internal/problem"
)

// tiffFile is a TIFF with one or more pages. x/image/tiff reads the first page
// alone; each page is read through a view of the file whose header points at it.
type tiffFile struct {
	r      io.ReaderAt
	length int64
	order  binary.ByteOrder
	dirs   []int64
	pixels int64
}

// openTIFF walks the chain of image directories. It ends at the page limit, at a
// directory seen before and at an offset outside the file.
func openTIFF(r io.ReaderAt, size int64, limits Limits) (pictures, error) {
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, badPicture(err)
	}
	t := &tiffFile{r: r, length: size, order: tiffOrder(head), pixels: limits.Pixels}
	seen := map[int64]bool{}
	for at := int64(t.order.Uint32(head[4:])); at != 0 && !seen[at]; {
		if len(t.dirs) >= limits.Pages {
			return nil, tooManyPages(limits.Pages)
		}
		next, err := t.next(at)
		if err != nil {
			if len(t.dirs) == 0 {
				return nil, badPicture(err)
			}
			break // a truncated file: the pages before the damage are read
		}
		seen[at] = true
		t.dirs = append(t.dirs, at)
		at = next
	}
	if len(t.dirs) == 0 {
		return nil, badPicture(errors.New("no pages"))
	}
	return t, nil
}

func (t *tiffFile) next(dir int64) (int64, error) {
	var count [2]byte
	if _, err := t.r.ReadAt(count[:], dir); err != nil {
		return 0, fmt.Errorf("image directory at %d: %w", dir, err)
	}
	var next [4]byte
	if _, err := t.r.ReadAt(next[:], dir+2+12*int64(t.order.Uint16(count[:]))); err != nil {
		return 0, fmt.Errorf("image directory at %d: %w", dir, err)
	}
	return int64(t.order.Uint32(next[:])), nil
}

func (t *tiffFile) pages() int { return len(t.dirs) }
func (t *tiffFile) turn() int  { return 0 }

// at is the file as if page n were its first.
func (t *tiffFile) at(n int) (io.ReadSeeker, error) {
	if n < 1 || n > len(t.dirs) {
		return nil, noSuchPage(n)
	}
	head := make([]byte, 8)
	if _, err := t.r.ReadAt(head, 0); err != nil {
		return nil, badPicture(err)
	}
	t.order.PutUint32(head[4:], uint32(t.dirs[n-1])) //nolint:gosec // it was read as 32 bits
	return io.NewSectionReader(patched{t.r, head}, 0, t.length), nil
}

// patched shows a file with other first bytes.
type patched struct {
	io.ReaderAt
	head []byte
}

// ReadAt implements io.ReaderAt.
func (p patched) ReadAt(b []byte, off int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, off)
	if off < int64(len(p.head)) {
		copy(b[:n], p.head[off:])
	}
	return n, err
}

func (t *tiffFile) size(n int) (int, int, float64, error) {
	r, err := t.at(n)
	if err != nil {
		return 0, 0, 0, err
	}
	c, err := tiff.DecodeConfig(r)
	if err != nil {
		return 0, 0, 0, badTIFF(err)
	}
	if c.Width < 1 || c.Height < 1 || int64(c.Width)*int64(c.Height) > t.pixels {
		return 0, 0, 0, tooManyPixels(c.Width, c.Height)
	}
	return c.Width, c.Height, t.dpi(n), nil
}

func badTIFF(cause error) error {
	var unsupported tiff.UnsupportedError
	if errors.As(cause, &unsupported) {
		return problem.New(problem.Unsupported, "Jenis TIFF ini belum dapat dibaca. Simpan pindaian sebagai PDF atau JPEG, lalu kirim lagi.",
			"This kind of TIFF cannot be read yet. Save the scan as PDF or JPEG and send it again.", cause)
	}
	return badPicture(cause)
}

func (t *tiffFile) picture(n int) (image.Image, error) {
	if _, _, _, err := t.size(n); err != nil {
		return nil, err
	}
	r, err := t.at(n)
	if err != nil {
		return nil, err
	}
	img, err := tiff.Decode(r)
	if err != nil {
		return nil, badTIFF(err)
	}
	return flatten(img), nil
}

// dpi reads the page's horizontal resolution; 0 when it does not say.
func (t *tiffFile) dpi(n int) float64 {
	dir := t.dirs[n-1]
	var count [2]byte
	if _, err := t.r.ReadAt(count[:], dir); err != nil {
		return 0
	}
	perUnit, unit := 0.0, uint16(2)
	for i := range int64(t.order.Uint16(count[:])) {
		var entry [12]byte
		if _, err := t.r.ReadAt(entry[:], dir+2+12*i); err != nil {
			return 0
		}
		switch t.order.Uint16(entry[:]) {
		case 282: // XResolution
			perUnit = t.rational(int64(t.order.Uint32(entry[8:])))
		case 296: // ResolutionUnit
			unit = t.order.Uint16(entry[8:])
		}
	}
	if unit == 3 {
		perUnit *= 2.54
	}
	if perUnit < 30 || perUnit > 2400 {
		return 0
	}
	return perUnit
}

func (t *tiffFile) rational(at int64) float64 {
	var b [8]byte
	if _, err := t.r.ReadAt(b[:], at); err != nil {
		return 0
	}
	return float64(t.order.Uint32(b[:])) / max(float64(t.order.Uint32(b[4:])), 1)
}
