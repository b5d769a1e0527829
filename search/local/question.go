package local

import (
	"sort"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"naskah/search"
)

// clause is one thing the person asks for: a phrase of several words, or one word.
type clause struct {
	terms  []string
	phrase bool
	last   bool // the last word typed: it may be unfinished
}

// maxClauses bounds a question; more words than that are a text, not a question.
const maxClauses = 24

// parse reads what the person typed. Words inside a pair of quotes, and words
// joined by punctuation such as numbers of letters, are phrases. Stop words are
// left out unless there is nothing else.
func parse(text string) []clause {
	var all []clause
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			all = appendClause(all, part, true)
			continue
		}
		for _, word := range strings.Fields(part) {
			all = appendClause(all, word, true)
		}
	}
	if n := len(all); n > 0 && !endsWord(text) {
		all[n-1].last = true
	}
	return withoutStopWords(all[:min(len(all), maxClauses)])
}

func appendClause(all []clause, text string, phrase bool) []clause {
	var terms []string
	for _, t := range (tokenizer{}).Tokenize([]byte(text)) {
		terms = append(terms, string(t.Term))
	}
	if len(terms) == 0 {
		return all
	}
	return append(all, clause{terms: terms, phrase: phrase && len(terms) > 1})
}

// endsWord says whether the person has finished the last word.
func endsWord(text string) bool {
	r := []rune(text)
	return len(r) == 0 || unicode.IsSpace(r[len(r)-1]) || r[len(r)-1] == '"'
}

