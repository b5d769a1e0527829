package typeset

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg" // letterheads come as either
	"image/png"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"

	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// family is the fonts' name inside fpdf.
const family = "sans"

// maxLogo bounds a logo's side in pixels: 24 mm at 2,000 dpi is beyond any printer.
const maxLogo = 2000

// sheet is the paper: its size, its fonts and what is painted on it.
type sheet struct {
	cleaner
	paper    *fpdf.Fpdf
	template Template
	w, h     float64
	logo     *logo
}

// logo is the letterhead's picture, on white.
type logo struct {
	png    []byte
	aspect float64 // width by height
}

func newSheet(l Letter) (*sheet, error) {
	w, h := l.Template.size()
	paper := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: w, Ht: h}})
	paper.SetCatalogSort(true) // the same letter, the same bytes
	paper.SetCreationDate(time.Unix(0, 0))
	paper.SetModificationDate(time.Unix(0, 0))
	paper.SetAutoPageBreak(false, 0)
	paper.SetMargins(0, 0, 0)
	paper.SetCellMargin(0)
	s := &sheet{paper: paper, template: l.Template, w: w, h: h}
	for style, face := range map[string]pdf.Face{"": pdf.Regular, "B": pdf.Bold} {
		raw, err := pdf.FontFile(face)
		if err != nil {
			return nil, err
		}
		paper.AddUTF8FontFromBytes(family, style, raw)
		if face == pdf.Regular {
			if s.font, err = sfnt.Parse(raw); err != nil {
				return nil, fmt.Errorf("embedded font: %w", err)
			}
		}
	}
	if err := paper.Error(); err != nil {
		return nil, fmt.Errorf("fonts: %w", err)
	}
	var err error
	s.logo, err = readLogo(l.Letterhead.Logo)
	return s, err
}

func readLogo(raw []byte) (*logo, error) {
	if len(raw) == 0 {
		return nil, nil //nolint:nilnil // no logo is a letterhead without one
	}
	conf, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || conf.Width < 1 || conf.Height < 1 || conf.Width > maxLogo || conf.Height > maxLogo {
		return nil, badLogo(err)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, badLogo(err)
	}
	flat := image.NewRGBA(image.Rect(0, 0, conf.Width, conf.Height))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil, badLogo(err)
	}
	return &logo{b.Bytes(), float64(conf.Width) / float64(conf.Height)}, nil
}

func badLogo(cause error) error {
	return problem.New(problem.Invalid, fmt.Sprintf("Logo kop surat tidak dapat dipakai. Pakai PNG atau JPEG paling besar %d × %d piksel.", maxLogo, maxLogo),
		fmt.Sprintf("The letterhead's logo cannot be used. Use a PNG or JPEG of at most %d × %d pixels.", maxLogo, maxLogo), cause)
}

// fit is the logo's size within a square.
func (l *logo) fit(side float64) (w, h float64) {
	if l.aspect > 1 {
		return side, side / l.aspect
	}
	return side * l.aspect, side
}

// textWidth is the width between the margins.
func (s *sheet) textWidth() float64 { return s.w - s.template.MarginLeft - s.template.MarginRight }

// top is where text begins: later pages have their number above it.
func (s *sheet) top(page int) float64 {
	if page > 1 {
		return s.template.MarginTop + 12
	}
	return s.template.MarginTop
}

// bottom is where text ends.
func (s *sheet) bottom() float64 { return s.h - s.template.MarginBottom }

// width measures clean text in millimetres.
func (s *sheet) width(text string, bold bool, size float64) float64 {
	s.face(bold, size)
	return s.paper.GetStringWidth(text)
}

func (s *sheet) face(bold bool, size float64) {
	style := ""
	if bold {
		style = "B"
	}
	s.paper.SetFont(family, style, size)
}

// field is the place of the signature: over the QR, in points from the bottom left.
func (s *sheet) field(pages []sheetPage) pdf.Field {
	for i, p := range pages {
		for _, m := range p.marks {
			if m.kind == sealMark {
				pt := func(v float64) float64 { return v * 72 / 25.4 }
				return pdf.Field{Name: FieldName, Page: i + 1, Rect: [4]float64{pt(m.x), pt(s.h - m.y - m.h), pt(m.x + m.w), pt(s.h - m.y)}}
			}
		}
	}
	return pdf.Field{}
}

