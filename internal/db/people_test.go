package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestPeopleSignInByLoginOrNIPHoweverTheyTypeIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		p := db.Person{ID: db.NewID(), OfficeID: o.id, Name: "Neneng", NIP: "19750101 200003 2 001", Login: "neneng", Language: "id", TextSize: 22, Active: true, CreatedAt: now()}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &p) })
		for _, typed := range []string{"neneng", " Neneng ", "NENENG", "197501012000032001", "19750101 200003 2 001"} {
			if got, err := d.PersonByLogin(t.Context(), typed); err != nil || got.ID != p.ID {
				t.Errorf("%q: %v, %v", typed, got.ID, err)
			}
		}
		for _, typed := range []string{"", "nobody", "' OR 1=1 --"} {
			if _, err := d.PersonByLogin(t.Context(), typed); !errors.Is(err, problem.NotFound) {
				t.Errorf("%q: %v", typed, err)
			}
		}
		p.FailedSignIns, p.LockedUntil = 5, now().Add(time.Minute)
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Update(ctx, &p) })
		got, err := d.Person(t.Context(), p.ID)
		if diff := cmp.Diff(p, got, sameTime()); diff != "" || err != nil {
			t.Errorf("%s, %v", diff, err)
		}
		again := p
		again.ID = db.NewID()
		if err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &again) }); err == nil {
			t.Error("two people have one login")
		}
	})
}

func TestAppointmentsHoldFromTheirFirstDayThroughTheirLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		from, until := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
		acting := db.Position{ID: db.NewID(), OfficeID: o.id, Title: "Sekretaris Camat", Role: "sekcam", Abilities: "[]"}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.Insert(ctx, &acting, &db.Appointment{ID: db.NewID(), OfficeID: o.id, PersonID: o.person, PositionID: acting.ID, Capacity: "plh", ValidFrom: from, ValidUntil: until})
		})
		for at, want := range map[time.Time]int{
			from.Add(-time.Second):                   0,
			from:                                     1,
			until.Add(23*time.Hour + 59*time.Minute): 1,
			until.Add(24 * time.Hour):                0,
		} {
			held, err := d.HeldAt(t.Context(), o.person, acting.ID, at)
			if err != nil || len(held) != want {
				t.Errorf("%s: %d, %v", at, len(held), err)
			}
		}
		all, err := d.HeldAt(t.Context(), o.person, "", from)
		if err != nil || len(all) != 2 || all[1].Position.Title != "Sekretaris Camat" || all[1].Person.ID != o.person || all[1].Appointment.Capacity != "plh" {
			t.Fatalf("%+v, %v", all, err)
		}
	})
}

func TestOfficesBelowAreTheWholeTreeEvenWithACircle(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		child := func(id, parent string) *db.Office {
			return &db.Office{ID: id, ParentID: parent, Name: id, TimeZone: "Asia/Jakarta", Letterhead: "{}", Template: "{}"}
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.Insert(ctx, child("a", o.id), child("b", "a"), child("c", "b"), child("x", "y"), child("y", "x"))
		})
		for id, want := range map[string]int{o.id: 3, "b": 1, "c": 0, "x": 2} {
			if ids, err := d.OfficesBelow(t.Context(), id); err != nil || len(ids) != want {
				t.Errorf("%s: %v, %v", id, ids, err)
			}
		}
	})
}

func TestTokenWorksUntilItIsRevokedByItsOwnOffice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		token := db.Token{ID: db.NewID(), PersonID: o.person, OfficeID: o.id, Name: "pemindai", Hash: "h", CreatedAt: now()}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.Insert(ctx, &token), tx.RevokeToken(ctx, "other-office", token.ID, time.Now()))
		})
		if got, err := d.TokenByHash(t.Context(), "h"); err != nil || got.Name != "pemindai" {
			t.Fatalf("%+v, %v", got, err)
		}
		if rows, err := d.TokensOf(t.Context(), o.id, o.person); err != nil || len(rows) != 1 {
			t.Fatalf("%v, %v", rows, err)
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.RevokeToken(ctx, o.id, token.ID, time.Now()) })
		if _, err := d.TokenByHash(t.Context(), "h"); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}

func TestOfficesOwnDataComesInItsOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.Insert(ctx,
				&db.Unit{ID: "u2", OfficeID: o.id, Name: "Umum"}, &db.Unit{ID: "u1", OfficeID: o.id, Name: "Kesos", Code: "K"},
				&db.LetterKind{OfficeID: o.id, Code: "undangan", Name: "Undangan", Layout: "undangan", Direction: "outgoing", Series: "keluar", NumberFormat: "{urut}", PublicView: "tidak", Place: 2},
				&db.LetterKind{OfficeID: o.id, Code: "nota", Name: "Nota", Layout: "nota", Direction: "outgoing", Series: "nota", NumberFormat: "{urut}", PublicView: "tidak", Place: 1},
				&db.Classification{OfficeID: o.id, Code: "000.7.1.4", Name: "Musrenbang Kecamatan"}, &db.Classification{OfficeID: o.id, Code: "000.1", Name: "Umum"},
			)
		})
		kinds, err1 := d.Kinds(t.Context(), o.id)
		kind, err2 := d.Kind(t.Context(), o.id, "undangan")
		codes, err3 := d.Classifications(t.Context(), o.id)
		name, err4 := d.ClassificationName(t.Context(), o.id, "000.7.1.4")
		none, err5 := d.ClassificationName(t.Context(), o.id, "9")
		units, err6 := d.Units(t.Context(), o.id)
		unit, err7 := d.Unit(t.Context(), "u1")
		people, err8 := d.People(t.Context(), o.id)
		names, err9 := d.NamesOf(t.Context(), []string{o.person, "none"})
		positions, err10 := d.Positions(t.Context(), o.id)
		if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10); err != nil {
			t.Fatal(err)
		}
		got := []any{kinds[0].Code, kind.Name, codes[0].Code, name, none, units[0].Name, unit.Code, len(people), names[o.person], positions[0].Title}
		want := []any{"nota", "Undangan", "000.1", "Musrenbang Kecamatan", "", "Kesos", "K", 1, "Drs. H. Asep Sunandar", "Camat"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
