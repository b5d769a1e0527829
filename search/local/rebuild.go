package local

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/blevesearch/bleve/v2"

	"naskah/search"
)

// building is the index that is being filled beside the live one. What is put into the
// live one meanwhile goes into it too, and is never overwritten by fill, which may
// have read the letter before it changed.
type building struct {
	mu      sync.Mutex
	index   bleve.Index
	made    *entries
	waiting *bleve.Batch    // letters that fill gave
	live    map[string]bool // letters that changed since the rebuild began
	err     error           // the first failure to follow the live index
}

// newer follows a change of the live index.
func (b *building) newer(docs []search.Document, removed []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = errors.Join(b.err, b.flush()) // the change comes after what fill gave
	batch := b.index.NewBatch()
	for _, d := range docs {
		b.live[d.ID] = true
		b.err = errors.Join(b.err, b.made.add(batch, d))
	}
	for _, id := range removed {
		b.live[id] = true
		batch.Delete(id)
	}
	b.err = errors.Join(b.err, apply(b.index, batch))
}

// fillBatch is how many letters go into the new index at once: each batch is a
// segment on the disk that has to be merged later.
const fillBatch = 500

// fill takes what fill gives, but for letters that the live index knows better.
func (b *building) fill(docs []search.Document) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range docs {
		if b.live[d.ID] {
			continue
		}
		if err := b.made.add(b.waiting, d); err != nil {
			return err
		}
	}
	if b.waiting.Size() < fillBatch {
		return nil
	}
	return b.flush()
}

func (b *building) write() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flush()
}

// flush writes what waits. The caller holds the lock.
func (b *building) flush() error {
	err := apply(b.index, b.waiting)
	b.waiting = b.index.NewBatch()
	return err
}

// fresh is the new index as fill sees it: it takes letters and answers questions.
type fresh struct {
	*Index
	building *building
}

// Put implements search.Index.
func (f fresh) Put(_ context.Context, docs ...search.Document) error { return f.building.fill(docs) }

// Query implements search.Index.
func (f fresh) Query(ctx context.Context, q search.Question) (search.Answer, error) {
	if err := f.building.write(); err != nil {
		return search.Answer{}, err
	}
	return f.Index.Query(ctx, q)
}

// Remove implements search.Index.
func (f fresh) Remove(ctx context.Context, ids ...string) error {
	if err := f.building.write(); err != nil {
		return err
	}
	return f.Index.Remove(ctx, ids...)
}

// Close implements search.Index: the index is closed by the one that made it.
func (f fresh) Close() error { return nil }

// Rebuild implements search.Rebuilder. While fill works, the live index answers.
// Killed in between, the next start finds the old index whole.
func (x *Index) Rebuild(ctx context.Context, fill func(ctx context.Context, fresh search.Index) error) error {
	x.one.Lock()
	defer x.one.Unlock()
	next, folder, err := x.newFolder()
	if err != nil {
		return unusable(err)
	}
	b := &building{index: next, made: x.made, waiting: next.NewBatch(), live: map[string]bool{}}
	if err := x.follow(b); err != nil {
		return errors.Join(err, x.drop(next, folder))
	}
	view := &Index{dir: x.path(folder), log: x.log, typos: x.typos, made: x.made, live: next, columns: &columnCache{}}
	err = fill(ctx, fresh{view, b})
	if err == nil {
		err = b.write()
	}
	if err == nil {
		err = ctx.Err() // a fill that stopped early without saying so is no index
	}
	if err != nil {
		return errors.Join(err, x.follow(nil), x.drop(next, folder))
	}
	return x.swap(b, view.columns, folder)
}

// follow begins, or with nil ends, that changes go into the index that is being built.
func (x *Index) follow(b *building) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.building = b
	return x.closedError()
}

func (x *Index) drop(index bleve.Index, folder string) error {
	return errors.Join(index.Close(), os.RemoveAll(x.path(folder)))
}

// swap puts the built index in the live one's place: one renamed file, one pointer.
func (x *Index) swap(b *building, columns *columnCache, folder string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.building = nil
	state := current{Format: format, Folder: folder, Filled: true}
	err := errors.Join(x.closedError(), b.err)
	if err == nil {
		err = x.write(state)
	}
	if err != nil {
		return errors.Join(unusable(err), x.drop(b.index, folder))
	}
	old, oldFolder := x.live, x.current.Folder
	x.live, x.columns, x.current = b.index, columns, state
	x.broken.Store(false)
	if err := x.drop(old, oldFolder); err != nil {
		x.log.Warn("the replaced search index could not be removed", "error", err) // the next start sweeps it
	}
	return nil
}
