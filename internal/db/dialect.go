package db

import (
	"strings"

	"github.com/uptrace/bun/schema"
)

// cleaned is a dialect in which texts may hold anything: NUL, which PostgreSQL
// cannot keep and bun refuses, is left out, so that a foreign file name or a
// typed one never fails a statement. bun itself turns broken UTF-8 into U+FFFD.
type cleaned struct{ schema.Dialect }

// AppendString writes a text into a statement.
func (d cleaned) AppendString(b []byte, s string) []byte {
	return d.Dialect.AppendString(b, strings.ReplaceAll(s, "\x00", ""))
}
