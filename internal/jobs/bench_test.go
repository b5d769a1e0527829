package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"naskah/internal/db"
	"naskah/internal/jobs"
)

// BenchmarkQueue measures how many jobs without content go through in a second,
// and how long one waits for its worker.
func BenchmarkQueue(b *testing.B) {
	d, err := db.Open(b.Context(), db.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	q, err := jobs.Open(b.Context(), d, jobs.Options{})
	if err != nil {
		b.Fatal(err)
	}
	begun := make(chan time.Time, 1)
	var n atomic.Int64
	jobs.Handle(q, "one", func(context.Context, work) error { begun <- time.Now(); return nil })
	jobs.Handle(q, "many", func(context.Context, work) error { n.Add(1); return nil })
	if err := q.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	add := func(kind string) {
		if err := d.InTx(b.Context(), func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, kind, work{}) }); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("wait", func(b *testing.B) {
		for b.Loop() {
			add("one")
			<-begun
		}
	})
	b.Run("through", func(b *testing.B) {
		const many = 500
		for b.Loop() {
			at := time.Now()
			for range many {
				add("many")
			}
			b.ReportMetric(many/time.Since(at).Seconds(), "queued/s")
			if err := q.Idle(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(many/time.Since(at).Seconds(), "jobs/s")
		}
	})
	if err := q.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
}
