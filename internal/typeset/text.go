package typeset

import (
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"naskah/internal/letter"
)

// replacement stands, visibly, where the font lacks a character: the reader must
// see that something is missing, and PDF/A allows no undefined glyph.
const replacement = '□'

// cleaner makes text that the fonts can show.
type cleaner struct{ font *sfnt.Font }

// clean composes accents, turns every blank but the non-breaking one into a plain
// blank, drops what has no width, and replaces what the font lacks.
func (c cleaner) clean(s string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f':
			return '\u00a0'
		case r == '\u2011':
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		if g, err := c.font.GlyphIndex(&buf, r); err != nil || g == 0 || r > 0xffff {
			return replacement
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, string(replacement))))
}

// piece is text of one weight; word is pieces without a blank between them.
type piece struct {
	text string
	bold bool
	w    float64
}

type word struct {
	pieces []piece
	w      float64
}

// split makes words of runs. Runs may meet inside a word.
func (s *sheet) split(runs []letter.Run, size float64) []word {
	var words []word
	open := false // the last word may still grow
	for _, r := range runs {
		for i, part := range strings.Split(s.clean(r.Text), " ") {
			if i > 0 {
				open = false
			}
			if part == "" {
				continue
			}
			if !open {
				words = append(words, word{})
				open = true
			}
			p := piece{part, r.Bold, s.width(part, r.Bold, size)}
			last := &words[len(words)-1]
			last.pieces = append(last.pieces, p)
			last.w += p.w
		}
	}
	return words
}

// line is words that stand on one line.
type line struct {
	words []word
	w     float64 // with single blanks
	last  bool    // of its paragraph: never spread
}

// lines breaks runs into lines of the given width; the first is shorter by
// indent. There is always at least one line, perhaps empty.
func (s *sheet) lines(runs []letter.Run, size, width, indent float64) []line {
	space := s.width(" ", false, size)
	var out []line
	cur, room := line{}, width-indent
	flush := func() {
		out = append(out, cur)
		cur, room = line{}, width
	}
	for _, w := range s.split(runs, size) {
		for _, part := range s.fit(w, size, width-indent) {
			gap := 0.0
			if len(cur.words) > 0 {
				gap = space
			}
			if cur.w+gap+part.w > room+0.01 && len(cur.words) > 0 {
				flush()
				gap = 0
			}
			cur.words = append(cur.words, part)
			cur.w += gap + part.w
		}
	}
	cur.last = true
	return append(out, cur)
}

// fit cuts a word that is wider than a whole line, after a / or - where that
// helps, else anywhere.
func (s *sheet) fit(w word, size, width float64) []word {
	if w.w <= width {
		return []word{w}
	}
	var out []word
	cur := word{}
	add := func(text string, bold bool) {
		p := piece{text, bold, s.width(text, bold, size)}
		if cur.w+p.w > width && cur.w > 0 {
			out = append(out, cur)
			cur = word{}
		}
		if n := len(cur.pieces); n > 0 && cur.pieces[n-1].bold == bold {
			cur.pieces[n-1].text += text
			cur.pieces[n-1].w += p.w
		} else {
			cur.pieces = append(cur.pieces, p)
		}
		cur.w += p.w
	}
	for _, p := range w.pieces {
		for _, chunk := range chunks(p.text) {
			if s.width(chunk, p.bold, size) <= width {
				add(chunk, p.bold)
				continue
			}
			for _, r := range chunk {
				add(string(r), p.bold)
			}
		}
	}
	return append(out, cur)
}

// chunks cuts after the marks at which a long word may break.
func chunks(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexAny(s, "/-") + 1
		if i == 0 {
			i = len(s)
		}
		out = append(out, s[:i])
		s = s[i:]
	}
	return out
}
