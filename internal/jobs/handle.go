package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"naskah/internal/problem"
)

// envelope is a job as River sees it: our kind, and the payload as its args.
type envelope struct {
	kind    string
	payload json.RawMessage
}

// Kind makes envelope a river.JobArgs.
func (e envelope) Kind() string { return e.kind }

// MarshalJSON is the payload alone.
func (e envelope) MarshalJSON() ([]byte, error) { return e.payload, nil }

// UnmarshalJSON keeps the payload until its type is known.
func (e *envelope) UnmarshalJSON(b []byte) error {
	e.payload = append([]byte(nil), b...)
	return nil
}

// Handle says what a job of that kind does. It must be called before Start and
// before the kind is enqueued; a kind has one fn. fn may run twice for one job.
// An error is tried again later, ever more seldom; one that is
// problem.Unavailable waits and is not counted; see also Later and Never.
func Handle[T any](q *Queue, kind string, fn func(ctx context.Context, job T) error) {
	river.AddWorkerArgs(q.workers, envelope{kind: kind}, &worker{queue: q, fn: decoded(fn)})
}

// HandleSlow is Handle for work that keeps a processor busy for long. It has its
// own lane, so that a backlog of scans never holds up a letter somebody waits
// for.
func HandleSlow[T any](q *Queue, kind string, fn func(ctx context.Context, job T) error) {
	q.slow[kind] = true
	Handle(q, kind, fn)
}

func decoded[T any](fn func(ctx context.Context, job T) error) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, raw json.RawMessage) error {
		var payload T
		if err := json.Unmarshal(raw, &payload); err != nil {
			return Never(fmt.Errorf("payload: %w", err))
		}
		return fn(ctx, payload)
	}
}

type worker struct {
	river.WorkerDefaults[envelope]
	queue *Queue
	fn    func(context.Context, json.RawMessage) error
}

// Work runs a job and tells River what its error means.
func (w *worker) Work(ctx context.Context, job *river.Job[envelope]) error {
	begun := time.Now()
	err := w.fn(ctx, job.Args.payload)
	out := w.queue.meaning(ctx, err)
	w.queue.logJob(ctx, job.JobRow, time.Since(begun), err, out)
	var end *rivertype.JobCancelError
	if last := job.Attempt >= job.MaxAttempts && errors.Is(out, err); err != nil && (last || errors.As(out, &end)) && w.queue.gaveUp != nil {
		w.queue.gaveUp(ctx, job.Kind, job.Args.payload, err)
	}
	return out
}

// waitUnavailable is how long a job rests when a part that it needs is down.
const waitUnavailable = 20 * time.Second

// meaning is what River is told: snoozes and cancellations in its own types,
// any other error as it is.
func (q *Queue) meaning(ctx context.Context, err error) error {
	var later *laterError
	var never *neverError
	switch {
	case err == nil:
		return nil
	case q.stopping.Load() && ctx.Err() != nil:
		return river.JobSnooze(0)
	case errors.As(err, &never):
		return river.JobCancel(err)
	case errors.As(err, &later):
		return river.JobSnooze(later.wait)
	case errors.Is(err, problem.Unavailable) && ctx.Err() == nil:
		return river.JobSnooze(waitUnavailable)
	default:
		return err
	}
}

func (q *Queue) logJob(ctx context.Context, row *rivertype.JobRow, took time.Duration, err, out error) {
	var snooze *rivertype.JobSnoozeError
	level, end := slog.LevelInfo, "done"
	switch {
	case errors.As(out, &snooze):
		end = "later"
	case err != nil:
		level, end = slog.LevelWarn, "failed"
	}
	attrs := []slog.Attr{slog.String("kind", row.Kind), slog.Int64("id", row.ID), slog.Int("attempt", row.Attempt), slog.String("end", end), slog.Duration("took", took)}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	q.log.LogAttrs(ctx, level, "job", attrs...)
}

type laterError struct {
	wait  time.Duration
	cause error
}

func (e *laterError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("again in %s", e.wait)
	}
	return fmt.Sprintf("again in %s: %v", e.wait, e.cause)
}

func (e *laterError) Unwrap() error { return e.cause }

// Later asks for the job to be tried again after a while without counting the
// try: something that it needs is not there yet. cause may be nil.
func Later(wait time.Duration, cause error) error {
	return &laterError{wait: max(wait, 0), cause: cause}
}

type neverError struct{ cause error }

func (e *neverError) Error() string { return fmt.Sprintf("never again: %v", e.cause) }

func (e *neverError) Unwrap() error { return e.cause }

// Never ends the job: trying again would give the same error.
func Never(cause error) error { return &neverError{cause: cause} }

// longestWait bounds the time between two tries: a part that was mended is used
// again within the hour.
const longestWait = time.Hour

type backoff struct{}

// NextRetry doubles the wait from one second to longestWait.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().UTC().Add(waitAfter(job.Attempt))
}

func waitAfter(attempt int) time.Duration {
	if attempt > 12 { // 2^12 s is more than an hour
		return longestWait
	}
	return min(time.Second<<max(attempt-1, 0), longestWait)
}
