package local

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"naskah/search"
)

// ranked is a letter in its place.
type ranked struct {
	*hits
	letter uint32
	score  float32
}

func (r ranked) id() string { return r.columns.ids[r.letter] }

// What a clause adds to a letter's score, in shares of the clause's weight; they stay
// below 1 together, so that the number of exact clauses always comes first.
const (
	shareSubject = 0.40 // the word stands in the subject
	shareShort   = 0.20 // or in another short field
	shareOften   = 0.30 // it stands there several times
	shareNumber  = 0.05
	shareNear    = 0.04 // only one letter off, or only begins so
	wholeNumber  = 0.99 // the whole question is the letter's number
)

// rank gives the letters of the page that was asked for, in order.
func rank(all []*hits, w wanted, q search.Question) []ranked {
	limit, offset := defaultLimit, min(max(q.Offset, 0), maxOffset)
	if q.Limit > 0 {
		limit = min(q.Limit, maxLimit)
	}
	weights := weigh(all, w)
	top := &best{before: order(q, w), size: offset + limit}
	for _, h := range all {
		scores := h.scores(w, weights)
		for it := h.chosen.Iterator(); it.HasNext(); {
			letter := it.Next()
			r := ranked{hits: h, letter: letter}
			if scores != nil {
				r.score = scores[letter]
			}
			top.offer(r)
		}
	}
	slices.SortFunc(top.letters, top.before)
	return top.letters[min(offset, len(top.letters)):]
}

// order compares two letters: negative when a comes first. Equal places are broken
// by the letter's id.
func order(q search.Question, w wanted) func(a, b ranked) int {
	// The ids are compared last and only when they must be: it takes longest.
	by := func(a, b int32, or func() int) int {
		if c := cmp.Compare(a, b); c != 0 {
			return c
		}
		return or()
	}
	day := func(r ranked) int32 { return r.columns.days[r.letter] }
	newest := func(a, b ranked) int {
		return by(day(b), day(a), func() int { return strings.Compare(a.id(), b.id()) })
	}
	switch {
	case q.Order == search.ByOldest:
		last := func(r ranked) int32 { // an unknown day comes after all others
			if d := day(r); d != unknownDay {
				return d
			}
			return math.MaxInt32
		}
		return func(a, b ranked) int {
			return by(last(a), last(b), func() int { return strings.Compare(a.id(), b.id()) })
		}
	case q.Order == search.ByNewest || len(w.clauses) == 0:
		return newest
	default:
		return func(a, b ranked) int {
			if c := cmp.Compare(b.score, a.score); c != 0 {
				return c
			}
			return newest(a, b)
		}
	}
}

// weigh gives each clause its share by how rare it is among the letters that the
// asker may see.
func weigh(all []*hits, w wanted) []float32 {
	var visible uint64
	have := make([]uint64, len(w.clauses))
	for _, h := range all {
		visible += h.visible.GetCardinality()
		for i, m := range h.clauses {
			have[i] += h.visible.AndCardinality(m.any())
		}
	}
	weights := make([]float32, len(w.clauses))
	var sum float32
	for i, n := range have {
		weights[i] = float32(math.Log(1 + float64(visible+1)/float64(n+1)))
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
	return weights
}

// scores are those of the part's letters by number; nil when nothing was asked.
func (h *hits) scores(w wanted, weights []float32) []float32 {
	if len(w.clauses) == 0 || h.chosen.IsEmpty() {
		return nil
	}
	scores := make([]float32, h.Segment().Count())
	add := func(set *roaring.Bitmap, score float32) {
		for it := roaring.And(h.chosen, set).Iterator(); it.HasNext(); {
			scores[it.Next()] += score
		}
	}
	for i, m := range h.clauses {
		add(roaring.Or(m.exact, m.number), 1)
		add(m.subject, weights[i]*shareSubject)
		add(m.short, weights[i]*shareShort)
		add(m.often, weights[i]*shareOften)
		add(m.number, weights[i]*shareNumber)
		add(m.near, weights[i]*shareNear)
	}
	most := float32(len(w.clauses) + 1)
	for it := h.chosen.Iterator(); it.HasNext(); {
		letter := it.Next()
		if h.number.Contains(letter) {
			scores[letter] = most - 1 + wholeNumber
		}
		scores[letter] /= most
	}
	return scores
}

// best keeps the first letters in order: a heap with the last of them on top.
type best struct {
	letters []ranked
	before  func(a, b ranked) int
	size    int
}

func (b *best) offer(r ranked) {
	if len(b.letters) < b.size {
		heap.Push(b, r)
	} else if b.before(r, b.letters[0]) < 0 {
		b.letters[0] = r
		heap.Fix(b, 0)
	}
}

func (b *best) Len() int           { return len(b.letters) }
func (b *best) Less(i, j int) bool { return b.before(b.letters[i], b.letters[j]) > 0 }
func (b *best) Swap(i, j int)      { b.letters[i], b.letters[j] = b.letters[j], b.letters[i] }

// Push implements heap.Interface.
func (b *best) Push(r any) { b.letters = append(b.letters, r.(ranked)) } //nolint:errcheck,forcetypeassert // only offer pushes

// Pop implements heap.Interface.
func (b *best) Pop() any { return nil } // never asked
