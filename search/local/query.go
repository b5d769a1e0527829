package local

import (
	"context"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"naskah/search"
)

const (
	defaultLimit = 20
	maxLimit     = 200
	// maxOffset bounds paging: nobody leafs through more.
	maxOffset = 10_000
)

// Query implements search.Index.
func (x *Index) Query(ctx context.Context, q search.Question) (answer search.Answer, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	began := time.Now()
	answer.Counts = search.Counts{Years: map[int]int{}, Kinds: map[string]int{}, Units: map[string]int{}, Directions: map[string]int{}, States: map[string]int{}}
	if err := x.closedError(); err != nil || len(q.Readers) == 0 {
		return answer, err
	}
	err = x.onParts(func(parts []*part) error { return x.answer(ctx, q, parts, &answer) })
	answer.Took = time.Since(began)
	return answer, err
}

// onParts hands out the segments as they are now. A damaged file, met as an error, a
// panic or a fault of its memory map, is an answer, not the end of the process.
func (x *Index) onParts(do func([]*part) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = x.damaged(r)
		}
	}()
	s, err := snapshot(x.live)
	if err != nil {
		return stopped(err)
	}
	defer func() {
		if cerr := s.Close(); err == nil && cerr != nil {
			err = stopped(cerr)
		}
	}()
	parts, err := x.columns.parts(s)
	if err != nil {
		return stopped(err)
	}
	return do(parts)
}

func snapshot(index bleve.Index) (*scorch.IndexSnapshot, error) {
	advanced, err := index.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, errForeignSegment
	}
	return s, nil
}

// hits is what a question found in one part.
type hits struct {
	*part
	visible *roaring.Bitmap
	clauses []matched
	number  *roaring.Bitmap // letters with the whole question as their number
	found   *roaring.Bitmap // before filters
	chosen  *roaring.Bitmap // after filters
}

func (x *Index) answer(ctx context.Context, q search.Question, parts []*part, answer *search.Answer) error {
	w := parse(q.Text, x.typos)
	all := make([]*hits, 0, len(parts))
	for _, p := range parts {
		if ctx.Err() != nil {
			return stopped(ctx.Err())
		}
		h, err := p.find(w, q)
		if err != nil {
			return stopped(err)
		}
		if h == nil {
			continue
		}
		if err := h.filter(q.Filter, &answer.Counts); err != nil {
			return stopped(err)
		}
		answer.Total += int(h.chosen.GetCardinality()) //nolint:gosec // number of letters
		all = append(all, h)
	}
	best := rank(all, w, q)
	answer.Hits = make([]search.Hit, 0, len(best))
	for _, r := range best {
		hit, err := r.describe(w)
		if err != nil {
			return stopped(err)
		}
		answer.Hits = append(answer.Hits, hit)
	}
	return nil
}

// find gives the letters of one part that answer, before filters; nil when the asker
// may see none.
func (p *part) find(w wanted, q search.Question) (*hits, error) {
	visible, err := p.visible(q)
	if err != nil || visible.IsEmpty() {
		return nil, err
	}
	h := &hits{part: p, visible: visible, found: visible, number: roaring.New()}
	for _, c := range w.clauses {
		m, err := p.match(c, visible)
		if err != nil {
			return nil, err
		}
		h.clauses = append(h.clauses, m)
		h.found = roaring.And(h.found, m.any())
	}
	if w.number != "" {
		set, err := p.numbered(w.number)
		if err != nil {
			return nil, err
		}
		h.number = roaring.And(visible, set)
		h.found = roaring.Or(h.found, h.number)
	}
	return h, nil
}

// member is one member of search.Filter: the field it looks at, the values that were
// chosen, and where its counts go.
type member struct {
	field  string
	values []string
	count  func(value string, n int)
}

func members(f search.Filter, c *search.Counts) []member {
	into := func(m map[string]int) func(string, int) { return func(value string, n int) { m[value] += n } }
	years := make([]string, 0, len(f.Years))
	for _, y := range f.Years {
		years = append(years, strconv.Itoa(y))
	}
	countYear := func(value string, n int) {
		if year, err := strconv.Atoi(value); err == nil {
			c.Years[year] += n
		}
	}
	return []member{
		{fieldYear, years, countYear},
		{fieldKind, f.Kinds, into(c.Kinds)},
		{fieldUnit, f.Units, into(c.Units)},
		{fieldWay, f.Directions, into(c.Directions)},
		{fieldState, f.States, into(c.States)},
	}
}

// filter narrows what was found, and counts what each member's choices would give
// under the filters of the others.
func (h *hits) filter(f search.Filter, counts *search.Counts) error {
	all := members(f, counts)
	chosen := make([]*roaring.Bitmap, len(all))
	for i, m := range all {
		if len(m.values) == 0 {
			continue
		}
		var err error
		if chosen[i], err = h.anyOf(m.field, m.values); err != nil {
			return err
		}
	}
	narrow := func(but int) *roaring.Bitmap {
		set := h.found
		for i, c := range chosen {
			if c != nil && i != but {
				set = roaring.And(set, c)
			}
		}
		return set
	}
	h.chosen = narrow(-1)
	for i, m := range all {
		if err := h.count(m, narrow(i)); err != nil {
			return err
		}
	}
	return nil
}

func (h *hits) count(m member, among *roaring.Bitmap) error {
	if among.IsEmpty() {
		return nil
	}
	values, err := h.words(m.field, "", nil, maxTerms)
	if err != nil {
		return err
	}
	for _, v := range values {
		set, err := h.letters(m.field, v)
		if err != nil {
			return err
		}
		if n := among.AndCardinality(set); n > 0 {
			m.count(v, int(n)) //nolint:gosec // number of letters
		}
	}
	return nil
}
