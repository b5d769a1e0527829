package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func file(o office, l db.Letter, role, ref string) db.File {
	return db.File{ID: db.NewID(), LetterID: l.ID, OfficeID: o.id, Role: role, Ref: ref, Recipe: "r1", Name: "surat.pdf", Media: "application/pdf", Size: 7}
}

func TestStepThatRunsTwiceKeepsOneFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Undangan")
		first, again, newer := file(o, l, db.RoleArchive, "a"), file(o, l, db.RoleArchive, "a"), file(o, l, db.RoleArchive, "b")
		for _, f := range []*db.File{&first, &again, &newer} {
			o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AddFile(ctx, f) })
		}
		if again.ID != first.ID {
			t.Error("the second run got another row")
		}
		rows, err := d.Files(t.Context(), l.ID)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v, %v", rows, err)
		}
		if got, err := d.LetterFile(t.Context(), l.ID, db.RoleArchive); err != nil || got.ID != newer.ID {
			t.Fatalf("%v, %v", got, err)
		}
		if got, err := d.File(t.Context(), first.ID); err != nil || got.Ref != "a" || got.Size != 7 {
			t.Fatalf("%v, %v", got, err)
		}
		if _, err := d.LetterFile(t.Context(), l.ID, db.RoleSigned); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
		if _, err := d.SignedFile(t.Context(), "a"); !errors.Is(err, problem.NotFound) {
			t.Fatalf("an archive copy passes for a signed letter: %v", err)
		}
	})
}

func TestPageReadAgainReplacesTheOlderReading(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Undangan")
		f := file(o, l, db.RoleOriginal, "orig")
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AddFile(ctx, &f) })
		want := db.Page{LetterID: l.ID, Number: 2, OfficeID: o.id, FileID: f.ID, Text: "Musrenbang", Source: db.SourceOCR, Reason: "no-text", Confidence: 0.961, Skew: -1.25, DPI: 300, WordsRef: "w", Width: 595.28, Height: 841.89}
		older := want
		older.Text, older.Source = "", db.SourceNone
		for _, p := range []*db.Page{&older, &want} {
			o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.PutPage(ctx, p) })
		}
		rows, err := d.Pages(t.Context(), l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]db.Page{want}, rows); diff != "" {
			t.Error(diff)
		}
		if _, err := d.Page(t.Context(), l.ID, 1); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}

func TestDuplicateIsNamedOnlyToThoseWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Rahasia", "head")
		f, copied := file(o, l, db.RoleOriginal, "same"), file(o, l, db.RoleArchive, "derived")
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return errors.Join(tx.AddFile(ctx, &f), tx.AddFile(ctx, &copied))
		})
		for _, c := range []struct {
			office, ref, word string
			want              int
		}{{o.id, "same", "head", 1}, {o.id, "same", "office", 0}, {o.id, "derived", "head", 0}, {"other", "same", "head", 0}} {
			rows, err := d.LettersHolding(t.Context(), c.office, c.ref, []string{c.word})
			if err != nil || len(rows) != c.want {
				t.Errorf("%+v: %d, %v", c, len(rows), err)
			}
		}
	})
}

func TestEveryObjectThatARowNamesIsNeeded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		want := hold(t, o)
		var got []string
		if err := d.EachRef(t.Context(), func(ref string) error { got = append(got, ref); return nil }); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Error(diff)
		}
		for _, ref := range want {
			if needed, err := d.NeedsRef(t.Context(), ref); !needed || err != nil {
				t.Errorf("%s: %v, %v", ref, needed, err)
			}
		}
		if needed, err := d.NeedsRef(t.Context(), "orphan"); needed || err != nil {
			t.Errorf("%v, %v", needed, err)
		}
		stop := errors.New("stop")
		if err := d.EachRef(t.Context(), func(string) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%v", err)
		}
	})
}

// hold adds a letter that names an object in every way, and gives their names in
// order.
func hold(t *testing.T, o office) []string {
	t.Helper()
	l := o.blank("Surat")
	l.ThumbnailRef, l.FinalRef, l.SignedRef = "thumb", "final", "signed"
	o.do(t, func(ctx context.Context, tx db.Tx) error {
		f := file(o, l, db.RoleOriginal, "orig")
		return errors.Join(
			tx.InsertLetter(ctx, &l), tx.SetReaders(ctx, l.ID, []string{"office", "head"}), tx.AddFile(ctx, &f),
			tx.PutPage(ctx, &db.Page{LetterID: l.ID, Number: 1, OfficeID: o.id, FileID: f.ID, Source: db.SourceOCR, Text: "teks", WordsRef: "words", ThumbnailRef: "page-thumb"}),
			tx.AddVersion(ctx, &db.Version{ID: db.NewID(), LetterID: l.ID, Content: "{}", Digest: "d", PreviewRef: "preview", CreatedBy: o.person}),
		)
	})
	return []string{"final", "orig", "page-thumb", "preview", "signed", "thumb", "words"}
}
