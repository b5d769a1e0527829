package local

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/blevesearch/vellum/levenshtein"
)

// FuzzMark holds that any question about any page gives a snippet that is text, with
// marks in order and inside it.
func FuzzMark(f *testing.F) {
	typos, err := levenshtein.NewLevenshteinAutomatonBuilder(1, true)
	if err != nil {
		f.Fatal(err)
	}
	for text, question := range map[string]string{
		"rapat persiapan di Aula": `"rapat persiapan" aul`, "Nomor 000.7.1.4/512/Kec.Ccl": "000714512kec", "Café Économie": "economie caf",
		"\xff\x00 <b>": `" "" <`, "İstanbul ŞİŞLİ ﬁnal": "istanbul final", strings.Repeat("kata ", 200): "kata",
	} {
		f.Add(text, question)
	}
	f.Fuzz(func(t *testing.T, text, question string) {
		w := parse(question, typos)
		if len(w.clauses) > maxClauses {
			t.Fatalf("%d clauses", len(w.clauses))
		}
		for _, field := range []bool{true, false} {
			p := mark(text, w, field)
			last := 0
			for _, m := range p.marks {
				if m.Start < last || m.End <= m.Start || m.End > len(text) {
					t.Fatalf("marks %v of %d bytes", p.marks, len(text))
				}
				last = m.End
			}
			s := snippet(text, p.marks)
			if !utf8.ValidString(s.Text) {
				t.Fatalf("%q is no text", s.Text)
			}
			last = 0
			for _, m := range s.Marks {
				if m.Start < last || m.End <= m.Start || m.End > len(s.Text) {
					t.Fatalf("marks %v of %q", s.Marks, s.Text)
				}
				last = m.End
			}
		}
	})
}

// FuzzAnalysis holds that any text becomes terms that a question finds again.
func FuzzAnalysis(f *testing.F) {
	f.Add("Rapat di Aula, 000.7.1.4/512/Kec.Ccl Café İ ﬁ \xff")
	f.Fuzz(func(t *testing.T, text string) {
		eachWord(text, func(start, end int) {
			if again := fold(fold(text[start:end])); again != fold(text[start:end]) {
				t.Fatalf("%q folds to %q and then to %q", text[start:end], fold(text[start:end]), again)
			}
		})
		for _, stream := range []tokens{tokenize, starts, numberParts} {
			for _, token := range stream.Analyze([]byte(text)) {
				if token.Start < 0 || token.End > len(text) || !utf8.Valid(token.Term) {
					t.Fatalf("token %q at %d–%d of %d bytes", token.Term, token.Start, token.End, len(text))
				}
			}
		}
	})
}
