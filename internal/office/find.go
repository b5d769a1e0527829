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
