package jobs

import (
	"context"
	"log/slog"
	"time"
)

const (
	// dueSoon is how far ahead Idle looks: a job that is tried again within
	// this time is waited for, one that rests longer is not.
	dueSoon = 30 * time.Second
	// askEvery is how often Idle looks whether all is done.
	askEvery = 50 * time.Millisecond
)

// Counts are the jobs by state: "available", "running", "retryable" (failed and
// tried again), "scheduled" (waiting for something), "discarded" and
// "cancelled" (given up).
func (q *Queue) Counts(ctx context.Context) (map[string]int, error) { return q.db.JobCounts(ctx) }

// Waiting counts the jobs that run, wait for a worker, or are tried again within
// half a minute. Jobs that asked for Later do not count.
func (q *Queue) Waiting(ctx context.Context) (int, error) {
	return q.db.JobsDue(ctx, time.Now().Add(dueSoon))
}

// Idle returns when Waiting is 0 or ctx ends. The queue must be started.
func (q *Queue) Idle(ctx context.Context) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		n, err := q.Waiting(ctx)
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// quiet hands on only what is wrong: River tells of every start and stop, and a
// job that failed has its own line here.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(loud{log.Handler()}) }

type loud struct{ slog.Handler }

// Enabled is for warnings and errors alone.
func (h loud) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the filter.
func (h loud) WithAttrs(attrs []slog.Attr) slog.Handler { return loud{h.Handler.WithAttrs(attrs)} }

// WithGroup keeps the filter.
func (h loud) WithGroup(name string) slog.Handler { return loud{h.Handler.WithGroup(name)} }
