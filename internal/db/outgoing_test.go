package db_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/problem"
)

func TestSignTokenIsTakenOnceBy50Takers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Undangan")
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.AddSignToken(ctx, &db.SignToken{Hash: "h", LetterID: l.ID, PersonID: o.person, FinalRef: "ref", ExpiresAt: now().Add(time.Hour)})
		})
		var got, refused atomic.Int32
		var all errgroup.Group
		for range 50 {
			all.Go(func() error {
				var token db.SignToken
				err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
					token, err = tx.TakeSignToken(ctx, "h", time.Now())
					return err
				})
				switch {
				case err == nil && token.LetterID == l.ID && token.FinalRef == "ref":
					got.Add(1)
				case errors.Is(err, problem.Conflict):
					refused.Add(1)
				default:
					return errors.Join(err, errors.New("neither taken nor refused"))
				}
				return nil
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		if got.Load() != 1 || refused.Load() != 49 {
			t.Fatalf("%d took it, %d were refused", got.Load(), refused.Load())
		}
		if _, err := d.PeekSignToken(t.Context(), "h", time.Now()); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}

func TestExpiredSignTokenIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l := o.letter(t, "Undangan")
		o.do(t, func(ctx context.Context, tx db.Tx) error {
			return tx.AddSignToken(ctx, &db.SignToken{Hash: "h", LetterID: l.ID, PersonID: o.person, FinalRef: "ref", ExpiresAt: now().Add(time.Minute)})
		})
		if _, err := d.PeekSignToken(t.Context(), "h", time.Now()); err != nil {
			t.Fatalf("still good: %v", err)
		}
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			_, err := tx.TakeSignToken(ctx, "h", time.Now().Add(2*time.Minute))
			return err
		})
		if !errors.Is(err, problem.Conflict) {
			t.Fatalf("%v", err)
		}
	})
}

func TestOnlyFiveTriesForAPassphraseHoweverManyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		key := db.Key{ID: db.NewID(), PersonID: o.person, OfficeID: o.id, Certificate: "pem", Sealed: "blob", NotAfter: now().AddDate(1, 0, 0), TriesLeft: 5, CreatedAt: now()}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &key) })
		var taken atomic.Int32
		var all errgroup.Group
		for range 20 {
			all.Go(func() error {
				err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
					_, err := tx.TakeTry(ctx, key.ID)
					return err
				})
				if err == nil {
					taken.Add(1)
				} else if !errors.Is(err, problem.RateLimited) {
					return err
				}
				return nil
			})
		}
		if err := all.Wait(); err != nil || taken.Load() != 5 {
			t.Fatalf("%d tries, %v", taken.Load(), err)
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.GiveTries(ctx, key.ID, 5) })
		got, err := d.KeyOf(t.Context(), o.person, time.Now())
		if err != nil || got.TriesLeft != 5 {
			t.Fatalf("%+v, %v", got, err)
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.RevokeKeys(ctx, o.person, time.Now()) })
		if _, err := d.KeyOf(t.Context(), o.person, time.Now()); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}

// submitted is a letter in review with two reviewers.
func submitted(t *testing.T, o office) (db.Letter, db.Version, []db.Initial) {
	t.Helper()
	l := o.letter(t, "Undangan", "office")
	v := db.Version{ID: db.NewID(), LetterID: l.ID, Content: `{"subject":"Undangan"}`, Digest: "digest", PreviewRef: "preview", CreatedBy: o.person}
	initials := []db.Initial{
		{ID: db.NewID(), LetterID: l.ID, VersionID: v.ID, Seq: 1, PositionID: "kasi", State: db.InitialWaiting},
		{ID: db.NewID(), LetterID: l.ID, VersionID: v.ID, Seq: 2, PositionID: "sekcam", State: db.InitialWaiting},
	}
	o.do(t, func(ctx context.Context, tx db.Tx) error {
		if err := tx.AddVersion(ctx, &v); err != nil {
			return err
		}
		l.VersionID, l.State, l.Direction = v.ID, "review", "outgoing"
		return errors.Join(tx.AddInitials(ctx, initials), tx.UpdateLetter(ctx, &l))
	})
	return l, v, initials
}

func TestReviewersComeInTheirTurn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l, v, initials := submitted(t, o)
		waiting := func(position string) int {
			t.Helper()
			_, n, err := d.Letters(t.Context(), db.LetterFilter{Words: []string{"office"}, ReviewedBy: []string{position}})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if waiting("kasi") != 1 || waiting("sekcam") != 0 {
			t.Fatal("the first reviewer is not the one whose turn it is")
		}
		first := initials[0]
		first.State, first.PersonID, first.Digest, first.PreviewRef, first.At = db.InitialGiven, o.person, v.Digest, v.PreviewRef, now()
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.SettleInitial(ctx, &first) })
		if waiting("kasi") != 0 || waiting("sekcam") != 1 {
			t.Fatal("the second reviewer is not next")
		}
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return tx.SettleInitial(ctx, &first) })
		if !errors.Is(err, problem.Conflict) {
			t.Fatalf("an initial was given twice: %v", err)
		}
		rows, err := d.Initials(t.Context(), v.ID)
		if err != nil || len(rows) != 2 || rows[0].State != db.InitialGiven || !rows[0].At.Equal(first.At) || rows[1].State != db.InitialWaiting {
			t.Fatalf("%+v, %v", rows, err)
		}
		people, positions, err := d.Participants(t.Context(), l.ID)
		if err != nil || len(people) != 1 || len(positions) != 2 {
			t.Fatalf("%v, %v, %v", people, positions, err)
		}
	})
}

func TestVersionsAreNumberedAndDraftIsReplaced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := furnish(t, d)
		l, _, _ := submitted(t, o)
		second := db.Version{ID: db.NewID(), LetterID: l.ID, Content: "{}", Digest: "d2", PreviewRef: "p2", CreatedBy: o.person}
		for _, body := range []string{"satu", "dua"} {
			o.do(t, func(ctx context.Context, tx db.Tx) error {
				return tx.PutDraft(ctx, &db.Draft{LetterID: l.ID, Content: "{}", Body: body, Reviewers: "[]", UpdatedBy: o.person})
			})
		}
		o.do(t, func(ctx context.Context, tx db.Tx) error { return tx.AddVersion(ctx, &second) })
		rows, err := d.Versions(t.Context(), l.ID)
		if err != nil || len(rows) != 2 || rows[1].Seq != 2 || rows[1].Digest != "d2" {
			t.Fatalf("%+v, %v", rows, err)
		}
		if draft, err := d.Draft(t.Context(), l.ID); err != nil || draft.Body != "dua" {
			t.Fatalf("%+v, %v", draft, err)
		}
		if _, err := d.Version(t.Context(), "none"); !errors.Is(err, problem.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}
