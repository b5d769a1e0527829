package office

import (
	"context"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/search"
)

// Found is the answer to a question, each hit with its letter's row.
type Found struct {
	Total  int
	Took   time.Duration
	Hits   []FoundLetter
	Counts search.Counts
}

// FoundLetter is one letter that answers.
type FoundLetter struct {
	Letter  db.Letter
	Page    int
	Score   float64
	Snippet search.Snippet
	Terms   []string
}

// Find asks the index with who the actor is, and asks the database again before
// anything is shown: a letter whose readers changed a moment ago is not there.
func (o *Office) Find(ctx context.Context, actor account.Actor, q search.Question) (Found, error) {
	began := o.Now()
	pending, err := o.DB.IndexPending(ctx, actor.ReaderWords())
	if err != nil {
		return Found{}, err
	}
	q.Readers, q.Exclude = actor.ReaderWords(), pending
	answer, err := o.Index.Query(ctx, q)
	if err != nil {
		return Found{}, err
	}
	out := Found{Total: answer.Total, Counts: answer.Counts}
	ids := make([]string, len(answer.Hits))
	for i, h := range answer.Hits {
		ids[i] = h.ID
	}
	letters, err := o.DB.LettersByIDs(ctx, ids, actor.ReaderWords())
	if err != nil {
		return Found{}, err
	}
	for _, h := range answer.Hits {
		l, ok := letters[h.ID]
		if !ok {
			out.Total--
			continue
		}
		out.Hits = append(out.Hits, FoundLetter{Letter: l, Page: h.Page, Score: h.Score, Snippet: h.Snippet, Terms: h.Terms})
	}
	out.Took = o.Now().Sub(began)
	return out, nil
}

// Terms are the words of a letter that a question matches, as they stand in its
// text.
type Terms map[string]bool

// Matching gives the words that a question matches in one letter, typos and
// beginnings included; empty when it does not answer the question.
func (o *Office) Matching(ctx context.Context, actor account.Actor, id, question string) (Terms, error) {
	terms := Terms{}
	if _, err := o.seen(ctx, actor, id); err != nil {
		return terms, err
	}
	answer, err := o.Index.Query(ctx, search.Question{Text: question, Readers: []string{account.LetterWord(id)}, Limit: 1})
	if err != nil {
		return terms, err
	}
	for _, h := range answer.Hits {
		for _, term := range h.Terms {
			for _, w := range search.Words(term) {
				terms[w] = true
			}
		}
	}
	return terms, nil
}

// Has says whether a word of the page matches.
func (t Terms) Has(word string) bool {
	for _, w := range search.Words(word) {
		if t[w] {
			return true
		}
	}
	return false
}

// Count is how many words of a text match.
func (t Terms) Count(text string) int {
	n := 0
	for _, w := range search.Words(text) {
		if t[w] {
			n++
		}
	}
	return n
}
