package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

// busy fills every table that a backup holds.
func busy(t *testing.T, d *db.DB) (o office, refs []string) {
	t.Helper()
	o = furnish(t, d)
	refs = hold(t, o)
	l, _, _ := submitted(t, o)
	o.do(t, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Reserve(ctx, o.id, "keluar", 2026, l.ID)
		return errors.Join(err,
			tx.Insert(ctx, &db.Unit{ID: "u", OfficeID: o.id, Name: "Umum"},
				&db.Key{ID: "k", PersonID: o.person, OfficeID: o.id, Certificate: "pem", Sealed: "blob", NotAfter: now(), TriesLeft: 5, CreatedAt: now()},
				&db.Token{ID: "t", PersonID: o.person, OfficeID: o.id, Name: "x", Hash: "h", CreatedAt: now()},
				&db.LetterKind{OfficeID: o.id, Code: "undangan", Name: "Undangan", Layout: "undangan", Direction: "outgoing", Series: "keluar", NumberFormat: "{urut}", PublicView: "tidak"},
				&db.Classification{OfficeID: o.id, Code: "000.7.1.4", Name: "Musrenbang"}),
			tx.PutDraft(ctx, &db.Draft{LetterID: l.ID, Content: `{"subject":"a\"b"}`, Body: "baris\n\tdua '\\ \u2028", Reviewers: "[]", UpdatedBy: o.person}),
			tx.AddVerification(ctx, &db.Verification{ID: "v", LetterID: l.ID, At: now(), Result: "ok"}),
		)
	})
	for range 4 {
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AppendAudit(ctx, o.entry("sign", l.ID)) })
	}
	return o, append(refs, "preview")
}

func export(t *testing.T, d *db.DB) (string, []string) {
	t.Helper()
	var out bytes.Buffer
	var refs []string
	if err := d.Export(t.Context(), &out, func(ref string) error { refs = append(refs, ref); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(refs)
	return out.String(), slices.Compact(refs)
}

func TestBackupIsTheSameAfterARestoreIntoEitherDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, _ := busy(t, d)
		before, refs := export(t, d)
		for _, table := range []string{
			"offices", "units", "people", "positions", "appointments", "keys", "tokens", "kinds", "classifications", "letters", "letter_readers",
			"drafts", "versions", "initials", "files", "pages", "number_series", "numbers", "verifications", "audit",
		} {
			if !strings.Contains(before, fmt.Sprintf(`{"table":%q,`, table)) {
				t.Errorf("no row of %s", table)
			}
		}
		if len(refs) != 7 {
			t.Errorf("%v", refs)
		}
		dbtest.Each(t, func(t *testing.T, fresh *db.DB) {
			if err := fresh.Import(t.Context(), strings.NewReader(before)); err != nil {
				t.Fatal(err)
			}
			after, _ := export(t, fresh)
			if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(after, "\n")); diff != "" {
				t.Error(diff)
			}
			restored := office{DB: fresh, id: o.id, person: o.person}
			if n, err := checkChain(t, restored); n != 4 || err != nil {
				t.Errorf("record after the restore: %d, %v", n, err)
			}
			restored.do(t, func(ctx context.Context, tx db.Tx) error {
				n, err := tx.Reserve(ctx, o.id, "keluar", 2026, "next")
				if n != 2 {
					t.Errorf("number %d after the restore", n)
				}
				return errors.Join(err, tx.AppendAudit(ctx, restored.entry("go on", "x")))
			})
		})
	})
}

func TestBackupIsAsOfOneMomentWhileLettersArrive(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		ctx, stop := context.WithCancel(t.Context())
		var arriving errgroup.Group
		arrived := make(chan struct{}, 1)
		arriving.Go(func() error {
			for ctx.Err() == nil {
				l := o.blank("Surat")
				err := d.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx db.Tx) error {
					f := file(o, l, db.RoleOriginal, l.ID)
					return errors.Join(tx.InsertLetter(ctx, &l), tx.AddFile(ctx, &f), tx.AppendAudit(ctx, o.entry("receive", l.ID)))
				})
				if err != nil {
					return err
				}
				select {
				case arrived <- struct{}{}:
				default:
				}
			}
			return nil
		})
		for range 5 {
			<-arrived
			lines, refs := export(t, d)
			letters, files, entries := strings.Count(lines, `{"table":"letters"`), strings.Count(lines, `{"table":"files"`), strings.Count(lines, `{"table":"audit"`)
			if letters == 0 || letters != files || letters != entries || letters != len(refs) {
				t.Errorf("%d letters, %d files, %d entries, %d objects", letters, files, entries, len(refs))
			}
		}
		stop()
		if err := arriving.Wait(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRestoreIntoADatabaseThatHoldsSomethingIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		busy(t, d)
		backup, _ := export(t, d)
		if err := d.Import(t.Context(), strings.NewReader(backup)); !errors.Is(err, problem.Conflict) {
			t.Fatalf("%v", err)
		}
	})
}

func TestDamagedBackupLeavesTheDatabaseEmpty(t *testing.T) {
	t.Parallel()
	source := dbtest.Open(t, db.Options{Dir: t.TempDir()})
	busy(t, source)
	backup, _ := export(t, source)
	half := backup[:len(backup)*2/3]
	for name, damaged := range map[string]string{
		"truncated":     half,
		"cut at a line": backup[:strings.LastIndex(strings.TrimSpace(backup), "\n")+1],
		"foreign table": backup + `{"table":"river_job","row":{}}` + "\n",
		"foreign field": backup + `{"table":"units","row":{"ID":"z","Evil":1}}` + "\n",
		"no JSON":       backup + "SQLite format 3\x00",
		"orphan":        `{"table":"units","row":{"ID":"z","OfficeID":"none","Name":"x"}}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				if err := d.Import(t.Context(), strings.NewReader(damaged)); err == nil {
					t.Fatal("it was restored")
				}
				if offices, err := d.Offices(t.Context()); len(offices) != 0 || err != nil {
					t.Fatalf("%v, %v", offices, err)
				}
			})
		})
	}
}

func FuzzImportNeverPanicsNorLeavesHalf(f *testing.F) {
	f.Add(`{"table":"offices","row":{"ID":"a","Name":"b"}}`)
	f.Add("{}\n[]\nnull\n")
	d, err := db.Open(f.Context(), db.Options{Dir: f.TempDir()}) // once: opening takes longer than any import
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := d.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, backup string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := d.Import(ctx, strings.NewReader(backup+"\ncut off")); err == nil {
			t.Fatal("a backup that is cut off was restored")
		}
		if offices, err := d.Offices(ctx); len(offices) != 0 || err != nil {
			t.Fatalf("%v, %v", offices, err)
		}
	})
}
