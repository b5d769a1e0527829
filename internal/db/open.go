package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the "sqlite" driver

	"naskah/internal/problem"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options say where the database is.
type Options struct {
	URL string // "postgres://…"; empty is SQLite in Dir
	Dir string // folder of naskah.db
	Log *slog.Logger
}

// DB is the open database. Reads go to a pool, writes through InTx alone.
type DB struct {
	queries
	writer   *bun.DB
	reader   *bun.DB
	url      string
	postgres bool
	log      *slog.Logger
	listen   []*pgxpool.Pool
}

// poolSize is the number of PostgreSQL connections of one process; a server
// allows 100 by default.
const poolSize = 16

// readers is the number of SQLite connections that read at once: two cores, and
// room for a slow one.
const readers = 4

// Open opens the database and brings its tables up to date.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &DB{url: o.URL, postgres: o.URL != "", log: o.Log}
	var err error
	if d.postgres {
		err = d.openPostgres(ctx)
	} else {
		err = d.openSQLite(ctx, filepath.Join(o.Dir, "naskah.db"))
	}
	if err != nil {
		return nil, unreachable(err)
	}
	d.queries = queries{idb: d.reader}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(unreachable(err), d.Close())
	}
	return d, nil
}

func unreachable(cause error) error {
	var said *problem.Error
	if errors.As(cause, &said) {
		return said
	}
	return problem.New(problem.Unavailable, "Basis data tidak dapat dibuka. Periksa setelan basis data dan ruang disk, lalu coba lagi.",
		"The database cannot be opened. Check its settings and the free disk space, then try again.", cause)
}

// openSQLite opens one connection for writing and a pool for reading. Settings
// stand in the DSN so that every connection has them; _txlock=immediate makes a
// transaction wait for its turn at its beginning instead of failing in its middle.
func (d *DB) openSQLite(ctx context.Context, path string) error {
	common := "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)"
	file := (&url.URL{Scheme: "file", Opaque: url.PathEscape(path)}).String()
	file = strings.ReplaceAll(file, "%2F", "/")
	write, err := sql.Open("sqlite", file+"?"+common+"&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", file+"?"+common+"&_pragma=query_only(1)")
	if err != nil {
		return errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	d.writer, d.reader = bun.NewDB(write, cleaned{sqlitedialect.New()}), bun.NewDB(read, cleaned{sqlitedialect.New()})
	return d.writer.PingContext(ctx)
}

func (d *DB) openPostgres(ctx context.Context) error {
	pool, err := sql.Open("pgx", d.url)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d.writer = bun.NewDB(pool, cleaned{pgdialect.New()})
	d.reader = d.writer
	return d.writer.PingContext(ctx)
}

func (d *DB) migrate(ctx context.Context) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, d.writer.DB, steps)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return d.Alone(ctx, func(ctx context.Context) error {
		if err := notNewer(ctx, provider); err != nil {
			return err
		}
		if _, err = provider.Up(ctx); err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		return nil
	})
}

// startLock is the PostgreSQL advisory lock of Alone: any number that is ours.
const startLock = 0x6e61736b6168

// Alone runs fn while no other process that uses the same database is in Alone:
// two that start at once make the tables one after the other. An SQLite folder
// has one owner anyway.
func (d *DB) Alone(ctx context.Context, fn func(context.Context) error) (err error) {
	if !d.postgres {
		return fn(ctx)
	}
	conn, err := d.writer.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", startLock); err != nil {
		return err
	}
	defer func() {
		_, free := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", startLock)
		err = errors.Join(err, free)
	}()
	return fn(ctx)
}

// notNewer refuses a database that a newer Naskah has changed: this one would
// write rows that the newer one does not expect.
func notNewer(ctx context.Context, provider *goose.Provider) error {
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	sources := provider.ListSources()
	if known := sources[len(sources)-1].Version; have > known {
		return problem.New(problem.Unavailable, "Basis data ini sudah dipakai oleh Naskah yang lebih baru. Pasang versi Naskah yang terbaru.",
			"This database was used by a newer Naskah. Install the newest version.", fmt.Errorf("database has version %d, this program knows %d", have, known))
	}
	return nil
}

// Close ends all connections.
func (d *DB) Close() error {
	for _, pool := range d.listen {
		pool.Close()
	}
	if d.postgres {
		return d.writer.Close()
	}
	return errors.Join(d.reader.Close(), d.writer.Close())
}

// Ping asks the database whether it answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.reader.PingContext(ctx); err != nil {
		return unreachable(err)
	}
	return nil
}

// Writer is the connection that River shares with InTx.
func (d *DB) Writer() *sql.DB { return d.writer.DB }

// Reader is the pool for reading; on SQLite it cannot write.
func (d *DB) Reader() *sql.DB { return d.reader.DB }

// IsPostgres tells the two databases apart, and URL is how it was opened.
func (d *DB) IsPostgres() (yes bool, url string) { return d.postgres, d.url }

// queries are the statements that run inside and outside a transaction.
type queries struct {
	idb      bun.IDB
	postgres bool
}
