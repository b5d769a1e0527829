package page

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

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
	if gray, ok := img.(*image.Gray); ok {
		out := image.NewGray(image.Rect(0, 0, w, h))
		for y := range b.Dy() {
			for x, v := range gray.Pix[y*gray.Stride:][:b.Dx()] {
				dx, dy := turned(exif, x, y, b.Dx(), b.Dy())
				out.Pix[dy*out.Stride+dx] = v
			}
		}
		return out
	}
	src, out := colours(img), image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range b.Dy() {
		row := src.Pix[y*src.Stride:]
		for x := range b.Dx() {
			dx, dy := turned(exif, x, y, b.Dx(), b.Dy())
			copy(out.Pix[dy*out.Stride+4*dx:][:4], row[4*x:][:4])
		}
	}
	return out
}

// colours gives a picture as RGBA from the origin.
func colours(img image.Image) *image.RGBA {
	if rgba, ok := img.(*image.RGBA); ok {
		return rgba
	}
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), img, b.Min, draw.Src)
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

// shrink makes a picture smaller by the factor; it never enlarges. Strokes of
// letters are averaged, not left out.
func shrink(img image.Image, factor float64) image.Image {
	if factor >= 0.95 || factor <= 0 {
		return img
	}
	b := img.Bounds()
	w, h := max(int(float64(b.Dx())*factor), 1), max(int(float64(b.Dy())*factor), 1)
	if k := min(int(1/factor), b.Dx(), b.Dy()); k >= 2 {
		img = reduce(img, k)
	}
	out := newLike(img, w, h)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// reduce averages squares of k × k pixels; what is left at the edges is dropped.
func reduce(img image.Image, k int) image.Image {
	w, h := img.Bounds().Dx()/k, img.Bounds().Dy()/k
	if gray, ok := img.(*image.Gray); ok {
		out := image.NewGray(image.Rect(0, 0, w, h))
		average(out.Pix, gray.Pix, grid{w, h, k, gray.Stride, 1})
		return out
	}
	src, out := colours(img), image.NewRGBA(image.Rect(0, 0, w, h))
	average(out.Pix, src.Pix, grid{w, h, k, src.Stride, 4})
	return out
}

// grid is w × h squares of k × k pixels with so many channels.
type grid struct{ w, h, k, stride, channels int }

func average(dst, src []uint8, g grid) {
	row := make([]uint32, g.w*g.channels)
	n := uint32(g.k * g.k) //nolint:gosec // k is below the picture's width
	for y := range g.h {
		clear(row)
		for dy := range g.k {
			add(row, src[(y*g.k+dy)*g.stride:], g)
		}
		for i, sum := range row {
			dst[y*len(row)+i] = uint8((sum + n/2) / n) //nolint:gosec // a mean of bytes
		}
	}
}

// add sums k neighbours of one row of pixels, channel by channel.
func add(row []uint32, line []uint8, g grid) {
	if g.channels == 1 {
		for x := range row {
			sum := uint32(0)
			for _, v := range line[x*g.k:][:g.k] {
				sum += uint32(v)
			}
			row[x] += sum
		}
		return
	}
	for x := range g.w {
		out := row[x*g.channels:][:g.channels]
		for dx := range g.k {
			for c, v := range line[(x*g.k+dx)*g.channels:][:len(out)] {
				out[c] += uint32(v)
			}
		}
	}
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
	b := img.Bounds()
	switch src := img.(type) {
	case *image.Gray:
		return src
	case *image.YCbCr: // its first plane is the gray picture
		out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
		for y := range b.Dy() {
			copy(out.Pix[y*out.Stride:][:b.Dx()], src.Y[y*src.YStride:])
		}
		return out
	}
	src, out := colours(img), image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		row, dst := src.Pix[y*src.Stride:], out.Pix[y*out.Stride:]
		for x := range b.Dx() {
			p := row[4*x : 4*x+3 : 4*x+3]
			dst[x] = uint8((299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2]) + 500) / 1000) //nolint:gosec // at most 255
		}
	}
	return out
}

// copyImage takes a picture out of the sandbox's memory: in gray when it has no
// colour, at a quarter of the memory.
func copyImage(img image.Image) image.Image {
	src, ok := img.(*image.RGBA)
	if !ok {
		return Gray(img)
	}
	if gray := uncoloured(src); gray != nil {
		return gray
	}
	out := *src
	out.Pix = bytes.Clone(src.Pix)
	return &out
}

// uncoloured is the picture in gray; nil at the first coloured pixel.
func uncoloured(src *image.RGBA) *image.Gray {
	b := src.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		row, dst := src.Pix[y*src.Stride:], out.Pix[y*out.Stride:]
		for x := range b.Dx() {
			p := row[4*x : 4*x+3 : 4*x+3]
			if p[0] != p[1] || p[1] != p[2] {
				return nil
			}
			dst[x] = p[0]
		}
	}
	return out
}
