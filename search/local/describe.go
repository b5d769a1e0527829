package local

import (
	"slices"
	"strings"

	"naskah/search"
)

// describe reads the letter's text and marks what answers: which page, which words,
// and a snippet around them.
func (r ranked) describe(w wanted) (search.Hit, error) {
	hit := search.Hit{ID: r.id(), Score: float64(r.score)}
	text, err := r.text(r.letter)
	if err != nil {
		return hit, err
	}
	var page, field piece
	terms := map[string]bool{}
	for at := range text {
		p := mark(text[at], w, at < shortFields)
		for _, s := range p.marks {
			terms[strings.ToLower(text[at][s.Start:s.End])] = true
		}
		p.at = at
		if at >= shortFields {
			page = page.better(p)
		} else {
			field = field.better(p)
		}
	}
	for t := range terms {
		hit.Terms = append(hit.Terms, t)
	}
	slices.Sort(hit.Terms)
	switch {
	case page.exact+page.near > 0:
		hit.Page = page.at - shortFields + 1
		hit.Snippet = snippet(text[page.at], page.marks)
	case field.exact+field.near > 0:
		hit.Snippet = snippet(text[field.at], field.marks)
	default:
		hit.Snippet = snippet(beginning(text), nil)
	}
	return hit, nil
}

// beginning is the first page with text, or the first short field of a letter without.
func beginning(text []string) string {
	for _, pieces := range [][]string{text[min(shortFields, len(text)):], text} {
		for _, p := range pieces {
			if p != "" {
				return p
			}
		}
	}
	return ""
}

// piece is a page or short field with what matched in it.
type piece struct {
	at          int
	exact, near int // clauses that it has, exactly or nearly
	marks       []search.Span
}

// better is the piece with more exact clauses, then more clauses, then the earlier.
func (p piece) better(other piece) piece {
	if other.exact > p.exact || other.exact == p.exact && other.near > p.near {
		return other
	}
	return p
}

// word is a word of a text, folded.
type word struct {
	term       string
	start, end int
}

func wordsOf(text string) []word {
	words := make([]word, 0, len(text)/6)
	eachWord(text, func(start, end int) { words = append(words, word{fold(text[start:end]), start, end}) })
	return words
}

// mark finds the clauses in the text by the same rules as the index.
func mark(text string, w wanted, field bool) piece {
	words := wordsOf(text)
	var p piece
	for _, c := range w.clauses {
		spans, exact := c.spans(words)
		if len(spans) == 0 && field {
			spans = numberSpan(words, c.number)
			exact = len(spans) > 0
		}
		if exact {
			p.exact++
		} else if len(spans) > 0 {
			p.near++
		}
		p.marks = append(p.marks, spans...)
	}
	if field && w.number != "" && p.exact < len(w.clauses) {
		if s := numberSpan(words, w.number); s != nil {
			p.marks, p.exact = s, len(w.clauses)
		}
	}
	p.marks = tidy(p.marks)
	return p
}

// numberSpan is where the number stands in a field, from one of its parts on.
func numberSpan(words []word, number string) []search.Span {
	if number == "" {
		return nil
	}
	for i := range words {
		var s strings.Builder
		for _, next := range words[i:] {
			s.WriteString(next.term)
			if strings.HasPrefix(s.String(), number) {
				return []search.Span{{Start: words[i].start, End: next.end}}
			}
			if s.Len() > len(number) {
				break
			}
		}
	}
	return nil
}

// spans are the places of the clause, and whether it stands there exactly.
func (c *clause) spans(words []word) (spans []search.Span, exact bool) {
	n := len(c.terms)
	for i := range words {
		if i+n > len(words) {
			break
		}
		good := true
		for k, term := range c.terms {
			good = good && words[i+k].term == term
		}
		switch {
		case good:
			exact = true
			for k := range c.terms {
				spans = append(spans, search.Span{Start: words[i+k].start, End: words[i+k].end})
			}
		case c.nearly(words[i : i+n]):
			for k := range c.terms {
				spans = append(spans, search.Span{Start: words[i+k].start, End: words[i+k].end})
			}
		}
	}
	return spans, exact
}

// nearly says whether the words are nearly the clause: one letter off, or the last one
// begins so.
func (c *clause) nearly(words []word) bool {
	n := len(c.terms) - 1
	for k, term := range c.terms[:n] {
		if words[k].term != term {
			return false
		}
	}
	return c.last && strings.HasPrefix(words[n].term, c.terms[n]) || n == 0 && c.nearby[words[0].term]
}

// tidy puts the spans in order, each place once.
func tidy(spans []search.Span) []search.Span {
	slices.SortFunc(spans, func(a, b search.Span) int { return a.Start - b.Start })
	out := spans[:0]
	for _, s := range spans {
		if len(out) == 0 || s.Start >= out[len(out)-1].End {
			out = append(out, s)
		}
	}
	return out
}
