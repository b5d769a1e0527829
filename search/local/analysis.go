package local

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

const (
	// longestWord bounds a token in bytes: OCR makes long nonsense of lines and tables.
	longestWord = 64
	// shortStart is the length in letters up to which the beginnings of words are
	// indexed as terms: so many words begin with the same four letters that a walk
	// over the dictionary would be slow.
	shortStart = 4
	// The beginnings of numbers that are indexed as terms, in letters; a longer one is
	// so rare that the dictionary is walked.
	numberStartMin, numberStartMax = 3, 8
)

// tokenize splits text into runs of letters and digits, folded: without case and
// accents. Numbers of letters fall apart at their dots and slashes, so that they
// are found however they are written.
func tokenize(text []byte) analysis.TokenStream {
	var out analysis.TokenStream
	s := string(text)
	eachWord(s, func(start, end int) {
		out = append(out, &analysis.Token{Term: []byte(fold(s[start:end])), Start: start, End: end, Position: len(out) + 1, Type: analysis.AlphaNumeric})
	})
	return out
}

// oftenFrom is how many times make a letter be about a word.
const oftenFrom = 3

// often are the words that stand in the text several times.
func often(text []byte) analysis.TokenStream {
	seen := map[string]int{}
	var out analysis.TokenStream
	for _, t := range tokenize(text) {
		if seen[string(t.Term)]++; seen[string(t.Term)] == oftenFrom {
			out = append(out, t)
		}
	}
	return out
}

// eachWord calls do with the place of each word.
func eachWord(text string, do func(start, end int)) {
	start := -1
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		if isWord(r, start >= 0) {
			if start < 0 {
				start = at
			}
		} else if start >= 0 {
			if at-start <= longestWord {
				do(start, at)
			}
			start = -1
		}
		at += size
	}
	if start >= 0 && len(text)-start <= longestWord {
		do(start, len(text))
	}
}

func isWord(r rune, inside bool) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || inside && unicode.Is(unicode.Mn, r)
}

// fold lowers the case and drops accents.
func fold(word string) string {
	folded := true
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			folded = false
			break
		}
	}
	if folded {
		return word
	}
	var out strings.Builder
	out.Grow(len(word))
	for _, r := range norm.NFKD.String(word) {
		if !unicode.Is(unicode.Mn, r) {
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

// starts are the beginnings of the text's words, each once.
func starts(text []byte) analysis.TokenStream {
	seen := map[string]bool{}
	var out analysis.TokenStream
	s := string(text)
	eachWord(s, func(start, end int) {
		word := fold(s[start:end])
		for n, at := 0, 0; n < shortStart && at < len(word); n++ {
			_, size := utf8.DecodeRuneInString(word[at:])
			at += size
			if !seen[word[:at]] {
				seen[word[:at]] = true
				out = append(out, &analysis.Token{Term: []byte(word[:at]), Start: start, End: end, Position: len(out) + 1})
			}
		}
	})
	return out
}

// between separates the short fields and pages of a letter where they are analyzed
// together: no pair of words reaches over it.
const between = "\x1f"

// pairBits bounds the dictionary of neighbouring words: their terms are hashes. Two
// pairs with the same hash are told apart by the letter's text.
const pairBits = 18

// pairs are the hashes of neighbouring words, each once.
func pairs(text []byte) analysis.TokenStream {
	seen := map[string]bool{}
	var out analysis.TokenStream
	for piece := range strings.SplitSeq(string(text), between) {
		last := ""
		eachWord(piece, func(start, end int) {
			word := fold(piece[start:end])
			if last != "" {
				if term := pair(last, word); !seen[term] {
					seen[term] = true
					out = append(out, &analysis.Token{Term: []byte(term), End: len(text), Position: len(out) + 1})
				}
			}
			last = word
		})
	}
	return out
}

// pair is the term of two neighbouring words.
func pair(a, b string) string {
	const prime = 16777619 // FNV-1a
	h := uint32(2166136261)
	for _, s := range []string{a, " ", b} {
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * prime
		}
	}
	h = (h ^ h>>pairBits) & (1<<pairBits - 1)
	return string([]byte{byte(h >> 16), byte(h >> 8), byte(h)})
}

// numberParts are a number without anything but letters and digits, from each of
// its parts to its end, and the beginnings of these.
func numberParts(text []byte) analysis.TokenStream {
	var parts []string
	s := string(text)
	eachWord(s, func(start, end int) { parts = append(parts, fold(s[start:end])) })
	seen := map[string]bool{}
	var out analysis.TokenStream
	add := func(term string) {
		if len(term) >= numberStartMin && !seen[term] {
			seen[term] = true
			out = append(out, &analysis.Token{Term: []byte(term), End: len(text), Position: len(out) + 1})
		}
	}
	for i := range parts {
		rest := strings.Join(parts[i:], "")
		rest = short(rest)
		add(rest)
		for n := numberStartMin; n < min(numberStartMax+1, len(rest)); n++ {
			if utf8.RuneStart(rest[n]) {
				add(rest[:n])
			}
		}
	}
	return out
}

// squeeze is the text's letters and digits alone.
func squeeze(text string) string {
	var out strings.Builder
	eachWord(text, func(start, end int) { out.WriteString(fold(text[start:end])) })
	return short(out.String())
}

// short is the beginning of a squeezed number that is indexed.
func short(number string) string {
	return strings.ToValidUTF8(number[:min(len(number), longestWord)], "")
}

// whole is the text as one term.
func whole(text []byte) analysis.TokenStream {
	return analysis.TokenStream{{Term: text, End: len(text), Position: 1}}
}
