package office

import (
	"context"
	"errors"
	"os"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
)

// PrintForInk gives out a letter to be printed and signed with ink, because its
// signer has no valid certificate. From then on it waits for the scan of its paper.
// Printing again gives the same file.
func (o *Office) PrintForInk(ctx context.Context, actor account.Actor, id string) (db.Letter, error) {
	defer o.signing.lock(id)()
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if err := o.mayPrint(ctx, actor, l); err != nil {
		return l, err
	}
	final, err := o.DB.LetterFile(ctx, l.ID, db.RoleFinal)
	if err != nil {
		return l, err
	}
	sheet, err := o.setFinal(ctx, l, true)
	if err != nil {
		return l, err
	}
	_, err = o.derive(ctx, db.File{
		LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RolePrint, FromFile: final.ID, Recipe: "ink " + l.FinalRef, Name: fileName(l, " (untuk tanda tangan basah)"), Media: string(page.PDF),
	}, func(w *os.File) error {
		_, err := w.Write(sheet)
		return err
	})
	if err != nil {
		return l, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Print); err != nil {
			return err
		}
		l.Ink = true
		return o.touch(ctx, tx, actor, &l, "printed", nil)
	})
	return l, err
}

func (o *Office) mayPrint(ctx context.Context, actor account.Actor, l db.Letter) error {
	if l.CreatedBy != actor.PersonID && !actor.Holds(l.SignerPositionID) {
		if err := requireAny(actor, account.CanRegister); err != nil {
			return err
		}
	}
	if _, err := letter.Next(letter.State(l.State), letter.Print); err != nil {
		return err
	}
	_, err := o.DB.KeyOf(ctx, l.SignerPersonID, o.Now())
	if err == nil {
		return problem.New(problem.Conflict, "Penandatangan surat ini punya sertifikat yang masih berlaku, jadi surat ditandatangani secara elektronik.",
			"The signer of this letter has a valid certificate, so it is signed electronically.", nil)
	}
	if problem.KindOf(err) != problem.NotFound {
		return err
	}
	return nil
}

// MayPrint says whether the actor can print the letter for a signature in ink now.
func (o *Office) MayPrint(ctx context.Context, actor account.Actor, l db.Letter) bool {
	return o.mayPrint(ctx, actor, l) == nil
}

// BindInk takes the scan of a letter that was signed with ink: the letter is signed
// from then on, with the scan as its proof.
func (o *Office) BindInk(ctx context.Context, actor account.Actor, id string, up Upload) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID && !actor.Holds(l.SignerPositionID) {
		if err := requireAny(actor, account.CanRegister); err != nil {
			return l, err
		}
	}
	if _, err := letter.Next(letter.State(l.State), letter.BindInk); err != nil {
		return l, err
	}
	f, err := o.keepScan(ctx, actor, l, db.RoleInk, up)
	if err != nil {
		return l, err
	}
	return l, o.enterInk(ctx, actor, &l, f)
}

func (o *Office) enterInk(ctx context.Context, actor account.Actor, l *db.Letter, f db.File) error {
	content, err := o.contentOf(ctx, *l)
	if err != nil {
		return err
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := tx.AddFile(ctx, &f); err != nil {
			return err
		}
		if err := move(l, letter.BindInk); err != nil {
			return err
		}
		l.SignedRef, l.SignedAt = f.Ref, o.Now().UTC()
		return errors.Join(tx.SettleNumbers(ctx, l.ID, db.NumberUsed, ""), o.giveCopies(ctx, tx, *l, content.Copies),
			o.touch(ctx, tx, actor, l, "ink-bound", map[string]string{"sha256": f.Ref}),
			o.Queue.Enqueue(ctx, tx, jobRead, ReadJob{LetterID: l.ID, From: 1}))
	})
}

// BindSheet takes the scan of a disposition sheet that was filled in by hand.
func (o *Office) BindSheet(ctx context.Context, actor account.Actor, id string, up Upload) (db.Letter, error) {
	if err := requireAny(actor, account.CanRegister, account.CanArchive, account.IsHead); err != nil {
		return db.Letter{}, err
	}
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	f, err := o.keepScan(ctx, actor, l, db.RoleSheet, up)
	if err != nil {
		return l, err
	}
	return l, o.enterSheet(ctx, actor, &l, f)
}

func (o *Office) enterSheet(ctx context.Context, actor account.Actor, l *db.Letter, f db.File) error {
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := tx.AddFile(ctx, &f); err != nil {
			return err
		}
		return o.touch(ctx, tx, actor, l, "sheet-bound", map[string]string{"sha256": f.Ref})
	})
}

// keepScan stores a scan that belongs to the letter; its row is the caller's.
func (o *Office) keepScan(ctx context.Context, actor account.Actor, l db.Letter, role string, up Upload) (db.File, error) {
	kept, err := o.keep(ctx, up)
	if err != nil {
		return db.File{}, err
	}
	if kept.kind == page.DOCX {
		return db.File{}, problem.New(problem.Unsupported, "Yang diperlukan adalah pindaian atau foto lembar kertasnya.", "What is needed is a scan or photo of the sheet of paper.", nil)
	}
	return db.File{ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: role, Ref: string(kept.ref), Recipe: actor.PersonID, Name: kept.name, Media: string(kept.kind), Size: kept.size}, nil
}
