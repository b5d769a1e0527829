package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"naskah/internal/problem"
	"naskah/search"
)

// Index is a search.Index in a folder. One process opens it at a time.
type Index struct {
	dir string
	log *slog.Logger

	mu      sync.RWMutex // held for reading while the index is used, for writing while it is swapped
	live    bleve.Index
	rebuild bool
	closed  bool
	one     sync.Mutex // one rebuild at a time
}

const (
	liveName   = "live"
	freshName  = "fresh"
	brokenName = "broken"
	formatName = "format"
)

// Open opens the index in the folder or begins an empty one. A damaged index, or
// one of another format, is put aside: NeedsRebuild then says so.
func Open(_ context.Context, dir string, log *slog.Logger) (*Index, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	x := &Index{dir: dir, log: log}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(err)
	}
	if err := os.RemoveAll(x.path(freshName)); err != nil { // a rebuild that was interrupted
		return nil, unusable(err)
	}
	live, err := x.openLive()
	if err != nil {
		return nil, err
	}
	x.live = live
	return x, nil
}

func (x *Index) path(name string) string { return filepath.Join(x.dir, name) }

func unusable(cause error) error {
	return problem.New(problem.Unavailable, "Indeks pencarian tidak dapat dibuka. Surat tetap aman. Pastikan Naskah tidak berjalan dua kali, lalu jalankan naskah reindex.",
		"The search index cannot be opened. The letters are safe. Make sure that Naskah does not run twice, then run naskah reindex.", cause)
}

func (x *Index) openLive() (bleve.Index, error) {
	written, err := os.ReadFile(x.path(formatName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unusable(err)
	}
	if string(written) == format {
		live, err := openBleve(x.path(liveName))
		if err == nil {
			return live, nil
		}
		if isLocked(err) {
			return nil, unusable(err)
		}
		x.log.Error("the search index is damaged and will be built anew", "error", err)
	}
	return x.begin(len(written) > 0 || exists(x.path(liveName)))
}

// begin puts an old index aside and starts an empty one.
func (x *Index) begin(hadOne bool) (bleve.Index, error) {
	x.rebuild = true
	if hadOne {
		if err := errors.Join(os.RemoveAll(x.path(brokenName)), os.Rename(x.path(liveName), x.path(brokenName))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, unusable(err)
		}
	}
	live, err := newBleve(x.path(liveName))
	if err != nil {
		return nil, unusable(err)
	}
	if err := os.WriteFile(x.path(formatName), []byte(format), 0o600); err != nil {
		return nil, errors.Join(unusable(err), live.Close())
	}
	return live, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// bleveConfig: a second Open of a folder would block for ever without the timeout.
func bleveConfig() map[string]any { return map[string]any{"bolt_timeout": "2s"} }

func openBleve(path string) (index bleve.Index, err error) {
	defer guard(&err)
	register()
	return bleve.OpenUsing(path, bleveConfig())
}

func newBleve(path string) (index bleve.Index, err error) {
	defer guard(&err)
	return bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, bleveConfig())
}

// guard turns a panic over damaged files into an error.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("index: %v", r)
	}
}

func isLocked(err error) bool { return strings.HasSuffix(err.Error(), "timeout") } // bbolt wraps nothing

// NeedsRebuild says that the index began empty although letters may exist.
func (x *Index) NeedsRebuild() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.rebuild
}

// Put implements search.Index.
func (x *Index) Put(_ context.Context, docs ...search.Document) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return put(x.live, x.closed, docs)
}

func put(index bleve.Index, closed bool, docs []search.Document) (err error) {
	defer guard(&err)
	if closed {
		return stopped(nil)
	}
	if len(docs) == 0 {
		return nil
	}
	batch := index.NewBatch()
	for _, d := range docs {
		if err := batch.Index(d.ID, newEntry(d)); err != nil {
			return fmt.Errorf("index letter %s: %w", d.ID, err)
		}
	}
	if err := index.Batch(batch); err != nil {
		return stopped(err)
	}
	return nil
}

func stopped(cause error) error {
	return problem.New(problem.Unavailable, "Pencarian sedang tidak tersedia. Surat tetap aman dan akan dapat dicari lagi.", "Search is not available right now. The letters are safe and will be found again.", cause)
}

// Remove implements search.Index.
func (x *Index) Remove(_ context.Context, ids ...string) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer guard(&err)
	if x.closed {
		return stopped(nil)
	}
	batch := x.live.NewBatch()
	for _, id := range ids {
		batch.Delete(id)
	}
	if err := x.live.Batch(batch); err != nil {
		return stopped(err)
	}
	return nil
}

// Ready implements search.Index.
func (x *Index) Ready(context.Context) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer guard(&err)
	if x.closed {
		return stopped(nil)
	}
	if _, err := x.live.DocCount(); err != nil {
		return stopped(err)
	}
	return nil
}

// Close implements search.Index.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	return x.live.Close()
}

// IDs implements search.Lister.
func (x *Index) IDs(ctx context.Context, each func(id string) error) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return stopped(nil)
	}
	const batch = 1000
	var after []string
	for {
		req := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), batch, 0, false)
		req.SortBy([]string{"_id"})
		if after != nil {
			req.SetSearchAfter(after)
		}
		res, err := x.live.SearchInContext(ctx, req)
		if err != nil {
			return stopped(err)
		}
		for _, h := range res.Hits {
			if err := each(h.ID); err != nil {
				return err
			}
			after = []string{h.ID}
		}
		if len(res.Hits) < batch {
			return nil
		}
	}
}

// Rebuild implements search.Rebuilder. While fill works, the live index answers.
func (x *Index) Rebuild(ctx context.Context, fill func(ctx context.Context, fresh search.Index) error) error {
	x.one.Lock()
	defer x.one.Unlock()
	if err := os.RemoveAll(x.path(freshName)); err != nil {
		return unusable(err)
	}
	next, err := newBleve(x.path(freshName))
	if err != nil {
		return unusable(err)
	}
	fresh := &Index{dir: x.path(freshName), log: x.log, live: next}
	if err := fill(ctx, fresh); err != nil {
		return errors.Join(err, fresh.Close(), os.RemoveAll(x.path(freshName)))
	}
	if err := fresh.Close(); err != nil {
		return unusable(err)
	}
	return x.swap()
}

// swap puts the fresh index in the live one's place. Killed in between, the next
// start finds no live index and builds it anew: slow, never wrong.
func (x *Index) swap() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return stopped(nil)
	}
	if err := errors.Join(x.live.Close(), os.RemoveAll(x.path(brokenName)), os.Rename(x.path(liveName), x.path(brokenName)), os.Rename(x.path(freshName), x.path(liveName))); err != nil {
		x.closed = true
		return unusable(err)
	}
	live, err := openBleve(x.path(liveName))
	if err != nil {
		x.closed = true
		return unusable(err)
	}
	x.live, x.rebuild = live, false
	if err := errors.Join(os.WriteFile(x.path(formatName), []byte(format), 0o600), os.RemoveAll(x.path(brokenName))); err != nil {
		return unusable(err)
	}
	return nil
}
