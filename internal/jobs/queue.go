package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"naskah/internal/db"
)

// Bounds of a job. A job that is still "running" after rescueAfter belongs to a
// process that is gone, because none runs longer than timeout.
const (
	timeout     = 10 * time.Minute
	rescueAfter = 15 * time.Minute
	// attempts with the waits of nextRetry span about a day and a half.
	attempts = 40
	// stopGrace is how long Stop lets running jobs come to their end by
	// themselves before it cancels them.
	stopGrace = 5 * time.Second
	// pollEvery is the fallback; new work is normally told within 50 ms.
	pollEvery = time.Second
	// fetchCooldown bounds how often the lanes ask when work pours in.
	fetchCooldown = 20 * time.Millisecond
	// keepFailed is how long jobs that were given up stay for looking at.
	keepFailed = 90 * 24 * time.Hour
)

// The lanes: slow work (reading a backlog) never stands in the way of what a
// person waits for (the final PDF, the index).
const (
	laneQuick = river.QueueDefault
	laneSlow  = "slow"

	quickWorkers = 4
)

// Options say how the queue works. Zero values are sensible.
type Options struct {
	// Workers is how many slow jobs run at once; 0 is 2.
	Workers int
	// Owner names this process's data folder among all that share one database.
	// Its running jobs are put back at the next Start with the same Owner. ""
	// is right when only one process uses the database.
	Owner string
	Log   *slog.Logger
	// GaveUp, when set, is told of a job that will not be tried again.
	GaveUp func(ctx context.Context, kind string, payload []byte, cause error)
}

// Queue is the queue of one database.
type Queue struct {
	db       *db.DB
	client   *river.Client[*sql.Tx]
	workers  *river.Workers
	slow     map[string]bool
	owner    string
	log      *slog.Logger
	gaveUp   func(ctx context.Context, kind string, payload []byte, cause error)
	stopping atomic.Bool
	started  atomic.Bool
}

// Open makes the queue's tables. Work begins with Start.
func Open(ctx context.Context, d *db.DB, o Options) (*Queue, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Owner == "" {
		o.Owner = "naskah"
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	q := &Queue{db: d, workers: river.NewWorkers(), slow: map[string]bool{}, owner: o.Owner, log: o.Log, gaveUp: o.GaveUp}
	driver, err := driverFor(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, d, driver, o.Log); err != nil {
		return nil, err
	}
	if q.client, err = river.NewClient(driver, q.config(o)); err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return q, nil
}

func driverFor(ctx context.Context, d *db.DB) (riverdriver.Driver[*sql.Tx], error) {
	if postgres, _ := d.IsPostgres(); !postgres {
		return riversqlite.New(d.Writer()), nil
	}
	listen, err := d.ListenPool(ctx)
	if err != nil {
		return nil, err
	}
	return riverdatabasesql.NewWithPgxListener(d.Writer(), listen), nil
}

func migrate(ctx context.Context, d *db.DB, driver riverdriver.Driver[*sql.Tx], log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet(log)})
	if err != nil {
		return fmt.Errorf("job tables: %w", err)
	}
	return d.Alone(ctx, func(ctx context.Context) error {
		if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("job tables: %w", err)
		}
		return nil
	})
}

func (q *Queue) config(o Options) *river.Config {
	return &river.Config{
		ID:      o.Owner,
		Workers: q.workers,
		Queues: map[string]river.QueueConfig{
			laneQuick: {MaxWorkers: quickWorkers},
			laneSlow:  {MaxWorkers: o.Workers},
		},
		JobTimeout:                  timeout,
		RescueStuckJobsAfter:        rescueAfter,
		MaxAttempts:                 attempts,
		RetryPolicy:                 backoff{},
		FetchPollInterval:           pollEvery,
		FetchCooldown:               fetchCooldown,
		DiscardedJobRetentionPeriod: keepFailed,
		CancelledJobRetentionPeriod: keepFailed,
		Logger:                      quiet(o.Log),
	}
}

// Enqueue adds a job in the transaction that needs it: it exists when, and only
// when, the transaction is committed. payload is a struct that becomes a JSON
// object (River cannot keep a bare string); it must never hold a secret. The
// kind must have its Handle already.
func (q *Queue) Enqueue(ctx context.Context, tx db.Tx, kind string, payload any) error {
	raw, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("job %s to JSON: %w", kind, err)
	}
	if raw[0] != '{' {
		return fmt.Errorf("job %s: payload %T is no JSON object", kind, payload)
	}
	opts := &river.InsertOpts{Queue: laneQuick}
	if q.slow[kind] {
		opts.Queue = laneSlow
	}
	if _, err := q.client.InsertTx(ctx, tx.SQL(), envelope{kind: kind, payload: raw}, opts); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return nil
}

// Start puts back what this owner was doing when it was killed, and begins to
// work. All kinds must be handled by then.
func (q *Queue) Start(ctx context.Context) error {
	back, err := q.db.PutJobsBack(ctx, q.owner)
	if err != nil {
		return fmt.Errorf("put running jobs back: %w", err)
	}
	if back > 0 {
		q.log.Info("jobs of a process that ended go on", "jobs", back)
	}
	q.stopping.Store(false)
	// The queue ends with Stop, not with the context that began it.
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start job queue: %w", err)
	}
	q.started.Store(true)
	return nil
}

// Stop takes no more jobs, lets the running ones end, cancels those that take
// longer than a few seconds or than ctx, and returns when nothing runs any more.
// A cancelled job is as if it had not begun: it goes on after the next Start.
func (q *Queue) Stop(ctx context.Context) error {
	if !q.started.Swap(false) {
		return nil
	}
	grace, cancel := context.WithTimeout(ctx, stopGrace)
	defer cancel()
	err := q.client.Stop(grace)
	if err == nil || !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return err
	}
	q.stopping.Store(true)
	if err := q.client.StopAndCancel(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("stop job queue: %w", err)
	}
	return nil
}
