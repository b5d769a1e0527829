package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/jobs"
)

func TestQueueGoesOnAfterTheServerRestarted(t *testing.T) {
	t.Parallel()
	o := db.Options{URL: dbtest.Postgres(t)}
	d := dbtest.Open(t, o)
	q, done := open(t, d, jobs.Options{}), &seen{}
	jobs.Handle(q, "read", func(_ context.Context, w work) error { done.add(w.Letter); return nil })
	start(t, q)
	enqueue(t, d, q, "read", work{"before"})
	idle(t, q)
	pool, err := sql.Open("pgx", o.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pool.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	if err := errors.Join(err, pool.Close()); err != nil {
		t.Fatal(err)
	}
	enqueue(t, d, q, "read", work{"after"})
	await(t, func() bool { return len(done.sorted()) == 2 })
}

// TestTwoFoldersShareTheWorkOfOneDatabase shows that no job is done by both.
func TestTwoFoldersShareTheWorkOfOneDatabase(t *testing.T) {
	t.Parallel()
	o := db.Options{URL: dbtest.Postgres(t)}
	done := &seen{}
	var queues []*jobs.Queue
	var last *db.DB
	for _, owner := range []string{"folder-1", "folder-2"} {
		last = dbtest.Open(t, o)
		q := open(t, last, jobs.Options{Owner: owner})
		jobs.Handle(q, "read", func(_ context.Context, w work) error { done.add(w.Letter); return nil })
		start(t, q)
		queues = append(queues, q)
	}
	const many = 40
	for range many {
		enqueue(t, last, queues[1], "read", work{db.NewID()})
	}
	idle(t, queues[0])
	if got := done.sorted(); len(got) != many {
		t.Fatalf("%d runs of %d jobs", len(got), many)
	}
}
