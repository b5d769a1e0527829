package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/util"
	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// The folder: current names the index, index-N hold indexes, lock is held by the one
// process that has it open, damaged is the last index that could not be read.
const (
	currentName = "current.json"
	lockName    = "lock"
	damagedName = "damaged"
	indexPrefix = "index-"
)

// current is what the file current says.
type current struct {
	Format int    `json:"format"`
	Folder string `json:"folder"`
	// Filled is false while the index lacks letters that the database may have.
	Filled bool `json:"filled"`
}

func (x *Index) path(name string) string { return filepath.Join(x.dir, name) }

// holdFolder makes sure that nobody else has the folder: Bleve itself would wait for
// ever.
func holdFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil { //nolint:gosec // a descriptor is small
		return nil, errors.Join(fmt.Errorf("the index is open elsewhere: %w", err), f.Close())
	}
	return f, nil
}

// openLive opens the index that current names, or begins an empty one.
func (x *Index) openLive() error {
	state, err := x.read()
	if err == nil {
		var live bleve.Index
		if live, err = openBleve(x.path(state.Folder)); err == nil {
			x.live, x.current = live, state
			return x.sweep()
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		x.log.Error("the search index cannot be used and is built anew", "error", err)
		if err := x.putAside(state.Folder); err != nil {
			return err
		}
	}
	return x.begin()
}

var errOtherFormat = errors.New("the index has another format") //nolint:gochecknoglobals // an error value

func (x *Index) read() (state current, err error) {
	text, err := os.ReadFile(x.path(currentName))
	if err != nil {
		return state, err
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return current{}, fmt.Errorf("%s: %w", currentName, err)
	}
	if !strings.HasPrefix(state.Folder, indexPrefix) || filepath.Base(state.Folder) != state.Folder {
		return current{}, fmt.Errorf("%s names %q", currentName, state.Folder)
	}
	if state.Format != format {
		return state, errOtherFormat
	}
	return state, nil
}

// write names another index, all at once: under a temporary name, then renamed.
func (x *Index) write(state current) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(x.dir, currentName+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), x.path(currentName)); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	dir, err := os.Open(x.dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// putAside keeps what cannot be read for whoever wants to know why.
func (x *Index) putAside(folder string) error {
	if folder == "" {
		return nil
	}
	err := errors.Join(os.RemoveAll(x.path(damagedName)), os.Rename(x.path(folder), x.path(damagedName)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// begin starts an empty index, which lacks every letter until it is rebuilt.
func (x *Index) begin() error {
	live, folder, err := x.newFolder()
	if err != nil {
		return err
	}
	state := current{Format: format, Folder: folder}
	if err := x.write(state); err != nil {
		return errors.Join(err, live.Close())
	}
	x.live, x.current = live, state
	return x.sweep()
}

// newFolder makes an empty index under a name of its own.
func (x *Index) newFolder() (bleve.Index, string, error) {
	path, err := os.MkdirTemp(x.dir, indexPrefix)
	if err != nil {
		return nil, "", err
	}
	if err := os.Remove(path); err != nil { // Bleve makes it itself
		return nil, "", err
	}
	index, err := newBleve(path)
	return index, filepath.Base(path), err
}

// sweep removes what an interrupted rebuild or swap left.
func (x *Index) sweep() error {
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		old := strings.HasPrefix(e.Name(), indexPrefix) && e.Name() != x.current.Folder || strings.HasPrefix(e.Name(), currentName+".")
		if !old {
			continue
		}
		if err := os.RemoveAll(x.path(e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// bleveConfig: the lock of our own comes first, and where it is not kept (a network
// folder), Bleve gives up after a while.
func bleveConfig() map[string]any { return map[string]any{"bolt_timeout": "2s"} }

func openBleve(path string) (index bleve.Index, err error) {
	defer guard(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("index folder: %s", err.Error()) // missing, it is damage and not a first start
	}
	newest, err := newestStamp(path)
	if err != nil {
		return nil, err
	}
	if index, err = bleve.OpenUsing(path, bleveConfig()); err != nil {
		return nil, err
	}
	s, err := snapshot(index)
	if err == nil {
		loaded := string(s.Internal()[stampKey])
		if err = s.Close(); err == nil && loaded != newest {
			err = errFellBack
		}
	}
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return index, nil
}

// stampKey is under what each batch leaves a word of its own. When Bleve cannot read the
// files of the newest state, it silently opens an older one, or none: then the word is
// another one than the newest state has.
const stampKey = "stamp"

var errFellBack = errors.New("the newest state of the index cannot be read") //nolint:gochecknoglobals // an error value

func newestStamp(path string) (stamp string, err error) {
	root, err := bbolt.Open(filepath.Join(path, "store", "root.bolt"), 0o600, &bbolt.Options{ReadOnly: true, Timeout: 2 * time.Second})
	if err != nil {
		return "", err
	}
	defer root.Close()
	err = root.View(func(tx *bbolt.Tx) error {
		states := tx.Bucket(util.BoltSnapshotsBucket)
		if states == nil {
			return nil
		}
		newest, _ := states.Cursor().Last()
		if newest == nil {
			return nil
		}
		if words := states.Bucket(newest).Bucket(util.BoltInternalKey); words != nil {
			stamp = string(words.Get([]byte(stampKey)))
		}
		return nil
	})
	return stamp, err
}

func newBleve(path string) (index bleve.Index, err error) {
	defer guard(&err)
	return bleve.NewUsing(path, bleve.NewIndexMapping(), scorch.Name, scorch.Name, bleveConfig())
}

// guard turns a panic over damaged files into an error, and a fault of their memory
// map too.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("index: %v", r)
	}
}
