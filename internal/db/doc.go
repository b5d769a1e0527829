// Package db is every row we keep and all the SQL there is.
//
// One set of migrations serves SQLite and PostgreSQL: only types that both read
// alike are used (text, bigint, boolean, timestamp, double precision); bytes are
// kept as base64 text, times are UTC.
package db
