package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestOpenTwiceKeepsRowsAndMigratesNothingAgain(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		first, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		l := furnish(t, first).letter(t, "Undangan Musrenbang")
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := dbtest.Open(t, o).Letter(t.Context(), l.ID)
		if err != nil || got.Subject != l.Subject {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestTwoProcessesThatOpenAtOnceBothSucceed(t *testing.T) {
	t.Parallel()
	o := db.Options{URL: dbtest.Postgres(t)}
	ends := make(chan error)
	for range 4 {
		go func() {
			d, err := db.Open(context.Background(), o)
			if err == nil {
				err = d.Close()
			}
			ends <- err
		}()
	}
	for range 4 {
		if err := <-ends; err != nil {
			t.Error(err)
		}
	}
}

func TestFolderNamesThatLookLikeURLsAreFolders(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "arsip #1 100%20 ?mode=memory & é")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	dbtest.Open(t, db.Options{Dir: dir})
	if _, err := os.Stat(filepath.Join(dir, "naskah.db")); err != nil {
		t.Fatal(err)
	}
}

func TestMissingDatabaseIsUnavailableWithASentence(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]db.Options{
		"folder": {Dir: filepath.Join(t.TempDir(), "tidak-ada")},
		"server": {URL: "postgres://naskah@127.0.0.1:1/naskah?connect_timeout=2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := db.Open(t.Context(), o)
			if !errors.Is(err, problem.Unavailable) {
				t.Fatalf("%v", err)
			}
		})
	}
}

func TestDatabaseOfNewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d := dbtest.Open(t, o)
		if _, err := d.Writer().ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Open(t.Context(), o); !errors.Is(err, problem.Unavailable) {
			t.Fatalf("%v", err)
		}
	})
}

func TestRollbackLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, broken := furnish(t, d), errors.New("broken")
		l := o.blank("Tidak jadi")
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			if err := tx.InsertLetter(ctx, &l); err != nil {
				return err
			}
			if _, err := tx.Letter(ctx, l.ID); err != nil {
				t.Errorf("a transaction must see its own writes: %v", err)
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if _, err := d.Letter(t.Context(), l.ID); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}

func TestWritingOutsideATransactionIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Options{Dir: t.TempDir()})
	if _, err := d.Reader().ExecContext(t.Context(), "DELETE FROM offices"); err == nil {
		t.Fatal("the read pool wrote")
	}
}

func TestTransactionsThatDeadlockBeginAnew(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Options{URL: dbtest.Postgres(t)})
	o := furnish(t, d)
	a, b := o.letter(t, "A"), o.letter(t, "B")
	met := make(chan struct{})
	touch := func(first, second string) error {
		turn := 0
		return d.InTx(context.Background(), func(ctx context.Context, tx db.Tx) error {
			turn++
			if err := tx.SetReading(ctx, first, "reading", ""); err != nil {
				return err
			}
			if turn == 1 { // both hold their first row now
				select {
				case met <- struct{}{}:
				case <-met:
				}
			}
			return tx.SetReading(ctx, second, "reading", "")
		})
	}
	end := make(chan error)
	go func() { end <- touch(a.ID, b.ID) }()
	go func() { end <- touch(b.ID, a.ID) }()
	for range 2 {
		if err := <-end; err != nil {
			t.Error(err)
		}
	}
}

func TestTransactionInsideATransactionIsRefusedInsteadOfHanging(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		var inner error
		o.do(t, func(ctx context.Context, _ db.Tx) error {
			inner = d.InTx(ctx, func(context.Context, db.Tx) error { return nil })
			return nil
		})
		if inner == nil {
			t.Fatal("it was not refused")
		}
	})
}

func TestEveryConnectionToSQLiteHasItsSettings(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Options{Dir: t.TempDir()})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		if err := d.Writer().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v", pragma, got, err)
		}
	}
	for range 4 {
		conn, err := d.Reader().Conn(t.Context()) // held, so that each is another one
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}()
		var got string
		if err := conn.QueryRowContext(t.Context(), "PRAGMA query_only").Scan(&got); err != nil || got != "1" {
			t.Errorf("a reader may write: %s, %v", got, err)
		}
	}
}
