package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a running S3 server.
type Server struct {
	Endpoint             string // host:port
	AccessKey, SecretKey string
	Secure               bool
	// Foreign is true for a server that NASKAH_TEST_S3 names: it outlives the test,
	// so the test cleans up behind itself and never stops it.
	Foreign        bool
	binary, folder string
	process        *exec.Cmd
	ended          chan struct{} // closed when process is gone
	log            *lockedBuffer
}

// patience is how long a server may take to answer; MinIO needs about a second.
const patience = 60 * time.Second

// MinIO gives the server that NASKAH_TEST_S3 (http://access:secret@host:port) names,
// or starts MinIO on loopback with a temporary folder until t ends. Without
// both, t is skipped.
func MinIO(t *testing.T) *Server {
	t.Helper()
	if address := os.Getenv("NASKAH_TEST_S3"); address != "" {
		return foreign(t, address)
	}
	return PrivateMinIO(t)
}

// PrivateMinIO starts MinIO also when NASKAH_TEST_S3 names a server, for tests that
// stop it.
func PrivateMinIO(t *testing.T) *Server {
	t.Helper()
	s := &Server{AccessKey: "naskah-test", SecretKey: "naskah-test-secret", binary: minioBinary(t), folder: t.TempDir()}
	t.Cleanup(s.Stop)
	var failed error
	for range 3 { // somebody else may take the free port first
		endpoint, err := freePort(t.Context())
		if err == nil {
			err = s.start(t.Context(), endpoint)
		}
		if err == nil {
			return s
		}
		failed = errors.Join(failed, err)
	}
	t.Fatalf("MinIO does not start: %v", failed)
	return nil
}

// Address is the server in the form of NASKAH_TEST_S3.
func (s *Server) Address() string {
	u := url.URL{Scheme: "http", Host: s.Endpoint, User: url.UserPassword(s.AccessKey, s.SecretKey)}
	if s.Secure {
		u.Scheme = "https"
	}
	return u.String()
}

// Stop kills the server, as a power cut would.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill() // dead already is as good
	<-s.ended
	s.process = nil
}

func foreign(t *testing.T, address string) *Server {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User == nil {
		t.Fatalf("NASKAH_TEST_S3 must look like http://access:secret@host:port")
	}
	secret, _ := u.User.Password()
	return &Server{Endpoint: u.Host, AccessKey: u.User.Username(), SecretKey: secret, Secure: u.Scheme == "https", Foreign: true}
}

func minioBinary(t *testing.T) string {
	t.Helper()
	path := os.Getenv("NASKAH_MINIO")
	if path == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skipf("skipped: no MinIO without a home folder (%v)", err)
		}
		path = filepath.Join(cache, "naskah", "bin", "minio")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no MinIO here; `make test` builds it, NASKAH_TEST_S3 names a server instead")
	}
	return path
}

// Restart starts a stopped server again, with its objects, under the same address.
func (s *Server) Restart(t *testing.T) {
	t.Helper()
	if err := s.start(t.Context(), s.Endpoint); err != nil {
		t.Fatalf("MinIO does not start again: %v", err)
	}
}

func (s *Server) start(ctx context.Context, endpoint string) error {
	s.Endpoint, s.log = endpoint, &lockedBuffer{}
	s.process = exec.Command(s.binary, "server", "--quiet", "--address", endpoint, "--console-address", "127.0.0.1:0", s.folder) //nolint:noctx // Stop ends it
	s.process.Env = append(os.Environ(), "MINIO_ROOT_USER="+s.AccessKey, "MINIO_ROOT_PASSWORD="+s.SecretKey,
		"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CALLHOME_ENABLE=off", "HOME="+s.folder)
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.run(); err != nil {
		s.process = nil
		return err
	}
	if err := s.await(ctx); err != nil {
		s.Stop()
		return fmt.Errorf("%w\n%s", err, s.log.String())
	}
	return nil
}

// run starts the process so that it dies with us, also when we are killed. The
// kernel ties it to the thread that started it, so that thread is kept.
func (s *Server) run() error {
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.ended = make(chan struct{})
	process, ended, started := s.process, s.ended, make(chan error)
	go func() {
		runtime.LockOSThread()
		err := process.Start()
		started <- err
		if err == nil {
			_ = process.Wait() // "signal: killed", or it ended by itself and its log says why
		}
		close(ended)
	}()
	return <-started
}

func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// await asks until the server is ready for writing.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.ready(ctx) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ended:
			return errors.New("it ended at once")
		case <-tick.C:
		}
	}
}

func (s *Server) ready(ctx context.Context) bool {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Endpoint+"/minio/health/cluster", http.NoBody)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(ask)
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// lockedBuffer takes what the server prints, for the message when it fails.
type lockedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}
