package local

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"naskah/search"
)

// snippetLength is how many bytes of text a snippet shows: two lines on a phone.
const snippetLength = 220

// snippet cuts the text around the place where most marks stand together, at word
// ends, with blanks and line ends made one blank each.
func snippet(text string, marks []search.Span) search.Snippet {
	start := densest(marks) - snippetLength/4
	start, end := wordStart(text, start), wordEnd(text, start+snippetLength)
	var out search.Snippet
	var b strings.Builder
	if start > 0 {
		b.WriteString("… ")
	}
	at := start
	for _, m := range marks {
		if m.Start < at || m.End > end || m.End > len(text) {
			continue
		}
		squash(&b, text[at:m.Start])
		from := b.Len()
		squash(&b, text[m.Start:m.End])
		out.Marks = append(out.Marks, search.Span{Start: from, End: b.Len()})
		at = m.End
	}
	squash(&b, text[at:end])
	if end < len(text) {
		b.WriteString(" …")
	}
	out.Text = b.String()
	return out
}

// densest is the beginning of the stretch with the most marks.
func densest(marks []search.Span) int {
	best, most := 0, 0
	for i, m := range marks {
		n := 0
		for _, other := range marks[i:] {
			if other.End > m.Start+snippetLength*3/4 {
				break
			}
			n++
		}
		if n > most {
			best, most = m.Start, n
		}
	}
	return best
}

// wordStart moves back to the beginning of a word.
func wordStart(text string, at int) int {
	at = min(max(at, 0), len(text))
	for at > 0 && !utf8.RuneStart(text[min(at, len(text)-1)]) {
		at--
	}
	if i := strings.LastIndexFunc(text[:at], unicode.IsSpace); i >= 0 && at-i < longestWord {
		_, size := utf8.DecodeRuneInString(text[i:])
		return i + size
	}
	if at < longestWord {
		return 0
	}
	return at
}

// wordEnd moves on to the end of a word.
func wordEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	if i := strings.IndexFunc(text[at:], unicode.IsSpace); i >= 0 && i < longestWord {
		return at + i
	}
	return at
}

// squash writes text with every run of blanks as one.
func squash(b *strings.Builder, text string) {
	blank := b.Len() == 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			continue
		}
		if !unicode.IsControl(r) {
			b.WriteRune(r)
		}
		blank = false
	}
}
