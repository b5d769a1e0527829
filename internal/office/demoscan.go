package office

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/pdf"
)

// demoScan is a letter of the demo that came in on paper.
type demoScan struct {
	file                          string
	head                          []string // of the sender, the last line large
	sender, number, subject, code string
	day                           int
	pages                         []string // text of each page
	signer                        string
	urgency                       letter.Urgency
	registered                    bool
	desk                          demoDesk // how far a registered letter has come
	asPDF                         bool
}

const (
	demoDPI    = 200
	demoWidth  = 1654 // A4 at demoDPI
	demoHeight = 2339
)

// drawScan draws a letter as a scanner would give it: skewed, noisy, on greyish
// paper. The same letter and seed are always the same bytes.
func drawScan(d demoScan, seed int64) ([]byte, error) {
	faces, err := newDemoFaces()
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(uint64(seed)+7, 20261123)) //nolint:gosec // drawings, not secrets
	sheets := make([][]byte, 0, len(d.pages))
	for i := range d.pages {
		img := faces.sheet(d, i)
		img = skewed(img, (r.Float64()*2+0.4)*float64(1-2*r.IntN(2)))
		scannerNoise(img, r)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
			return nil, fmt.Errorf("draw scan: %w", err)
		}
		sheets = append(sheets, b.Bytes())
	}
	if !d.asPDF {
		return sheets[0], nil
	}
	var out bytes.Buffer
	meta := pdf.Meta{Title: "Pindaian", Language: "id", Creator: "Pemindai contoh", Created: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC), ID: [16]byte{byte(seed), 1}} //nolint:gosec // a small number
	err = pdf.FromScans(&out, meta, func(yield func(pdf.ScanPage, error) bool) {
		for _, s := range sheets {
			if !yield(pdf.ScanPage{Picture: s, Media: string(page.JPEG), DPI: demoDPI}, nil) {
				return
			}
		}
	})
	return out.Bytes(), err
}

type demoFaces struct{ text, bold, large font.Face }

func newDemoFaces() (demoFaces, error) {
	var out demoFaces
	for _, f := range []struct {
		to     *font.Face
		face   pdf.Face
		points float64
	}{{&out.text, pdf.Regular, 11.5}, {&out.bold, pdf.Bold, 13}, {&out.large, pdf.Bold, 17}} {
		raw, err := pdf.FontFile(f.face)
		if err != nil {
			return out, err
		}
		parsed, err := opentype.Parse(raw)
		if err != nil {
			return out, fmt.Errorf("demo font: %w", err)
		}
		if *f.to, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.points, DPI: demoDPI}); err != nil {
			return out, fmt.Errorf("demo font: %w", err)
		}
	}
	return out, nil
}

// pen writes lines on a sheet.
type pen struct {
	img *image.Gray
	y   int
}

func (p *pen) line(face font.Face, text string, x int, step int) {
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(color.Gray{Y: 30}), Face: face, Dot: fixed.P(x, p.y)}
	d.DrawString(text)
	p.y += step
}

func (p *pen) centred(face font.Face, text string, step int) {
	w := font.MeasureString(face, text).Round()
	p.line(face, text, (demoWidth-w)/2, step)
}

// wrapped writes a paragraph between the margins.
func (p *pen) wrapped(face font.Face, text string, x, step int) {
	words, line := strings.Fields(text), ""
	for _, w := range words {
		if next := strings.TrimSpace(line + " " + w); font.MeasureString(face, next).Round() <= demoWidth-x-190 {
			line = next
			continue
		}
		p.line(face, line, x, step)
		line = w
	}
	p.line(face, line, x, step)
}

func (f demoFaces) sheet(d demoScan, i int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, demoWidth, demoHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{Y: 246}), image.Point{}, draw.Src)
	p := &pen{img: img, y: 190}
	if i == 0 {
		f.head(p, d)
	} else {
		p.centred(f.text, fmt.Sprintf("- %d -", i+1), 110)
	}
	for _, paragraph := range strings.Split(d.pages[i], "\n") {
		p.wrapped(f.text, paragraph, 210, 52)
		p.y += 18
	}
	if i == len(d.pages)-1 {
		p.y += 60
		scrawl(p, 1080)
		p.line(f.bold, d.signer, 1000, 60)
	}
	return img
}

func (f demoFaces) head(p *pen, d demoScan) {
	for i, line := range d.head {
		if i == len(d.head)-1 {
			p.centred(f.large, line, 70)
		} else {
			p.centred(f.bold, line, 58)
		}
	}
	for y := p.y - 30; y < p.y-24; y++ {
		for x := 180; x < demoWidth-180; x++ {
			p.img.SetGray(x, y, color.Gray{Y: 40})
		}
	}
	p.y += 70
	p.line(f.text, "Nomor : "+d.number, 210, 52)
	p.line(f.text, "Hal : "+d.subject, 210, 52)
	p.line(f.text, fmt.Sprintf("Tanggal : %d November 2026", d.day), 210, 90)
	p.line(f.text, "Yth. Camat Cicalengka", 210, 52)
	p.line(f.text, "di Tempat", 210, 90)
}

// scrawl draws a signature by hand.
func scrawl(p *pen, x int) {
	for t := 0.0; t < 2*math.Pi; t += 0.002 {
		px := x + int(130*t/math.Pi+40*math.Sin(5*t))
		py := p.y + int(45*math.Sin(3*t)*math.Cos(t))
		for d := range 3 {
			p.img.SetGray(px, py+d, color.Gray{Y: 60})
			p.img.SetGray(px+d, py, color.Gray{Y: 60})
		}
	}
	p.y += 130
}

func skewed(img *image.Gray, degrees float64) *image.Gray {
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Gray{Y: 240}), image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(demoWidth)/2, float64(demoHeight)/2
	draw.ApproxBiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, img, img.Bounds(), draw.Over, nil)
	return out
}

// scannerNoise adds grain, specks of dust and a darker edge.
func scannerNoise(img *image.Gray, r *rand.Rand) {
	for i, v := range img.Pix {
		img.Pix[i] = uint8(min(max(int(v)+r.IntN(13)-6, 0), 255)) //nolint:gosec // kept between 0 and 255
	}
	for range 400 {
		x, y := r.IntN(demoWidth-3), r.IntN(demoHeight-3)
		img.SetGray(x, y, color.Gray{Y: uint8(r.IntN(140))}) //nolint:gosec // below 140
	}
	for y := range demoHeight {
		for x := range 14 {
			img.SetGray(x, y, color.Gray{Y: uint8(110 + 8*x)}) //nolint:gosec // at most 214
		}
	}
}
