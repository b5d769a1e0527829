package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestLetterComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		want := o.blank("Undangan “Musrenbang” \\ 'Desa' é 日本 \"><img src=x onerror=alert(1)> ?0 %s")
		want.UnitID, want.Number, want.AgendaNumber, want.Sender, want.Recipient = "u", "000.7.1.4/512/Kec.Ccl/XI/2026", "7", "Desa Nagrog", "Camat"
		want.Summary, want.Notes, want.Classification, want.Signer = "baris 1\nbaris 2\t\r\n", "\\x00 \\n", "000.7.1.4", `{"name":"Asep"}`
		want.LetterDate, want.ReceivedAt = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 1, 2, 3, 456789000, time.UTC)
		want.VerifyToken, want.ShortCode, want.Pages, want.ThumbnailRef = "token", "CODE", 3, "thumb"
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.InsertLetter(ctx, &want) })
		for name, get := range map[string]func() (db.Letter, error){
			"id":    func() (db.Letter, error) { return d.Letter(t.Context(), want.ID) },
			"token": func() (db.Letter, error) { return d.LetterByToken(t.Context(), "token") },
			"code":  func() (db.Letter, error) { return d.LetterByCode(t.Context(), "CODE") },
		} {
			got, err := get()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(want, got, sameTime()); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// sameTime compares to the microsecond, which both databases keep.
func sameTime() cmp.Option {
	return cmp.Comparer(func(a, b time.Time) bool { return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond)) })
}

func TestForeignTextWithNulAndBrokenUTF8IsKeptReadable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.blank("surat\x00 \xff\xfe rusak")
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.InsertLetter(ctx, &l) })
		f := file(o, l, db.RoleOriginal, "ref")
		f.Name = "../a\x00b\xff.pdf"
		p := db.Page{LetterID: l.ID, Number: 1, OfficeID: o.id, FileID: f.ID, Text: "kata\x00 \xc3\x28", Source: db.SourceOCR}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.AddFile(ctx, &f), tx.PutPage(ctx, &p))
		})
		got, err := d.Letter(t.Context(), l.ID)
		page, pageErr := d.Page(t.Context(), l.ID, 1)
		if err := errors.Join(err, pageErr); err != nil {
			t.Fatal(err)
		}
		if got.Subject != "surat \ufffd\ufffd rusak" || f.Name != "../ab\ufffd.pdf" || page.Text != "kata \ufffd(" {
			t.Fatalf("%q, %q, %q", got.Subject, f.Name, page.Text)
		}
	})
}

func TestSecondOfTwoChangesAtOnceIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		id := o.letter(t, "Lama").ID
		first, err := d.Letter(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		second := first
		first.Subject = "Dari yang pertama"
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.UpdateLetter(ctx, &first) })
		second.Subject = "Dari yang kedua"
		err = d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return tx.UpdateLetter(ctx, &second) })
		if !errors.Is(err, problem.Conflict) || second.Revision != 1 {
			t.Fatalf("%v, revision %d", err, second.Revision)
		}
		got, err := d.Letter(t.Context(), id)
		if err != nil || got.Subject != "Dari yang pertama" || got.Revision != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestReadingGoesOnBesideAPersonsChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		mine := o.letter(t, "Undangan")
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.SetReading(ctx, mine.ID, "searchable", ""), tx.SetPages(ctx, mine.ID, 4, "thumb"), tx.SetPages(ctx, mine.ID, 4, ""))
		})
		mine.Subject = "Undangan rapat"
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.UpdateLetter(ctx, &mine) })
		got, err := d.Letter(t.Context(), mine.ID)
		if err != nil || got.ReadState != "searchable" || got.Pages != 4 || got.ThumbnailRef != "thumb" || got.Subject != "Undangan rapat" {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestIndexIsInStepOnlyForTheRevisionItHas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Undangan", "office")
		stale := l.Revision
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.UpdateLetter(ctx, &l) })
		pending := func(revision int64) []string {
			t.Helper()
			o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.ClearIndexPending(ctx, l.ID, revision) })
			ids, err := d.IndexPending(t.Context(), []string{"office"})
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		if got := pending(stale); !slices.Equal(got, []string{l.ID}) {
			t.Fatalf("an old index entry counts as new: %v", got)
		}
		if got := pending(l.Revision); len(got) != 0 {
			t.Fatalf("%v", got)
		}
	})
}

func subjects(letters []db.Letter) []string {
	out := []string{}
	for _, l := range letters {
		out = append(out, l.Subject)
	}
	return out
}

