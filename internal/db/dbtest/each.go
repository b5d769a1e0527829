package dbtest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"naskah/internal/db"
)

// Variable names the PostgreSQL server for tests: a URL whose user may create
// databases.
const Variable = "NASKAH_TEST_POSTGRES"

// Each runs the test on an empty, migrated database of each sort.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o db.Options) { test(t, Open(t, o)) })
}

// EachOptions runs the test with the place of an empty database of each sort,
// for tests that open it more than once.
func EachOptions(t *testing.T, test func(t *testing.T, o db.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, db.Options{Dir: t.TempDir()})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, db.Options{URL: schema(t)})
	})
}

// Open opens the database until the test ends.
func Open(t *testing.T, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return d
}

// Postgres makes an empty PostgreSQL database of its own and gives its URL, for
// tests that disturb all its connections. It is dropped when the test ends.
// Without a server the test is skipped.
func Postgres(t *testing.T) string {
	t.Helper()
	u, name := server(t)
	run(t, u.String(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
	t.Cleanup(func() { run(t, u.String(), "DROP DATABASE "+name+" WITH (FORCE)") })
	own := *u
	own.Path = "/" + name
	return own.String()
}

// schema is an empty schema in the server's database: as good as a database for
// most tests, and made in a hundredth of the time.
func schema(t *testing.T) string {
	t.Helper()
	u, name := server(t)
	run(t, u.String(), "CREATE SCHEMA "+name)
	t.Cleanup(func() { run(t, u.String(), "DROP SCHEMA "+name+" CASCADE") })
	own, query := *u, u.Query()
	query.Set("search_path", name)
	own.RawQuery = query.Encode()
	return own.String()
}

// server gives the server's URL and a name that nobody has used on it.
func server(t *testing.T) (*url.URL, string) {
	t.Helper()
	at := os.Getenv(Variable)
	if at == "" {
		t.Skip("PostgreSQL is not installed; apt-get install postgresql, or set " + Variable)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	return u, "naskah_" + strings.ReplaceAll(db.NewID(), "-", "")
}

// makeTime bounds making and dropping on a busy machine.
const makeTime = time.Minute

func run(t *testing.T, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), makeTime)
	defer cancel()
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	defer func() {
		if err := pool.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	if _, err := pool.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
