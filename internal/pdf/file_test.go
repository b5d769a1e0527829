package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/problem"
)

func TestBrokenFilesAreSentences(t *testing.T) {
	t.Parallel()
	good := scans(t, ScanPage{Picture: encodePNG(t, gradient(60, 80)), Media: PNG})
	circle := strings.Replace(string(odd(t, "", "")), "/Kids[3 0 R]", "/Kids[2 0 R]", 1)
	for name, raw := range map[string][]byte{
		"empty": {}, "zeros": make([]byte, 1<<20), "words": []byte("halo"), "header only": []byte("%PDF-1.7\n"), "cut": good[:len(good)/3], "circular pages": []byte(circle),
	} {
		_, err := PageCount(bytes.NewReader(raw))
		if !errors.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLockedFileSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "b.pdf")
	if err := os.WriteFile(in, odd(t, "", ""), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"rahasia", ""} { // "" opens, but is meant not to be changed
		run(t, "qpdf", "--encrypt", password, "owner", "256", "--", in, out)
		raw, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		_, err = PageCount(bytes.NewReader(raw))
		if !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), "kata sandi") {
			t.Errorf("password %q: %v", password, err)
		}
	}
}

func TestDamagedTableIsRepaired(t *testing.T) {
	t.Parallel()
	raw := bytes.Replace(odd(t, "", "0 0 9 9 re f"), []byte("startxref\n"), []byte("startxref\n9"), 1)
	if n, err := PageCount(bytes.NewReader(raw)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
}

// modern rewrites a file with object streams and a compressed cross-reference.
func modern(t *testing.T, raw []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "b.pdf")
	if err := os.WriteFile(in, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qpdf", "--object-streams=generate", in, out)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func page(t *testing.T, word string) []byte {
	t.Helper()
	return scans(t, ScanPage{Picture: encodePNG(t, gradient(60, 80)), Media: PNG, Words: []Word{{word, 0.1, 0.1, 0.9, 0.3}}})
}

func TestMergeKeepsOrderAndSplitGivesItBack(t *testing.T) {
	t.Parallel()
	var all, some bytes.Buffer
	ins := []io.ReadSeeker{bytes.NewReader(page(t, "satu")), bytes.NewReader(modern(t, page(t, "dua"))), bytes.NewReader(page(t, "tiga"))}
	if err := Merge(&all, ins...); err != nil {
		t.Fatal(err)
	}
	if err := Split(bytes.NewReader(all.Bytes()), &some, PageRange{3, 3}, PageRange{1, 2}, PageRange{2, 2}); err != nil {
		t.Fatal(err)
	}
	for want, raw := range map[string][]byte{"satu dua tiga": all.Bytes(), "tiga satu dua dua": some.Bytes()} {
		text := run(t, "pdftotext", onDisk(t, raw), "-")
		if diff := cmp.Diff(strings.Fields(want), strings.Fields(text)); diff != "" {
			t.Error(diff)
		}
	}
	if err := Split(bytes.NewReader(all.Bytes()), io.Discard, PageRange{1, 9}); !errors.Is(err, problem.Invalid) {
		t.Fatal(err)
	}
}

func TestMergeKeepsWhatMarksShow(t *testing.T) {
	t.Parallel()
	annotated := odd(t, "/Annots[<</Subtype/FreeText/Rect[100 100 200 200]/AP<</N 5 0 R>>>>]", "")
	form := "5 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 24>>\nstream\n1 0 0 rg 0 0 10 10 re f \nendstream\nendobj\n"
	annotated = bytes.Replace(annotated, []byte("xref\n"), []byte(form+"xref\n"), 1) // the table is now off: it gets repaired
	var out bytes.Buffer
	if err := Merge(&out, bytes.NewReader(annotated)); err != nil {
		t.Fatal(err)
	}
	ppm := run(t, "pdftoppm", "-r", "72", onDisk(t, out.Bytes()))
	pix := ppm[len(ppm)-400*600*3:]
	if at := (450*400 + 150) * 3; pix[at:at+3] != "\xff\x00\x00" {
		t.Fatal("the mark is gone")
	}
}

func TestFinishMakesFieldsAndClaims(t *testing.T) {
	t.Parallel()
	m := testMeta()
	m.Fields = []Field{{Name: "ttd1", Page: 1, Rect: [4]float64{20, 20, 40, 50}}}
	out, err := Finish(page(t, "satu"), m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Finish(page(t, "satu"), m)
	if err != nil || !bytes.Equal(out, again) {
		t.Fatal("two writings differ", err)
	}
	for _, want := range []string{"%PDF-1.7\n", "/SigFlags 3", "/FT /Sig", "/F 132", "pdfaid:part>2<", "/ADBE", "/ESIC", "<01020300000000000000000000000000>"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%q is missing", want)
		}
	}
	if !regexp.MustCompile(`(?s)xref\n0 (\d+)\n0000000000 65535 f \n(\d{10} 00000 n \n)+trailer`).Match(out) {
		t.Error("the cross-reference table has holes")
	}
	if yes, err := Claim(bytes.NewReader(out)); !yes || err != nil {
		t.Error("claim not found", err)
	}
	if yes, err := Claim(bytes.NewReader(odd(t, "", ""))); yes || err != nil {
		t.Error("claim found", err)
	}
	onDisk(t, out)
	if sigs, err := exec.Command("pdfsig", onDisk(t, out)).CombinedOutput(); err == nil && !strings.Contains(string(sigs), "ttd1") {
		t.Errorf("pdfsig: %s", sigs)
	}
}

func TestStampedCopyKeepsItsNameAndNoBrokenSignature(t *testing.T) {
	t.Parallel()
	m := testMeta()
	m.Fields = []Field{{Name: "ttd1", Page: 1, Rect: [4]float64{20, 20, 40, 50}}}
	raw, err := Finish(page(t, "satu"), m)
	if err != nil {
		t.Fatal(err)
	}
	// A value that looks signed; the xref goes wrong by it and is repaired.
	raw = bytes.Replace(raw, []byte("/FT /Sig"), []byte("/FT /Sig /V <</Type /Sig /Contents <00> /ByteRange [0 1 2 3]>>"), 1)
	var out bytes.Buffer
	if err := AddAgendaStamp(bytes.NewReader(raw), &out, AgendaStamp{Office: "Kantor", Number: "1", Received: "hari ini"}); err != nil {
		t.Fatal(err)
	}
	if b := out.Bytes(); bytes.Contains(b, []byte("/ByteRange")) || bytes.Contains(b, []byte("/SigFlags")) {
		t.Error("the copy still claims to be signed")
	}
	if text := run(t, "pdfinfo", onDisk(t, out.Bytes())); !strings.Contains(text, "Surat <masuk>") {
		t.Errorf("the title is gone: %s", text)
	}
}

func TestFilesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	raw := page(t, "satu")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := PageCount(bytes.NewReader(raw)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestNothingIsWrittenIntoTheHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	if _, err := PageCount(bytes.NewReader(page(t, "satu"))); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(home); err != nil || len(files) > 0 {
		t.Fatal(files, err)
	}
}

func TestRangesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	got, err := ParseRanges("1, 3-5,8-")
	if diff := cmp.Diff([]PageRange{{1, 1}, {3, 5}, {8, 0}}, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	for _, bad := range []string{"0", "x", "5-3", "-2", "1-x"} {
		if _, err := ParseRanges(bad); !errors.Is(err, problem.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(odd(f, "/Rotate 90", leftBehind))
	f.Add(odd(f, "/Annots[<</Rect[0 0 1 1]>>]/CropBox[1 2 3]", ""))
	f.Add([]byte("%PDF-1.4\ntrailer<</Root 1 0 R>>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var out bytes.Buffer
		err := AddStamp(bytes.NewReader(raw), &out, Stamp{Text: "x"})
		if err == nil {
			if _, err := PageCount(bytes.NewReader(out.Bytes())); err != nil {
				t.Fatal(fmt.Errorf("what we wrote cannot be read: %w", err))
			}
			err = Merge(&out, bytes.NewReader(raw))
		}
		if err != nil && problem.KindOf(err) == problem.Internal {
			t.Fatal(err)
		}
	})
}
