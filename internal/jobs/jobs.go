package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"naskah/internal/db"
)

// A job has ten minutes; one that seems to run after fifteen belongs to a dead
// process and is tried again. The first must be shorter than the second, or a
// slow job would run twice at once.
const (
	jobTimeout  = 10 * time.Minute
	rescueAfter = 15 * time.Minute
	maxAttempts = 12 // with River's backoff of attempt^4 seconds: about 16 hours
)

// Options of a queue.
type Options struct {
	Workers int // jobs at once; 0 is 2
	// Owner names the data folder. Jobs that this owner was running when it was
	// killed go on at once after its next start.
	Owner string
	Log   *slog.Logger
}

// Queue keeps work in the database and does it in the background.
type Queue struct {
	db       *db.DB
	client   *river.Client[*sql.Tx]
	handlers map[string]func(context.Context, json.RawMessage) error
	pool     *pgxpool.Pool
	o        Options
}

// envelope is the one kind of job that River sees.
type envelope struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload"`
}

// Kind implements river.JobArgs.
func (envelope) Kind() string { return "naskah" }

// Open prepares River's tables. Handlers are added before Start.
func Open(ctx context.Context, d *db.DB, o Options) (*Queue, error) {
	if o.Workers == 0 {
		o.Workers = 2
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	q := &Queue{db: d, handlers: map[string]func(context.Context, json.RawMessage) error{}, o: o}
	driver, err := q.driver(ctx)
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("queue migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("queue migrations: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	q.client, err = river.NewClient(driver, &river.Config{
		ID: o.Owner, Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}},
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, MaxAttempts: maxAttempts,
		FetchPollInterval: time.Second, FetchCooldown: 20 * time.Millisecond, Logger: slog.New(quiet{o.Log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return q, nil
}

func (q *Queue) driver(ctx context.Context) (riverdriver.Driver[*sql.Tx], error) {
	postgres, url := q.db.IsPostgres()
	if !postgres {
		return riversqlite.New(q.db.Writer()), nil
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("queue listener: %w", err)
	}
	config.MaxConns = 1
	if q.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("queue listener: %w", err)
	}
	return riverdatabasesql.NewWithPgxListener(q.db.Writer(), q.pool), nil
}

// quiet passes River's warnings and errors on and keeps the rest to itself.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }
func (h quiet) WithGroup(name string) slog.Handler       { return quiet{h.Handler.WithGroup(name)} }

// Handle teaches the queue what to do with jobs of a kind. fn may run twice for
// one job and must bear it. Kinds are kept in the database: a name once used
// stays. Not to be called after Start.
func Handle[T any](q *Queue, kind string, fn func(ctx context.Context, payload T) error) {
	q.handlers[kind] = func(ctx context.Context, raw json.RawMessage) error {
		var payload T
		if err := json.Unmarshal(raw, &payload); err != nil {
			return Never(fmt.Errorf("payload of %s: %w", kind, err))
		}
		return fn(ctx, payload)
	}
}

// Enqueue adds work in the transaction that needs it.
func (q *Queue) Enqueue(ctx context.Context, tx db.Tx, kind string, payload any) error {
	raw, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("payload of %s: %w", kind, err)
	}
	if _, err := q.client.InsertTx(ctx, tx.SQL(), envelope{kind, raw}, nil); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return nil
}

// Start puts back what this owner was doing when it was killed, and begins.
func (q *Queue) Start(ctx context.Context) error {
	back := "UPDATE river_job SET state = 'available' WHERE state = 'running'"
	if _, err := q.db.Writer().ExecContext(ctx, back); err != nil {
		return fmt.Errorf("put back running jobs: %w", err)
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	return nil
}

// Stop ends what runs: jobs get a moment to finish, then their context ends.
// When it returns, nothing runs any more.
func (q *Queue) Stop(ctx context.Context) error {
	soft, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := q.client.Stop(soft)
	if err != nil {
		err = q.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	if q.pool != nil {
		q.pool.Close()
	}
	return err
}

// Waiting counts the jobs that are to be done now or are being done; those that
// wait for something (Later) or for another try are not among them.
func (q *Queue) Waiting(ctx context.Context) (int, error) {
	var n int
	err := q.db.Writer().QueryRowContext(ctx, "SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'pending')").Scan(&n)
	return n, err
}

// idlePoll is how often Idle looks: a command that waits for its work notices
// its end within this time.
const idlePoll = 50 * time.Millisecond

// Idle waits until nothing is to be done now.
func (q *Queue) Idle(ctx context.Context) error {
	tick := time.NewTicker(idlePoll)
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

type laterError struct {
	after time.Duration
	cause error
}

func (e laterError) Error() string { return fmt.Sprintf("later (%s): %v", e.after, e.cause) }
func (e laterError) Unwrap() error { return e.cause }

// Later asks to be run again after a while without counting as a failed try: for
// something that is missing and may appear. cause may be nil.
func Later(after time.Duration, cause error) error { return laterError{after, cause} }

type neverError struct{ error }

func (e neverError) Unwrap() error { return e.error }

// Never says that trying again would not help.
func Never(cause error) error { return neverError{cause} }

type worker struct {
	river.WorkerDefaults[envelope]
	queue *Queue
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[envelope]) error {
	began := time.Now()
	fn, ok := w.queue.handlers[job.Args.Name]
	if !ok {
		return river.JobCancel(fmt.Errorf("no handler for %q", job.Args.Name))
	}
	err := fn(ctx, job.Args.Payload)
	log := w.queue.o.Log.With("job", job.Args.Name, "try", job.Attempt, "ms", time.Since(began).Milliseconds())
	var later laterError
	var never neverError
	switch {
	case err == nil:
		log.Debug("job done")
		return nil
	case errors.As(err, &later):
		log.Debug("job waits", "reason", later.cause)
		return river.JobSnooze(later.after)
	case errors.As(err, &never):
		log.Error("job given up", "error", err)
		return river.JobCancel(err)
	}
	log.Warn("job failed, will be tried again", "error", err)
	return err
}
