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
	"syscall"
	"time"

	"naskah/internal/problem"
)

// Dir keeps objects in a folder: DIR/ab/abcdef…, each written under a temporary
// name, flushed, renamed, and its folder flushed, so that a name is always whole
// bytes, also after a power cut.
type Dir struct{ root string }

const temporary = "tmp"

// NewDir opens the folder, making it when missing, and removes what a dead
// process left half-written. One process at a time owns a folder.
func NewDir(root string) (*Dir, error) {
	if err := os.MkdirAll(filepath.Join(root, temporary), 0o700); err != nil {
		return nil, unusable(err)
	}
	left, err := os.ReadDir(filepath.Join(root, temporary))
	if err != nil {
		return nil, unusable(err)
	}
	for _, e := range left {
		if err := os.Remove(filepath.Join(root, temporary, e.Name())); err != nil {
			return nil, unusable(err)
		}
	}
	return &Dir{root: root}, nil
}

func unusable(cause error) error {
	return problem.New(problem.Unavailable, "Folder penyimpanan tidak dapat dipakai. Periksa izin folder dan ruang disk.",
		"The storage folder cannot be used. Check its permissions and the free disk space.", cause)
}

func (d *Dir) path(ref Ref) string { return filepath.Join(d.root, string(ref[:2]), string(ref)) }

// Put implements Store.
func (d *Dir) Put(ctx context.Context, r io.Reader) (Ref, error) {
	tmp, err := os.CreateTemp(filepath.Join(d.root, temporary), "put-*")
	if err != nil {
		return "", notKept(err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when it was renamed
	ref, err := CopyHashed(ctx, tmp, r)
	if err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return "", notKept(err)
	}
	return ref, d.settle(tmp.Name(), ref)
}

// settle gives the temporary file its name, or renews the time of known bytes.
func (d *Dir) settle(tmp string, ref Ref) error {
	path, now := d.path(ref), time.Now()
	if info, err := os.Stat(path); err == nil && d.sameSize(info, tmp) {
		if err := os.Chtimes(path, now, now); err == nil {
			return nil
		} // removed by a sweep this very moment: write it anew
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return notKept(err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return notKept(err)
	}
	if err := syncFolder(folder); err != nil {
		return notKept(err)
	}
	return syncFolder(d.root)
}

func (d *Dir) sameSize(info fs.FileInfo, tmp string) bool {
	t, err := os.Stat(tmp)
	return err == nil && t.Size() == info.Size()
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return notKept(err)
	}
	return errors.Join(f.Sync(), f.Close())
}

func notKept(cause error) error {
	var known *problem.Error
	switch {
	case errors.As(cause, &known):
		return cause
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		return problem.New(problem.Unavailable, "Penyimpanan dibatalkan; tidak ada yang tersimpan.", "Storing was cancelled; nothing was kept.", cause)
	case errors.Is(cause, syscall.ENOSPC), errors.Is(cause, syscall.EDQUOT), errors.Is(cause, syscall.EFBIG):
		return problem.New(problem.Unavailable, "Disk penuh, jadi berkas belum tersimpan. Kosongkan ruang disk, lalu kirim lagi.",
			"The disk is full, so the file was not kept. Free some space and send it again.", cause)
	}
	return problem.New(problem.Unavailable, "Berkas tidak dapat disimpan. Periksa penyimpanan, lalu kirim lagi.",
		"The file could not be kept. Check the storage and send it again.", cause)
}

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
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
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
	info, err := os.Stat(d.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at object: %w", err)
	}
	if time.Since(info.ModTime()) < SweepAge {
		return TooYoung()
	}
	return os.Remove(d.path(ref))
}

// Root is the folder, for messages.
func (d *Dir) Root() string { return strings.TrimSuffix(d.root, "/") }
