package db_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/internal/db/dbtest"
)

func checkChain(t *testing.T, o office) (n int, err error) {
	t.Helper()
	var c audit.Checker
	err = o.EachAudit(t.Context(), o.id, func(e audit.Entry) error {
		n++
		return c.Next(e)
	})
	return n, err
}

func TestAuditStaysOneChainWith30Writers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		var all errgroup.Group
		for range 30 {
			all.Go(func() error {
				l := o.blank("Surat")
				// a new row refers to the office before the chain locks it
				return o.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
					if err := tx.InsertLetter(ctx, &l); err != nil {
						return err
					}
					return tx.AppendAudit(ctx, o.entry("receive", l.ID))
				})
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		if n, err := checkChain(t, o); n != 30 || err != nil {
			t.Fatalf("%d entries, %v", n, err)
		}
	})
}

func TestTamperedAuditIsFound(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]struct{ statement, says string }{
		"changed": {"UPDATE audit SET actor = 'orang lain' WHERE seq = 3", "entry 3 was changed"},
		"removed": {"DELETE FROM audit WHERE seq = 3", "entry 4 follows 2"},
		"dated":   {"UPDATE audit SET at = '2020-01-01 00:00:00' WHERE seq = 5", "entry 5 was changed"},
		"swapped": {"UPDATE audit SET prev_hash = (SELECT b.hash FROM audit AS b WHERE b.seq = 1) WHERE seq = 4", "entry 4 does not follow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				o := furnish(t, d)
				for range 6 {
					o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AppendAudit(ctx, o.entry("see", "x")) })
				}
				if n, err := checkChain(t, o); n != 6 || err != nil {
					t.Fatalf("before: %d, %v", n, err)
				}
				if _, err := d.Writer().ExecContext(t.Context(), attack.statement); err != nil {
					t.Fatal(err)
				}
				if _, err := checkChain(t, o); err == nil || !strings.Contains(err.Error(), attack.says) {
					t.Fatalf("%v", err)
				}
			})
		})
	}
}

func TestAuditOfALetterIsOldestFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		for _, action := range []string{"receive", "read", "stamp"} {
			o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AppendAudit(ctx, o.entry(action, "letter-1")) })
			o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AppendAudit(ctx, o.entry("other", "letter-2")) })
		}
		rows, err := d.AuditOf(t.Context(), "letter-1")
		if err != nil || len(rows) != 3 || rows[0].Action != "receive" || rows[2].Action != "stamp" || rows[2].Actor != "Asep" {
			t.Fatalf("%+v, %v", rows, err)
		}
	})
}

func TestSessionsEndAndAreReplaced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := d.Sessions()
		data := []byte{0, 1, 0xff, '\'', '\\'}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		has := func(token string, want []byte) {
			t.Helper()
			got, found, err := s.Find(token)
			if err != nil || found != (want != nil) || !bytes.Equal(got, want) {
				t.Fatalf("%s: %v, %v, %v", token, got, found, err)
			}
		}
		must(s.Commit("a", []byte("first"), time.Now().Add(time.Hour)))
		must(s.Commit("a", data, time.Now().Add(time.Hour)))
		must(s.Commit("over", data, time.Now().Add(-time.Second)))
		has("a", data)
		has("over", nil)
		has("unknown", nil)
		must(s.Delete("a"))
		must(s.Delete("unknown"))
		has("a", nil)
	})
}
