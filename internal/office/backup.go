package office

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
	"naskah/storage"
)

// A backup is a tar: naskah.json (what it is), rows.jsonl.gz (every row as of one
// moment), keys/… (the service's keys), settings/naskah.yaml, and objects/SHA-256
// for every object that the rows need. Objects never change, so copying them after
// the rows gives the state of the rows' moment.
const (
	backupHead     = "naskah.json"
	backupRows     = "rows.jsonl.gz"
	backupKeys     = "keys/"
	backupSettings = "settings/naskah.yaml"
	backupObjects  = "objects/"
	backupFormat   = 1
)

type backupNote struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Objects int       `json:"objects"`
}

// BackupPlaces are the files that a backup holds besides rows and objects.
type BackupPlaces struct {
	KeysDir      string
	SettingsFile string // "" or missing: there is none
}

// Backup writes everything as of one moment, while the service runs.
func (o *Office) Backup(ctx context.Context, w io.Writer, places BackupPlaces) error {
	rows, discard, err := o.tempFile()
	if err != nil {
		return err
	}
	defer discard()
	needed := map[string]bool{}
	zip := gzip.NewWriter(rows)
	if err := o.DB.Export(ctx, zip, func(ref string) error { needed[ref] = true; return nil }); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return fmt.Errorf("pack rows: %w", err)
	}
	out := tar.NewWriter(w)
	head, err := json.Marshal(backupNote{backupFormat, o.Now().UTC(), len(needed)})
	if err != nil {
		return fmt.Errorf("backup head: %w", err)
	}
	err = errors.Join(o.addBytes(out, backupHead, head), o.addFile(out, backupRows, rows), o.addFolder(out, backupKeys, places.KeysDir), o.addSettings(out, places.SettingsFile))
	if err != nil {
		return err
	}
	for ref := range needed {
		if err := o.addObject(ctx, out, ref); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("finish backup: %w", err)
	}
	return nil
}

func (o *Office) header(name string, size int64) *tar.Header {
	return &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: o.Now(), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
}

func (o *Office) addBytes(out *tar.Writer, name string, b []byte) error {
	if err := out.WriteHeader(o.header(name, int64(len(b)))); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	_, err := out.Write(b)
	return err
}

func (o *Office) addFile(out *tar.Writer, name string, f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	if err := out.WriteHeader(o.header(name, size)); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	if _, err := io.Copy(out, f); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	return nil
}

func (o *Office) addFolder(out *tar.Writer, prefix, dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup of keys: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return fmt.Errorf("backup of keys: %w", err)
		}
		if err := o.addBytes(out, prefix+e.Name(), b); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) addSettings(out *tar.Writer, path string) error {
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup of settings: %w", err)
	}
	return o.addBytes(out, backupSettings, b)
}

// addObject copies an object and checks its digest on the way: a backup with
// altered bytes is worse than none.
func (o *Office) addObject(ctx context.Context, out *tar.Writer, ref string) error {
	r, err := o.openRef(ctx, ref)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	if err := out.WriteHeader(o.header(backupObjects+ref, r.Size())); err != nil {
		return fmt.Errorf("backup object %s: %w", ref, err)
	}
	if _, err := io.Copy(out, r); err != nil {
		return fmt.Errorf("backup object %s: %w", ref, err)
	}
	return nil
}

func badBackup(cause error) error {
	return problem.New(problem.Invalid, "Berkas cadangan rusak atau bukan cadangan Naskah. Pakai cadangan lain.", "The backup is damaged or is none of Naskah's. Use another one.", cause)
}

// maxSmall bounds keys and settings in a backup.
const maxSmall = 1 << 20

