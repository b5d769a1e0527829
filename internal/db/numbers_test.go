package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
)

var errForced = errors.New("forced rollback")

// TestNumbersAreGaplessWith50WritersAndForcedRollbacks is the promise that an
// auditor counts on.
func TestNumbersAreGaplessWith50WritersAndForcedRollbacks(t *testing.T) {
	t.Parallel()
	const writers, each = 50, 6
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		var all errgroup.Group
		for w := range writers {
			all.Go(func() error {
				for i := range each {
					if err := reserve(t.Context(), o, 2026, (w+i)%3 == 0); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		rows, err := d.Numbers(t.Context(), o.id, "keluar", 2026)
		if err != nil {
			t.Fatal(err)
		}
		if want := writers * each * 2 / 3; len(rows) != want {
			t.Errorf("%d numbers, want %d", len(rows), want)
		}
		for i, n := range rows {
			if n.Seq != i+1 {
				t.Fatalf("number %d stands at place %d", n.Seq, i+1)
			}
		}
	})
}

// reserve takes a number together with an audit entry, as the office does, and
// undoes both when told to.
func reserve(ctx context.Context, o office, year int, undo bool) error {
	err := o.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		id := db.NewID()
		if _, err := tx.Reserve(ctx, o.id, "keluar", year, id); err != nil {
			return err
		}
		if err := tx.AppendAudit(ctx, o.entry("reserve", id)); err != nil {
			return err
		}
		if undo {
			return errForced
		}
		return nil
	})
	if undo && errors.Is(err, errForced) {
		return nil
	}
	return err
}

func TestNewYearBeginsWithOneAndKeepsTheOldYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		got := map[string]int{}
		for _, step := range []struct {
			series string
			year   int
		}{{"keluar", 2026}, {"keluar", 2026}, {"keluar", 2027}, {"nota", 2026}, {"keluar", 2026}} {
			o.do(t, func(ctx context.Context, tx db.Tx) error {
				n, err := tx.Reserve(ctx, o.id, step.series, step.year, "x")
				got[fmt.Sprint(step.series, step.year)] = n
				return err
			})
		}
		if diff := cmp.Diff(map[string]int{"keluar2026": 3, "keluar2027": 1, "nota2026": 1}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestVoidNumberIsNeverGivenAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Reserve(ctx, o.id, "keluar", 2026, "letter-1")
			return errors.Join(err, tx.SettleNumbers(ctx, "letter-1", db.NumberVoid, "salah alamat"))
		})
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			n, err := tx.Reserve(ctx, o.id, "keluar", 2026, "letter-2")
			if n != 2 {
				t.Errorf("got number %d again", n)
			}
			// settled numbers do not change any more
			return errors.Join(err, tx.SettleNumbers(ctx, "letter-1", db.NumberUsed, ""))
		})
		rows, err := d.Numbers(t.Context(), o.id, "keluar", 2026)
		if err != nil {
			t.Fatal(err)
		}
		states := []string{}
		for _, n := range rows {
			states = append(states, n.State)
		}
		if !slices.Equal(states, []string{db.NumberVoid, db.NumberReserved}) {
			t.Errorf("%v", states)
		}
	})
}

func TestReturnedLetterKeepsItsNumberInTheSameYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Reserve(ctx, o.id, "keluar", 2026, "letter-1")
			return err
		})
		for year, want := range map[int]int{2026: 1, 2027: 0} {
			if n, err := d.ReservedNumber(t.Context(), o.id, "keluar", year, "letter-1"); n != want || err != nil {
				t.Errorf("%d: %d, %v", year, n, err)
			}
		}
	})
}
