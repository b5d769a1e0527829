//go:build bench

package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/page"
	"naskah/internal/pdf"
)

// TestBenchSearchablePDF times a run of scans into one searchable PDF beside
// tesseract alone and ocrmypdf, on the same pages in the same run: two processes
// each, one thread a process, the median of three.
func TestBenchSearchablePDF(t *testing.T) {
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	w.must(w.OCR.Ready(t.Context()))
	dir := t.TempDir()
	run, pictures := benchScans(t, dir, 24)
	var ours, alone, other []time.Duration
	var read Reading
	for range 3 {
		ours = append(ours, timed(t, func() (err error) {
			read, err = benchOutside(w, run, filepath.Join(dir, "ours.pdf"))
			return err
		}))
		alone = append(alone, timed(t, func() error { return benchTesseract(t, dir, pictures) }))
		if _, err := exec.LookPath("ocrmypdf"); err == nil {
			other = append(other, timed(t, func() error {
				return limited(t, "ocrmypdf", "--jobs", "2", "--language", "ind+eng", "--quiet", "--force-ocr", "--output-type", "pdfa", run, filepath.Join(dir, "other.pdf"))
			}))
		}
	}
	a, b := median3(ours), median3(alone)
	fmt.Printf("24 scans into a searchable PDF      %5.1f s   tesseract alone %5.1f s, ratio %.2f (budget 0.90)", a.Seconds(), b.Seconds(), b.Seconds()/a.Seconds())
	if len(other) == 3 {
		fmt.Printf("   ocrmypdf %5.1f s, ratio %.2f (budget 2)", median3(other).Seconds(), median3(other).Seconds()/a.Seconds())
	} else {
		fmt.Print("   ocrmypdf is not installed")
	}
	fmt.Printf("\n  words read: naskah %d, tesseract alone %d (the pages are skewed; naskah straightens them first)\n", len(strings.Fields(strings.Join(read.Pages, " "))), benchWords(t, dir))
}

// benchWords counts what tesseract alone has read.
func benchWords(t *testing.T, dir string) (n int) {
	t.Helper()
	for i := range 2 {
		raw, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("alone%d.txt", i)))
		if err != nil {
			t.Fatal(err)
		}
		n += len(strings.Fields(string(raw)))
	}
	return n
}

func median3(d []time.Duration) time.Duration { slices.Sort(d); return d[1] }

func timed(t *testing.T, work func() error) time.Duration {
	t.Helper()
	began := time.Now()
	if err := work(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// benchScans draws scans as pictures, and all of them as one scanner run.
func benchScans(t *testing.T, dir string, n int) (run string, pictures []string) {
	t.Helper()
	var pages []pdf.ScanPage
	for i := range n {
		d := demoScans()[i%9]
		d.asPDF, d.pages = false, []string{strings.TrimSpace(strings.Repeat(d.pages[0]+"\n", 5))} // as full as letters are
		raw, err := drawScan(d, int64(100+i))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprintf("%02d.jpg", i))
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, name)
		pages = append(pages, pdf.ScanPage{Picture: raw, Media: string(page.JPEG), DPI: demoDPI})
	}
	var out bytes.Buffer
	err := pdf.FromScans(&out, pdf.Meta{Title: "Pindaian", Language: "id", Creator: "Pemindai", Created: time.Unix(0, 0)}, func(yield func(pdf.ScanPage, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	run = filepath.Join(dir, "run.pdf")
	if err := os.WriteFile(run, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return run, pictures
}

func benchOutside(w *whole, run, to string) (Reading, error) {
	in, err := os.Open(run)
	if err != nil {
		return Reading{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(to)
	if err != nil {
		return Reading{}, err
	}
	read, err := ReadOutside(w.t.Context(), w.Parts, in, io.Writer(out))
	return read, errors.Join(err, out.Close())
}

func benchTesseract(t *testing.T, dir string, pictures []string) error {
	var g errgroup.Group
	half := len(pictures) / 2
	for i, part := range [][]string{pictures[:half], pictures[half:]} {
		list := filepath.Join(dir, fmt.Sprintf("list%d.txt", i))
		if err := os.WriteFile(list, []byte(strings.Join(part, "\n")+"\n"), 0o600); err != nil {
			return err
		}
		g.Go(func() error {
			return limited(t, "tesseract", list, filepath.Join(dir, fmt.Sprintf("alone%d", i)), "-l", "ind+eng", "--dpi", "200", "pdf", "txt")
		})
	}
	return g.Wait()
}

// limited runs a program with one thread a process, as ours does.
func limited(t *testing.T, name string, args ...string) error {
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// TestBenchTenLetters times ten letters signed with one passphrase entry: open the
// key, sign, check, keep durably, commit.
func TestBenchTenLetters(t *testing.T) {
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	var all []time.Duration
	for round := range 3 {
		var slips []string
		for i := range 10 {
			l := w.ready(fmt.Sprintf("Undangan %d-%d", round, i))
			slip, err := w.OpenForSigning(t.Context(), w.who("camat"), l.ID)
			w.must(err)
			slips = append(slips, slip.Token)
		}
		all = append(all, timed(t, func() error {
			results, err := w.SignMany(t.Context(), w.who("camat"), slips, []byte(DemoPassphrase))
			for _, r := range results {
				if err == nil {
					err = r.Err
				}
			}
			return err
		}))
		w.settled()
	}
	fmt.Printf("ten letters with one passphrase     %5.0f ms (budget 3000 ms)\n", float64(median3(all).Milliseconds()))
}
