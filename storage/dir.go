package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Dir keeps objects in a folder: DIR/ab/abcdef…, each written under a temporary
// name, flushed, renamed, and its folder flushed, so that a name is always whole
// bytes, also after a power cut.
type Dir struct {
	root string
	// sweep keeps Remove from taking an object between its look at the time and
	// the removal, while a Put of the same bytes renews that time.
	sweep sync.RWMutex
}

const temporary = "tmp"

// NewDir opens the folder, making it when missing, and removes what dead
// processes left half-written. One process at a time owns a folder.
func NewDir(root string) (*Dir, error) {
	if err := os.MkdirAll(filepath.Join(root, temporary), 0o700); err != nil {
		return nil, unusable(err)
	}
	d := &Dir{root: root}
	if err := d.clearTemporary(); err != nil {
		return nil, unusable(err)
	}
	return d, nil
}

// clearTemporary removes the temporary files that nobody holds.
func (d *Dir) clearTemporary() error {
	left, err := os.ReadDir(filepath.Join(d.root, temporary))
	if err != nil {
		return err
	}
	for _, e := range left {
		if err := removeUnheld(filepath.Join(d.root, temporary, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Put implements Store.
func (d *Dir) Put(ctx context.Context, r io.Reader) (Ref, error) {
	tmp, err := os.CreateTemp(filepath.Join(d.root, temporary), "put-*")
	if err != nil {
		return "", NotKept(err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when it was renamed
	defer tmp.Close()           // read-only by then: what was written is flushed and checked
	ref, err := fill(ctx, tmp, r)
	if err != nil {
		return "", NotKept(err)
	}
	if err := d.settle(tmp.Name(), ref); err != nil {
		return "", NotKept(err)
	}
	return ref, nil
}

// fill writes r into tmp, flushes it and checks that all of it is there. The
// lock on tmp says to a NewDir elsewhere that its process is alive.
func fill(ctx context.Context, tmp *os.File, r io.Reader) (Ref, error) {
	if err := hold(tmp); err != nil {
		return "", err
	}
	ref, n, err := CopyHashed(ctx, tmp, r)
	if err != nil {
		return "", err
	}
	if err := errors.Join(tmp.Chmod(0o400), tmp.Sync()); err != nil {
		return "", err
	}
	info, err := tmp.Stat()
	if err != nil {
		return "", err
	}
	if info.Size() != n {
		return "", fmt.Errorf("wrote %d bytes, the file has %d", n, info.Size())
	}
	return ref, nil
}

// settle gives the temporary file its name. Known bytes are replaced by the same
// bytes: that renews their time, heals a damaged object, and costs one rename.
// The folders are flushed also when another writer of the same bytes was
// faster, because that one may not have come to it yet.
func (d *Dir) settle(tmp string, ref Ref) error {
	path := d.path(ref)
	folder := filepath.Dir(path)
	d.sweep.RLock()
	defer d.sweep.RUnlock()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	if err := syncFolder(folder); err != nil {
		return err
	}
	return syncFolder(d.root)
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *Dir) path(ref Ref) string { return filepath.Join(d.root, string(ref[:2]), string(ref)) }

// Open implements Store.
func (d *Dir) Open(_ context.Context, ref Ref) (Reader, error) {
	if _, err := ParseRef(string(ref)); err != nil {
		return nil, err
	}
	f, err := os.Open(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Missing(err)
	}
	if err != nil {
		return nil, unusable(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(unusable(err), f.Close())
	}
	return NewVerifier(f, info.Size(), ref), nil
}

// List implements Sweeper.
func (d *Dir) List(ctx context.Context, each func(Info) error) error {
	return filepath.WalkDir(d.root, func(_ string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed while we walk
		}
		if err != nil {
			return unusable(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		ref, err := ParseRef(e.Name())
		if e.IsDir() || err != nil {
			return nil //nolint:nilerr // folders and foreign files are no objects
		}
		info, err := e.Info()
		if err != nil {
			return nil //nolint:nilerr // removed while we walk
		}
		return each(Info{Ref: ref, Size: info.Size(), Modified: info.ModTime()})
	})
}

// Remove implements Sweeper.
func (d *Dir) Remove(_ context.Context, ref Ref) error {
	if _, err := ParseRef(string(ref)); err != nil {
		return err
	}
	d.sweep.Lock()
	defer d.sweep.Unlock()
	info, err := os.Stat(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unusable(err)
	}
	if time.Since(info.ModTime()) < SweepAge {
		return TooYoung()
	}
	if err := os.Remove(d.path(ref)); err != nil {
		return unusable(err)
	}
	return nil
}

// Root is the folder, for messages.
func (d *Dir) Root() string { return strings.TrimSuffix(d.root, "/") }
