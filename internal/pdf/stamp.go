package pdf

import (
	"fmt"
	"image"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// Sizes of a stamp on A4, in points; they grow and shrink with the page.
const (
	a4Short     = 595.28
	stampMargin = 28.0 // from the page's edge
	stampPad    = 6.0
	stampGap    = 4.0
	stampText   = 10.0
	stampLead   = 1.25
	stampQR     = 68.0 // 24 mm: readable from a photocopy
	stampWide   = 250.0
	stampLines  = 40
)

// stampLine is one line of text in a stamp.
type stampLine struct {
	text string
	face Face
	size float64
}

// AddStamp puts a stamp on pages of an existing PDF, where the reader sees the
// corner that was asked for: on a turned page too. Signatures in the file do not
// survive: a stamp belongs on a copy.
func AddStamp(in io.ReadSeeker, w io.Writer, s Stamp) error {
	if s.Text == "" && s.QR == "" && len(s.PNG) == 0 {
		return problem.New(problem.Invalid, "Cap ini kosong. Beri teks, QR, atau gambar.", "This stamp is empty. Give it a text, a QR code or a picture.", nil)
	}
	lines := []stampLine{}
	if s.Text != "" {
		for _, t := range strings.Split(strings.ReplaceAll(s.Text, "\r\n", "\n"), "\n") {
			lines = append(lines, stampLine{t, Regular, stampText})
		}
	}
	return stampPages(in, w, s, lines)
}

// AddAgendaStamp puts the frame of an incoming letter on its first page: who
// received it, when, under which agenda number.
func AddAgendaStamp(in io.ReadSeeker, w io.Writer, s AgendaStamp) error {
	at := s.At
	if at == "" {
		at = TopRight
	}
	lines := []stampLine{
		{s.Office, Bold, 9}, {"DITERIMA", Bold, 12}, {"Tanggal: " + s.Received, Regular, 9}, {"No. Agenda: " + s.Number, Regular, 9},
	}
	return stampPages(in, w, Stamp{At: at, Box: true, Pages: []PageRange{{1, 1}}}, lines)
}

func stampPages(in io.ReadSeeker, w io.Writer, s Stamp, lines []stampLine) error {
	if s.At == "" {
		s.At = BottomRight
	}
	if !slices.Contains(Positions(), s.At) {
		return problem.New(problem.Invalid, fmt.Sprintf("Letak cap “%s” tidak dikenal.", s.At), fmt.Sprintf("The position “%s” is not known.", s.At), nil)
	}
	d, err := open(in)
	if err != nil {
		return err
	}
	ns, err := d.numbersOf(s.Pages)
	if err != nil {
		return err
	}
	b := &stampBuilder{doc: d, fonts: map[Face]*usedFace{}, res: map[string]types.Dict{"Font": {}, "XObject": {}}}
	if err := b.build(s, lines); err != nil {
		return err
	}
	slices.Sort(ns)
	for _, n := range slices.Compact(ns) {
		p, err := d.page(n)
		if err != nil {
			return err
		}
		v := d.viewOf(p)
		d.draw(p, v, b.place(s.At, v), b.res)
	}
	return d.save(w)
}

// stampBuilder draws a stamp once, with its lower left corner at 0, 0.
type stampBuilder struct {
	doc     *document
	fonts   map[Face]*usedFace
	res     map[string]types.Dict
	content []byte
	w, h    float64
}

// ink is the blue of a stamp pad: told apart from the black of the letter.
const ink = "0.07 0.16 0.42"

func (b *stampBuilder) build(s Stamp, lines []stampLine) error {
	var parts []stampPart
	if len(s.PNG) > 0 {
		p, err := b.picture(s.PNG)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	if s.QR != "" {
		p, err := b.qr(s.QR)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	text, err := b.text(lines)
	if err != nil {
		return err
	}
	b.stack(append(parts, text...), s.Box)
	for _, face := range []Face{Regular, Bold} {
		if f, ok := b.fonts[face]; ok {
			b.res["Font"]["NaskahStamp"+string(face)] = f.embed(b.doc.add)
		}
	}
	return nil
}

// stampPart is one row of a stamp; draw gives its content at x, y.
type stampPart struct {
	w, h float64
	draw func(x, y float64) []byte
}

// stack puts the parts one below the other, each centred.
func (b *stampBuilder) stack(parts []stampPart, box bool) {
	for i, p := range parts {
		b.w = max(b.w, p.w)
		b.h += p.h
		if i > 0 {
			b.h += stampGap
		}
	}
	b.w, b.h = b.w+2*stampPad, b.h+2*stampPad
	y := b.h - stampPad
	for _, p := range parts {
		y -= p.h
		b.content = append(b.content, p.draw((b.w-p.w)/2, y)...)
		y -= stampGap
	}
	if box {
		b.content = fmt.Appendf(b.content, "%s RG 1.2 w 0.6 0.6 %.2f %.2f re S\n", ink, b.w-1.2, b.h-1.2)
	}
}

func (b *stampBuilder) image(p picture, w, h float64) stampPart {
	name := fmt.Sprintf("NaskahStamp%d", len(b.res["XObject"]))
	if p.mask != nil {
		p.stream.Dict["SMask"] = b.doc.add(*p.mask)
	}
	b.res["XObject"][name] = b.doc.add(p.stream)
	return stampPart{w, h, func(x, y float64) []byte {
		return fmt.Appendf(nil, "q %.3f 0 0 %.3f %.2f %.2f cm /%s Do Q\n", w, h, x, y, name)
	}}
}

func (b *stampBuilder) qr(content string) (stampPart, error) {
	raw, err := QRPNG(content, 400)
	if err != nil {
		return stampPart{}, err
	}
	p, err := loadPicture(raw, PNG)
	if err != nil {
		return stampPart{}, err
	}
	return b.image(p, stampQR, stampQR), nil
}

func (b *stampBuilder) picture(raw []byte) (stampPart, error) {
	p, err := stampPicture(raw)
	if err != nil {
		return stampPart{}, err
	}
	scale := min(stampWide/float64(p.w), 110/float64(p.h), 1)
	return b.image(p, float64(p.w)*scale, float64(p.h)*scale), nil
}

// stampPicture keeps a picture's transparency, as seals and initials need it.
func stampPicture(raw []byte) (picture, error) {
	p, err := loadPicture(raw, "")
	if err != nil || !strings.HasPrefix(string(raw[:8]), string(pngMagic())) {
		return p, err
	}
	img, alpha, err := decodeAlpha(raw)
	if err != nil || !alpha {
		return p, err
	}
	return withMask(img), nil
}

// withMask divides an image into its colours and its transparency.
func withMask(img image.Image) picture {
	r := img.Bounds()
	rgb, mask := make([]byte, 0, 3*r.Dx()*r.Dy()), make([]byte, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := nonPremultiplied(img.At(x, y))
			rgb = append(rgb, c.R, c.G, c.B)
			mask = append(mask, c.A)
		}
	}
	m := deflated(imageDict(r.Dx(), r.Dy(), types.Name("DeviceGray"), 8), mask)
	return picture{w: r.Dx(), h: r.Dy(), stream: deflated(imageDict(r.Dx(), r.Dy(), types.Name("DeviceRGB"), 8), rgb), mask: &m}
}

// text makes a part of each line, wrapped to the stamp's width.
func (b *stampBuilder) text(lines []stampLine) ([]stampPart, error) {
	var parts []stampPart
	for _, l := range lines {
		f, ok := b.fonts[l.face]
		if !ok {
			face, err := openFace(l.face)
			if err != nil {
				return nil, err
			}
			f = &usedFace{typeface: face, chars: map[uint16]rune{}}
			b.fonts[l.face] = f
		}
		for _, row := range f.wrap(l.text, stampWide*1000/l.size) {
			parts = append(parts, linePart(f, row, l))
		}
	}
	if len(parts) > stampLines {
		return nil, problem.New(problem.TooLarge, "Teks cap terlalu panjang.", "The stamp's text is too long.", nil)
	}
	return parts, nil
}

func linePart(f *usedFace, row string, l stampLine) stampPart {
	codes, width := f.encode(row)
	h := l.size * stampLead
	return stampPart{width * l.size / 1000, h - stampGap + 1, func(x, y float64) []byte {
		return fmt.Appendf(nil, "BT %s rg /NaskahStamp%s %.1f Tf %.2f %.2f Td <%s> Tj ET\n", ink, l.face, l.size, x, y+l.size*0.1, codes)
	}}
}

// place draws the stamp at its position on a page of this view.
func (b *stampBuilder) place(at Position, v view) []byte {
	scale := min(v.w, v.h) / a4Short
	w, h, m := b.w*scale, b.h*scale, stampMargin*scale
	if fit := min((v.w-2*m)/w, (v.h-2*m)/h); fit < 1 {
		scale, w, h = scale*fit, w*fit, h*fit
	}
	x, y := (v.w-w)/2, (v.h-h)/2
	switch name := string(at); {
	case strings.HasSuffix(name, "left"):
		x = m
	case strings.HasSuffix(name, "right"):
		x = v.w - m - w
	}
	switch name := string(at); {
	case strings.HasPrefix(name, "top"):
		y = v.h - m - h
	case strings.HasPrefix(name, "bottom"):
		y = m
	}
	out := fmt.Appendf(nil, "%.5f 0 0 %.5f %.3f %.3f cm\n", scale, scale, x, y)
	return append(out, b.content...)
}
