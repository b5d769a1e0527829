package office

import (
	"context"
	"errors"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// Initial gives the actor's initial to the version that they were shown. version
// is its id as it stood on the page: when another one is current by now it is
// problem.Conflict. The last initial approves the letter.
func (o *Office) Initial(ctx context.Context, actor account.Actor, id, version string) (db.Letter, error) {
	return o.settle(ctx, actor, id, version, func(ctx context.Context, tx db.Tx, l *db.Letter, turn turn) error {
		turn.mine.State, turn.mine.Digest, turn.mine.PreviewRef = db.InitialGiven, turn.version.Digest, turn.version.PreviewRef
		if err := tx.SettleInitial(ctx, &turn.mine); err != nil {
			return err
		}
		detail := map[string]any{"version": turn.version.Seq, "digest": turn.version.Digest, "preview": turn.version.PreviewRef}
		if !turn.last {
			return o.touch(ctx, tx, actor, l, "initialled", detail)
		}
		if err := o.record(ctx, tx, actor, *l, "initialled", detail); err != nil {
			return err
		}
		return o.approve(ctx, tx, actor, l, "approved", detail)
	})
}

// SendBack returns the letter to its author with a note. The reviewer whose turn
// it is may, and so may the signer of a letter that waits for the signature: its
// number stays reserved for it in the same year.
func (o *Office) SendBack(ctx context.Context, actor account.Actor, id, version, note string) (db.Letter, error) {
	if strings.TrimSpace(note) == "" {
		return db.Letter{}, problem.New(problem.Invalid, "Tulis dulu apa yang harus diperbaiki.", "Write first what has to be mended.", nil)
	}
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if letter.State(l.State) == letter.Ready {
		return o.sendBackBySigner(ctx, actor, l, note)
	}
	return o.settle(ctx, actor, id, version, func(ctx context.Context, tx db.Tx, l *db.Letter, turn turn) error {
		turn.mine.State, turn.mine.Note = db.InitialReturned, note
		if err := tx.SettleInitial(ctx, &turn.mine); err != nil {
			return err
		}
		return o.returned(ctx, tx, actor, l, note)
	})
}

func (o *Office) sendBackBySigner(ctx context.Context, actor account.Actor, l db.Letter, note string) (db.Letter, error) {
	if !actor.Holds(l.SignerPositionID) {
		return l, problem.New(problem.Forbidden, "Hanya penandatangannya yang dapat mengembalikan surat ini.", "Only its signer can send this letter back.", nil)
	}
	err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return o.returned(ctx, tx, actor, &l, note) })
	return l, err
}

// returned clears what was made for the signature; a new submission makes it
// anew, with the number that stays reserved.
func (o *Office) returned(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, note string) error {
	if err := move(l, letter.SendBack); err != nil {
		return err
	}
	l.ReturnNote, l.FinalRef, l.Number = note, "", ""
	return o.touch(ctx, tx, actor, l, "sent-back", map[string]string{"note": note})
}

type turn struct {
	mine    db.Initial
	version db.Version
	last    bool
}

func (o *Office) settle(ctx context.Context, actor account.Actor, id, version string, do func(context.Context, db.Tx, *db.Letter, turn) error) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if l, err = tx.Letter(ctx, id); err != nil {
			return err
		}
		t, err := o.turnOf(ctx, tx, actor, l, version)
		if err != nil {
			return err
		}
		return do(ctx, tx, &l, t)
	})
	return l, err
}

// turnOf finds the actor's place: the first initial that still waits must be
// theirs.
func (o *Office) turnOf(ctx context.Context, tx db.Tx, actor account.Actor, l db.Letter, version string) (turn, error) {
	if letter.State(l.State) != letter.InReview || version != l.VersionID {
		return turn{}, problem.New(problem.Conflict, "Surat ini sudah berubah sejak Anda membukanya. Buka lagi, baca, lalu beri paraf.",
			"This letter changed since you opened it. Open it again, read it, then initial it.", nil)
	}
	v, errV := tx.Version(ctx, l.VersionID)
	initials, errI := tx.Initials(ctx, l.VersionID)
	if err := errors.Join(errV, errI); err != nil {
		return turn{}, err
	}
	for i, mine := range initials {
		if mine.State != db.InitialWaiting {
			continue
		}
		if !actor.Holds(mine.PositionID) {
			return turn{}, problem.New(problem.Forbidden, "Sekarang giliran "+mine.Title+" memberi paraf.", "It is the turn of "+mine.Title+" to initial.", nil)
		}
		mine.PersonID, mine.Name, mine.At = actor.PersonID, actor.Name, o.Now().UTC()
		return turn{mine: mine, version: v, last: i == len(initials)-1}, nil
	}
	return turn{}, problem.New(problem.Conflict, "Semua paraf sudah diberikan.", "All initials were given.", nil)
}
