package office

import (
	"context"
	"fmt"
	"io"
	"os"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
	"naskah/storage"
)

func (o *Office) openRef(ctx context.Context, ref string) (storage.Reader, error) {
	r, err := o.Store.Open(ctx, storage.Ref(ref))
	if err != nil {
		return nil, fmt.Errorf("open object %s: %w", ref, err)
	}
	return r, nil
}

// readAll gives an object whole; for letters that we made ourselves, which are
// small.
func (o *Office) readAll(ctx context.Context, ref string) ([]byte, error) {
	r, err := o.openRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if e := r.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, fmt.Errorf("read object %s: %w", ref, err)
	}
	return b, nil
}

// derive makes a new object of a letter with make, which writes to a working
// file, and enters its row. Bytes before rows; both may happen twice.
func (o *Office) derive(ctx context.Context, file db.File, make func(w *os.File) error) (db.File, error) {
	work, discard, err := o.tempFile()
	if err != nil {
		return file, err
	}
	defer discard()
	if err := make(work); err != nil {
		return file, err
	}
	size, err := work.Seek(0, io.SeekEnd)
	if err != nil {
		return file, fmt.Errorf("size of derived file: %w", err)
	}
	if _, err := work.Seek(0, io.SeekStart); err != nil {
		return file, fmt.Errorf("rewind derived file: %w", err)
	}
	ref, err := o.Store.Put(ctx, work)
	if err != nil {
		return file, fmt.Errorf("keep derived file: %w", err)
	}
	file.ID, file.Ref, file.Size = db.NewID(), string(ref), size
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.AddFile(ctx, &file) })
	return file, err
}

// Download is a file of a letter, opened for somebody who may have it.
type Download struct {
	File  db.File
	Bytes storage.Reader
}

// OpenFile opens a file of a letter that the actor may see. A final PDF is never
// given before it is signed: an unsigned letter with a number must not leave the
// office.
func (o *Office) OpenFile(ctx context.Context, actor account.Actor, letterID, fileID string) (Download, error) {
	l, err := o.seen(ctx, actor, letterID)
	if err != nil {
		return Download{}, err
	}
	f, err := o.DB.File(ctx, fileID)
	if err != nil || f.LetterID != l.ID {
		return Download{}, hideMissing(orNotFound(err))
	}
	if f.Role == db.RoleFinal || f.Role == db.RolePrint && letter.State(l.State) == letter.Cancelled {
		return Download{}, problem.New(problem.Forbidden, "Surat ini belum ditandatangani, jadi berkas akhirnya belum boleh diunduh.",
			"This letter is not signed yet, so its final file cannot be downloaded.", nil)
	}
	r, err := o.openRef(ctx, f.Ref)
	return Download{File: f, Bytes: r}, err
}

func orNotFound(err error) error {
	if err == nil {
		return problem.NotFound
	}
	return err
}

// VisibleFiles are the files of a letter that its page may show.
func VisibleFiles(files []db.File) []db.File {
	out := make([]db.File, 0, len(files))
	for _, f := range files {
		if f.Role != db.RoleFinal && f.Role != db.RoleConverted {
			out = append(out, f)
		}
	}
	return out
}

// fileName is what a letter is called when it is saved: its number or subject.
func fileName(l db.Letter, suffix string) string {
	base := l.Number
	if base == "" {
		base = l.Subject
	}
	safe := []rune(SafeName(replaceSlashes(base)))
	if len(safe) > 80 {
		safe = safe[:80]
	}
	return string(safe) + suffix + ".pdf"
}

func replaceSlashes(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '/' || r == '\\' || r == ':' {
			out[i] = '-'
		}
	}
	return string(out)
}

// displayFile is the file whose pages a person looks at now: what is signed, or
// what will be signed, or the newest preview, or the stamped copy, or the
// original.
func (o *Office) displayFile(ctx context.Context, l db.Letter) (db.File, error) {
	roles := []string{db.RoleConverted, db.RoleOriginal}
	if l.Direction == string(letter.Outgoing) {
		roles = []string{db.RoleSigned, db.RoleFinal, db.RolePreview}
		if l.Ink {
			roles = []string{db.RoleInk, db.RolePrint}
		}
		if s := letter.State(l.State); s == letter.Draft || s == letter.Returned || s == letter.InReview {
			roles = []string{db.RolePreview}
		}
	}
	for _, role := range roles {
		f, err := o.DB.LetterFile(ctx, l.ID, role)
		if problem.KindOf(err) == problem.NotFound {
			continue
		}
		return f, err
	}
	return db.File{}, problem.New(problem.NotFound, "Surat ini belum punya halaman untuk ditampilkan.", "This letter has no pages to show yet.", nil)
}
