package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/jobs"
	"naskah/internal/problem"
)

type (
	work      struct{ Letter string }
	countdown struct{ Left int }
)

// open opens a queue until the test ends.
func open(t *testing.T, d *db.DB, o jobs.Options) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return q
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func enqueue(t *testing.T, d *db.DB, q *jobs.Queue, kind string, payload any) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, kind, payload) }); err != nil {
		t.Fatal(err)
	}
}

func idle(t *testing.T, q *jobs.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := q.Idle(ctx); err != nil {
		t.Fatalf("queue does not come to rest: %v", err)
	}
}

// seen collects the letters that jobs were run for.
type seen struct {
	mu      sync.Mutex
	letters []string
}

func (s *seen) add(letter string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, letter)
}

func (s *seen) sorted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.letters))
}

func TestWorkQueuedInATransactionIsDoneAfterItsCommitAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, done := open(t, d, jobs.Options{}), &seen{}
		jobs.Handle(q, "read", func(_ context.Context, w work) error { done.add(w.Letter); return nil })
		start(t, q)
		for _, letter := range []string{"a", "b", "c"} {
			enqueue(t, d, q, "read", work{letter})
		}
		undo := errors.New("undo")
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			return errors.Join(q.Enqueue(ctx, tx, "read", work{"never"}), undo)
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		idle(t, q)
		if got := done.sorted(); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Fatalf("%v", got)
		}
	})
}

func TestJobsThatQueueJobsAreAllDoneWhenIdleReturns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		var steps atomic.Int32
		jobs.HandleSlow(q, "read", func(ctx context.Context, c countdown) error {
			steps.Add(1)
			if c.Left == 0 {
				return nil
			}
			kind := "read"
			if c.Left%2 == 0 {
				kind = "index"
			}
			return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, kind, countdown{c.Left - 1}) })
		})
		jobs.Handle(q, "index", func(ctx context.Context, c countdown) error {
			steps.Add(1)
			return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, "read", countdown{c.Left - 1}) })
		})
		start(t, q)
		enqueue(t, d, q, "read", countdown{6})
		idle(t, q)
		if steps.Load() != 7 {
			t.Fatalf("%d steps", steps.Load())
		}
	})
}

func TestFailedWorkIsTriedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		var tries atomic.Int32
		jobs.Handle(q, "read", func(context.Context, work) error {
			if tries.Add(1) == 1 {
				return errors.New("the disk hiccupped")
			}
			return nil
		})
		jobs.Handle(q, "burst", func(context.Context, work) error {
			if tries.Add(1) == 1 {
				panic("a fault of ours")
			}
			return nil
		})
		start(t, q)
		for _, kind := range []string{"read", "burst"} {
			tries.Store(0)
			enqueue(t, d, q, kind, work{})
			idle(t, q)
			if tries.Load() != 2 {
				t.Fatalf("%s: %d tries", kind, tries.Load())
			}
		}
	})
}

func TestWorkThatCanNeverSucceedIsGivenUpAndTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tries atomic.Int32
		told := &seen{}
		q := open(t, d, jobs.Options{GaveUp: func(_ context.Context, kind string, payload []byte, cause error) {
			if !json.Valid(payload) {
				t.Errorf("payload %q", payload)
			}
			told.add(kind + " " + cause.Error())
		}})
		jobs.Handle(q, "read", func(context.Context, work) error {
			tries.Add(1)
			return jobs.Never(errors.New("no such letter"))
		})
		start(t, q)
		enqueue(t, d, q, "read", work{"a"})
		enqueue(t, d, q, "read", map[string]int{"Letter": 1})
		idle(t, q)
		counts, err := q.Counts(t.Context())
		if err != nil || counts["cancelled"] != 2 || tries.Load() != 1 {
			t.Fatalf("%v, %d tries, %v", counts, tries.Load(), err)
		}
		if got := told.sorted(); len(got) != 2 || got[0] != "read never again: no such letter" {
			t.Fatalf("%q", got)
		}
	})
}

func TestWorkThatWaitsForSomethingMissingDoesNotHoldUpIdle(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		missing := problem.New(problem.Unavailable, "Tesseract belum ada.", "Tesseract is not there.", nil)
		jobs.HandleSlow(q, "read", func(context.Context, work) error { return jobs.Later(time.Hour, missing) })
		jobs.Handle(q, "index", func(context.Context, work) error { return missing })
		start(t, q)
		enqueue(t, d, q, "read", work{})
		enqueue(t, d, q, "index", work{})
		idle(t, q)
		counts, err := q.Counts(t.Context())
		if err != nil || counts["scheduled"] != 2 || len(counts) != 1 {
			t.Fatalf("%v, %v", counts, err)
		}
	})
}

func TestWaitingDoesNotCountAsATry(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		var runs atomic.Int32
		jobs.Handle(q, "read", func(context.Context, work) error {
			if runs.Add(1) < 3 {
				return jobs.Later(0, nil)
			}
			return errors.New("counted")
		})
		start(t, q)
		enqueue(t, d, q, "read", work{})
		await(t, func() bool {
			var attempt int
			err := d.Reader().QueryRowContext(t.Context(), "SELECT attempt FROM river_job WHERE state <> 'running'").Scan(&attempt)
			return err == nil && runs.Load() >= 3 && attempt == 1
		})
	})
}

// await looks again and again until it is so; the deadline is the test's own.
func await(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-t.Context().Done():
			t.Fatal("it never came to be")
		case <-time.After(time.Minute):
			t.Fatal("it never came to be")
		case <-tick.C:
		}
	}
}

func TestBacklogOfSlowWorkDoesNotHoldUpQuickWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{Workers: 1})
		quick := make(chan struct{})
		jobs.HandleSlow(q, "read", func(ctx context.Context, _ work) error {
			select {
			case <-quick: // the backlog moves on only when the quick job was done
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		jobs.Handle(q, "prepare", func(context.Context, work) error { close(quick); return nil })
		start(t, q)
		for range 20 {
			enqueue(t, d, q, "read", work{})
		}
		enqueue(t, d, q, "prepare", work{})
		idle(t, q)
	})
}

func TestBareStringCannotBeQueued(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Options{Dir: t.TempDir()})
	q := open(t, d, jobs.Options{})
	jobs.Handle(q, "read", func(context.Context, string) error { return nil })
	err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, "read", "a letter") })
	if err == nil {
		t.Fatal("a payload that cannot be kept was queued")
	}
}

func TestKindWithoutHandlerCannotBeQueued(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		jobs.Handle(q, "read", func(context.Context, work) error { return nil })
		err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, "raed", work{}) })
		if err == nil {
			t.Fatal("a misspelt kind was queued")
		}
	})
}
