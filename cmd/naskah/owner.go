package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"naskah/internal/db"
	"naskah/internal/problem"
)

// lock takes the data folder for this process. The kernel gives it back when the
// process ends, however it ends.
func (m *Main) lock() error {
	if err := os.MkdirAll(m.Settings.Data, 0o700); err != nil {
		return problem.New(problem.Unavailable, "Folder data "+m.Settings.Data+" tidak dapat dibuat. Periksa izinnya, atau pilih folder lain dengan --data.",
			"The data folder "+m.Settings.Data+" cannot be made. Check its permissions, or choose another with --data.", err)
	}
	f, err := os.OpenFile(m.path(lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return problem.New(problem.Unavailable, "Folder data tidak dapat ditulis. Periksa izinnya.", "The data folder cannot be written. Check its permissions.", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return errors.Join(problem.New(problem.Conflict, "Folder data ini sedang dipakai Naskah lain.", "Another Naskah is using this data folder.", err), f.Close())
	}
	m.closers = append(m.closers, f.Close)
	return nil
}

// cleanTemp throws away working copies of a process that is gone.
func (m *Main) cleanTemp() error {
	if err := os.RemoveAll(m.path(tempDir)); err != nil {
		return fmt.Errorf("working copies: %w", err)
	}
	return os.MkdirAll(m.path(tempDir), 0o700)
}

// owner is the name of this data folder among all that share a database; it is
// made once.
func (m *Main) owner() (string, error) {
	path := m.path("owner")
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		raw = []byte(db.NewID())
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("name of the data folder: %w", err)
	}
	return string(bytes.TrimSpace(raw)), nil
}

// order is a command that another process asks the service to do.
type order struct {
	Args  []string `json:"args"`
	Dir   string   `json:"dir"`
	TTY   bool     `json:"tty"`
	Input []byte   `json:"input"`
}

// frame is one piece of the answer.
type frame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// serveOrders listens on DIR/naskah.sock. Only the owner of the folder can reach
// it (mode 0600), so an order needs no sign-in.
func (m *Main) serveOrders(ctx context.Context) error {
	path := m.path(socketFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("old socket: %w", err)
	}
	old := unix.Umask(0o177)
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	unix.Umask(old)
	if err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	server := &http.Server{Handler: http.HandlerFunc(m.takeOrder), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			m.Log.Error("commands cannot reach the service any more", "error", err)
		}
	}()
	m.closers = append(m.closers, server.Close)
	return nil
}

func (m *Main) takeOrder(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&o); err != nil {
		http.Error(w, "bad order", http.StatusBadRequest)
		return
	}
	f := &framer{w: w}
	c := console{in: bytes.NewReader(o.Input), out: part{f, false}, err: part{f, true}, dir: o.Dir, tty: o.TTY, served: m}
	code := run(r.Context(), c, o.Args)
	f.send(frame{Exit: &code})
}

// framer writes frames, one at a time.
type framer struct {
	mu sync.Mutex
	w  http.ResponseWriter
}

func (f *framer) send(fr frame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := json.NewEncoder(f.w).Encode(fr); err != nil {
		return // the asker is gone; its context ends the work
	}
	if flusher, ok := f.w.(http.Flusher); ok {
		flusher.Flush()
	}
}

type part struct {
	f   *framer
	err bool
}

func (p part) Write(b []byte) (int, error) {
	fr := frame{Out: b}
	if p.err {
		fr = frame{Err: b}
	}
	p.f.send(fr)
	return len(b), nil
}

// askService hands the command to the service that owns the folder and shows what
// it says.
func askService(ctx context.Context, c *console, data string, args []string) error {
	socket := filepath.Join(data, socketFile)
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	input, err := c.input(args)
	if err != nil {
		return err
	}
	body, err := json.Marshal(order{Args: args, Dir: c.dir, TTY: c.tty, Input: input})
	if err != nil {
		return fmt.Errorf("write order: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://naskah/", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("write order: %w", err)
	}
	res, err := client.Do(req)
	if err != nil {
		return problem.New(problem.Unavailable, "Folder data dipakai Naskah lain yang tidak menjawab. Tunggu sebentar, atau hentikan lebih dulu.",
			"The data folder is used by another Naskah that does not answer. Wait a moment, or stop it first.", err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	return c.showFrames(json.NewDecoder(res.Body))
}

func (c *console) showFrames(dec *json.Decoder) error {
	for {
		var f frame
		if err := dec.Decode(&f); err != nil {
			return problem.New(problem.Unavailable, "Naskah berhenti sebelum pekerjaan selesai. Jalankan lagi perintahnya.", "Naskah stopped before the work was done. Run the command again.", err)
		}
		if len(f.Out) > 0 {
			if _, err := c.out.Write(f.Out); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if len(f.Err) > 0 {
			if _, err := c.err.Write(f.Err); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if f.Exit != nil {
			if *f.Exit == exitWell {
				return nil
			}
			return exitCode(*f.Exit)
		}
	}
}

// input reads what a command wants from standard input: passwords alone.
func (c *console) input(args []string) ([]byte, error) {
	if len(args) < 2 || args[0] != "user" {
		return nil, nil
	}
	password, err := c.askPassword()
	return []byte(password + "\n"), err
}
