package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"naskah/internal/problem"
	"naskah/search"
)

// Index is a search.Index in a folder. One process opens it at a time.
type Index struct {
	dir   string
	log   *slog.Logger
	lock  *os.File // held while the index is open
	typos *levenshtein.LevenshteinAutomatonBuilder
	made  *entries

	mu       sync.RWMutex // held for reading while the index is used, for writing while it is swapped
	live     bleve.Index
	columns  *columnCache
	current  current
	building *building // the index that is being built beside the live one, or nil
	closed   bool
	broken   atomic.Bool // a file of the live index turned out to be damaged
	one      sync.Mutex  // one rebuild at a time
}

// Open opens the index in the folder or begins an empty one. A damaged index, or
// one of another format, is put aside: NeedsRebuild then says so, until a rebuild
// has come to its end. A folder that another process holds is problem.Unavailable.
func Open(_ context.Context, dir string, log *slog.Logger) (*Index, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	typos, err := levenshtein.NewLevenshteinAutomatonBuilder(1, true)
	if err != nil {
		return nil, unusable(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(err)
	}
	lock, err := holdFolder(dir)
	if err != nil {
		return nil, unusable(err)
	}
	x := &Index{dir: dir, log: log, lock: lock, typos: typos, made: &entries{}, columns: &columnCache{}}
	if err := x.openLive(); err != nil {
		return nil, errors.Join(unusable(err), lock.Close())
	}
	return x, nil
}

func unusable(cause error) error {
	return problem.New(problem.Unavailable, "Indeks pencarian tidak dapat dibuka. Surat tetap aman. Pastikan Naskah tidak berjalan dua kali, lalu jalankan naskah reindex.",
		"The search index cannot be opened. The letters are safe. Make sure that Naskah does not run twice, then run naskah reindex.", cause)
}

func stopped(cause error) error {
	return problem.New(problem.Unavailable, "Pencarian sedang tidak tersedia. Surat tetap aman dan akan dapat dicari lagi.", "Search is not available right now. The letters are safe and will be found again.", cause)
}

var errClosed = errors.New("the index is closed") //nolint:gochecknoglobals // an error value

func (x *Index) closedError() error {
	if x.closed {
		return stopped(errClosed)
	}
	return nil
}

// damaged notes that a file of the live index cannot be read: the next start, or the
// next rebuild, makes it anew.
func (x *Index) damaged(cause any) error {
	if !x.broken.Swap(true) {
		x.log.Error("the search index is damaged; run naskah reindex, or start Naskah again", "error", cause)
		state := x.current
		state.Filled = false
		if err := x.write(state); err != nil {
			x.log.Error("could not note that the search index is damaged", "error", err)
		}
	}
	return stopped(fmt.Errorf("damaged: %v", cause))
}

// NeedsRebuild says that the index began empty, or is damaged, although letters may
// exist. It stays so until Rebuild has come to its end, over restarts too.
func (x *Index) NeedsRebuild() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return !x.current.Filled || x.broken.Load()
}

// Put implements search.Index. When it returns without an error the letters survive a
// killed process. With a full disk it waits for room until ctx ends.
func (x *Index) Put(ctx context.Context, docs ...search.Document) error {
	return x.change(ctx, func(index bleve.Index) (*bleve.Batch, error) {
		batch := index.NewBatch()
		for _, d := range docs {
			if err := x.made.add(batch, d); err != nil {
				return nil, err
			}
		}
		return batch, nil
	}, func(b *building) { b.newer(docs, nil) })
}

// Remove implements search.Index.
func (x *Index) Remove(ctx context.Context, ids ...string) error {
	return x.change(ctx, func(index bleve.Index) (*bleve.Batch, error) {
		batch := index.NewBatch()
		for _, id := range ids {
			batch.Delete(id)
		}
		return batch, nil
	}, func(b *building) { b.newer(nil, ids) })
}

// change applies a batch to the live index, then tells the one that is being built.
// It goes on in the background when ctx ends first: Bleve cannot be interrupted.
func (x *Index) change(ctx context.Context, batch func(bleve.Index) (*bleve.Batch, error), tell func(*building)) error {
	done := make(chan error, 1)
	go func() {
		x.mu.RLock()
		defer x.mu.RUnlock()
		if err := x.closedError(); err != nil {
			done <- err
			return
		}
		b, err := batch(x.live)
		if err == nil {
			err = apply(x.live, b)
		}
		if err == nil && x.building != nil {
			tell(x.building)
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return stopped(ctx.Err())
	}
}

func apply(index bleve.Index, batch *bleve.Batch) (err error) {
	defer guard(&err)
	if batch.Size() == 0 {
		return nil
	}
	batch.SetInternal([]byte(stampKey), []byte(rand.Text()))
	if err := index.Batch(batch); err != nil {
		return stopped(err)
	}
	return nil
}

// Ready implements search.Index.
func (x *Index) Ready(context.Context) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.closedError(); err != nil {
		return err
	}
	if x.broken.Load() {
		return stopped(errors.New("damaged"))
	}
	return x.onParts(func([]*part) error { return nil })
}

// Close implements search.Index.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	return errors.Join(x.live.Close(), x.lock.Close())
}

// IDs implements search.Lister.
func (x *Index) IDs(_ context.Context, each func(id string) error) error {
	ids, err := x.ids()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := each(id); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) ids() (ids []string, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if err := x.closedError(); err != nil {
		return nil, err
	}
	err = x.onParts(func(parts []*part) error {
		for _, p := range parts {
			for it := p.DocNumbersLive().Iterator(); it.HasNext(); {
				ids = append(ids, p.columns.ids[it.Next()])
			}
		}
		return nil
	})
	return ids, err
}
