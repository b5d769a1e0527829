package ocr

import (
	"image"
	"math"
)

// The skew is looked for between ±maxSkew degrees, first coarsely, then to a
// twentieth of a degree, on a picture of some 800 pixels: a few milliseconds.
const (
	maxSkew     = 7.0
	coarseStep  = 0.5
	fineStep    = 0.05
	skewWidth   = 800
	inkedEnough = 200 // dark points under which a page is taken as blank

	// worthTurning is how much sharper the rows must become: lines of text gain half at a
	// fifth of a degree and much more beyond, stains and photographs a fifth at most.
	worthTurning = 1.35
)

// Skew is the angle in degrees by which the lines of a page are turned clockwise:
// the one at which the rows of ink are told apart best (projection profile). 0
// for pages without lines.
func Skew(img *image.Gray) float64 {
	points, height := ink(img)
	if len(points) < inkedEnough {
		return 0
	}
	best, _ := search(points, height, -maxSkew, maxSkew, coarseStep)
	best, score := search(points, height, best-coarseStep, best+coarseStep, fineStep)
	if score < worthTurning*sharpness(points, height, 0) {
		return 0
	}
	return math.Round(best*20) / 20
}

type point struct{ x, y float64 }

// ink gives the dark points of a reduced picture, around its middle.
func ink(img *image.Gray) ([]point, int) {
	b := img.Bounds()
	step := max(b.Dx()/skewWidth, 1)
	threshold := darkness(img, step)
	var points []point
	cx, cy := float64(b.Dx()/step)/2, float64(b.Dy()/step)/2
	margin := b.Dx() / 40 // dark edges of the scanner's lid are no lines
	for y := margin; y < b.Dy()-margin; y += step {
		row := img.Pix[y*img.Stride:]
		for x := margin; x < b.Dx()-margin; x += step {
			if row[x] < threshold {
				points = append(points, point{float64(x/step) - cx, float64(y/step) - cy})
			}
		}
	}
	return points, b.Dy()/step + 1
}

// darkness is the gray under which a point is ink: midway between the paper and
// the darkest twentieth.
func darkness(img *image.Gray, step int) uint8 {
	var histogram [256]int
	total := 0
	for y := 0; y < img.Bounds().Dy(); y += step {
		row := img.Pix[y*img.Stride:]
		for x := 0; x < img.Bounds().Dx(); x += step {
			histogram[row[x]]++
			total++
		}
	}
	dark, paper, sum := 0, 0, 0
	for v, n := range histogram {
		sum += n
		if sum < total/50 {
			dark = v
		}
		if sum < total/2 {
			paper = v
		}
	}
	return uint8((dark + paper) / 2) //nolint:gosec // both are below 256
}

func search(points []point, height int, from, to, step float64) (best, bestScore float64) {
	bestScore = -1
	for a := from; a <= to+step/2; a += step {
		if s := sharpness(points, height, a); s > bestScore*1.0001 {
			best, bestScore = a, s
		}
	}
	return best, bestScore
}

// sharpness is the sum of squared differences between neighbouring rows of ink
// when the page is turned back by the angle.
func sharpness(points []point, height int, angle float64) float64 {
	tan := math.Tan(angle * math.Pi / 180)
	rows := make([]int, 2*height)
	for _, p := range points {
		y := int(p.y-p.x*tan) + height
		if y >= 0 && y < len(rows) {
			rows[y]++
		}
	}
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		d := float64(rows[i] - rows[i-1])
		sum += d * d
	}
	return sum
}
