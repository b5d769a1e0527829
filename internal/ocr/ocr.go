package ocr

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"naskah/internal/problem"
)

// Options of an Engine.
type Options struct {
	Command   string        // the Tesseract program; empty is "tesseract"
	Languages string        // empty is "ind+eng"
	Workers   int           // programs at once; 0 is one a core
	PageTime  time.Duration // for one page; 0 is a minute
	TempDir   string        // pictures lie here while they are read
}

// Engine reads pictures with Tesseract. All methods may be called at once; no
// more than Workers programs run.
type Engine struct {
	o     Options
	desks chan struct{} // lists on disk: one more than programs, so that none waits for its pictures
	hands chan struct{} // lists being prepared: one after the other, so that the first program starts early
	slots chan struct{} // programs

	mu      sync.Mutex
	checked time.Time
	missing error
}

// New makes an engine; whether the program is there is asked by Ready.
func New(o Options) *Engine {
	if o.PageTime == 0 {
		o.PageTime = time.Minute
	}
	if o.Workers < 1 {
		o.Workers = runtime.NumCPU()
	}
	if o.Command == "" {
		o.Command = "tesseract"
	}
	if o.Languages == "" {
		o.Languages = "ind+eng"
	}
	return &Engine{
		o: o, desks: make(chan struct{}, o.Workers+1), hands: make(chan struct{}, max(o.Workers/2, 1)), slots: make(chan struct{}, o.Workers),
	}
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
	missing := e.look(ctx)
	if err := ctx.Err(); err != nil {
		return err // who asked has left: nothing was learned
	}
	e.missing, e.checked = missing, time.Now()
	return e.missing
}

// lookAgain asks after a failure what Ready may have missed since its last look.
func (e *Engine) lookAgain(ctx context.Context) error {
	e.mu.Lock()
	e.checked = time.Time{}
	e.mu.Unlock()
	return e.Ready(ctx)
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
		if !slices.Contains(have, lang) {
			lack = append(lack, lang)
		}
	}
	if len(lack) > 0 {
		return e.notThere(lack, fmt.Errorf("languages missing: %v", lack))
	}
	return nil
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
