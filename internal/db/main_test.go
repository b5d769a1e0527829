package db_test

import (
	"os"
	"testing"

	"naskah/internal/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }
