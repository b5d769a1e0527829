//go:build interop

package typeset

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"naskah/internal/letter"
	"naskah/internal/pdf"
)

// veraPDF runs the judge that NASKAH_VERAPDF names: a runnable jar, a folder of
// jars, or a program.
func veraPDF(t *testing.T, args ...string) string {
	t.Helper()
	at := os.Getenv("NASKAH_VERAPDF")
	if at == "" {
		t.Skip("veraPDF is not here (NASKAH_VERAPDF): PDF/A was not judged")
	}
	name, first := at, []string(nil)
	if info, err := os.Stat(at); err == nil && info.IsDir() {
		name, first = "java", []string{"-cp", filepath.Join(at, "*"), "org.verapdf.apps.GreenfieldCliWrapper"}
	} else if strings.HasSuffix(at, ".jar") {
		name, first = "java", []string{"-jar", at}
	}
	out, err := exec.Command(name, append(first, args...)...).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "FAIL") {
		t.Fatalf("veraPDF: %v\n%s", err, out)
	}
	return string(out)
}

func TestEverythingSetIsPDFA2b(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, l := range samples(t) {
		put(name, set(t, l, nil).PDF)
	}
	attached := invitation(t)
	attached.Content.Attachments = append(attached.Content.Attachments, letter.Attachment{Title: "Peta", Ref: "a"})
	put("berlampiran", set(t, attached, map[string][]byte{"a": scanFile(t)}).PDF)
	put("pindaian", scanFile(t))
	// A stamp or a text layer on a file of ours must not cost it its claim.
	var stamped, layered bytes.Buffer
	if err := pdf.AddAgendaStamp(bytes.NewReader(scanFile(t)), &stamped, pdf.AgendaStamp{Office: "Kecamatan Cicalengka", Number: "12/2026", Received: "16 November 2026"}); err != nil {
		t.Fatal(err)
	}
	put("bercap", stamped.Bytes())
	if err := pdf.AddText(bytes.NewReader(scanFile(t)), &layered, map[int][]pdf.Word{1: {{Text: "kata", X0: 0.1, Y0: 0.1, X1: 0.3, Y1: 0.2}}}); err != nil {
		t.Fatal(err)
	}
	put("berteks", layered.Bytes())
	out := veraPDF(t, "-f", "2b", "--format", "text", "-v", dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || strings.Count(out, "PASS ") != len(files) || strings.Contains(out, "FAIL") {
		t.Fatalf("%d files, %v:\n%s", len(files), err, out)
	}
}