// Unpack reads a backup: keys and settings go to their places, objects into the
// store (each must have the digest that it is named by), and rows into a working
// file that is given back for RestoreRows.
func Unpack(ctx context.Context, r io.Reader, store storage.Store, places BackupPlaces, tempDir string) (rows *os.File, err error) {
	u := unpacking{store: store, places: places, tempDir: tempDir, in: tar.NewReader(bufio.NewReaderSize(r, 1<<20))}
	if err := u.all(ctx); err != nil {
		if u.rows != nil {
			err = errors.Join(err, u.rows.Close(), os.Remove(u.rows.Name()))
		}
		return nil, err
	}
	return u.rows, nil
}

// unpacking is a backup on its way back.
type unpacking struct {
	store   storage.Store
	places  BackupPlaces
	tempDir string
	in      *tar.Reader
	note    backupNote
	rows    *os.File
	objects int
}

func (u *unpacking) all(ctx context.Context) error {
	for {
		h, err := u.in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return badBackup(err)
		}
		if err := u.one(ctx, h.Name); err != nil {
			return err
		}
	}
	if u.note.Format != backupFormat || u.rows == nil || u.objects != u.note.Objects {
		return badBackup(fmt.Errorf("format %d, %d of %d objects", u.note.Format, u.objects, u.note.Objects))
	}
	return nil
}

func (u *unpacking) one(ctx context.Context, name string) (err error) {
	key, isKey := strings.CutPrefix(name, backupKeys)
	object, isObject := strings.CutPrefix(name, backupObjects)
	switch {
	case name == backupHead:
		return json.NewDecoder(io.LimitReader(u.in, maxSmall)).Decode(&u.note)
	case name == backupRows:
		u.rows, err = unpackRows(u.in, u.tempDir)
		return err
	case name == backupSettings:
		return unpackSmall(u.in, u.places.SettingsFile)
	case isKey:
		return unpackSmall(u.in, filepath.Join(u.places.KeysDir, filepath.Base(key)))
	case isObject:
		u.objects++
		return unpackObject(ctx, u.in, u.store, object)
	}
	return nil // of a later version; what we know is checked by the numbers
}

func unpackRows(in io.Reader, tempDir string) (*os.File, error) {
	f, err := os.CreateTemp(tempDir, "rows-*")
	if err != nil {
		return nil, fmt.Errorf("working copy of rows: %w", err)
	}
	zip, err := gzip.NewReader(in)
	if err != nil {
		return f, badBackup(err)
	}
	if _, err := io.Copy(f, zip); err != nil { //nolint:gosec // our own backup; the disk is the bound
		return f, badBackup(err)
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

func unpackSmall(in io.Reader, path string) error {
	b, err := io.ReadAll(io.LimitReader(in, maxSmall))
	if err != nil {
		return badBackup(err)
	}
	if path == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	return os.WriteFile(path, b, 0o600)
}

func unpackObject(ctx context.Context, in io.Reader, store storage.Store, name string) error {
	want, err := storage.ParseRef(name)
	if err != nil {
		return badBackup(err)
	}
	got, err := store.Put(ctx, in)
	if err != nil {
		return err
	}
	if got != want {
		return badBackup(fmt.Errorf("object %s has the digest %s", want, got))
	}
	return nil
}

// RestoreRows fills the empty database and queues what was waiting: readings,
// index entries, final letters. The index begins empty, so all is indexed.
func (o *Office) RestoreRows(ctx context.Context, rows io.Reader) error {
	if err := o.DB.Import(ctx, rows); err != nil {
		return err
	}
	unfinished, err := o.DB.Unfinished(ctx)
	if err != nil {
		return err
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, l := range unfinished {
			if err := o.queueAnew(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *Office) queueAnew(ctx context.Context, tx db.Tx, l db.Letter) error {
	if s := letter.ReadState(l.ReadState); s == letter.Reading || s == letter.Waiting {
		return o.Queue.Enqueue(ctx, tx, jobRead, ReadJob{LetterID: l.ID, From: 1})
	}
	if letter.State(l.State) == letter.Approved {
		return o.Queue.Enqueue(ctx, tx, jobPrepare, LetterJob{l.ID})
	}
	return o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{l.ID})
}
