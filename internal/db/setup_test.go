package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestACodeListIsMergedHoweverLong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		var rows []db.Classification
		for i := range 2940 {
			rows = append(rows, db.Classification{OfficeID: o.id, Code: fmt.Sprintf("%d.%d", 100+i/100, i), Name: "Lama"})
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.PutClassifications(ctx, rows) })
		renamed := []db.Classification{{OfficeID: o.id, Code: rows[7].Code, Name: "Baru", Aliases: "kata"}}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.PutClassifications(ctx, renamed) })
		all, err := d.Classifications(t.Context(), o.id)
		if err != nil || len(all) != len(rows) {
			t.Fatalf("%d codes, %v", len(all), err)
		}
		if name, err := d.ClassificationName(t.Context(), o.id, rows[7].Code); err != nil || name != "Baru" {
			t.Errorf("%q %v", name, err)
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Remove(ctx, &rows[7]) })
		if name, err := d.ClassificationName(t.Context(), o.id, rows[7].Code); err != nil || name != "" {
			t.Errorf("the removed code is still %q %v", name, err)
		}
	})
}

func TestWhatIsInUseIsKnown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		used, free := db.Unit{ID: db.NewID(), OfficeID: o.id, Name: "Seksi"}, db.Unit{ID: db.NewID(), OfficeID: o.id, Name: "Kosong"}
		below := db.Position{ID: db.NewID(), OfficeID: o.id, Title: "Kasi", Role: "kasi", Abilities: "[]", UnitID: used.ID, SuperiorID: o.position}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &used, &free, &below) })
		for id, want := range map[string]bool{used.ID: true, free.ID: false} {
			if got, err := d.UnitUsed(t.Context(), id); err != nil || got != want {
				t.Errorf("unit: %v %v", got, err)
			}
		}
		for id, want := range map[string]bool{o.position: true, below.ID: false} {
			if got, err := d.PositionUsed(t.Context(), id); err != nil || got != want {
				t.Errorf("position: %v %v", got, err)
			}
		}
		branch := db.Office{ID: db.NewID(), ParentID: o.id, Name: "Kelurahan", Letterhead: "{}", Template: "{}"}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &branch) })
		if below, err := d.OfficesUnder(t.Context(), o.id); err != nil || len(below) != 1 || below[0].ID != branch.ID {
			t.Errorf("%v %v", below, err)
		}
		terms, err := d.Appointments(t.Context(), o.id)
		if err != nil || len(terms) != 1 {
			t.Fatalf("%v %v", terms, err)
		}
		if one, err := d.Appointment(t.Context(), terms[0].ID); err != nil || one.PersonID != o.person {
			t.Errorf("%v %v", one, err)
		}
	})
}

func TestARenewalWaitsUntilItEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		r := db.Renewal{ID: db.NewID(), OfficeID: o.id, PersonID: o.person, Reason: "Lupa", FirstBy: "x", FirstName: "X", FirstAt: now()}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &r) })
		if waiting, err := d.Renewals(t.Context(), o.id); err != nil || len(waiting) != 1 {
			t.Errorf("%v %v", waiting, err)
		}
		r.SecondBy, r.EndedAt = "y", now()
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Update(ctx, &r) })
		if waiting, err := d.Renewals(t.Context(), o.id); err != nil || len(waiting) != 0 {
			t.Errorf("%v %v", waiting, err)
		}
		if one, err := d.Renewal(t.Context(), r.ID); err != nil || one.SecondBy != "y" {
			t.Errorf("%v %v", one, err)
		}
		if _, err := d.Renewal(t.Context(), "none"); !errors.Is(err, problem.NotFound) {
			t.Errorf("%v", err)
		}
	})
}
