// Package dbtest gives tests a real database of each sort: SQLite in a temporary
// folder, and PostgreSQL in a database of its own.
//
// A package that uses it has
//
//	func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }
//
// which starts a private PostgreSQL server for the test process, or uses the one
// that NASKAH_TEST_POSTGRES names. Where PostgreSQL is not installed, its half of
// each test is skipped with one line.
package dbtest
