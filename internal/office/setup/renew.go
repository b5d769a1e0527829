package setup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/problem"
)

// mayRenew are those who stand for somebody's identity: administrators and heads.
func mayRenew(actor account.Actor) error {
	if actor.Can(account.IsHead) {
		return nil
	}
	return actor.Require(account.CanAdminister)
}

// AskRenewal begins the end of a person's certificate, because its passphrase is
// forgotten or its secret may be known. Nothing ends until a second person agrees
// (design: rules for data). The owner is neither of the two.
func (d Desk) AskRenewal(ctx context.Context, actor account.Actor, personID, reason string) error {
	if err := mayRenew(actor); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return empty("Tulis alasannya, misalnya: lupa kata sandi tanda tangan.", "Write why, for example: forgot the passphrase.")
	}
	if personID == actor.PersonID {
		return notOneself()
	}
	return d.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		p, err := tx.Person(ctx, personID)
		if err != nil || p.OfficeID != actor.OfficeID {
			return gone(err)
		}
		if _, err := tx.KeyOf(ctx, personID, d.Now()); err != nil {
			if !errors.Is(err, problem.NotFound) {
				return err
			}
			return problem.New(problem.Conflict, "Orang ini tidak punya sertifikat yang berlaku. Ia dapat langsung membuat yang baru di halaman Akun.",
				"This person has no valid certificate. They can make one on their account page.", err)
		}
		waiting, err := tx.Renewals(ctx, actor.OfficeID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(waiting, func(r db.Renewal) bool { return r.PersonID == personID }) {
			return problem.New(problem.Conflict, "Permintaan untuk orang ini sudah ada dan menunggu orang kedua.", "There is a request for this person already; it waits for the second.", nil)
		}
		row := db.Renewal{ID: db.NewID(), OfficeID: actor.OfficeID, PersonID: personID, Reason: reason, FirstBy: actor.PersonID, FirstName: actor.Name, FirstAt: d.Now().UTC()}
		if err := tx.Insert(ctx, &row); err != nil {
			return err
		}
		return d.record(ctx, tx, actor, entry{"renewal-asked", "person", personID, reason})
	})
}

// ConfirmRenewal is the second person's word: the certificate is revoked, and its
// owner makes a new one with a new passphrase. Letters signed before stay valid.
func (d Desk) ConfirmRenewal(ctx context.Context, actor account.Actor, id string) error {
	return d.endRenewal(ctx, actor, id, "certificate-revoked", func(ctx context.Context, tx db.Tx, r *db.Renewal) error {
		if r.FirstBy == actor.PersonID {
			return problem.New(problem.Conflict, "Yang menyetujui harus orang lain daripada yang meminta.", "Somebody else than who asked must agree.", nil)
		}
		r.SecondBy, r.SecondName = actor.PersonID, actor.Name
		return tx.RevokeKeys(ctx, r.PersonID, d.Now())
	})
}

// RefuseRenewal ends a request without any change.
func (d Desk) RefuseRenewal(ctx context.Context, actor account.Actor, id string) error {
	return d.endRenewal(ctx, actor, id, "renewal-refused", func(context.Context, db.Tx, *db.Renewal) error { return nil })
}

func (d Desk) endRenewal(ctx context.Context, actor account.Actor, id, action string, do func(context.Context, db.Tx, *db.Renewal) error) error {
	if err := mayRenew(actor); err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		r, err := tx.Renewal(ctx, id)
		if err != nil || r.OfficeID != actor.OfficeID || !r.EndedAt.IsZero() {
			return gone(err)
		}
		if r.PersonID == actor.PersonID {
			return notOneself()
		}
		if err := do(ctx, tx, &r); err != nil {
			return err
		}
		r.EndedAt = d.Now().UTC()
		if err := tx.Update(ctx, &r); err != nil {
			return err
		}
		return d.record(ctx, tx, actor, entry{action, "person", r.PersonID, nil})
	})
}

func notOneself() error {
	return problem.New(problem.Conflict, "Untuk sertifikat Anda sendiri, dua orang lain yang memutuskan.", "For your own certificate two others decide.", nil)
}
