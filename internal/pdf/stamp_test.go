package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"naskah/internal/problem"
)

// odd makes a one-page file with the given page entries, as foreign files have
// them: inherited boxes, turned pages, a matrix left behind.
func odd(t testing.TB, pageEntries, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj("<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 400 600]>>")
	obj("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>" + pageEntries + ">>")
	obj(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// oddPages are page entries and the size of the page as it is shown.
func oddPages() map[string][2]float64 {
	return map[string][2]float64{
		"":                                    {400, 600},
		"/Rotate 90":                          {600, 400},
		"/Rotate 180":                         {400, 600},
		"/Rotate -90":                         {600, 400},
		"/MediaBox[100 50 500 750]":           {400, 700},
		"/MediaBox[500 750 100 50]/Rotate 90": {700, 400},
		"/CropBox[50 100 350 500]/Rotate 270": {400, 300},
		"/CropBox[-50 -50 900 300]":           {400, 300},
	}
}

// leftBehind moves and turns everything after it, and never takes it back.
const leftBehind = "0 2 -2 0 77 33 cm 1 0 0 RG"

func TestTextLayerLiesWhereTheReaderSeesIt(t *testing.T) {
	t.Parallel()
	for entries, size := range oddPages() {
		var out bytes.Buffer
		if err := AddText(bytes.NewReader(odd(t, entries, leftBehind)), &out, map[int][]Word{1: words()}); err != nil {
			t.Fatal(err)
		}
		got := boxes(t, onDisk(t, out.Bytes()))
		for _, w := range words()[:2] {
			r := got[w.Text]
			want := [4]float64{w.X0 * size[0], w.Y0 * size[1], w.X1 * size[0], w.Y1 * size[1]}
			for i := range r {
				if d := r[i] - want[i]; d < -2 || d > 2 {
					t.Fatalf("%q: %q is at %v, wanted %v (%v)", entries, w.Text, r, want, got)
				}
			}
		}
	}
}

func TestStampStandsInTheCornerThatTheReaderSees(t *testing.T) {
	t.Parallel()
	for entries, size := range oddPages() {
		for _, at := range Positions() {
			var out bytes.Buffer
			if err := AddStamp(bytes.NewReader(odd(t, entries, leftBehind)), &out, Stamp{Text: "CAPKANTOR", At: at}); err != nil {
				t.Fatal(err)
			}
			r, ok := boxes(t, onDisk(t, out.Bytes()))["CAPKANTOR"]
			if x, y := third((r[0]+r[2])/2, size[0]), third((r[1]+r[3])/2, size[1]); !ok || x != column(at) || y != row(at) {
				t.Errorf("%q %s: stamp at %v of %v", entries, at, r, size)
			}
		}
	}
}

func third(v, of float64) int { return int(v / of * 3) }

func column(at Position) int {
	switch s := string(at); {
	case strings.HasSuffix(s, "left"):
		return 0
	case strings.HasSuffix(s, "right"):
		return 2
	}
	return 1
}

func row(at Position) int {
	switch s := string(at); {
	case strings.HasPrefix(s, "top"):
		return 0
	case strings.HasPrefix(s, "bottom"):
		return 2
	}
	return 1
}

func TestStampPrintsMarkupAsText(t *testing.T) {
	t.Parallel()
	const evil = `"><img src=x onerror=alert(1)> %p (a) \n )`
	var out bytes.Buffer
	if err := AddStamp(bytes.NewReader(odd(t, "", "")), &out, Stamp{Text: evil, At: Top, Box: true}); err != nil {
		t.Fatal(err)
	}
	if text := run(t, "pdftotext", "-layout", onDisk(t, out.Bytes()), "-"); !strings.Contains(text, evil) {
		t.Fatalf("stamp reads %q", text)
	}
}

func TestStampOfQRPictureAndUnknownCharacters(t *testing.T) {
	t.Parallel()
	seal := image.NewNRGBA(image.Rect(0, 0, 60, 60))
	for i := range 60 {
		seal.Set(i, i, color.NRGBA{200, 0, 0, 128})
	}
	var out bytes.Buffer
	in := scans(t, ScanPage{Picture: encodePNG(t, gradient(600, 800)), Media: PNG, DPI: 72}, ScanPage{Picture: encodePNG(t, gradient(60, 80)), Media: PNG, DPI: 72})
	s := Stamp{Text: "Disahkan 字 ﷺ é\nbaris dua " + strings.Repeat("panjang", 30), QR: "https://naskah.example/v/abc", PNG: encodePNG(t, seal), At: BottomLeft, Box: true}
	if err := AddStamp(bytes.NewReader(in), &out, s); err != nil {
		t.Fatal(err)
	}
	onDisk(t, out.Bytes())
}

func TestStampsOnlyTheNamedPages(t *testing.T) {
	t.Parallel()
	p := ScanPage{Picture: encodePNG(t, gradient(600, 800)), Media: PNG, DPI: 72}
	var out bytes.Buffer
	if err := AddStamp(bytes.NewReader(scans(t, p, p, p)), &out, Stamp{Text: "SALINAN", Pages: []PageRange{{2, 0}}}); err != nil {
		t.Fatal(err)
	}
	text := strings.Split(run(t, "pdftotext", onDisk(t, out.Bytes()), "-"), "\f")
	if strings.Contains(text[0], "SALINAN") || !strings.Contains(text[1], "SALINAN") || !strings.Contains(text[2], "SALINAN") {
		t.Fatalf("%q", text)
	}
}

func TestAgendaStampShowsOfficeDateAndNumber(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := AgendaStamp{Office: "Kecamatan Cicalengka", Number: "0123/2026", Received: "16 November 2026"}
	if err := AddAgendaStamp(bytes.NewReader(scans(t, ScanPage{Picture: encodePNG(t, gradient(600, 800)), Media: PNG, DPI: 72})), &out, s); err != nil {
		t.Fatal(err)
	}
	text := run(t, "pdftotext", "-layout", onDisk(t, out.Bytes()), "-")
	for _, want := range []string{s.Office, "DITERIMA", s.Number, s.Received} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the stamp: %q", want, text)
		}
	}
}

func TestUnusableStampIsASentence(t *testing.T) {
	t.Parallel()
	in := odd(t, "", "")
	for name, s := range map[string]Stamp{
		"empty": {}, "position": {Text: "a", At: "somewhere"}, "pages": {Text: "a", Pages: []PageRange{{2, 3}}}, "picture": {PNG: []byte("x")},
		"QR": {QR: strings.Repeat("x", 5000)},
	} {
		if err := AddStamp(bytes.NewReader(in), &bytes.Buffer{}, s); !errors.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
