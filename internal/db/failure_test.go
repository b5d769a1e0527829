package db_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestFullDiskIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Options{Dir: t.TempDir()})
	o := furnish(t, d)
	kept := o.letter(t, "Sudah tersimpan")
	limit := func(pages string) {
		t.Helper()
		if _, err := d.Writer().ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // SQLite takes the present size instead
	large := o.blank(strings.Repeat("x", 1<<20))
	insert := func() error {
		return d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.AppendAudit(ctx, o.entry("receive", large.ID)), tx.InsertLetter(ctx, &large))
		})
	}
	if err := insert(); !errors.Is(err, problem.Unavailable) || problem.KindOf(err) != problem.Unavailable {
		t.Fatalf("%v", err)
	}
	if n, err := checkChain(t, o); n != 0 || err != nil {
		t.Fatalf("half of the transaction stayed: %d, %v", n, err)
	}
	if _, err := d.Letter(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	limit("1000000")
	if err := insert(); err != nil {
		t.Fatalf("there is room again: %v", err)
	}
}

func TestRestartedServerIsUsedAgainWithoutARestartOfOurs(t *testing.T) {
	t.Parallel()
	o := db.Options{URL: dbtest.Postgres(t)}
	d := dbtest.Open(t, o)
	home := furnish(t, d)
	end := make(chan error)
	for range 8 { // fill the pool
		go func() {
			end <- d.InTx(context.Background(), func(ctx context.Context, tx db.Tx) error { return tx.AppendAudit(ctx, home.entry("see", "x")) })
		}()
	}
	for range 8 {
		if err := <-end; err != nil {
			t.Fatal(err)
		}
	}
	endConnections(t, o.URL)
	l := home.blank("Setelah server kembali")
	home.do(t, func(ctx context.Context, tx db.Tx) error { return tx.InsertLetter(ctx, &l) })
}

// endConnections does to all connections what a restart of the server does.
func endConnections(t *testing.T, url string) {
	t.Helper()
	pool, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pool.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if err := errors.Join(err, pool.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestPanicInATransactionLeavesTheDatabaseUsable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.blank("Tidak jadi")
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			o.do(t, func(ctx context.Context, tx db.Tx) error {
				if err := tx.InsertLetter(ctx, &l); err != nil {
					return err
				}
				panic("a fault of ours")
			})
		}()
		if _, err := d.Letter(t.Context(), l.ID); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
		o.letter(t, "Berikutnya")
	})
}

func TestCancelledTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.blank("Tidak jadi")
		ctx, cancel := context.WithCancel(t.Context())
		err := d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
			err := tx.InsertLetter(ctx, &l)
			cancel()
			return err
		})
		if err == nil {
			t.Fatal("it was committed after the cancellation")
		}
		if _, err := d.Letter(t.Context(), l.ID); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
		o.letter(t, "Berikutnya")
	})
}
