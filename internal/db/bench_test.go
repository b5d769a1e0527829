package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"naskah/internal/db"
)

// manyLetters is the size that the budgets speak of.
const manyLetters = 100_000

// archive fills a database with manyLetters letters as an office has them.
func archive(b *testing.B, d *db.DB) office {
	b.Helper()
	o := office{DB: d, id: db.NewID(), person: db.NewID(), position: db.NewID()}
	states := []string{"registered", "registered", "registered", "signed", "sent", "draft", "review", "ready"}
	err := d.InTx(b.Context(), func(ctx context.Context, tx db.Tx) error {
		if err := tx.Insert(ctx, &db.Office{ID: o.id, Name: "Kecamatan", TimeZone: "Asia/Jakarta", Letterhead: "{}", Template: "{}"}); err != nil {
			return err
		}
		for i := range manyLetters {
			l := o.blank(fmt.Sprintf("Undangan rapat koordinasi nomor %d di Desa Nagrog", i))
			l.State = states[i%len(states)]
			if i%8 > 2 {
				l.Direction = "outgoing"
			}
			l.IndexPending = i%20_000 == 0
			words := []string{"office:" + o.id, "person:" + o.person}
			if i%10 == 0 {
				words = []string{"head:" + o.id}
			}
			if err := errors.Join(tx.InsertLetter(ctx, &l), tx.SetReaders(ctx, l.ID, words)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkLists measures what the pages ask at 100,000 letters.
func BenchmarkLists(b *testing.B) {
	d, err := db.Open(b.Context(), db.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	}()
	o := archive(b, d)
	words := []string{"office:" + o.id, "person:" + o.person, "unit:x", "position:y"}
	lists := map[string]db.LetterFilter{
		"all":       {Words: words},
		"incoming":  {Words: words, Direction: "incoming"},
		"ready":     {Words: words, Direction: "outgoing", States: []string{"ready"}, SignedBy: []string{"none"}},
		"my drafts": {Words: words, States: []string{"draft"}, CreatedBy: "nobody"},
		"turns":     {Words: words, ReviewedBy: []string{"y"}},
		"text":      {Words: words, Text: "nomor 99"},
	}
	for name, f := range lists {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := d.Letters(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.CountStates(b.Context(), words); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pending", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.IndexPending(b.Context(), words); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("export", func(b *testing.B) {
		for b.Loop() {
			begun := time.Now()
			if err := d.Export(b.Context(), discard{}, func(string) error { return nil }); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(manyLetters)/time.Since(begun).Seconds(), "letters/s")
		}
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
