//go:build interop

package office

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
)

// ask runs a foreign judge; without it one line says that it was skipped.
func ask(t *testing.T, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not here: it was not asked", program)
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// Every letter of the demo that was signed stays what it was set as: PDF/A-2b, with
// a signature that others accept.
func TestForeignJudgesAcceptEverySignedLetter(t *testing.T) {
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	w.must(w.demoOutgoing(t.Context()))
	w.settled()
	dir, signed := t.TempDir(), 0
	w.must(w.DB.EachLetter(t.Context(), func(l db.Letter) error {
		if l.SignedRef == "" {
			return nil
		}
		signed++
		raw, err := w.readAll(t.Context(), l.SignedRef)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, l.ID+".pdf"), raw, 0o600)
	}))
	if signed < 3 {
		t.Fatalf("%d signed letters", signed)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	w.must(err)
	for _, path := range files {
		ask(t, "qpdf", "--check", path)
		if said := ask(t, "pdfsig", "-nocert", path); !strings.Contains(said, "Signature is Valid.") || !strings.Contains(said, "Total document signed") {
			t.Error(said)
		}
	}
	judge := os.Getenv("NASKAH_VERAPDF")
	if judge == "" {
		t.Skip("veraPDF is not here (NASKAH_VERAPDF): PDF/A was not judged")
	}
	said := ask(t, judge, append([]string{"--flavour", "2b", "--format", "text"}, files...)...)
	if n := strings.Count(said, "PASS "); n != len(files) || strings.Contains(said, "FAIL ") {
		t.Errorf("%d of %d signed letters are PDF/A-2b:\n%s", n, len(files), said)
	}
}
