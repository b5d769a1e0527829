package local

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"
)

// clause is one thing the person asks for: a word, or several that stand together.
type clause struct {
	terms  []string
	last   bool   // the last word typed: it may be unfinished
	number string // the clause as a letter's number without punctuation; "" when it is none
	near   vellum.Automaton
	nearby map[string]bool // the words of the index that are one letter off
}

// wanted is a question taken apart.
type wanted struct {
	clauses []*clause
	number  string // the whole question as a letter's number
}

// Bounds of a question: more is a text, not a question.
const (
	maxClauses = 24
	maxBytes   = 4096
)

// fuzzyFrom is the length in letters from which a word may have one typo.
const fuzzyFrom = 4

// parse reads what the person typed. Words inside a pair of quotes, and words
// joined by punctuation such as numbers of letters, stand together. Stop words are
// left out unless there is nothing else.
func parse(text string, typos *levenshtein.LevenshteinAutomatonBuilder) wanted {
	text = strings.ToValidUTF8(text[:min(len(text), maxBytes)], " ")
	var all []*clause
	for i, piece := range strings.Split(text, `"`) {
		words := []string{piece}
		if i%2 == 0 {
			words = strings.Fields(piece)
		}
		for _, w := range words {
			if c := newClause(w); c != nil {
				all = append(all, c)
			}
		}
	}
	if n := len(all); n > 0 && !endsWord(text) {
		all[n-1].last = true
	}
	all = withoutStopWords(all)
	all = all[:min(len(all), maxClauses)]
	for _, c := range all {
		c.allowTypo(typos)
	}
	w := wanted{clauses: all}
	if s := squeeze(text); len(all) > 1 && hasDigit(s) && len(s) >= numberStartMin {
		w.number = s
	}
	return w
}

func newClause(text string) *clause {
	c := &clause{nearby: map[string]bool{}}
	eachWord(text, func(start, end int) { c.terms = append(c.terms, fold(text[start:end])) })
	if len(c.terms) == 0 {
		return nil
	}
	// A short word of digits alone is a part of a number, and found as a word; taken
	// as a beginning, 512 would also find 5120.
	if s := squeeze(text); hasDigit(s) && len(s) >= numberStartMin && (len(c.terms) > 1 || len(s) > shortStart) {
		c.number = s
	}
	return c
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

func (c *clause) phrase() bool { return len(c.terms) > 1 }

// allowTypo lets a word be one letter off: one too many, one missing, another one,
// or two that changed places. Numbers must be right.
func (c *clause) allowTypo(typos *levenshtein.LevenshteinAutomatonBuilder) {
	if c.phrase() || hasDigit(c.terms[0]) || utf8.RuneCountInString(c.terms[0]) < fuzzyFrom {
		return
	}
	if dfa, err := typos.BuildDfa(c.terms[0], 1); err == nil { // too long a word has no automaton: it must be right
		c.near = dfa
	}
}

// endsWord says whether the person has finished the last word.
func endsWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return text == "" || unicode.IsSpace(r) || r == '"'
}

func withoutStopWords(all []*clause) []*clause {
	kept := make([]*clause, 0, len(all))
	for _, c := range all {
		if c.phrase() || !stopWord(c.terms[0]) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return all
	}
	return kept
}

// stopWord says whether the word stands in every letter and tells nothing.
func stopWord(w string) bool {
	switch w {
	case "yang", "di", "ke", "dan", "dari", "untuk", "pada", "dengan", "atau", "ini", "itu", "dalam", "oleh", "akan", "adalah", "sebagai",
		"tersebut", "nomor", "hal", "tentang", "kepada", "para", "serta", "agar", "telah", "bahwa", "yg", "utk", "dgn", "tsb":
		return true
	}
	return false
}
