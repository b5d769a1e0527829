package local

import (
	"bytes"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
)

// part is one segment of the index during one question: letters 0 … size-1. The sets
// that it gives belong to the file: they are read, never changed.
type part struct {
	*scorch.SegmentSnapshot
	columns *columns
	unpack  *unpacker // shared by the parts: a question is answered by one goroutine
	dicts   map[string]segment.TermDictionary
}

func newPart(s *scorch.SegmentSnapshot, c *columns, u *unpacker) *part {
	return &part{SegmentSnapshot: s, columns: c, unpack: u, dicts: map[string]segment.TermDictionary{}}
}

func (p *part) dict(field string) (segment.TermDictionary, error) {
	if d, ok := p.dicts[field]; ok {
		return d, nil
	}
	d, err := p.Segment().Dictionary(field)
	if err == nil {
		p.dicts[field] = d
	}
	return d, err
}

var errForeignSegment = errors.New("a segment of an unknown kind") //nolint:gochecknoglobals // an error value

// letters is the set of letters that have the term, removed ones among them.
func (p *part) letters(field, term string) (*roaring.Bitmap, error) {
	d, err := p.dict(field)
	if err != nil {
		return nil, err
	}
	list, err := d.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, err
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, errForeignSegment
	}
	if one, ok := it.DocNum1Hit(); ok {
		return roaring.BitmapOf(uint32(one)), nil //nolint:gosec // segments have fewer letters
	}
	if b := it.ActualBitmap(); b != nil {
		return b, nil
	}
	return roaring.New(), nil
}

// anyOf is the set of letters that have one of the terms.
func (p *part) anyOf(field string, terms []string) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(terms))
	for _, t := range terms {
		b, err := p.letters(field, t)
		if err != nil {
			return nil, err
		}
		if !b.IsEmpty() {
			sets = append(sets, b)
		}
	}
	return union(sets), nil
}

func union(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return roaring.New()
	case 1:
		return sets[0]
	default:
		return roaring.FastOr(sets...)
	}
}

// words walks the dictionary of the field: the terms that begin so and that the
// automaton accepts (nil accepts all), at most limit.
func (p *part) words(field, begin string, accept vellum.Automaton, limit int) ([]string, error) {
	d, err := p.dict(field)
	if err != nil {
		return nil, err
	}
	var from, to []byte
	if begin != "" {
		from, to = []byte(begin), after(begin)
	}
	it := d.AutomatonIterator(accept, from, to)
	if quick, ok := d.(interface {
		AutomatonIteratorOmitCount(a segment.Automaton, from, to []byte) segment.DictionaryIterator
	}); ok { // counting would read the letters of every word
		it = quick.AutomatonIteratorOmitCount(accept, from, to)
	}
	var out []string
	for len(out) < limit {
		e, err := it.Next()
		if err != nil || e == nil {
			return out, err
		}
		out = append(out, e.Term)
	}
	return out, nil
}

// after is the first string behind all that begin so; nil when there is none.
func after(begin string) []byte {
	end := bytes.TrimRight([]byte(begin), "\xff")
	if len(end) == 0 {
		return nil
	}
	end[len(end)-1]++
	return end
}

// text gives the short fields, then the pages of a letter.
func (p *part) text(letter uint32) (pieces []string, err error) {
	verr := p.VisitDocument(uint64(letter), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == fieldStored {
			pieces, err = p.unpack.pieces(value)
		}
		return field != fieldStored
	})
	return pieces, errors.Join(verr, err)
}
