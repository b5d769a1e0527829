package page_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"naskah/internal/page"
	"naskah/internal/problem"
)

// rawPDF writes objects 1, 2, … as a PDF whose root is object 1.
func rawPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, 0, len(objects))
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s endobj\n", i+1, o)
	}
	x := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, x)
	return b.Bytes()
}

func stream(dict, body string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(body), body)
}

// endless has a first page whose forms draw each other 10^12 times, and a good
// second one.
func endless() []byte {
	const levels = 12
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 595 842]>>",
		"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</XObject<</F 7 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
		stream("", "BT /F 12 Tf 50 700 Td (Halaman baik) Tj ET"),
		stream("", "/F Do"),
	}
	for i := range levels {
		objects = append(objects, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</F %d 0 R>>>>", 8+i), strings.Repeat("/F Do ", 10)))
	}
	return rawPDF(append(objects, stream("/Type/XObject/Subtype/Form/BBox[0 0 500 500]", "0 0 400 400 re f"))...)
}

// impatient is an engine that gives a page a second.
func impatient(t *testing.T) *page.Engine {
	t.Helper()
	e := page.New(page.Options{CacheDir: cacheDir(), Limits: page.Limits{PageTime: time.Second}})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestPageWithoutEndIsStoppedAndItsNeighbourIsRead(t *testing.T) {
	t.Parallel()
	ctx, e, raw := context.Background(), impatient(t), endless()
	other, err := e.Open(ctx, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Open(ctx, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Picture(ctx, 1, 100); !errors.Is(err, problem.Invalid) {
		t.Fatalf("the endless page gave %v", err)
	}
	for name, doc := range map[string]*page.Document{"same": d, "other": other} {
		words, err := doc.Words(ctx, 2)
		if err != nil || len(words) != 2 || words[1].Text != "baik" {
			t.Errorf("page 2 of the %s document: %v, %v", name, words, err)
		}
		if err := doc.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPersonWhoLeavesDisturbsNobodyElse(t *testing.T) {
	t.Parallel()
	e, raw := engine(), endless()
	other := mustOpen(t, raw)
	d, err := e.Open(context.Background(), bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := d.Picture(ctx, 1, 100); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Fatalf("closing twice: %v", err)
	}
	if words, err := other.Words(context.Background(), 2); err != nil || len(words) != 2 {
		t.Fatalf("another document met it: %v, %v", words, err)
	}
}

func TestWordsOfATurnedPageStandWhereTheyAreSeen(t *testing.T) {
	t.Parallel()
	const font = "/Resources<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
	for turn, want := range map[int]page.Box{ // the word stands at the left of the lower edge
		0: {X0: 0.05, Y0: 0.9, X1: 0.3, Y1: 0.98}, 90: {X0: 0.02, Y0: 0.05, X1: 0.1, Y1: 0.3},
		180: {X0: 0.7, Y0: 0.02, X1: 0.95, Y1: 0.1}, 270: {X0: 0.9, Y0: 0.7, X1: 0.98, Y1: 0.95},
	} {
		d := mustOpen(t, rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 1000 1200]/CropBox[100 100 500 900]>>",
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Rotate %d%s>>", turn, font), stream("", "BT /F 20 Tf 130 140 Td (Camat) Tj ET")))
		words, err := d.Words(context.Background(), 1)
		if err != nil || len(words) != 1 {
			t.Fatalf("%d: %v, %v", turn, words, err)
		}
		if b := words[0].Box; b.X0 < want.X0 || b.Y0 < want.Y0 || b.X1 > want.X1 || b.Y1 > want.Y1 {
			t.Errorf("turned by %d: %+v is not in %+v", turn, b, want)
		}
		size, err := d.Size(context.Background(), 1)
		if upright := size.Width < size.Height; err != nil || upright != (turn%180 == 0) {
			t.Errorf("turned by %d the page is %+v, %v", turn, size, err)
		}
	}
}

func TestLockedPDFAsksForACopyWithoutPassword(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed: make test installs it")
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, letterPDF(t, "rahasia"), 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("qpdf", "--encrypt", "buka", "milik", "256", "--", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v: %s", err, msg)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, raw); !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), "kata sandi") {
		t.Fatalf("got %v", err)
	}
}

func TestPDFCutBeforeItsLastLinesIsStillRead(t *testing.T) {
	t.Parallel()
	whole := letterPDF(t, "Undangan rapat")
	d := mustOpen(t, whole[:bytes.LastIndex(whole, []byte("startxref"))])
	if words, err := d.Words(context.Background(), 1); err != nil || len(words) != 2 {
		t.Fatalf("%v, %v", words, err)
	}
}

func TestTextOfSignsAloneIsSentToOCR(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`#$%&'+0!"<>=?@[]^{}~ !"#$%&'+<`:                                  page.ReasonGarbage,
		"Nama : ....................... NIP : ..........................": page.ReasonText,
	} {
		decision, err := mustOpen(t, letterPDF(t, text)).TextLayer(context.Background(), 1)
		if err != nil || decision.Reason != want {
			t.Errorf("%q: %+v, %v", text, decision, err)
		}
	}
}

func TestPageOfManyMetresIsRefusedNotDrawn(t *testing.T) {
	t.Parallel()
	d := mustOpen(t, rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9999999 9999999]>>", "<</Type/Page/Parent 2 0 R>>"))
	if _, err := d.Picture(context.Background(), 1, 300); !errors.Is(err, problem.TooLarge) {
		t.Fatalf("got %v", err)
	}
	wide := mustOpen(t, rawPDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 14400 14400]>>", "<</Type/Page/Parent 2 0 R>>"))
	img, err := wide.Picture(context.Background(), 1, 300)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx()*b.Dy() > 40_000_000 {
		t.Fatalf("drawn as %v", b)
	}
}