// paint draws the pages.
func (s *sheet) paint(l Letter, pages []sheetPage) ([]byte, error) {
	if err := s.pictures(l); err != nil {
		return nil, err
	}
	for i, p := range pages {
		s.paper.AddPage()
		if i > 0 {
			s.centred(fmt.Sprintf("- %d -", i+1), s.template.MarginTop+5, s.template.FontSize)
		}
		for _, m := range p.marks {
			s.put(l, m)
		}
		s.footer(l)
	}
	var b bytes.Buffer
	if err := s.paper.Output(&b); err != nil {
		return nil, problem.New(problem.Internal, "Surat ini tidak dapat disusun.", "This letter could not be set.", err)
	}
	return b.Bytes(), nil
}

const (
	logoName = "logo"
	qrName   = "qr"
)

func (s *sheet) pictures(l Letter) error {
	opt := fpdf.ImageOptions{ImageType: "PNG"}
	if s.logo != nil {
		s.paper.RegisterImageOptionsReader(logoName, opt, bytes.NewReader(s.logo.png))
	}
	if l.Preview {
		return nil
	}
	if l.VerifyURL == "" {
		return problem.New(problem.Internal, "Surat ini belum mempunyai alamat pemeriksaan.", "This letter has no address to be checked at yet.", errors.New("no VerifyURL"))
	}
	qr, err := pdf.QRPNG(l.VerifyURL, 240)
	if err != nil {
		return err
	}
	s.paper.RegisterImageOptionsReader(qrName, opt, bytes.NewReader(qr))
	return nil
}

func (s *sheet) put(l Letter, m mark) {
	switch m.kind {
	case ruleMark:
		s.paper.SetLineWidth(m.thick)
		s.paper.Line(m.x, m.y, m.x+m.w, m.y+m.h)
	case logoMark:
		s.paper.ImageOptions(logoName, m.x, m.y, m.w, m.h, false, fpdf.ImageOptions{}, 0, "")
	case sealMark:
		s.seal(l, m)
	case noteMark:
		if !l.Preview {
			m.x = s.codeLeft(l, m.x)
			s.text(m)
		}
	default:
		s.text(m)
	}
}

// codeLeft is where QR and code stand: in the signature block, or away from it
// when somebody signs there with ink.
func (s *sheet) codeLeft(l Letter, x float64) float64 {
	if l.Ink {
		return s.template.MarginLeft
	}
	return x
}

// seal is the QR, or in a preview the frame in which it will stand.
func (s *sheet) seal(l Letter, m mark) {
	if !l.Preview {
		s.paper.ImageOptions(qrName, s.codeLeft(l, m.x), m.y, m.w, m.h, false, fpdf.ImageOptions{}, 0, "")
		return
	}
	s.paper.SetLineWidth(0.3)
	s.paper.SetDashPattern([]float64{1.5, 1}, 0)
	s.paper.Rect(m.x, m.y, m.w, m.h, "D")
	s.paper.SetDashPattern(nil, 0)
	w := s.width("KONSEP", true, 11)
	s.text(mark{x: m.x + (m.w-w)/2, y: m.y + m.h/2 + 1.4, text: "KONSEP", bold: true, size: 11})
}

// text paints a text; one that is spread has its blanks stretched to its width.
func (s *sheet) text(m mark) {
	if m.text == "" {
		return
	}
	s.face(m.bold, m.size)
	if m.spread && bytes.ContainsRune([]byte(m.text), ' ') {
		s.paper.SetXY(m.x, m.y-0.3*mm(m.size)) // CellFormat sets text 0.3 em below the middle
		s.paper.CellFormat(m.w, 0, m.text, "", 0, "J", false, 0, "")
	} else {
		s.paper.Text(m.x, m.y, m.text)
	}
	if m.underline {
		s.paper.SetLineWidth(mm(m.size) * 0.06)
		y := m.y + mm(m.size)*0.12
		s.paper.Line(m.x, y, m.x+s.paper.GetStringWidth(m.text), y)
	}
}

func (s *sheet) centred(text string, y, size float64) {
	text = s.clean(text)
	w := s.width(text, false, size)
	if room := s.w - 20; w > room {
		size, w = size*room/w, room
	}
	s.text(mark{x: (s.w - w) / 2, y: y, text: text, size: size})
}

// footer stands in the bottom margin, below a hair line.
func (s *sheet) footer(l Letter) {
	size := 7.5
	if l.Preview {
		size = 10
	}
	y := s.bottom() + 7
	s.paper.SetLineWidth(0.15)
	s.paper.Line(s.template.MarginLeft, y-4, s.w-s.template.MarginRight, y-4)
	for _, line := range l.footer() {
		s.centred(line, y, size)
		y += mm(size) * 1.25
	}
}
