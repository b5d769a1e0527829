package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
	"naskah/storage"
)

// Upload is a file that somebody hands in.
type Upload struct {
	// Name is what the sender called it. It is shown, never trusted.
	Name  string
	Bytes io.Reader
}

// Received says what became of an upload.
type Received struct {
	LetterID  string
	Ref       storage.Ref
	Kind      page.Kind
	Duplicate bool // LetterID is the letter that already holds these bytes
}

// Receive keeps a scan or document as a new incoming letter and queues its
// reading. When it returns nil the bytes and the row are durable. Bytes that a
// letter already holds give that letter, but only to a person who may see it.
// Files that are no document at all are problem.Unsupported or problem.Invalid
// and leave nothing behind; documents that cannot be read are kept, and their
// letter says why.
func (o *Office) Receive(ctx context.Context, actor account.Actor, up Upload) (Received, error) {
	if err := requireAny(actor, account.CanRegister, account.CanArchive); err != nil {
		return Received{}, err
	}
	in, err := o.keep(ctx, up)
	if err != nil {
		return Received{}, err
	}
	return o.enter(ctx, actor, in)
}

// keep stores the bytes of a document, whatever its name says that it is.
func (o *Office) keep(ctx context.Context, up Upload) (incoming, error) {
	file, discard, err := o.spool(up.Bytes)
	if err != nil {
		return incoming{}, err
	}
	defer discard()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return incoming{}, fmt.Errorf("size of upload: %w", err)
	}
	kind, err := page.Sniff(file, size)
	if err != nil {
		return incoming{}, err
	}
	if _, err = file.Seek(0, io.SeekStart); err != nil {
		return incoming{}, fmt.Errorf("rewind upload: %w", err)
	}
	ref, err := o.Store.Put(ctx, file)
	if err != nil {
		return incoming{}, fmt.Errorf("keep upload: %w", err)
	}
	return incoming{name: SafeName(up.Name), ref: ref, kind: kind, size: size}, nil
}

// spool copies an upload to a working file, refusing it as soon as it grows over
// the limit, so that an endless upload costs no more than the limit.
func (o *Office) spool(r io.Reader) (*os.File, func(), error) {
	file, discard, err := o.tempFile()
	if err != nil {
		return nil, nil, err
	}
	n, err := io.Copy(file, io.LimitReader(r, o.Limits.UploadBytes+1))
	switch {
	case err != nil:
		discard()
		return nil, nil, problem.New(problem.Unavailable, "Berkas tidak sampai seluruhnya. Periksa sambungan, lalu kirim lagi.", "The file did not arrive whole. Check the connection and send it again.", err)
	case n > o.Limits.UploadBytes:
		discard()
		mb := o.Limits.UploadBytes >> 20
		return nil, nil, problem.New(problem.TooLarge,
			fmt.Sprintf("Berkas lebih besar dari %d MB. Pindai lagi dengan 300 dpi abu-abu, atau bagi menjadi beberapa berkas.", mb),
			fmt.Sprintf("The file is larger than %d MB. Scan it again at 300 dpi in grey, or split it.", mb), nil)
	}
	return file, discard, nil
}

type incoming struct {
	name string
	ref  storage.Ref
	kind page.Kind
	size int64
}

func (o *Office) enter(ctx context.Context, actor account.Actor, in incoming) (Received, error) {
	out := Received{Ref: in.ref, Kind: in.kind}
	err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		held, err := tx.LettersHolding(ctx, actor.OfficeID, string(in.ref), actor.ReaderWords())
		if err != nil {
			return err
		}
		if len(held) > 0 {
			out.LetterID, out.Duplicate = held[0].ID, true
			return nil
		}
		l, err := o.newIncoming(ctx, tx, actor, in)
		out.LetterID = l.ID
		return err
	})
	return out, err
}

func (o *Office) newIncoming(ctx context.Context, tx db.Tx, actor account.Actor, in incoming) (db.Letter, error) {
	l := db.Letter{
		ID: db.NewID(), OfficeID: actor.OfficeID, UnitID: firstUnit(actor),
		Direction: string(letter.Incoming), Kind: "surat-masuk",
		State: string(letter.Received), ReadState: string(letter.Reading),
		Subject: strings.TrimSuffix(in.name, filepath.Ext(in.name)),
		Class:   string(letter.Open), Urgency: string(letter.Normal),
		ReceivedAt: o.Now().UTC(), CreatedBy: actor.PersonID, IndexPending: true,
	}
	if err := tx.InsertLetter(ctx, &l); err != nil {
		return l, err
	}
	file := db.File{
		ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleOriginal, Ref: string(in.ref),
		Name: in.name, Media: string(in.kind), Size: in.size,
	}
	return l, errors.Join(
		tx.AddFile(ctx, &file),
		o.setReaders(ctx, tx, l),
		o.record(ctx, tx, actor, l, "received", map[string]string{"name": in.name, "sha256": string(in.ref)}),
		o.Queue.Enqueue(ctx, tx, jobRead, ReadJob{LetterID: l.ID, From: 1}),
	)
}

func firstUnit(actor account.Actor) string {
	for _, h := range actor.Holdings {
		if h.UnitID != "" {
			return h.UnitID
		}
	}
	return ""
}

func requireAny(actor account.Actor, abilities ...account.Ability) error {
	var err error
	for _, a := range abilities {
		if err = actor.Require(a); err == nil {
			return nil
		}
	}
	return err
}

// maxName keeps a name short enough for every file system and every list.
const maxName = 120

// SafeName makes a name that can be shown and offered for saving: no folders, no
// control characters, at most 120 letters, never empty. "../../etc/passwd" is
// "passwd".
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.In(r, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	if n := utf8.RuneCountInString(name); n > maxName {
		runes := []rune(name)
		ext := []rune(filepath.Ext(name))
		if len(ext) > 8 {
			ext = nil
		}
		name = string(runes[:maxName-len(ext)]) + string(ext)
	}
	if name == "" || name == "/" {
		return "tanpa nama"
	}
	return name
}
