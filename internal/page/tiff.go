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
	limits Limits
}

// openTIFF walks the chain of image directories. It ends at the page limit, at a
// directory seen before and at an offset outside the file.
func openTIFF(r io.ReaderAt, size int64, limits Limits) (pictures, error) {
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, badPicture(err)
	}
	t := &tiffFile{r: r, length: size, order: tiffOrder(head), limits: limits}
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
	if err := affordable(c, 0, t.limits); err != nil {
		return 0, 0, 0, err
	}
	tags := t.tags(n)
	if tags.orientation >= 5 {
		return c.Height, c.Width, tags.dpi, nil
	}
	return c.Width, c.Height, tags.dpi, nil
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

func (t *tiffFile) orientation(n int) int { return t.tags(n).orientation }

type tiffTags struct {
	dpi         float64 // 0 when the page does not say
	orientation int     // 1 to 8, as EXIF's
}

func (t *tiffFile) tags(n int) tiffTags {
	out := tiffTags{orientation: 1}
	dir := t.dirs[n-1]
	var count [2]byte
	if _, err := t.r.ReadAt(count[:], dir); err != nil {
		return out
	}
	entries := make([]byte, 12*int(t.order.Uint16(count[:]))) // 768 KiB at most
	if _, err := t.r.ReadAt(entries, dir+2); err != nil {
		return out
	}
	perUnit, unit := 0.0, uint16(2)
	for ; len(entries) > 0; entries = entries[12:] {
		switch short := t.order.Uint16(entries[8:]); t.order.Uint16(entries) {
		case 274: // Orientation
			if short >= 1 && short <= 8 {
				out.orientation = int(short)
			}
		case 282: // XResolution
			perUnit = t.rational(int64(t.order.Uint32(entries[8:])))
		case 296: // ResolutionUnit
			unit = short
		}
	}
	const centimetre = 3
	if unit == centimetre {
		perUnit *= 2.54
	}
	if perUnit >= 30 && perUnit <= 2400 {
		out.dpi = perUnit
	}
	return out
}

func (t *tiffFile) rational(at int64) float64 {
	var b [8]byte
	if _, err := t.r.ReadAt(b[:], at); err != nil {
		return 0
	}
	return float64(t.order.Uint32(b[:])) / max(float64(t.order.Uint32(b[4:])), 1)
}
