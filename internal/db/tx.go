package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"naskah/internal/problem"
)

// Tx is one transaction: its reads see its own writes.
type Tx struct {
	queries
	sql *sql.Tx
}

// SQL is the transaction for River's inserts.
func (tx Tx) SQL() *sql.Tx { return tx.sql }

// inside marks the context that fn gets. A second InTx in there would wait for
// the one write connection for ever, so it is an error at once.
type inside struct{}

var errNested = errors.New("db: InTx inside InTx: use the Tx that is open")

// transactionTries bounds how often InTx begins anew.
const transactionTries = 5

// InTx runs fn in one transaction and commits it when fn returns nil; otherwise
// nothing of it remains. Inside, only the given Tx may be used. When the database
// gives a transaction up in favour of another (a deadlock, a lock held too
// long), fn runs again from its beginning. A database that is down or full is
// problem.Unavailable.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return errNested
	}
	for try := 1; ; try++ {
		err := d.once(ctx, fn)
		if err == nil || try == transactionTries || ctx.Err() != nil || !worthAnother(err) {
			return said(err)
		}
		d.log.Warn("transaction begins anew", "try", try, "error", err)
	}
}

func (d *DB) once(ctx context.Context, fn func(ctx context.Context, tx Tx) error) (err error) {
	tx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		// After a commit this does nothing; after an error or a panic of fn it
		// is what keeps the promise.
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) && err == nil {
			err = undo
		}
	}()
	if err := fn(context.WithValue(ctx, inside{}, true), Tx{queries: queries{idb: tx, postgres: d.postgres}, sql: tx.Tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// begin tries again when the server has ended the connection since it was last
// used: after its restart every connection of the pool is like that once.
// Nothing was sent before, so nothing can happen twice.
func (d *DB) begin(ctx context.Context) (bun.Tx, error) {
	for try := 0; ; try++ {
		tx, err := d.writer.BeginTx(ctx, nil)
		var refused *pgconn.ConnectError
		if err == nil || !d.postgres || try == poolSize || ctx.Err() != nil || errors.As(err, &refused) {
			return tx, err
		}
	}
}

// SQLSTATE codes with which PostgreSQL asks for the transaction again, and the
// classes in which it says that it cannot go on: connection, resources,
// shutdown.
const (
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
	pgConnection    = "08"
	pgResources     = "53"
	pgShutdown      = "57"
)

// worthAnother says whether the database itself asks for another try.
func worthAnother(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgSerialization || pg.Code == pgDeadlock
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && primary(lite) == sqlite3.SQLITE_BUSY
}

// primary is the error code without what SQLite adds above the low byte.
func primary(err *sqlite.Error) int { return err.Code() & 0xff }

// one turns "no row" into problem.NotFound.
func one(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %w", problem.NotFound, err)
	}
	return said(err)
}

// said gives a database that is down or full its sentence; other errors stay as
// they are.
func said(err error) error {
	var already *problem.Error
	if err == nil || errors.As(err, &already) || !down(err) {
		return err
	}
	return problem.New(problem.Unavailable, "Basis data sedang tidak dapat dipakai. Data yang sudah tersimpan tetap aman; coba lagi sebentar, atau minta admin memeriksa ruang disk dan basis data.",
		"The database cannot be used right now. What was saved is safe; try again in a moment, or ask the administrator to check the disk space and the database.", err)
}

func down(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch primary(lite) {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY:
			return true
		}
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:min(len(pg.Code), len(pgConnection))]
		return class == pgConnection || class == pgResources || class == pgShutdown
	}
	var network net.Error
	var refused *pgconn.ConnectError
	return errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn)
}