func TestListsShowOnlyWhatTheWordsMaySee(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		open, secret := o.letter(t, "Terbuka", "office", "unit"), o.letter(t, "Rahasia", "head")
		o.letter(t, "Tanpa pembaca")
		for _, c := range []struct {
			words, want []string
		}{
			{[]string{"office"}, []string{"Terbuka"}},
			{[]string{"office", "unit"}, []string{"Terbuka"}},
			{[]string{"head", "office"}, []string{"Rahasia", "Terbuka"}},
			{[]string{"stranger"}, []string{}},
			{nil, []string{}},
		} {
			list, n, err := d.Letters(t.Context(), db.LetterFilter{Words: c.words})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, subjects(list)); diff != "" || n != len(c.want) {
				t.Errorf("%v: %d, %s", c.words, n, diff)
			}
			seen, err := d.LettersByIDs(t.Context(), []string{open.ID, secret.ID, "none"}, c.words)
			if err != nil || len(seen) != len(c.want) {
				t.Errorf("%v: %v, %v", c.words, seen, err)
			}
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.SetReaders(ctx, open.ID, []string{"head", "head"})
		})
		if _, n, err := d.Letters(t.Context(), db.LetterFilter{Words: []string{"office"}}); n != 0 || err != nil {
			t.Fatalf("narrowed access is not seen at once: %d, %v", n, err)
		}
		words, err := d.ReadersOf(t.Context(), open.ID)
		if err != nil || !slices.Equal(words, []string{"head"}) {
			t.Fatalf("%v, %v", words, err)
		}
	})
}

func TestListsAreNarrowedAndPaged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		for _, change := range []func(*db.Letter){
			func(l *db.Letter) { l.Subject, l.Sender = "Satu", "Desa 100%_yakin" },
			func(l *db.Letter) {
				l.Subject, l.Direction, l.State, l.SignerPositionID = "Dua", "outgoing", "ready", o.position
			},
			func(l *db.Letter) {
				l.Subject, l.Direction, l.State, l.CreatedBy = "Tiga", "outgoing", "draft", "other"
			},
		} {
			l := o.blank("")
			change(&l)
			o.do(t, func(ctx context.Context, tx db.Tx) error {
				return errors.Join(tx.InsertLetter(ctx, &l), tx.SetReaders(ctx, l.ID, []string{"w"}))
			})
		}
		for name, c := range map[string]struct {
			filter db.LetterFilter
			want   []string
			total  int
		}{
			"all, newest first":  {db.LetterFilter{}, []string{"Tiga", "Dua", "Satu"}, 3},
			"direction":          {db.LetterFilter{Direction: "outgoing"}, []string{"Tiga", "Dua"}, 2},
			"states":             {db.LetterFilter{States: []string{"ready", "received"}}, []string{"Dua", "Satu"}, 2},
			"author":             {db.LetterFilter{CreatedBy: "other"}, []string{"Tiga"}, 1},
			"signer":             {db.LetterFilter{SignedBy: []string{o.position}}, []string{"Dua"}, 1},
			"no position":        {db.LetterFilter{SignedBy: []string{}}, []string{}, 0},
			"text":               {db.LetterFilter{Text: "TIGA"}, []string{"Tiga"}, 1},
			"text is no pattern": {db.LetterFilter{Text: "%_y"}, []string{"Satu"}, 1},
			"page two":           {db.LetterFilter{Limit: 2, Offset: 2}, []string{"Satu"}, 3},
		} {
			c.filter.Words = []string{"w"}
			list, n, err := d.Letters(t.Context(), c.filter)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(c.want, subjects(list)); diff != "" || n != c.total {
				t.Errorf("%s: %d, %s", name, n, diff)
			}
		}
		counts, err := d.CountStates(t.Context(), []string{"w"})
		if diff := cmp.Diff(map[string]int{"incoming/received": 1, "outgoing/ready": 1, "outgoing/draft": 1}, counts); diff != "" || err != nil {
			t.Errorf("%s, %v", diff, err)
		}
	})
}

func TestUnfinishedLettersAreFoundForQueueingAnew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		done, waiting := o.letter(t, "Selesai"), o.letter(t, "Menunggu")
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.SetReading(ctx, done.ID, "searchable", ""), tx.ClearIndexPending(ctx, done.ID, done.Revision), tx.SetReading(ctx, waiting.ID, "waiting", "Tesseract"))
		})
		rows, err := d.Unfinished(t.Context())
		if err != nil || !slices.Equal(subjects(rows), []string{"Menunggu"}) {
			t.Fatalf("%v, %v", subjects(rows), err)
		}
		n, err := d.CountLetters(t.Context())
		if n != 2 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		ids, err := d.LettersChangedSince(t.Context(), done.CreatedAt)
		if err != nil || len(ids) != 2 {
			t.Fatalf("%v, %v", ids, err)
		}
	})
}

func TestWalkSeesEveryLetterOnce(t *testing.T) {
	t.Parallel()
	const many = 1203 // more than two batches
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o, seen := furnish(t, d), map[string]bool{}
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			for range many {
				l := o.blank("x")
				if err := tx.InsertLetter(ctx, &l); err != nil {
					return err
				}
			}
			return nil
		})
		err := d.EachLetter(t.Context(), func(l db.Letter) error { seen[l.ID] = true; return nil })
		if err != nil || len(seen) != many {
			t.Fatalf("%d, %v", len(seen), err)
		}
	})
}
