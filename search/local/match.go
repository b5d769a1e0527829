package local

import (
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"naskah/search"
)

// maxTerms bounds a walk over a dictionary: more words than an office's letters have
// with the same five letters at their beginning.
const maxTerms = 100_000

// matched are the letters of one part that have what a clause asks for. Each set
// holds the next: exact ⊇ short ⊇ subject.
type matched struct {
	exact, short, subject *roaring.Bitmap
	often                 *roaring.Bitmap // a word stands there several times
	number                *roaring.Bitmap
	near                  *roaring.Bitmap // one letter off, or the beginning of a longer word
}

func nothing() matched {
	return matched{exact: roaring.New(), short: roaring.New(), subject: roaring.New(), often: roaring.New(), number: roaring.New(), near: roaring.New()}
}

func (m matched) any() *roaring.Bitmap { return roaring.FastOr(m.exact, m.number, m.near) }

// match finds a clause among the letters of base.
func (p *part) match(c *clause, base *roaring.Bitmap) (m matched, err error) {
	if c.phrase() {
		m, err = p.matchPhrase(c, base)
	} else {
		m, err = p.matchWord(c)
	}
	if err == nil && c.number != "" {
		m.number, err = p.numbered(c.number)
	}
	return m, err
}

func (p *part) matchWord(c *clause) (matched, error) {
	m, word := nothing(), c.terms[0]
	var err error
	for field, set := range map[string]**roaring.Bitmap{fieldText: &m.exact, fieldShort: &m.short, fieldSubject: &m.subject, fieldOften: &m.often} {
		if *set, err = p.letters(field, word); err != nil {
			return m, err
		}
	}
	var near []*roaring.Bitmap
	if c.near != nil {
		words, err := p.words(fieldText, "", c.near, maxTerms)
		if err != nil {
			return m, err
		}
		for _, w := range words {
			c.nearby[w] = true
		}
		set, err := p.anyOf(fieldText, words)
		if err != nil {
			return m, err
		}
		near = append(near, set)
	}
	if c.last {
		set, err := p.beginning(word)
		if err != nil {
			return m, err
		}
		near = append(near, set)
	}
	m.near = union(near)
	return m, nil
}

// beginning is the set of letters with a word that begins so.
func (p *part) beginning(word string) (*roaring.Bitmap, error) {
	if utf8.RuneCountInString(word) <= shortStart {
		return p.letters(fieldStarts, word)
	}
	words, err := p.words(fieldText, word, nil, maxTerms)
	if err != nil {
		return nil, err
	}
	return p.anyOf(fieldText, words)
}

// numbered is the set of letters with a number that holds this, from one of its
// parts on.
func (p *part) numbered(number string) (*roaring.Bitmap, error) {
	if len(number) <= numberStartMax {
		return p.letters(fieldNumber, number)
	}
	words, err := p.words(fieldNumber, number, nil, maxTerms)
	if err != nil {
		return nil, err
	}
	return p.anyOf(fieldNumber, words)
}

// matchPhrase finds the words one after the other. Of an unfinished phrase the last
// word may be a beginning: then the words before it are the phrase, and the
// beginning stands somewhere.
func (p *part) matchPhrase(c *clause, base *roaring.Bitmap) (matched, error) {
	m := nothing()
	if err := p.together(&m, c.terms, base); err != nil || !c.last {
		return m, err
	}
	n := len(c.terms) - 1
	head := nothing()
	if n == 1 {
		set, err := p.letters(fieldText, c.terms[0])
		if err != nil {
			return m, err
		}
		head.exact = set
	} else if err := p.together(&head, c.terms[:n], base); err != nil {
		return m, err
	}
	begin, err := p.beginning(c.terms[n])
	if err != nil {
		return m, err
	}
	m.near = roaring.And(head.exact, begin)
	return m, nil
}

// readingUpTo is the number of letters up to which a phrase is looked up in their
// texts, in each segment. In more letters it counts as there when each two neighbours
// of it stand together: a phrase of the forms that every letter has. Bleve's own places
// of words would tell exactly, at half the index's size and a second a question.
const readingUpTo = 64

// together adds the letters that have the terms one after the other in one short
// field or one page.
func (p *part) together(m *matched, terms []string, base *roaring.Bitmap) (err error) {
	letters := base
	narrow := func(field, term string) {
		if err != nil || letters.IsEmpty() {
			return
		}
		var set *roaring.Bitmap
		if set, err = p.letters(field, term); err == nil {
			letters = roaring.And(letters, set)
		}
	}
	for i, t := range terms {
		narrow(fieldText, t)
		if i > 0 {
			narrow(fieldPairs, pair(terms[i-1], t))
		}
	}
	if err == nil && letters.GetCardinality() <= readingUpTo {
		letters, err = p.read(letters, terms)
	}
	if err != nil {
		return err
	}
	m.exact = letters
	for field, set := range map[string]**roaring.Bitmap{fieldShort: &m.short, fieldSubject: &m.subject} {
		letters = m.exact
		for _, t := range terms {
			narrow(field, t)
		}
		*set = letters
	}
	return err
}

// read keeps the letters whose text has the phrase.
func (p *part) read(letters *roaring.Bitmap, terms []string) (*roaring.Bitmap, error) {
	kept := roaring.New()
	c := clause{terms: terms}
	for it := letters.Iterator(); it.HasNext(); {
		letter := it.Next()
		text, err := p.text(letter)
		if err != nil {
			return nil, err
		}
		for _, piece := range text {
			if _, exact := c.spans(wordsOf(piece)); exact {
				kept.Add(letter)
				break
			}
		}
	}
	return kept, nil
}

// visible is the set of letters that the asker may see and that are in step.
func (p *part) visible(q search.Question) (*roaring.Bitmap, error) {
	set, err := p.anyOf(fieldReaders, q.Readers)
	if err != nil {
		return nil, err
	}
	if gone := p.Deleted(); gone != nil && !gone.IsEmpty() {
		set = roaring.AndNot(set, gone)
	}
	if len(q.Exclude) > 0 {
		out, err := p.DocNumbers(q.Exclude)
		if err != nil {
			return nil, err
		}
		set = roaring.AndNot(set, out)
	}
	return set, nil
}
