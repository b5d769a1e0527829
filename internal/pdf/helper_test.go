package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// run gives a program's output; a program that is not installed skips one line.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// onDisk puts bytes into a file of the test and has qpdf look at it.
func onDisk(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("NASKAH_KEEP"); dir != "" { // to look at what the tests make
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_")+".pdf"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath("qpdf"); err == nil {
		if out := run(t, "qpdf", "--check", path); strings.Contains(out, "WARNING") {
			t.Fatalf("qpdf: %s", out)
		}
	}
	return path
}

// gradient is a picture in which every corner differs: red grows to the right,
// green downwards.
func gradient(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 100, 255})
		}
	}
	return img
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func each(pages ...ScanPage) iter.Seq2[ScanPage, error] {
	return func(yield func(ScanPage, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func testMeta() Meta {
	return Meta{
		Title: "Surat <masuk> & \"lampiran\"", Author: "Kecamatan Cicalengka", Creator: "Naskah", Language: "id",
		Created: time.Date(2026, 11, 16, 3, 0, 0, 0, time.UTC), ID: [16]byte{1, 2, 3},
	}
}

func scans(t testing.TB, pages ...ScanPage) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := FromScans(&b, testMeta(), each(pages...)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
