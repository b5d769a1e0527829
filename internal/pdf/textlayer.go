package pdf

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// layerFont is the name of the glyphless font in a page's resources.
const layerFont = "NaskahText"

// AddText lays invisible words over pages of an existing PDF; the map's keys are
// pages from 1. A page without words is left as it was.
func AddText(in io.ReadSeeker, w io.Writer, words map[int][]Word) error {
	d, err := open(in)
	if err != nil {
		return err
	}
	for n := range words {
		if n < 1 || n > len(d.pages) {
			return problem.New(problem.Invalid, fmt.Sprintf("Berkas ini hanya mempunyai %d halaman.", len(d.pages)), fmt.Sprintf("This file has only %d pages.", len(d.pages)), nil)
		}
	}
	font := addGlyphless(d.add)
	for n := 1; n <= len(d.pages); n++ {
		p, err := d.page(n)
		if err != nil {
			return err
		}
		v := d.viewOf(p)
		if content := textContent(words[n], v.w, v.h); len(content) > 0 {
			d.draw(p, v, content, map[string]types.Dict{"Font": {layerFont: font}})
		}
	}
	return d.save(w)
}

// textContent draws words invisibly (render mode 3) on a page w × h points. Each
// is stretched to its own box, so that marking it with the mouse marks the word
// on the picture; the blank after it keeps words apart when they are copied.
func textContent(words []Word, w, h float64) []byte {
	b := []byte("BT 3 Tr\n")
	empty := len(b)
	for _, word := range words {
		units := utf16.Encode([]rune(cleanWord(word.Text)))
		width, height := (word.X1-word.X0)*w, (word.Y1-word.Y0)*h
		if len(units) == 0 || width <= 0 || height <= 0 {
			continue
		}
		size := max(height, 1)
		stretch := width / (size * glyphWidth / 1000 * float64(len(units))) * 100
		b = fmt.Appendf(b, "/%s %.2f Tf %.3f Tz 1 0 0 1 %.2f %.2f Tm <", layerFont, size, stretch, word.X0*w, (1-word.Y1)*h)
		for _, u := range units {
			b = fmt.Appendf(b, "%04X", u)
		}
		b = append(b, "0020> Tj\n"...)
	}
	if len(b) == empty {
		return nil
	}
	return append(b, "ET\n"...)
}

// cleanWord keeps what can stand in a text: no control characters, and none of
// the code points that PDF/A forbids in a text layer.
func cleanWord(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s))
}
