//go:build unix

package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Main runs the tests of a package with a PostgreSQL server beside them and
// gives the exit code. The server ends with the process, however that ends.
func Main(m *testing.M) int {
	// These tests wait for commits more than they compute. -parallel still wins:
	// the command line is read after this.
	if err := flag.Set("test.parallel", "8"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if os.Getenv(Variable) != "" {
		return m.Run()
	}
	s, err := start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "PostgreSQL for tests:", err)
		return 1
	}
	if s == nil {
		return m.Run()
	}
	defer s.stop()
	if err := os.Setenv(Variable, s.url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// private is a PostgreSQL server of our own that listens on a socket in its own folder.
type private struct {
	dir  string
	url  string
	cmd  *exec.Cmd
	done chan error
}

// start gives nil when PostgreSQL is not installed.
func start() (*private, error) {
	bin := programs()
	if bin == "" {
		return nil, nil //nolint:nilnil // absence is no failure here
	}
	who, err := identity()
	if err != nil || who == nil && os.Geteuid() == 0 {
		return nil, err
	}
	dir, err := folder(who)
	if err != nil {
		return nil, err
	}
	s := &private{dir: dir, done: make(chan error, 1)}
	s.url = "postgres:///postgres?" + url.Values{"host": {dir}, "user": {"postgres"}}.Encode()
	if err := errors.Join(s.initialise(bin, who), s.launch(bin, who)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.await(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// programs is the folder of the newest PostgreSQL server programs, "" when there
// is none: Debian keeps them out of PATH.
func programs() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well-formed
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// identity is the user that the server runs as: PostgreSQL refuses to be root.
// It is nil when we are not root, or when the user postgres does not exist.
func identity() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nil means: as ourselves
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // not installed
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// longestFolder keeps the socket's path within the 107 bytes that it may have.
const longestFolder = 60

func folder(who *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if len(parent) > longestFolder {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "naskah-pg-")
	if err != nil {
		return "", fmt.Errorf("folder for PostgreSQL: %w", err)
	}
	if who != nil {
		err = os.Chown(dir, int(who.Uid), int(who.Gid))
	}
	return dir, err
}

func (s *private) command(bin, name string, who *syscall.Credential, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, name), args...) //nolint:gosec,noctx // our own list of programs; it ends with stop
	cmd.Dir, cmd.SysProcAttr = s.dir, attributes(who)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	return cmd
}

func (s *private) initialise(bin string, who *syscall.Credential) error {
	out, err := s.command(bin, "initdb", who, "-D", filepath.Join(s.dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// launch starts the server from a thread that lives as long as the process: the
// kernel ends the server when that thread is gone.
func (s *private) launch(bin string, who *syscall.Credential) error {
	s.cmd = s.command(bin, "postgres", who, "-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=300",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB")
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = log, log
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- errors.Join(s.cmd.Start(), log.Close())
		if s.cmd.Process != nil {
			s.done <- s.cmd.Wait()
		}
	}()
	return <-started
}

// startTime is enough for a server on a machine that is busy with other tests.
const startTime = time.Minute

func (s *private) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	pool, err := sql.Open("pgx", s.url)
	if err != nil {
		return err
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if pool.PingContext(ctx) == nil {
			return pool.Close()
		}
		select {
		case err := <-s.done:
			s.done <- err
			said, _ := os.ReadFile(filepath.Join(s.dir, "log")) // without it the error still says enough
			return errors.Join(fmt.Errorf("postgres ended: %w: %s", err, said), pool.Close())
		case <-ctx.Done():
			return errors.Join(ctx.Err(), pool.Close())
		case <-again.C:
		}
	}
}

// stop ends the server and waits until it is gone.
func (s *private) stop() {
	// SIGINT is a fast shutdown: open connections are ended.
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
	}
	<-s.done //nolint:errcheck // how it ended does not matter any more
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
	}
}
