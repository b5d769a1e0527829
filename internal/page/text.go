package page

import (
	"context"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/requests"
)

// maxCharacters is more than any page holds (a dense A4 page has 10,000); a page
// that says it has more is a trap for whoever asks for each.
const maxCharacters = 100_000

// pageText is the text layer of one page, kept until another page is asked for:
// its words, and how its characters look.
type pageText struct {
	page              int
	words             []Word
	letters, bad, odd int
}

func (d *pdfDocument) words(ctx context.Context, n int) ([]Word, error) {
	t, err := d.textOf(ctx, n)
	return t.words, err
}

func (d *pdfDocument) textOf(ctx context.Context, n int) (pageText, error) {
	if d.text.page == n && n != 0 {
		return d.text, nil
	}
	t := pageText{page: n}
	err := d.on(ctx, n, func(p requests.Page) error {
		count, err := d.characters(p)
		if err != nil || count > maxCharacters {
			t.bad = count
			return err
		}
		shown, err := d.shownAs(p)
		if err != nil {
			return err
		}
		got, err := d.instance.GetPageTextStructured(&requests.GetPageTextStructured{Page: p, Mode: requests.GetPageTextStructuredModeChars})
		if err != nil {
			return unreadable(err)
		}
		g := grouper{shown: shown}
		for _, c := range got.Chars {
			t.count(c.Text)
			g.add(c.Text, c.PointPosition.Left, c.PointPosition.Top, c.PointPosition.Right, c.PointPosition.Bottom)
		}
		t.words = g.finish()
		return nil
	})
	if err != nil {
		return pageText{}, err
	}
	d.text = t
	return t, nil
}

func (d *pdfDocument) characters(p requests.Page) (int, error) {
	text, err := d.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p})
	if err != nil {
		return 0, unreadable(err)
	}
	count, err := d.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return 0, unreadable(err)
	}
	if _, err := d.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage}); err != nil {
		return 0, unreadable(err)
	}
	return count.Count, nil
}

// leaders are signs that forms repeat without end: "Nama : ..........".
const leaders = "._-–—:,…*/|()"

func (t *pageText) count(text string) {
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			t.letters++
		case r == unicode.ReplacementChar, unicode.Is(unicode.Co, r), unicode.IsControl(r) && !unicode.IsSpace(r) && r != softHyphen:
			t.bad++
		case !unicode.IsSpace(r) && !strings.ContainsRune(leaders, r):
			t.odd++
		}
	}
}

// softHyphen is how PDFium marks a hyphen at the end of a line.
const softHyphen = '\x02'

// mapping takes a point of the page's own space to fractions of the page as it is
// shown: turned by /Rotate, cut to its crop box, from the top left.
type mapping struct{ x0, xx, xy, y0, yx, yy float64 }

func (m mapping) at(x, y float64) (float64, float64) {
	return m.x0 + m.xx*x + m.xy*y, m.y0 + m.yx*x + m.yy*y
}

// shownAs asks PDFium where three points of the page come to lie.
func (d *pdfDocument) shownAs(p requests.Page) (mapping, error) {
	const far, grid = 1000, 100_000 // points; steps a page, so that rounding is far below a dot
	var at [3][2]float64
	for i, point := range [3][2]float64{{0, 0}, {far, 0}, {0, far}} {
		got, err := d.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: p, SizeX: grid, SizeY: grid, PageX: point[0], PageY: point[1]})
		if err != nil {
			return mapping{}, unreadable(err)
		}
		at[i] = [2]float64{float64(got.DeviceX) / grid, float64(got.DeviceY) / grid}
	}
	return mapping{
		x0: at[0][0], xx: (at[1][0] - at[0][0]) / far, xy: (at[2][0] - at[0][0]) / far,
		y0: at[0][1], yx: (at[1][1] - at[0][1]) / far, yy: (at[2][1] - at[0][1]) / far,
	}, nil
}

// grouper makes words of characters.
type grouper struct {
	shown mapping
	words []Word
	text  strings.Builder
	box   Box
	line  int
}

func (g *grouper) add(text string, x0, y0, x1, y1 float64) {
	if strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) == "" {
		g.end()
		if strings.ContainsAny(text, "\n\r") {
			g.line++
		}
		return
	}
	ax, ay := g.shown.at(x0, y0)
	bx, by := g.shown.at(x1, y1)
	b := Box{clamp(min(ax, bx)), clamp(min(ay, by)), clamp(max(ax, bx)), clamp(max(ay, by))}
	if g.text.Len() == 0 {
		g.box = b
	} else {
		g.box = Box{min(g.box.X0, b.X0), min(g.box.Y0, b.Y0), max(g.box.X1, b.X1), max(g.box.Y1, b.Y1)}
	}
	g.text.WriteString(strings.ToValidUTF8(text, ""))
}

func clamp(v float64) float64 { return min(max(v, 0), 1) }

func (g *grouper) end() {
	if g.text.Len() > 0 {
		g.words = append(g.words, Word{Text: g.text.String(), Box: g.box, Line: g.line, Confidence: 1})
		g.text.Reset()
	}
}

func (g *grouper) finish() []Word {
	g.end()
	return g.words
}
