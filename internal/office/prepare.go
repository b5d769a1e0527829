package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/typeset"
)

// approve is the moment of the last initial, in its transaction: the day is the
// letter's date, its number is reserved, the signer is found and kept, and the
// job that sets the final PDF is queued. A rollback gives the number back.
func (o *Office) approve(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, action string, detail map[string]any) error {
	office, err := tx.Office(ctx, l.OfficeID)
	if err != nil {
		return err
	}
	if err := move(l, letter.Approve); err != nil {
		return err
	}
	signer, err := o.signerAt(ctx, l.SignerPositionID, o.Now())
	if err != nil {
		return err
	}
	snapshot, err := json.Marshal(signer)
	if err != nil {
		return fmt.Errorf("signer to JSON: %w", err)
	}
	l.Signer, l.SignerPersonID = string(snapshot), signer.PersonID
	l.ApprovedAt, l.LetterDate = o.Now().UTC(), o.today(office)
	if l.VerifyToken == "" {
		l.VerifyToken, l.ShortCode = letter.NewVerifyToken(), letter.NewShortCode()
	}
	if err := o.number(ctx, tx, office, l); err != nil {
		return err
	}
	detail["number"] = l.Number
	return errors.Join(o.touch(ctx, tx, actor, l, action, detail), o.Queue.Enqueue(ctx, tx, jobPrepare, LetterJob{l.ID}))
}

// number gives the letter its number: the one it holds from before it was sent
// back, when that was in the same year, else the next of its kind's series.
func (o *Office) number(ctx context.Context, tx db.Tx, office db.Office, l *db.Letter) error {
	kind, err := tx.Kind(ctx, l.OfficeID, l.Kind)
	if err != nil {
		return err
	}
	year := l.LetterDate.Year()
	seq, err := tx.ReservedNumber(ctx, office.ID, kind.Series, year, l.ID)
	if err != nil {
		return err
	}
	if seq == 0 {
		// A number held from another year is given up: it belongs to that year's book.
		if err := tx.SettleNumbers(ctx, l.ID, db.NumberVoid, "tahun berganti sebelum ditandatangani"); err != nil {
			return err
		}
		if seq, err = tx.Reserve(ctx, office.ID, kind.Series, year, l.ID); err != nil {
			return err
		}
	}
	l.Number, err = letter.FormatNumber(kind.NumberFormat, letter.NumberParts{
		Classification: l.Classification, Seq: seq, Unit: office.UnitCode, Kind: kind.Code, Date: l.LetterDate,
	})
	return err
}

// prepareFinal is the job that sets the final PDF, once. Everything it needs was
// fixed at approval, so that doing it again gives the same letter; only the
// first result is kept.
func (o *Office) prepareFinal(ctx context.Context, job LetterJob) error {
	defer o.signing.lock(job.LetterID)()
	l, err := o.DB.Letter(ctx, job.LetterID)
	if err != nil {
		return err
	}
	if letter.State(l.State) != letter.Approved {
		return nil // done before, or cancelled meanwhile
	}
	pdf, err := o.setFinal(ctx, l, false)
	if err != nil {
		return err
	}
	ref, err := o.Store.Put(ctx, bytes.NewReader(pdf))
	if err != nil {
		return fmt.Errorf("keep final letter: %w", err)
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Finalize); err != nil {
			return err
		}
		l.FinalRef, l.FinalAt = string(ref), o.Now().UTC()
		file := db.File{
			ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleFinal, Ref: l.FinalRef, Recipe: "final " + l.VersionID,
			Name: fileName(l, ""), Media: string(page.PDF), Size: int64(len(pdf)),
		}
		return errors.Join(tx.AddFile(ctx, &file), o.touch(ctx, tx, account.System(l.OfficeID), &l, "finalized", map[string]string{"sha256": l.FinalRef}))
	})
}

// setFinal sets the letter with everything on it; ink leaves the place of the
// signature free.
func (o *Office) setFinal(ctx context.Context, l db.Letter, ink bool) ([]byte, error) {
	content, err := o.contentOf(ctx, l)
	if err != nil {
		return nil, err
	}
	var signer SignerSnapshot
	if err := json.Unmarshal([]byte(l.Signer), &signer); err != nil {
		return nil, fmt.Errorf("signer of letter %s: %w", l.ID, err)
	}
	in, err := o.layout(ctx, l, content, signer)
	if err != nil {
		return nil, err
	}
	files, err := o.attachments(ctx, content)
	if err != nil {
		return nil, err
	}
	in.Number, in.Date = l.Number, l.LetterDate
	in.Ink = ink
	in.VerifyURL, in.Code = o.verifyURL(l), letter.ShowShortCode(l.ShortCode)
	res, err := typeset.Set(ctx, in, files)
	return res.PDF, err
}

func (o *Office) verifyURL(l db.Letter) string { return o.PublicURL + "/v/" + l.VerifyToken }
