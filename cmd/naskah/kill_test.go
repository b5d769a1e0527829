package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A process that is killed while it takes letters in leaves each one whole or not
// there, and what waits goes on with the next start.
func TestKilledImportLosesNothing(t *testing.T) {
	t.Parallel()
	rounds := 3
	if os.Getenv("NASKAH_LONG") == "1" {
		rounds = 40
	}
	dir := t.TempDir()
	const letters = 8
	for i := range letters {
		writeLetter(t, filepath.Join(dir, fmt.Sprintf("surat-%d.pdf", i)), fmt.Sprintf("Surat nomor %d tentang musrenbang", i))
	}
	r := rand.New(rand.NewPCG(2026, 11))
	for round := range rounds {
		data := fmt.Sprintf("d%d", round)
		cmd := program(t, "import", dir, "--json", "--wait", "--data", filepath.Join(dir, ".data", data))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(150+r.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // killed or done, both are meant
		kill.Stop()
		got := do(t, dir, "", "import", ".", "--json", "--wait", "--data", filepath.Join(".data", data))
		if got.code != 0 {
			t.Fatalf("round %d: exit %d: %s%s", round, got.code, got.out, got.err)
		}
		for _, l := range got.lines(t) {
			if l["state"] != "searchable" && l["state"] != "duplicate" {
				t.Errorf("round %d: %+v", round, l)
			}
		}
		found := do(t, dir, "", "search", "musrenbang", "--json", "--data", filepath.Join(".data", data)).lines(t)
		if found[0]["total"] != float64(letters) {
			t.Errorf("round %d: %v of %d letters are found", round, found[0]["total"], letters)
		}
		if check := do(t, dir, "", "fsck", "--data", filepath.Join(".data", data)); check.code != 0 {
			t.Errorf("round %d: %s", round, check.out)
		}
	}
}
