package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"naskah/internal/problem"
)

// Exit codes of the public contract.
const (
	exitWell   = 0
	exitFailed = 1
	exitUsage  = 64
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, terminal(), os.Args[1:])
	stop()
	os.Exit(code)
}

// console is where a command reads and writes: a terminal, or the line of another
// process that asks the service to do the work.
type console struct {
	in       io.Reader
	out, err io.Writer
	dir      string // relative paths are meant from here
	tty      bool   // progress may be drawn
	environ  []string
	served   *Main // set when the running service does the work
}

// tell says something on standard error; a terminal that is gone hears nothing.
func (c *console) tell(format string, args ...any) { _, _ = fmt.Fprintf(c.err, format, args...) }

func terminal() console {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return console{in: os.Stdin, out: os.Stdout, err: os.Stderr, dir: dir, tty: term.IsTerminal(int(os.Stderr.Fd())), environ: os.Environ()}
}

// exitCode is an error that says nothing more than its code.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// run does one command and gives its exit code. What went wrong is said in plain
// words on standard error.
func run(ctx context.Context, c console, args []string) int {
	root := newRoot(&c)
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := root.ExecuteContext(ctx)
	var code exitCode
	var usage usageError
	switch {
	case err == nil:
		return exitWell
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		c.tell("naskah: %v\nKetik: naskah --help\n", usage.error)
		return exitUsage
	}
	c.tell("naskah: %s\n", say(err))
	return exitFailed
}

// say is the sentence for the person; causes that no sentence was written for are
// shown as they are, because whoever stands at the command line is the
// administrator.
func say(err error) string {
	var p *problem.Error
	if !errors.As(err, &p) {
		return err.Error()
	}
	if p.Cause == nil {
		return p.ID
	}
	return fmt.Sprintf("%s\n  (%v)", p.ID, p.Cause)
}
