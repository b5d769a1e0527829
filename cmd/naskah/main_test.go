package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"naskah/configs"
)

// TestMain lets a test start the real program in a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("NASKAH_TEST_AS_PROGRAM") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the real program with these arguments, as another process.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "NASKAH_TEST_AS_PROGRAM=1")
	return cmd
}

// said is what a command did.
type said struct {
	out, err string
	code     int
}

// do runs a command in this process.
func do(t *testing.T, dir, input string, args ...string) said {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), console{in: strings.NewReader(input), out: &out, err: &errs, dir: dir}, args)
	return said{out.String(), errs.String(), code}
}

func (s said) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(s.out), "\n") {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("not one JSON object a line: %q (%s)", line, s.err)
		}
		all = append(all, m)
	}
	return all
}

func writeLetter(t *testing.T, path string, text string) {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.AddPage()
	p.SetFont("Helvetica", "", 14)
	p.MultiCell(450, 20, text, "", "L", false)
	if err := p.OutputFileAndClose(path); err != nil {
		t.Fatal(err)
	}
}

const letterText = "Dengan hormat kami mengundang Saudara pada rapat persiapan Musrenbang Kecamatan Cicalengka. Nomor 000.7.1.4/512/Kec.Ccl/XI/2026"

// demo starts the demo office on a free port of this machine.
func demo(t *testing.T, dir string) *Main {
	t.Helper()
	s := configs.Default()
	s.Data, s.Addr, s.Demo = dir, "127.0.0.1:0", true
	m, err := Open(t.Context(), s, (&console{err: os.Stderr}).logger(8))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- joinClose(m, m.Run(ctx, func() { close(ready) })) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestImportedLetterIsFoundByItsWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLetter(t, filepath.Join(dir, "surat.pdf"), letterText)
	if err := os.WriteFile(filepath.Join(dir, "catatan.txt"), []byte("bukan surat"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := do(t, dir, "", "import", "surat.pdf", "catatan.txt", "tidak-ada.pdf", "--wait", "--json", "--data", "d")
	lines := got.lines(t)
	if got.code != exitFailed || len(lines) != 3 {
		t.Fatalf("exit %d: %+v %s", got.code, lines, got.err)
	}
	for _, l := range lines {
		for _, key := range []string{"file", "letter_id", "sha256", "kind", "pages", "ocr_pages", "state", "error"} {
			if _, ok := l[key]; !ok {
				t.Errorf("%v: the key %s is missing", l["file"], key)
			}
		}
		good := l["file"] == "surat.pdf"
		if (l["state"] == "searchable") != good || (l["error"] == nil) != good {
			t.Errorf("%+v", l)
		}
	}
	for _, question := range []string{"musrenbang", "musrenbamg", "000.7.1.4/512", "512 kec ccl xi 2026"} {
		found := do(t, dir, "", "search", question, "--json", "--data", "d").lines(t)
		if found[0]["total"] != 1.0 || len(found) != 2 || found[1]["letter_id"] == "" || found[1]["page"] != 1.0 {
			t.Errorf("%s: %+v", question, found)
		}
	}
	again := do(t, dir, "", "import", "surat.pdf", "--json", "--data", "d").lines(t)
	if again[0]["state"] != "duplicate" || again[0]["error"] != nil {
		t.Errorf("%+v", again)
	}
}

func TestSignedFileIsJudgedByItsExitCode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLetter(t, filepath.Join(dir, "surat.pdf"), letterText)
	if got := do(t, dir, "", "sign", "surat.pdf", "--out", "tt.pdf", "--demo", "--visible", "1,300,100,200,60", "--data", "d"); got.code != 0 {
		t.Fatal(got.err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"verify", "tt.pdf", "--data", "d", "--json"}, 0, "TOTAL_PASSED"},
		{[]string{"verify", "tt.pdf", "--data", "lain", "--json"}, 2, "NO_CERTIFICATE_CHAIN_FOUND"},
		{[]string{"verify", "surat.pdf", "--json"}, 3, "NO_SIGNATURE"},
		{[]string{"verify", "tidak-ada.pdf", "--json"}, 4, "UNREADABLE"},
		{[]string{"verify", "surat.pdf", "tt.pdf", "--data", "d"}, 3, "SAH"},
		{[]string{"verify", "tt.pdf", "--trust", "d/keys/root.pem", "--data", "lain"}, 0, "dipercaya"},
		{[]string{"sign", "surat.pdf", "--out", "x.pdf", "--demo", "--level", "b-lta"}, 1, ""},
		{[]string{"sign", "surat.pdf", "--out", "x.pdf", "--pkcs11", "pkcs11:x"}, 1, ""},
		{[]string{"sign", "surat.pdf"}, 64, ""},
		{[]string{"tidak-dikenal"}, 64, ""},
		{[]string{"import"}, 64, ""},
		{[]string{"verify", "--apa"}, 64, ""},
		{[]string{"import", "surat.pdf", "--batch", "boks 1"}, 1, ""},
	} {
		got := do(t, dir, "", c.args...)
		if got.code != c.code || !strings.Contains(got.out, c.want) {
			t.Errorf("%v: exit %d, want %d; %s%s", c.args, got.code, c.code, got.out, got.err)
		}
	}
}

func TestRestoredBackupIsWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLetter(t, filepath.Join(dir, "surat.pdf"), letterText)
	for _, step := range []struct {
		input string
		args  []string
	}{
		{"", []string{"import", "surat.pdf", "--data", "d"}},
		{"rahasia-kantor\n", []string{"user", "add", "budi", "--name", "Budi", "--data", "d"}},
		{"", []string{"backup", "c.tar", "--data", "d"}},
		{"", []string{"restore", "c.tar", "--data", "d2"}},
		{"", []string{"fsck", "--data", "d2"}},
		{"", []string{"token", "add", "budi", "--data", "d2"}},
		{"", []string{"reindex", "--data", "d2"}},
		{"kata-sandi-baru\n", []string{"user", "passwd", "budi", "--data", "d2"}},
		{"", []string{"migrate", "--data", "d2"}},
	} {
		if got := do(t, dir, step.input, step.args...); got.code != 0 {
			t.Fatalf("%v: exit %d: %s%s", step.args, got.code, got.out, got.err)
		}
	}
	if found := do(t, dir, "", "search", "musrenbang", "--json", "--data", "d2").lines(t); found[0]["total"] != 1.0 {
		t.Errorf("%+v", found)
	}
	if got := do(t, dir, "", "restore", "c.tar", "--data", "d2"); got.code != exitFailed || !strings.Contains(got.err, "tidak kosong") {
		t.Errorf("restored over a full folder: %d %s", got.code, got.err)
	}
	if info, err := os.Stat(filepath.Join(dir, "c.tar")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup holds keys and must be private: %v %v", info, err)
	}
}

func TestFsckFindsDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLetter(t, filepath.Join(dir, "surat.pdf"), letterText)
	ref, _ := do(t, dir, "", "import", "surat.pdf", "--json", "--data", "d").lines(t)[0]["sha256"].(string)
	object := filepath.Join(dir, "d", "objects", ref[:2], ref)
	raw, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(object, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := do(t, dir, "", "fsck", "--json", "--data", "d"); got.code != exitFailed || !strings.Contains(got.out, "altered_object") {
		t.Errorf("%d %s", got.code, got.out)
	}
	if err := os.Remove(object); err != nil {
		t.Fatal(err)
	}
	if got := do(t, dir, "", "fsck", "--json", "--data", "d"); got.code != exitFailed || !strings.Contains(got.out, "missing_object") {
		t.Errorf("%d %s", got.code, got.out)
	}
}

func TestRunningServiceDoesTheCommandsOfItsFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	demo(t, filepath.Join(dir, "d"))
	writeLetter(t, filepath.Join(dir, "surat.pdf"), "Sebuah kata yang hanya ada di sini: trenggiling")
	for _, args := range [][]string{{"import", "surat.pdf", "--wait", "--json", "--data", "d"}, {"search", "trenggiling", "--json", "--data", "d"}} {
		got := do(t, dir, "", args...)
		if got.code != 0 || !strings.Contains(got.out, "letter_id") {
			t.Fatalf("%v: exit %d: %s%s", args, got.code, got.out, got.err)
		}
	}
	if got := do(t, dir, "sandi-baru-budi\n", "user", "add", "budi", "--data", "d"); got.code != 0 || !strings.Contains(got.out, "budi") {
		t.Errorf("user add through the service: %d %s%s", got.code, got.out, got.err)
	}
	if got := do(t, dir, "", "restore", "x.tar", "--data", "d"); got.code == 0 {
		t.Error("restored into a running office")
	}
}

func TestBackupOfARunningServiceIsAsOfOneMoment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	demo(t, filepath.Join(dir, "d"))
	arrived, stop := make(chan int), make(chan struct{})
	go func() { // letters arrive through the service all the while
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				arrived <- n
				return
			default:
			}
			name := fmt.Sprintf("surat-%d.pdf", n)
			writeLetter(t, filepath.Join(dir, name), fmt.Sprintf("Surat ke-%d tentang trenggiling", n))
			if got := do(t, dir, "", "import", name, "--json", "--data", "d"); got.code != 0 {
				t.Errorf("import: %d %s", got.code, got.err)
			}
		}
	}()
	for i := range 2 {
		file, to := fmt.Sprintf("c%d.tar", i), fmt.Sprintf("r%d", i)
		for _, args := range [][]string{{"backup", file, "--data", "d"}, {"restore", file, "--data", to}, {"fsck", "--data", to}} {
			if got := do(t, dir, "", args...); got.code != 0 {
				t.Fatalf("%v: exit %d: %s%s", args, got.code, got.out, got.err)
			}
		}
	}
	close(stop)
	if n := <-arrived; n == 0 {
		t.Error("no letter arrived meanwhile")
	}
}
