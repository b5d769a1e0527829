package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ListenPool is a small pool for the connection on which PostgreSQL tells of new
// jobs; it is closed with the database.
func (d *DB) ListenPool(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(d.url)
	if err != nil {
		return nil, fmt.Errorf("listen pool: %w", err)
	}
	cfg.MaxConns, cfg.MinConns = 2, 0
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, unreachable(err)
	}
	d.listen = append(d.listen, pool)
	return pool, nil
}

// PutJobsBack makes the jobs that the owner's former process left running
// available again, and frees the lead that it held; it gives their number. A job
// that ended its process every time it ran is given up. In SQLite the folder has
// one owner, whatever its name.
func (d *DB) PutJobsBack(ctx context.Context, owner string) (int, error) {
	mine, now := "TRUE", "strftime('%Y-%m-%d %H:%M:%f', 'now')"
	if d.postgres {
		mine, now = "attempted_by[array_upper(attempted_by, 1)] = ?0", "now()"
	}
	var back int64
	err := d.InTx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.idb.NewRaw("UPDATE river_job SET state = 'discarded', finalized_at = "+now+" WHERE state = 'running' AND attempt >= max_attempts AND "+mine, owner).Exec(ctx); err != nil {
			return err
		}
		res, err := tx.idb.NewRaw("UPDATE river_job SET state = 'available' WHERE state = 'running' AND "+mine, owner).Exec(ctx)
		if err != nil {
			return err
		}
		if back, err = res.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.idb.NewRaw("DELETE FROM river_leader WHERE leader_id = ?0", owner).Exec(ctx)
		return err
	})
	return int(back), err
}

// JobCounts counts the queue's jobs by state, those that are done left out.
func (d *DB) JobCounts(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	if err := d.reader.NewRaw("SELECT state, count(*) AS n FROM river_job WHERE state <> 'completed' GROUP BY state").Scan(ctx, &rows); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}

// JobsDue counts the jobs that run or will run before the time without anything
// new happening; those that asked to wait are left out.
func (d *DB) JobsDue(ctx context.Context, before time.Time) (int, error) {
	var n int
	err := d.reader.NewRaw("SELECT count(*) FROM river_job WHERE state = 'running' OR (state IN ('available', 'pending', 'retryable') AND scheduled_at <= ?)", before.UTC()).Scan(ctx, &n)
	return n, err
}
