package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/letter"
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

func docx(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("<x/>")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNamesOfFilesAreMadeHarmless(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\surat\undangan.pdf`: "undangan.pdf", "a\x00b\nc.pdf": "abc.pdf", "": "tanpa nama", "...": "tanpa nama", "\u202egpj.fdp": "gpj.fdp", "surat biasa.pdf": "surat biasa.pdf",
	} {
		if got := SafeName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	long := SafeName(strings.Repeat("panjang ", 60) + ".pdf")
	if utf8.RuneCountInString(long) > maxName || !strings.HasSuffix(long, ".pdf") {
		t.Errorf("%q", long)
	}
}

func TestMaskTellsNothingButTheFirstLetters(t *testing.T) {
	t.Parallel()
	if got := Mask("Rapat di Aula Kecamatan"); got != "R**** di A*** K********" {
		t.Errorf("%q", got)
	}
}

// The demo furnishes itself once, and again without doubling anything.
func TestDemoCanBeInterruptedAndBegunAgain(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	for range 2 {
		w.must(w.Demo(t.Context()))
	}
	n, err := w.DB.CountLetters(t.Context())
	w.must(err)
	if want := len(demoScans()) + len(demoOutgoingLetters()); n != want {
		t.Errorf("%d letters, want %d", n, want)
	}
	states := map[string]int{}
	w.must(w.DB.EachLetter(t.Context(), func(l db.Letter) error { states[l.State]++; return nil }))
	for _, s := range []letter.State{letter.Received, letter.Registered, letter.Draft, letter.InReview, letter.Returned, letter.Ready, letter.Signed, letter.Cancelled} {
		if states[string(s)] == 0 {
			t.Errorf("no letter is %s: %v", s, states)
		}
	}
}