func withoutStopWords(all []clause) []clause {
	kept := make([]clause, 0, len(all))
	for _, c := range all {
		if len(c.terms) > 1 || !stopWord(c.terms[0]) || c.last && len(kept) == 0 {
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
	case "yang", "di", "ke", "dan", "dari", "untuk", "pada", "dengan", "atau", "ini", "itu", "dalam", "oleh", "akan", "adalah", "sebagai", "tersebut", "nomor", "hal", "tentang":
		return true
	}
	return false
}

// fuzzyFrom is the length from which a word may have one typo.
const fuzzyFrom = 4

// Weights: an exact word counts more than a typo or a beginning, the subject more
// than the rest.
const (
	boostSubject = 4.0
	boostMeta    = 2.0
	boostPages   = 1.0
	boostStart   = 0.6
	boostFuzzy   = 0.15
	boostNumber  = 12.0
)

// builder makes Bleve queries of a question against one index.
type builder struct{ index bleve.Index }

// scored is the part of the query that finds and ranks.
func (b builder) scored(text string) (query.Query, error) {
	clauses := parse(text)
	if len(clauses) == 0 {
		return bleve.NewMatchAllQuery(), nil
	}
	every := make([]query.Query, 0, len(clauses))
	for _, c := range clauses {
		q, err := b.clause(c)
		if err != nil {
			return nil, err
		}
		every = append(every, q)
	}
	words := bleve.NewConjunctionQuery(every...)
	number := squeeze([]byte(text))
	if len(number) < 3 || !strings.ContainsFunc(string(number), unicode.IsDigit) {
		return words, nil
	}
	return bleve.NewDisjunctionQuery(words, term(fieldNumber, string(number), boostNumber)), nil
}

func (b builder) clause(c clause) (query.Query, error) {
	if c.phrase {
		return b.phrase(c)
	}
	word := c.terms[0]
	any := exact(word)
	if len([]rune(word)) >= fuzzyFrom && !strings.ContainsFunc(word, unicode.IsDigit) {
		for _, f := range []string{fieldMeta, fieldPages} {
			q := query.NewFuzzyQuery(word)
			q.SetField(f)
			q.SetFuzziness(1)
			q.Prefix = 1
			q.SetBoost(boostFuzzy)
			any = append(any, q)
		}
	}
	if c.last {
		starts, err := b.starts(word)
		if err != nil {
			return nil, err
		}
		any = append(any, starts...)
	}
	return bleve.NewDisjunctionQuery(any...), nil
}

func exact(word string) []query.Query {
	return []query.Query{term(fieldSubject, word, boostSubject), term(fieldMeta, word, boostMeta), term(fieldPages, word, boostPages)}
}

func term(field, word string, boost float64) query.Query {
	q := query.NewTermQuery(word)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

// phrase wants the words one after the other. Of an unfinished phrase the last
// word may be a beginning: then the words before it are the phrase.
func (b builder) phrase(c clause) (query.Query, error) {
	var any []query.Query
	for field, boost := range map[string]float64{fieldMeta: boostMeta, fieldPages: boostPages} {
		q := query.NewPhraseQuery(c.terms, field)
		q.SetBoost(boost * float64(len(c.terms)))
		any = append(any, q)
	}
	if c.last {
		starts, err := b.starts(c.terms[len(c.terms)-1])
		if err != nil {
			return nil, err
		}
		head, err := b.clause(clause{terms: c.terms[:len(c.terms)-1], phrase: len(c.terms) > 2})
		if err != nil {
			return nil, err
		}
		any = append(any, bleve.NewConjunctionQuery(head, bleve.NewDisjunctionQuery(starts...)))
	}
	return bleve.NewDisjunctionQuery(any...), nil
}

// maxExpansions bounds what a beginning becomes in the text of pages: its most
// frequent words.
const maxExpansions = 64

// starts finds words that begin so: one term in the short fields; in the pages
// the most frequent words of the dictionary.
func (b builder) starts(word string) ([]query.Query, error) {
	any := []query.Query{term(fieldStart, truncate(word), boostStart)}
	if len([]rune(word)) < 2 {
		return any, nil
	}
	words, err := b.expand(word)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		any = append(any, term(fieldPages, w, boostStart/2))
	}
	return any, nil
}

func truncate(word string) string {
	r := []rune(word)
	return string(r[:min(len(r), longestPrefix)])
}

func (b builder) expand(prefix string) ([]string, error) {
	dict, err := b.index.FieldDictPrefix(fieldPages, []byte(prefix))
	if err != nil {
		return nil, err
	}
	type counted struct {
		word string
		n    uint64
	}
	var found []counted
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			if cerr := dict.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				return nil, err
			}
			break
		}
		if e.Term != prefix {
			found = append(found, counted{e.Term, e.Count})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		return found[i].n > found[j].n || found[i].n == found[j].n && found[i].word < found[j].word
	})
	words := make([]string, 0, maxExpansions)
	for _, f := range found[:min(len(found), maxExpansions)] {
		words = append(words, f.word)
	}
	return words, nil
}

// filterName names a member of search.Filter.
type filterName string

func members(f search.Filter) map[filterName][]string {
	years := make([]string, 0, len(f.Years))
	for _, y := range f.Years {
		years = append(years, itoa(y))
	}
	return map[filterName][]string{fieldYear: years, fieldKind: f.Kinds, fieldUnit: f.Units, fieldWay: f.Directions, fieldState: f.States}
}

// filtered puts the mandatory conditions around the scored part: who asks, what
// is not in step, and the chosen filters but the one left out.
func filtered(scored query.Query, q search.Question, leaveOut filterName) query.Query {
	all := bleve.NewBooleanQuery()
	all.AddMust(scored)
	conditions := []query.Query{anyTerm(fieldReaders, q.Readers)}
	for name, values := range members(q.Filter) {
		if len(values) > 0 && name != leaveOut {
			conditions = append(conditions, anyTerm(string(name), values))
		}
	}
	all.AddFilter(bleve.NewConjunctionQuery(conditions...))
	if len(q.Exclude) > 0 {
		all.AddMustNot(bleve.NewDocIDQuery(q.Exclude))
	}
	return all
}

func anyTerm(field string, values []string) query.Query {
	any := make([]query.Query, 0, len(values))
	for _, v := range values {
		any = append(any, term(field, v, 1))
	}
	return bleve.NewDisjunctionQuery(any...)
}
