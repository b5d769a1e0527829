package office

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
)

// Submit makes an immutable version of a draft with its preview and asks the
// reviewers, in their order. Without reviewers the letter is approved at once.
func (o *Office) Submit(ctx context.Context, actor account.Actor, id string) (db.Letter, error) {
	d, err := o.Draft(ctx, actor, id)
	if err != nil {
		return d.Letter, err
	}
	if err := d.Content.Check(); err != nil {
		return d.Letter, err
	}
	if err := o.canBeNumbered(); err != nil {
		return d.Letter, err
	}
	signer, err := o.signerAt(ctx, d.Letter.SignerPositionID, o.Now())
	if err != nil {
		return d.Letter, err
	}
	v, file, err := o.newVersion(ctx, actor, d, signer)
	if err != nil {
		return d.Letter, err
	}
	l := d.Letter
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return o.enterVersion(ctx, tx, actor, &l, d, v, file) })
	return l, err
}

// canBeNumbered refuses letters whose QR would lead nowhere.
func (o *Office) canBeNumbered() error {
	if o.PublicURL != "" {
		return nil
	}
	return problem.New(problem.Unavailable, "Alamat publik belum diatur, jadi kode QR surat tidak akan dapat diperiksa. Minta admin mengisi public_url di naskah.yaml, lalu kirim lagi.",
		"The public address is not set, so the letter's QR could not be checked. Ask the administrator to set public_url in naskah.yaml, then send again.", nil)
}

func (o *Office) newVersion(ctx context.Context, actor account.Actor, d Draft, signer SignerSnapshot) (db.Version, db.File, error) {
	res, err := o.preview(ctx, d.Letter, d.Content, signer)
	if err != nil {
		return db.Version{}, db.File{}, err
	}
	ref, err := o.Store.Put(ctx, bytes.NewReader(res.PDF))
	if err != nil {
		return db.Version{}, db.File{}, fmt.Errorf("keep preview: %w", err)
	}
	content, err := d.Content.Canonical()
	if err != nil {
		return db.Version{}, db.File{}, err
	}
	digest, err := d.Content.Digest()
	if err != nil {
		return db.Version{}, db.File{}, err
	}
	v := db.Version{ID: db.NewID(), LetterID: d.Letter.ID, Content: string(content), Digest: hex.EncodeToString(digest[:]), PreviewRef: string(ref), CreatedBy: actor.PersonID}
	file := db.File{
		ID: db.NewID(), LetterID: d.Letter.ID, OfficeID: d.Letter.OfficeID, Role: db.RolePreview, Ref: string(ref), Recipe: "preview " + v.ID,
		Name: fileName(d.Letter, " (konsep)"), Media: string(page.PDF), Size: int64(len(res.PDF)),
	}
	return v, file, nil
}

func (o *Office) enterVersion(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, d Draft, v db.Version, file db.File) error {
	if err := move(l, letter.Submit); err != nil {
		return err
	}
	if err := errors.Join(tx.AddVersion(ctx, &v), tx.AddFile(ctx, &file)); err != nil {
		return err
	}
	initials, err := o.reviewersOf(ctx, tx, d, v)
	if err != nil {
		return err
	}
	if err := tx.AddInitials(ctx, initials); err != nil {
		return err
	}
	l.VersionID, l.ReturnNote = v.ID, ""
	if len(initials) == 0 {
		return o.approve(ctx, tx, actor, l, "approved", map[string]any{"version": v.Seq, "digest": v.Digest})
	}
	return o.touch(ctx, tx, actor, l, "submitted", map[string]any{"version": v.Seq, "digest": v.Digest})
}

func (o *Office) reviewersOf(ctx context.Context, tx db.Tx, d Draft, v db.Version) ([]db.Initial, error) {
	var rows []db.Initial
	seen := map[string]bool{}
	for _, id := range d.Reviewers {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, err := tx.Position(ctx, id)
		if err != nil || p.OfficeID != d.Letter.OfficeID {
			return nil, problem.New(problem.Invalid, "Salah satu pemeriksa tidak ada lagi. Pilih lagi pemeriksanya.", "One of the reviewers no longer exists. Choose the reviewers again.", err)
		}
		rows = append(rows, db.Initial{ID: db.NewID(), LetterID: v.LetterID, VersionID: v.ID, Seq: len(rows) + 1, PositionID: p.ID, Title: p.Title, State: db.InitialWaiting})
	}
	return rows, nil
}

// TakeBack lets the author change a letter that is still being reviewed: the
// version stays, its initials are not asked for any more.
func (o *Office) TakeBack(ctx context.Context, actor account.Actor, id string) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID {
		return l, problem.New(problem.Forbidden, "Hanya penyusunnya yang dapat menarik kembali surat ini.", "Only its author can take this letter back.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Rewrite); err != nil {
			return err
		}
		return o.touch(ctx, tx, actor, &l, "taken-back", nil)
	})
	return l, err
}

// Cancel ends a letter that is not signed. Its number, if it has one, is void
// for ever.
func (o *Office) Cancel(ctx context.Context, actor account.Actor, id, reason string) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID && !actor.Holds(l.SignerPositionID) {
		return l, problem.New(problem.Forbidden, "Hanya penyusun atau penandatangannya yang dapat membatalkan surat ini.", "Only its author or its signer can cancel this letter.", nil)
	}
	if reason == "" {
		return l, problem.New(problem.Invalid, "Tulis dulu alasan pembatalannya.", "Write first why it is cancelled.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Cancel); err != nil {
			return err
		}
		if err := tx.SettleNumbers(ctx, l.ID, db.NumberVoid, reason); err != nil {
			return err
		}
		l.ReturnNote = reason
		return o.touch(ctx, tx, actor, &l, "cancelled", map[string]string{"reason": reason})
	})
	return l, err
}
