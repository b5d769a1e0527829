package office

import (
	"context"
	"sync"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/search"
)

// indexLetter is the job that brings a letter's index entry in step with its
// row. Two jobs for one letter run one after the other, and each reads the row
// as it is then, so the last one always writes the newest state.
func (o *Office) indexLetter(ctx context.Context, job LetterJob) error {
	defer o.indexing.lock(job.LetterID)()
	o.rebuild.swap.RLock()
	defer o.rebuild.swap.RUnlock()
	o.rebuild.note(job.LetterID)
	l, err := o.DB.Letter(ctx, job.LetterID)
	if err != nil {
		return err
	}
	doc, err := o.document(ctx, l)
	if err != nil {
		return err
	}
	if err := o.Index.Put(ctx, doc); err != nil {
		return err
	}
	state := letter.ReadState(l.ReadState)
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if state != letter.Failed {
			state = letter.Searchable
			if err := tx.SetReading(ctx, l.ID, string(letter.Searchable), ""); err != nil {
				return err
			}
		}
		return tx.ClearIndexPending(ctx, l.ID, l.Revision)
	})
	if err == nil {
		o.watchers.tell(Progress{LetterID: l.ID, State: state, Done: l.Pages, Pages: l.Pages})
	}
	return err
}

// document is the letter as the index knows it. Pages of secret letters are not
// indexed: nobody finds them by their text (domain rule SKKAAD).
func (o *Office) document(ctx context.Context, l db.Letter) (search.Document, error) {
	readers, err := o.DB.ReadersOf(ctx, l.ID)
	if err != nil {
		return search.Document{}, err
	}
	doc := search.Document{ID: l.ID, Office: l.OfficeID, Readers: append(readers, account.LetterWord(l.ID)), Fields: search.Fields{
		Subject: l.Subject, Number: l.Number, Agenda: l.AgendaNumber, Sender: l.Sender, Recipient: l.Recipient,
		Summary: l.Summary, Notes: l.Notes, Classification: l.Classification, Kind: l.Kind,
		Direction: l.Direction, State: l.State, Class: l.Class, Date: letterDay(l),
	}}
	if doc.Fields.ClassificationName, err = o.DB.ClassificationName(ctx, l.OfficeID, l.Classification); err != nil {
		return search.Document{}, err
	}
	if l.UnitID != "" {
		unit, err := o.DB.Unit(ctx, l.UnitID)
		if err != nil {
			return search.Document{}, err
		}
		doc.Fields.Unit = unit.Name
	}
	if class := letter.Class(l.Class); class == letter.Secret || class == letter.TopSecret {
		doc.Fields.Summary, doc.Fields.Notes = "", ""
		return doc, nil
	}
	doc.Pages, err = o.indexedText(ctx, l)
	return doc, err
}

// letterDay is the letter's own date, or the day it was received while nobody
// has written its date down.
func letterDay(l db.Letter) time.Time {
	if !l.LetterDate.IsZero() {
		return l.LetterDate
	}
	return l.ReceivedAt.Truncate(24 * time.Hour)
}

// indexedText is the text of each page; for an outgoing letter that is not yet
// signed, the words of its newest version.
func (o *Office) indexedText(ctx context.Context, l db.Letter) ([]string, error) {
	pages, err := o.DB.Pages(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 && l.Direction == string(letter.Outgoing) {
		content, err := o.contentOf(ctx, l)
		if err != nil {
			return nil, err
		}
		return []string{content.Text()}, nil
	}
	texts := make([]string, 0, len(pages))
	for _, p := range pages {
		texts = append(texts, p.Text)
	}
	return texts, nil
}

// rebuild keeps what changes while an index is built anew beside the live one:
// those letters are put into the fresh one again, right before the swap, while no
// index job runs.
type rebuild struct {
	one     sync.Mutex   // one rebuild at a time
	swap    sync.RWMutex // held for reading by index jobs
	mu      sync.Mutex
	running bool
	changed map[string]bool
}

func (r *rebuild) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.changed = true, map[string]bool{}
}

func (r *rebuild) note(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running {
		r.changed[id] = true
	}
}

func (r *rebuild) end() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]string, 0, len(r.changed))
	for id := range r.changed {
		ids = append(ids, id)
	}
	r.running, r.changed = false, nil
	return ids
}

// Reindex builds the index anew from the database beside the live one and swaps.
// each is told the number of letters done and their total. No change made
// meanwhile is lost.
func (o *Office) Reindex(ctx context.Context, each func(done, total int)) error {
	rebuilder, ok := o.Index.(search.Rebuilder)
	if !ok {
		return o.fillIndex(ctx, o.Index, each)
	}
	o.rebuild.one.Lock()
	defer o.rebuild.one.Unlock()
	o.rebuild.begin()
	held := false
	err := rebuilder.Rebuild(ctx, func(ctx context.Context, fresh search.Index) error {
		if err := o.fillIndex(ctx, fresh, each); err != nil {
			return err
		}
		o.rebuild.swap.Lock()
		held = true
		return o.putAgain(ctx, fresh, o.rebuild.end())
	})
	if held {
		o.rebuild.swap.Unlock()
	} else {
		o.rebuild.end()
	}
	return err
}

func (o *Office) putAgain(ctx context.Context, index search.Index, ids []string) error {
	for _, id := range ids {
		l, err := o.DB.Letter(ctx, id)
		if err != nil {
			return err
		}
		doc, err := o.document(ctx, l)
		if err != nil {
			return err
		}
		if err := index.Put(ctx, doc); err != nil {
			return err
		}
	}
	return nil
}

// reindexBatch bounds the memory of a rebuild: that many letters' texts at once.
const reindexBatch = 100

func (o *Office) fillIndex(ctx context.Context, index search.Index, each func(done, total int)) error {
	total, err := o.DB.CountLetters(ctx)
	if err != nil {
		return err
	}
	var batch []search.Document
	done := 0
	flush := func() error {
		if err := index.Put(ctx, batch...); err != nil {
			return err
		}
		done += len(batch)
		batch = batch[:0]
		if each != nil {
			each(done, total)
		}
		return nil
	}
	err = o.DB.EachLetter(ctx, func(l db.Letter) error {
		doc, err := o.document(ctx, l)
		if err != nil {
			return err
		}
		if batch = append(batch, doc); len(batch) < reindexBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
