package local

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/token/edgengram"
	"github.com/blevesearch/bleve/v2/registry"
	"golang.org/x/text/unicode/norm"
)

// The analyzers, by the names under which Bleve's registry knows them.
const (
	wordAnalyzer   = "naskah-word"
	prefixAnalyzer = "naskah-prefix"
	numberAnalyzer = "naskah-number"
)

// longestPrefix bounds the edge n-grams of short fields.
const longestPrefix = 12

// register makes the analyzers known to Bleve, once a process: its registry is
// global and panics at a second time.
var register = sync.OnceFunc(func() { //nolint:gochecknoglobals // a function that runs once; Bleve keeps its registry process-wide
	build := func(filters ...analysis.TokenFilter) registry.AnalyzerConstructor {
		return func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return &analysis.DefaultAnalyzer{Tokenizer: tokenizer{}, TokenFilters: filters}, nil
		}
	}
	for name, constructor := range map[string]registry.AnalyzerConstructor{
		wordAnalyzer:   build(),
		prefixAnalyzer: build(edgengram.NewEdgeNgramFilter(edgengram.FRONT, 1, longestPrefix)),
		numberAnalyzer: func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return &analysis.DefaultAnalyzer{Tokenizer: squeezer{}, TokenFilters: []analysis.TokenFilter{edgengram.NewEdgeNgramFilter(edgengram.FRONT, 3, 40)}}, nil
		},
	} {
		if err := registry.RegisterAnalyzer(name, constructor); err != nil {
			panic(err) // a name taken twice: a mistake in this file
		}
	}
})

// tokenizer splits text into runs of letters and digits, folded: without case and
// accents. Numbers of letters fall apart at their dots and slashes, so that they
// are found however they are written.
type tokenizer struct{}

// longestWord bounds a token in bytes: OCR makes long nonsense of lines and tables.
const longestWord = 64

// Tokenize implements analysis.Tokenizer.
func (tokenizer) Tokenize(text []byte) analysis.TokenStream {
	var out analysis.TokenStream
	start := -1
	flush := func(end int) {
		if start >= 0 && end-start <= longestWord {
			out = append(out, &analysis.Token{Term: fold(text[start:end]), Start: start, End: end, Position: len(out) + 1, Type: analysis.AlphaNumeric})
		}
		start = -1
	}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) && start >= 0 {
			if start < 0 {
				start = at
			}
		} else {
			flush(at)
		}
		at += size
	}
	flush(len(text))
	return out
}

// fold lowers the case and drops accents.
func fold(word []byte) []byte {
	plain := true
	for _, b := range word {
		plain = plain && b < utf8.RuneSelf
	}
	out := make([]byte, 0, len(word))
	if plain {
		for _, b := range word {
			if 'A' <= b && b <= 'Z' {
				b += 'a' - 'A'
			}
			out = append(out, b)
		}
		return out
	}
	for _, r := range norm.NFKD.String(string(word)) {
		if !unicode.Is(unicode.Mn, r) {
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
	}
	return out
}

// squeezer makes one token of a number, without anything but letters and digits.
type squeezer struct{}

// Tokenize implements analysis.Tokenizer.
func (squeezer) Tokenize(text []byte) analysis.TokenStream {
	s := squeeze(text)
	if len(s) == 0 {
		return nil
	}
	return analysis.TokenStream{{Term: s, Start: 0, End: len(text), Position: 1, Type: analysis.AlphaNumeric}}
}

func squeeze(text []byte) []byte {
	var out []byte
	for _, t := range (tokenizer{}).Tokenize(text) {
		out = append(out, t.Term...)
	}
	return out
}
