package ocr

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/page"
	"naskah/internal/problem"
)

// Picture is a page to read, at its resolution in dots per inch: a picture that
// is there, or one that Load gives when it is its turn, so that few are in memory
// at once and the first is read while the next is drawn.
type Picture struct {
	Image image.Image
	Load  func(ctx context.Context) (image.Image, error)
	DPI   int
}

func (p Picture) image(ctx context.Context) (image.Image, error) {
	if p.Load != nil {
		return p.Load(ctx)
	}
	return p.Image, nil
}

// Result is what was read of one picture. Places are fractions of the picture as
// it was given, also when it was straightened for reading. Confidence is the mean
// of the words', 0 to 1. Err is set when this page alone failed.
type Result struct {
	Words      []page.Word
	Text       string
	Confidence float64
	Skew       float64 // degrees, clockwise positive
	Err        error
}

// pagesPerList bounds what one run of the program reads, and so the pictures on
// disk: starting it costs a twentieth of a page.
const pagesPerList = 5

// Read reads pictures and gives one result each, in their order. One bad page
// never stops the others; the error is for what stops all of them.
func (e *Engine) Read(ctx context.Context, pictures []Picture) ([]Result, error) {
	results := make([]Result, len(pictures))
	group, working := errgroup.WithContext(ctx)
	for from, lists := 0, 1; from < len(pictures); lists++ {
		to := from + e.listLength(pictures[from:], lists)
		part, out := pictures[from:to], results[from:to]
		if enter(working, e.desks) != nil {
			break
		}
		group.Go(func() error {
			defer func() { <-e.desks }()
			return e.readList(working, part, out)
		})
		from = to
	}
	err := group.Wait()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return results, nil
}

// enter takes a place, or gives up with ctx.
func enter(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listLength is how many of the pictures make the next list. None is longer than
// a core's share of what is left: the last lists are short, and the cores end
// together. Where pictures are yet to be drawn the first are short as well, so
// that they begin together. The program takes one resolution a run.
func (e *Engine) listLength(left []Picture, lists int) int {
	share := (len(left) + e.o.Workers - 1) / e.o.Workers
	length := min(pagesPerList, share)
	if left[0].Load != nil {
		length = min(length, lists)
	}
	for i := 1; i < length; i++ {
		if left[i].DPI != left[0].DPI {
			return i
		}
	}
	return length
}

// readList reads pictures with one run of the program; what that leaves unread
// is read page by page, to find the bad one.
func (e *Engine) readList(ctx context.Context, pictures []Picture, results []Result) error {
	dir, err := os.MkdirTemp(e.o.TempDir, "ocr-*")
	if err != nil {
		return fmt.Errorf("folder for pictures: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover is removed at the next start
	sheets, err := e.prepare(ctx, dir, pictures, results)
	if err != nil {
		return err
	}
	if err := enter(ctx, e.slots); err != nil {
		return err
	}
	defer func() { <-e.slots }()
	left, err := e.run(ctx, dir, sheets)
	if len(left) > 0 && len(sheets) > 1 {
		return e.readAlone(ctx, dir, left)
	}
	return e.failed(ctx, left, err)
}

func (e *Engine) readAlone(ctx context.Context, dir string, sheets []sheet) error {
	for i := range sheets {
		left, err := e.run(ctx, dir, sheets[i:i+1])
		if err := e.failed(ctx, left, err); err != nil {
			return err
		}
	}
	return nil
}

// failed notes that a page could not be read; the error is for what is wrong with
// more than this page: nobody waits any more, or the program is gone.
func (e *Engine) failed(ctx context.Context, left []sheet, cause error) error {
	if len(left) == 0 {
		return nil
	}
	if err := e.lookAgain(ctx); err != nil {
		return err
	}
	for _, s := range left {
		*s.result = Result{Skew: s.skew, Err: unreadable(cause)}
	}
	return nil
}

func unreadable(cause error) error {
	return problem.New(problem.Invalid, "Halaman ini tidak dapat dibaca. Pindai lagi halaman ini.",
		"This page could not be read. Scan this page again.", cause)
}

// prepare straightens the pictures and lays them on disk. A picture that cannot
// be had is a bad page.
func (e *Engine) prepare(ctx context.Context, dir string, pictures []Picture, results []Result) ([]sheet, error) {
	if err := enter(ctx, e.hands); err != nil {
		return nil, err
	}
	defer func() { <-e.hands }()
	sheets := make([]sheet, 0, len(pictures))
	for i, p := range pictures {
		img, err := p.image(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil || img == nil || img.Bounds().Empty() {
			results[i] = Result{Err: unreadable(err)}
			continue
		}
		s, err := writeSheet(dir, i, img)
		if err != nil {
			return nil, err
		}
		s.dpi, s.result = max(p.DPI, leastDPI), &results[i]
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// leastDPI is what the program takes for possible.
const leastDPI = 70

// run reads sheets with one program. left are those it did not come to the end
// of, with the reason.
func (e *Engine) run(ctx context.Context, dir string, sheets []sheet) (left []sheet, err error) {
	if len(sheets) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.listTime(len(sheets)))
	defer cancel()
	var names bytes.Buffer
	for _, s := range sheets {
		fmt.Fprintln(&names, s.path)
	}
	list := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(list, names.Bytes(), 0o600); err != nil {
		return sheets, fmt.Errorf("list of pictures: %w", err)
	}
	cmd := exec.CommandContext(ctx, e.o.Command, list, "stdout", "-l", e.o.Languages, "--psm", "3", "--dpi", strconv.Itoa(sheets[0].dpi), "tsv")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1") // its own threads cost 4.5 times the work
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	pages, whole := parseTSV(out, len(sheets))
	if err == nil {
		whole = len(sheets)
	} else {
		err = fmt.Errorf("tesseract: %w", err)
	}
	for i, s := range sheets[:whole] {
		*s.result = s.read(pages[i])
	}
	return sheets[whole:], err
}

// listTime bounds a run: one page may take PageTime, the others are as usual.
func (e *Engine) listTime(pages int) time.Duration {
	const usual = 4 // a fourth of the limit is several times what a page takes
	return e.o.PageTime + time.Duration(pages-1)*e.o.PageTime/usual
}
