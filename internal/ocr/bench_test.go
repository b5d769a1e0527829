//go:build bench

package ocr_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/ocr"
)

// TestBenchOCR times Read beside the program alone on all cores over the same 20
// noisy pages, three times in turn, and prints the medians.
func TestBenchOCR(t *testing.T) {
	e := ocr.New(ocr.Options{TempDir: t.TempDir()})
	if err := e.Ready(context.Background()); err != nil {
		t.Skip("Tesseract with ind and eng is not installed: make test installs it")
	}
	const pages = 20
	page := fullPage(t)
	pictures := make([]ocr.Picture, pages)
	for i := range pictures {
		pictures[i] = ocr.Picture{Image: page, DPI: 200}
	}
	lists := onDisk(t, page, pages, runtime.NumCPU())
	var ours, alone []time.Duration
	for range 3 {
		start := time.Now()
		results, err := e.Read(context.Background(), pictures)
		if err != nil || slices.ContainsFunc(results, func(r ocr.Result) bool { return r.Err != nil || len(r.Words) < 50 }) {
			t.Fatal("not all pages were read: ", err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		tesseract(t, lists)
		alone = append(alone, time.Since(start))
	}
	slices.Sort(ours)
	slices.Sort(alone)
	fmt.Printf("ocr: naskah %.1f s, tesseract alone %.1f s, ratio %.2f\n", ours[1].Seconds(), alone[1].Seconds(), alone[1].Seconds()/ours[1].Seconds())
}

// fullPage is a letter of 28 lines, 230 words.
func fullPage(t *testing.T) *image.Gray {
	t.Helper()
	page, _ := render(t, 0, 3000)
	const from, block, blocks = 350, 400, 4
	for i := 1; i < blocks; i++ {
		copy(page.Pix[(from+i*block)*page.Stride:], page.Pix[from*page.Stride:(from+block)*page.Stride])
	}
	return page
}

// onDisk lays the pages out as one list a process.
func onDisk(t *testing.T, page *image.Gray, pages, processes int) []string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "page.pgm")
	raw := append([]byte(fmt.Sprintf("P5\n%d %d\n255\n", page.Bounds().Dx(), page.Bounds().Dy())), page.Pix...)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	lists := make([]string, processes)
	for i := range lists {
		lists[i] = filepath.Join(dir, fmt.Sprintf("%d.txt", i))
		count := pages*(i+1)/processes - pages*i/processes
		if err := os.WriteFile(lists[i], bytes.Repeat([]byte(path+"\n"), count), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return lists
}

func tesseract(t *testing.T, lists []string) {
	t.Helper()
	var group errgroup.Group
	for _, list := range lists {
		cmd := exec.Command("tesseract", list, "stdout", "-l", "ind+eng", "--psm", "3", "--dpi", "200", "tsv")
		cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
		group.Go(cmd.Run)
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
