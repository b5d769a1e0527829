package db_test

import (
	"context"
	"testing"
	"time"

	"naskah/internal/audit"
	"naskah/internal/db"
)

// office is the smallest set-up that rows can refer to.
type office struct {
	*db.DB
	id, person, position string
}

func furnish(t *testing.T, d *db.DB) office {
	t.Helper()
	o := office{DB: d, id: db.NewID(), person: db.NewID(), position: db.NewID()}
	o.do(t, func(ctx context.Context, tx db.Tx) error {
		return tx.Insert(ctx,
			&db.Office{ID: o.id, Name: "Kecamatan Cicalengka", ShortName: "Cicalengka", UnitCode: "Kec.Ccl", Place: "Cicalengka", TimeZone: "Asia/Jakarta", Letterhead: "{}", Template: "{}"},
			&db.Person{ID: o.person, OfficeID: o.id, Name: "Drs. H. Asep Sunandar", Login: "camat", Language: "id", TextSize: 18, Active: true, CreatedAt: now()},
			&db.Position{ID: o.position, OfficeID: o.id, Title: "Camat", Role: "camat", Abilities: "[]"},
			&db.Appointment{ID: db.NewID(), OfficeID: o.id, PersonID: o.person, PositionID: o.position, Capacity: "definitif", ValidFrom: now().AddDate(-1, 0, 0)},
		)
	})
	return o
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (o office) do(t *testing.T, fn func(ctx context.Context, tx db.Tx) error) {
	t.Helper()
	if err := o.InTx(t.Context(), fn); err != nil {
		t.Fatalf("transaction: %v", err)
	}
}

// letter adds a letter that the words may see.
func (o office) letter(t *testing.T, subject string, words ...string) db.Letter {
	t.Helper()
	l := o.blank(subject)
	o.do(t, func(ctx context.Context, tx db.Tx) error {
		if err := tx.InsertLetter(ctx, &l); err != nil {
			return err
		}
		return tx.SetReaders(ctx, l.ID, words)
	})
	return l
}

func (o office) blank(subject string) db.Letter {
	return db.Letter{
		ID: db.NewID(), OfficeID: o.id, Direction: "incoming", Kind: "undangan", State: "received", ReadState: "reading", Subject: subject,
		Class: "biasa", Urgency: "biasa", CreatedBy: o.person, IndexPending: true,
	}
}

func (o office) entry(action, object string) audit.Entry {
	return audit.Entry{OfficeID: o.id, At: time.Now(), PersonID: o.person, Actor: "Asep", Title: "Camat", Action: action, Kind: "letter", ObjectID: object, Detail: "{}"}
}
