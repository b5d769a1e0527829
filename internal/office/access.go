package office

import (
	"context"
	"encoding/json"
	"errors"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// seen gives the letter when the actor may see it; otherwise problem.NotFound,
// in the same words as for a letter that does not exist.
func (o *Office) seen(ctx context.Context, actor account.Actor, id string) (db.Letter, error) {
	l, err := o.DB.Letter(ctx, id)
	if err != nil {
		return db.Letter{}, hideMissing(err)
	}
	readers, err := o.DB.ReadersOf(ctx, id)
	if err != nil {
		return db.Letter{}, err
	}
	if actor.IsSystem() && actor.OfficeID == l.OfficeID || actor.MaySee(readers) {
		return l, nil
	}
	return db.Letter{}, noLetter(nil)
}

func hideMissing(err error) error {
	if errors.Is(err, problem.NotFound) {
		return noLetter(err)
	}
	return err
}

func noLetter(cause error) error {
	return problem.New(problem.NotFound, "Surat tidak ditemukan, atau bukan untuk Anda. Cari lagi di Arsip, atau tanyakan kepada Pencatat Surat.",
		"There is no such letter, or it is not for you. Search the archive again, or ask the registry clerk.", cause)
}

// setReaders writes down who may see the letter, after its class and those who
// take part. The row is marked index pending in the same transaction, so that a
// narrowed access holds at once.
func (o *Office) setReaders(ctx context.Context, tx db.Tx, l db.Letter) error {
	people, positions, err := tx.Participants(ctx, l.ID)
	if err != nil {
		return err
	}
	if letter.Class(l.Class) == letter.TopSecret && l.ForwardedTo != "" { // seen by name alone
		heads, err := tx.HeldAt(ctx, "", l.ForwardedTo, o.Now())
		if err != nil {
			return err
		}
		for _, h := range heads {
			people = append(people, h.Person.ID)
		}
	}
	return tx.SetReaders(ctx, l.ID, account.Audience{
		OfficeID: l.OfficeID, UnitID: l.UnitID, Class: letter.Class(l.Class),
		People: append(people, l.CreatedBy, l.SignerPersonID), Positions: append(positions, l.SignerPositionID),
	}.Readers())
}

// record appends to the office's audit chain what the actor did to the letter.
// detail must never hold a passphrase or a personal number.
func (o *Office) record(ctx context.Context, tx db.Tx, actor account.Actor, l db.Letter, action string, detail any) error {
	raw, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return tx.AppendAudit(ctx, audit.Entry{
		OfficeID: l.OfficeID, At: o.Now().UTC(), PersonID: actor.PersonID, Actor: actor.Name, Title: actor.Title(),
		Action: action, Kind: "letter", ObjectID: l.ID, Detail: string(raw),
	})
}

// touch saves a changed letter: a new revision, the right readers, the audit
// entry and the job that brings the index in step, all in the caller's
// transaction.
func (o *Office) touch(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, action string, detail any) error {
	l.IndexPending = true
	if err := tx.UpdateLetter(ctx, l); err != nil {
		return err
	}
	return errors.Join(
		o.setReaders(ctx, tx, *l),
		o.record(ctx, tx, actor, *l, action, detail),
		o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{l.ID}),
	)
}

// move checks the machine and moves the letter.
func move(l *db.Letter, m letter.Move) error {
	next, err := letter.Next(letter.State(l.State), m)
	if err != nil {
		return err
	}
	l.State = string(next)
	return nil
}
