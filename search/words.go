package search

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words are the words of a text as an index compares them: runs of letters and
// digits, without case and accents.
func Words(text string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			word = append(word, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r):
		default:
			flush()
		}
	}
	flush()
	return out
}
