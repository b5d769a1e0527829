package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"naskah/internal/office"
	"naskah/internal/web"
)

func serveCommand(c *console, f *flags) *cobra.Command {
	var demo bool
	var addr, publicURL string
	cmd := &cobra.Command{
		Use: "serve", Short: "Menjalankan layanan: halaman, API dan pekerjaan di latar belakang", Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := f.settings(c)
			if err != nil {
				return err
			}
			if demo {
				s.Demo = true
			}
			if addr != "" {
				s.Addr = addr
			}
			if publicURL != "" {
				s.PublicURL = publicURL
			}
			if err := s.Check(); err != nil {
				return err
			}
			m, err := Open(cmd.Context(), s, c.logger(c.serveLevel()))
			if err != nil {
				return err
			}
			return joinClose(m, m.Run(cmd.Context(), func() { m.greet(c) }))
		},
	}
	cmd.Flags().BoolVar(&demo, "demo", false, "membuat kantor contoh dengan surat pada mulai pertama")
	cmd.Flags().StringVar(&addr, "addr", "", "alamat layanan (bawaan 127.0.0.1:8080)")
	cmd.Flags().StringVar(&publicURL, "public-url", "", "alamat yang dicetak dalam kode QR surat")
	return cmd
}

// serveLevel: a log file wants a line for each job; a person at a terminal wants to
// read where the service is.
func (c *console) serveLevel() slog.Level {
	if c.tty {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// Run serves until ctx ends. ready is called once pages are answered.
func (m *Main) Run(ctx context.Context, ready func()) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", m.Settings.Addr)
	if err != nil {
		return fmt.Errorf("alamat %s tidak dapat dipakai: %w", m.Settings.Addr, err)
	}
	m.address = l.Addr().String()
	if m.Settings.PublicURL == "" && m.Settings.Demo {
		m.Settings.PublicURL = m.URL()
		m.Office.PublicURL = m.URL()
	}
	if err := m.begin(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	failed := make(chan error, 1)
	go func() { failed <- m.serve(l) }()
	ready()
	m.furnish(ctx)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

// begin starts everything behind the pages: first what they need, then the queue.
func (m *Main) begin(ctx context.Context) error {
	if m.Settings.Demo {
		if _, err := m.Office.FoundDemo(ctx); err != nil {
			return err
		}
	}
	if err := m.settle(ctx); err != nil {
		return err
	}
	handler, err := web.New(m.webOptions())
	if err != nil {
		return err
	}
	m.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(m.Log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	if err := m.serveOrders(ctx); err != nil {
		return err
	}
	return m.queue.Start(ctx)
}

func (m *Main) webOptions() web.Options {
	o := web.Options{
		Office: m.Office, Sessions: m.Office.DB.Sessions(), PublicURL: m.Settings.PublicURL, Proxies: m.Settings.BehindProxy,
		Secure: m.Settings.TLSCert != "" || len(m.Settings.BehindProxy) > 0, Log: m.Log, UploadBytes: m.Settings.Limits.UploadBytes(),
	}
	if m.Settings.Demo {
		o.DemoSecret = office.DemoPassword
		for _, s := range office.DemoSignIns() {
			o.Demo = append(o.Demo, web.DemoSignIn{SignIn: s.Login, Name: s.Name, Title: s.Title})
		}
	}
	return o
}

func (m *Main) serve(l net.Listener) error {
	var err error
	if m.Settings.TLSCert != "" {
		m.server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		err = m.server.ServeTLS(l, m.Settings.TLSCert, m.Settings.TLSKey)
	} else {
		err = m.server.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// furnish does in the background what the first page need not wait for: the demo's
// letters, and an index that began empty.
func (m *Main) furnish(ctx context.Context) {
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer close(done)
		if m.index.NeedsRebuild() {
			m.report(ctx, "index", m.Office.Reindex(ctx, nil))
		}
		if m.Settings.Demo {
			m.report(ctx, "demo letters", m.Office.Demo(ctx))
		}
		m.sweepDaily(ctx)
	}()
	m.started = true
	m.closers = append(m.closers, func() error { cancel(); <-done; return nil })
}

// sweepDaily removes, once a day, objects that were stored and that no letter came
// to need: what a killed process or a refused upload leaves behind.
func (m *Main) sweepDaily(ctx context.Context) {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			n, err := m.Office.Sweep(ctx)
			m.report(ctx, "sweep", err)
			m.Log.Info("swept", "objects", n)
		}
	}
}

func (m *Main) report(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		m.Log.Error("could not finish", "work", what, "error", err)
	}
}

// URL is where the pages are, once Run listens.
func (m *Main) URL() string {
	scheme := "http"
	if m.Settings.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + m.address
}

// greet tells whoever started the service where it is.
func (m *Main) greet(c *console) {
	c.tell("\n  Naskah siap di %s\n", m.URL())
	if m.Settings.Demo {
		c.tell("\n  Kantor contoh — masuk sebagai:\n\n")
		for _, s := range office.DemoSignIns() {
			c.tell("    %-10s  %s, %s\n", s.Login, s.Name, s.Title)
		}
		c.tell("\n  Kata sandi semuanya: %s    Kata sandi tanda tangan: %s\n", office.DemoPassword, office.DemoPassphrase)
	}
	if err := m.Office.OCR.Ready(context.Background()); err != nil {
		c.tell("\n  %s\n", say(err))
	}
	c.tell("\n  Hentikan dengan Ctrl+C.\n\n")
}
