package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"naskah/internal/page"
	"naskah/internal/problem"
)

// Options of an Engine.
type Options struct {
	Command   string        // the Tesseract program
	Languages string        // "ind+eng"
	Workers   int           // programs at once, one a core
	PageTime  time.Duration // for one page; 0 is a minute
	TempDir   string        // pictures lie here while they are read
}

// Engine reads pictures with Tesseract. All methods may be called at once; no
// more than Workers programs run.
type Engine struct {
	o     Options
	slots chan struct{}

	mu      sync.Mutex
	checked time.Time
	missing error
}

// New makes an engine; whether the program is there is asked by Ready.
func New(o Options) *Engine {
	if o.PageTime == 0 {
		o.PageTime = time.Minute
	}
	o.Workers = max(o.Workers, 1)
	return &Engine{o: o, slots: make(chan struct{}, o.Workers)}
}

// How long Ready believes its last look: a program that is there stays there,
// one that is missing is noticed soon after it appears.
const (
	believePresent = time.Minute
	believeMissing = 2 * time.Second
)

// Ready is nil when the program and its languages are there; otherwise
// problem.Unavailable with the line to type.
func (e *Engine) Ready(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	believe := believePresent
	if e.missing != nil {
		believe = believeMissing
	}
	if time.Since(e.checked) < believe {
		return e.missing
	}
	e.missing, e.checked = e.look(ctx), time.Now()
	return e.missing
}

func (e *Engine) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, e.o.Command, "--list-langs").CombinedOutput()
	if err != nil {
		return e.notThere(e.languages(), fmt.Errorf("%w: %s", err, bytes.TrimSpace(out)))
	}
	have := strings.Fields(string(out))
	var lack []string
	for _, lang := range e.languages() {
		if !contains(have, lang) {
			lack = append(lack, lang)
		}
	}
	if len(lack) > 0 {
		return e.notThere(lack, fmt.Errorf("languages missing: %v", lack))
	}
	return nil
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func (e *Engine) languages() []string { return strings.Split(e.o.Languages, "+") }

func (e *Engine) notThere(languages []string, cause error) error {
	line := "sudo apt install tesseract-ocr"
	for _, l := range languages {
		line += " tesseract-ocr-" + l
	}
	return problem.New(problem.Unavailable,
		"Surat ini menunggu program pembaca pindaian (Tesseract). Minta admin mengetik: "+line+" — pembacaan berlanjut sendiri sesudahnya.",
		"This letter waits for the program that reads scans (Tesseract). Ask the administrator to type: "+line+" — reading goes on by itself afterwards.", cause)
}

// Picture is a page to read, at its resolution in dots per inch.
type Picture struct {
	Image image.Image
	DPI   int
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

// pagesPerList bounds what one run of the program reads: starting it costs as
// much as a third of a page, and a killed run loses at most this many pages.
const pagesPerList = 5

// Read reads pictures and gives one result each, in their order. One bad page
// never stops the others; the error is for what stops all of them.
func (e *Engine) Read(ctx context.Context, pictures []Picture) ([]Result, error) {
	results := make([]Result, len(pictures))
	group, ctx := errgroup.WithContext(ctx)
	size := max(min((len(pictures)+e.o.Workers-1)/e.o.Workers, pagesPerList), 1)
	for from := 0; from < len(pictures); from += size {
		to := min(from+size, len(pictures))
		group.Go(func() error { return e.readList(ctx, pictures[from:to], results[from:to]) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

func (e *Engine) readList(ctx context.Context, pictures []Picture, results []Result) error {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	dir, err := os.MkdirTemp(e.o.TempDir, "ocr-*")
	if err != nil {
		return fmt.Errorf("folder for pictures: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover is removed at the next start
	sheets := make([]sheet, len(pictures))
	for i, p := range pictures {
		if sheets[i], err = writeSheet(dir, i, p); err != nil {
			return err
		}
	}
	if e.run(ctx, dir, sheets, results) {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(sheets) > 1 { // find the bad one: each alone
		for i := range sheets {
			if !e.run(ctx, dir, sheets[i:i+1], results[i:i+1]) && ctx.Err() == nil {
				results[i] = Result{Err: errors.New("tesseract failed on this page"), Skew: sheets[i].skew}
			}
		}
		return ctx.Err()
	}
	results[0] = Result{Err: errors.New("tesseract failed on this page"), Skew: sheets[0].skew}
	return nil
}

// run reads sheets with one program and says whether all went well.
func (e *Engine) run(ctx context.Context, dir string, sheets []sheet, results []Result) bool {
	ctx, cancel := context.WithTimeout(ctx, e.o.PageTime*time.Duration(len(sheets)))
	defer cancel()
	var names bytes.Buffer
	for _, s := range sheets {
		fmt.Fprintln(&names, s.path)
	}
	list := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(list, names.Bytes(), 0o600); err != nil {
		return false
	}
	cmd := exec.CommandContext(ctx, e.o.Command, list, "stdout", "-l", e.o.Languages, "--psm", "3", "--dpi", fmt.Sprint(sheets[0].dpi), "tsv")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1") // its own threads cost 4.5 times the work
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return false
	}
	pages := parseTSV(out, len(sheets))
	for i, s := range sheets {
		results[i] = s.result(pages[i])
	}
	return true
}
