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
	shareOften   = 0.30 // how often it stands there: nothing for never, half for twice
	shareNumber  = 0.05
	shareNear    = 0.04 // only one letter off, or only begins so
	wholeNumber  = 0.99 // the whole question is the letter's number
)

// countingUpTo is the number of found letters up to which the places of a word are
// counted. When more letters have all the words, how often tells nothing, and reading
// it would take longer than all the rest.
const countingUpTo = 4096

// rank gives the letters of the page that was asked for, in order.
func rank(all []*hits, w wanted, q search.Question) ([]ranked, error) {
	limit, offset := defaultLimit, min(max(q.Offset, 0), maxOffset)
	if q.Limit > 0 {
		limit = min(q.Limit, maxLimit)
	}
	weights, few := weigh(all, w)
	top := &best{before: order(q, w), size: offset + limit}
	for _, h := range all {
		scores, err := h.scores(w, weights, few)
		if err != nil {
			return nil, err
		}
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
	return top.letters[min(offset, len(top.letters)):], nil
}

// order compares two letters: negative when a comes first. Equal places are broken
// by the letter's id.
func order(q search.Question, w wanted) func(a, b ranked) int {
	day := func(r ranked) int32 { return r.columns.days[r.letter] }
	newest := func(a, b ranked) int { return cmp.Or(cmp.Compare(day(b), day(a)), strings.Compare(a.id(), b.id())) }
	switch {
	case q.Order == search.ByOldest:
		return func(a, b ranked) int {
			// Unsigned, the unknown day is the last one.
			return cmp.Or(cmp.Compare(uint32(day(a)-math.MinInt32-1), uint32(day(b)-math.MinInt32-1)), strings.Compare(a.id(), b.id())) //nolint:gosec // wraps on purpose
		}
	case q.Order == search.ByNewest || len(w.clauses) == 0:
		return newest
	default:
		return func(a, b ranked) int { return cmp.Or(cmp.Compare(b.score, a.score), newest(a, b)) }
	}
}

// weigh gives each clause its share by how rare it is among the letters that the
// asker may see, and says whether few letters were found.
func weigh(all []*hits, w wanted) (weights []float32, few bool) {
	var visible, found uint64
	have := make([]uint64, len(w.clauses))
	for _, h := range all {
		visible += h.visible.GetCardinality()
		found += h.chosen.GetCardinality()
		for i, m := range h.clauses {
			have[i] += h.visible.AndCardinality(m.any())
		}
	}
	weights = make([]float32, len(w.clauses))
	var sum float32
	for i, n := range have {
		weights[i] = float32(math.Log(1 + float64(visible+1)/float64(n+1)))
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
	return weights, found <= countingUpTo
}

// scores are those of the part's letters by number; nil when nothing was asked.
func (h *hits) scores(w wanted, weights []float32, few bool) ([]float32, error) {
	if len(w.clauses) == 0 || h.chosen.IsEmpty() {
		return nil, nil
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
		add(m.number, weights[i]*shareNumber)
		add(m.near, weights[i]*shareNear)
		if c := w.clauses[i]; few && !c.phrase() {
			if err := h.addOften(scores, c.terms[0], m.exact, weights[i]*shareOften); err != nil {
				return nil, err
			}
		}
	}
	most := float32(len(w.clauses) + 1)
	for it := h.chosen.Iterator(); it.HasNext(); {
		letter := it.Next()
		if h.number.Contains(letter) {
			scores[letter] = most - 1 + wholeNumber
		}
		scores[letter] /= most
	}
	return scores, nil
}

// addOften adds a share by how often the word stands in the letter.
func (h *hits) addOften(scores []float32, word string, letters *roaring.Bitmap, share float32) error {
	d, err := h.dict(fieldText)
	if err != nil {
		return err
	}
	list, err := d.PostingsList([]byte(word), nil, nil)
	if err != nil {
		return err
	}
	places := list.Iterator(true, false, false, nil)
	for it := roaring.And(h.chosen, letters).Iterator(); it.HasNext(); {
		letter := it.Next()
		posting, err := places.Advance(uint64(letter))
		if err != nil {
			return err
		}
		n := float32(posting.Frequency())
		scores[letter] += share * n / (n + 2)
	}
	return nil
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
