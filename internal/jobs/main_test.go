package jobs_test

import (
	"os"
	"testing"

	"naskah/internal/db/dbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(victimVariable) != "" {
		victim()
		return
	}
	os.Exit(dbtest.Main(m))
}
