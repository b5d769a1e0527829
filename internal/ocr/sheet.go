package ocr

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"

	"naskah/internal/page"
)

// sheet is a picture as it lies on disk for the program: gray, straightened.
type sheet struct {
	path          string
	dpi           int
	width, height float64 // of the picture as given, in pixels
	skew          float64 // degrees by which it was turned back
	result        *Result // where its words go
}

// deskewFrom is the skew in degrees from which straightening pays; below it
// Tesseract's own line finding is as good.
const deskewFrom = 0.3

func writeSheet(dir string, n int, img image.Image) (sheet, error) {
	gray := page.Gray(img)
	s := sheet{
		path:  filepath.Join(dir, fmt.Sprintf("%d.pgm", n)),
		width: float64(gray.Bounds().Dx()), height: float64(gray.Bounds().Dy()),
	}
	if angle := Skew(gray); math.Abs(angle) >= deskewFrom {
		gray, s.skew = straighten(gray, angle), angle
	}
	return s, writePGM(s.path, gray)
}

// writePGM writes a picture as fast as the disk takes it; Tesseract reads it
// without unpacking.
func writePGM(path string, img *image.Gray) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("picture for reading: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	b := img.Bounds()
	_, err = fmt.Fprintf(w, "P5\n%d %d\n255\n", b.Dx(), b.Dy())
	for y := 0; y < b.Dy() && err == nil; y++ {
		row := img.Pix[y*img.Stride:]
		_, err = w.Write(row[:b.Dx()])
	}
	if err = errors.Join(err, w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("picture for reading: %w", err)
	}
	return nil
}

// straighten turns the picture back by angle degrees around its middle, on white.
// Positions are counted in 1/65,536 of a pixel: a general transformation takes
// forty times as long.
func straighten(img *image.Gray, angle float64) *image.Gray {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	sin, cos := math.Sincos(angle * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	stepX, stepY := int(math.Round(cos*one)), int(math.Round(sin*one))
	for y := range h {
		dx, dy := 0.5-cx, float64(y)+0.5-cy // from the middle to the middle of the row's first pixel
		sx, sy := int((cos*dx-sin*dy+cx-0.5)*one), int((sin*dx+cos*dy+cy-0.5)*one)
		row := out.Pix[y*out.Stride:][:w]
		for x := range row {
			row[x] = between(img, sx, sy, w, h)
			sx, sy = sx+stepX, sy+stepY
		}
	}
	return out
}

const one = 1 << 16

// between is the gray at a place between four pixels; white outside.
func between(img *image.Gray, sx, sy, w, h int) uint8 {
	x, y := sx>>16, sy>>16
	if x < 0 || y < 0 || x >= w-1 || y >= h-1 {
		return 255
	}
	fx, fy := sx>>8&255, sy>>8&255
	at := y*img.Stride + x
	upper, lower := img.Pix[at:at+2:at+2], img.Pix[at+img.Stride:at+img.Stride+2]
	top := int(upper[0])*(256-fx) + int(upper[1])*fx
	bottom := int(lower[0])*(256-fx) + int(lower[1])*fx
	return uint8((top*(256-fy) + bottom*fy + 1<<15) >> 16) //nolint:gosec // a mean of bytes
}

// back maps a place on the straightened sheet onto the picture as it was given.
func (s sheet) back(x0, y0, x1, y1 float64) page.Box {
	sin, cos := math.Sincos(s.skew * math.Pi / 180)
	cx, cy := s.width/2, s.height/2
	out := page.Box{X0: 1, Y0: 1}
	for _, p := range [4][2]float64{{x0, y0}, {x1, y0}, {x0, y1}, {x1, y1}} {
		x := cos*(p[0]-cx) - sin*(p[1]-cy) + cx
		y := sin*(p[0]-cx) + cos*(p[1]-cy) + cy
		out.X0, out.X1 = min(out.X0, x/s.width), max(out.X1, x/s.width)
		out.Y0, out.Y1 = min(out.Y0, y/s.height), max(out.Y1, y/s.height)
	}
	return page.Box{X0: clamp(out.X0), Y0: clamp(out.Y0), X1: clamp(out.X1), Y1: clamp(out.Y1)}
}

func clamp(v float64) float64 { return min(max(v, 0), 1) }

func (s sheet) read(words []tsvWord) Result {
	r := Result{Skew: s.skew}
	var text strings.Builder
	for i, w := range words {
		if i > 0 {
			sep := byte(' ')
			if words[i-1].line != w.line {
				sep = '\n'
			}
			text.WriteByte(sep)
		}
		text.WriteString(w.text)
		r.Confidence += w.confidence
		r.Words = append(r.Words, page.Word{
			Text: w.text, Box: s.back(w.x, w.y, w.x+w.w, w.y+w.h), Line: w.line, Block: w.block, Confidence: w.confidence,
		})
	}
	if len(words) > 0 {
		r.Confidence /= float64(len(words))
	}
	r.Text = text.String()
	return r
}
