package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"naskah/internal/problem"
)

// sandbox is one loaded PDFium. Each document gets an instance of its own (2 ms),
// thrown away when it is closed: nothing that one file does to PDFium is met by
// the next.
type sandbox struct {
	pool   pdfium.Pool
	cancel context.CancelFunc
}

const (
	// instances is how many PDFs are open at once: jobs keep theirs while OCR goes
	// on, and people look meanwhile.
	instances = 6
	// memoryPages of 64 KiB, 512 MiB, is what one document may take, whatever its
	// streams unpack to.
	memoryPages = 8192
)

func (e *Engine) load() (*sandbox, error) {
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCloseOnContextDone(true).WithMemoryLimitPages(memoryPages)
	if e.o.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.o.CacheDir)
		if err != nil {
			return nil, fmt.Errorf("PDFium cache: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	ctx, cancel := context.WithCancel(context.Background())
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: instances, RuntimeConfig: config, Stdout: io.Discard, Stderr: io.Discard,
		FSConfig: wazero.NewFSConfig(), // no folder at all; left out, it would be the machine's root
	})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("load PDFium: %w", err)
	}
	return &sandbox{pool: pool, cancel: cancel}, nil
}

func (e *Engine) acquire() (*sandbox, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.idle != nil {
		e.idle.Stop()
	}
	if e.sandbox == nil {
		s, err := e.load()
		if err != nil {
			return nil, err
		}
		e.sandbox = s
	}
	e.users++
	return e.sandbox, nil
}

func (e *Engine) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.users--; e.users == 0 {
		e.idle = time.AfterFunc(e.o.Idle, func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.users == 0 {
				e.unload()
			}
		})
	}
}

// unload ends what still runs, then gives the memory back.
func (e *Engine) unload() {
	if e.sandbox != nil {
		e.sandbox.cancel()
		_ = e.sandbox.pool.Close() // its memory is gone either way
		e.sandbox = nil
	}
}

// Close unloads PDFium; documents that are still open fail.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.idle != nil {
		e.idle.Stop()
	}
	e.unload()
	return nil
}

// instance waits for a free instance, no longer than a page may take: who holds
// one and asks for another must not wait for ever.
func (e *Engine) instance(ctx context.Context, s *sandbox) (pdfium.Pdfium, error) {
	waiting, cancel := context.WithTimeout(ctx, e.o.Limits.PageTime)
	defer cancel()
	instance, err := s.pool.GetInstanceWithContext(waiting)
	switch {
	case err == nil:
		return instance, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, problem.New(problem.Unavailable, "Naskah sedang membaca banyak berkas. Coba lagi sebentar.",
		"Naskah is reading many files at the moment. Try again shortly.", fmt.Errorf("PDFium: %w", err))
}

// do asks PDFium something, for PageTime at most. A question without end takes
// the document's instance with it; the next question opens the file anew, so that
// one bad page does not cost the others.
func (d *pdfDocument) do(ctx context.Context, ask func() error) error {
	if d.closed {
		return problem.New(problem.Internal, "Berkas ini sudah ditutup. Buka lagi.", "This file is closed already. Open it again.", nil)
	}
	if err := d.reopen(ctx); err != nil {
		return err
	}
	return d.within(ctx, ask)
}

func (d *pdfDocument) within(ctx context.Context, ask func() error) error {
	limited, cancel := context.WithTimeout(ctx, d.engine.o.Limits.PageTime)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- guarded(ask, unreadable) }()
	select {
	case err := <-done:
		return err
	case <-limited.Done():
	}
	killed := d.instance.Kill()
	<-done //nolint:errcheck // it ends with the next loop of the page's code, in whatever way
	d.instance, d.number = nil, 0
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return problem.New(problem.Invalid, "Halaman ini terlalu rumit untuk dibaca. Cetak dan pindai lagi, lalu kirim pindaiannya.",
		"This page is too complicated to read. Print it, scan it again and send the scan.", errors.Join(limited.Err(), killed))
}

// guarded turns a panic while foreign bytes are read (a trap in the sandbox, a
// decoder's fault) into a problem: they must not end the service.
func guarded(ask func() error, blame func(cause error) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = blame(fmt.Errorf("panic: %v", r))
		}
	}()
	return ask()
}
