package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"naskah/configs"
	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/jobs"
	"naskah/internal/ocr"
	"naskah/internal/office"
	"naskah/internal/page"
	"naskah/internal/problem"
	"naskah/search/local"
	"naskah/storage"
	"naskah/storage/s3"
)

// Main joins the parts of one Naskah on one data folder.
type Main struct {
	Settings configs.Settings
	Log      *slog.Logger
	Office   *office.Office
	// Home is the office that commands on this machine work for.
	Home db.Office

	index   *local.Index
	queue   *jobs.Queue
	server  *http.Server
	address string
	started bool
	closers []func() error
}

// The folders and files under the data folder.
const (
	objectsDir = "objects"
	indexDir   = "index"
	keysDir    = "keys"
	trustDir   = "trust"
	tempDir    = "tmp"
	cacheDir   = "cache"
	lockFile   = "naskah.lock"
	socketFile = "naskah.sock"
)

func (m *Main) path(name string) string { return filepath.Join(m.Settings.Data, name) }

// Open takes the data folder and joins the parts on it. A folder that another
// process owns is problem.Conflict. Nothing runs yet: StartJobs and Run begin.
func Open(ctx context.Context, s configs.Settings, log *slog.Logger) (*Main, error) {
	m := &Main{Settings: s, Log: log}
	if err := m.open(ctx); err != nil {
		return nil, joinClose(m, err)
	}
	return m, nil
}

func (m *Main) open(ctx context.Context) error {
	if err := m.lock(); err != nil {
		return err
	}
	if err := m.cleanTemp(); err != nil {
		return err
	}
	database, err := db.Open(ctx, db.Options{URL: m.Settings.Database.URL.Reveal(), Dir: m.Settings.Data, Log: m.Log})
	if err != nil {
		return err
	}
	m.closers = append(m.closers, database.Close)
	store, err := openStore(ctx, m.Settings)
	if err != nil {
		return err
	}
	if m.index, err = local.Open(ctx, m.path(indexDir), m.Log); err != nil {
		return err
	}
	m.closers = append(m.closers, m.index.Close)
	pages := page.New(page.Options{CacheDir: m.path(cacheDir), Limits: pageLimits(m.Settings.Limits)})
	m.closers = append(m.closers, pages.Close)
	owner, err := m.owner()
	if err != nil {
		return err
	}
	if m.queue, err = jobs.Open(ctx, database, jobs.Options{Workers: m.workers(), Owner: owner, Log: m.Log, GaveUp: m.gaveUp}); err != nil {
		return err
	}
	issuer, err := authority.Open(authority.Options{Dir: m.path(keysDir), OfficeName: "Naskah"})
	if err != nil {
		return err
	}
	return m.openOffice(ctx, office.Parts{
		DB: database, Store: store, Index: m.index, Queue: m.queue, Pages: pages, OCR: m.reader(), Authority: issuer, Log: m.Log,
	})
}

func (m *Main) openOffice(ctx context.Context, p office.Parts) error {
	s := m.Settings
	roots, err := trustedRoots(m.path(trustDir))
	if err != nil {
		return err
	}
	p.Roots, p.PublicURL, p.TempDir, p.Converter = roots, s.PublicURL, m.path(tempDir), s.LibreOffice.Command
	p.Limits = office.Limits{UploadBytes: s.Limits.UploadBytes(), Pages: s.Limits.Pages, OCRDPI: s.OCR.DPI}
	if m.Office, err = office.New(p); err != nil {
		return err
	}
	return nil
}

// settle makes sure that there is an office to work for. The demo makes its own.
func (m *Main) settle(ctx context.Context) (err error) {
	m.Home, err = m.Office.HomeOffice(ctx, m.Settings.TimeZone)
	return err
}

func (m *Main) gaveUp(ctx context.Context, kind string, payload []byte, cause error) {
	m.Office.GaveUp(ctx, kind, payload, cause)
}

func (m *Main) workers() int {
	if m.Settings.OCR.Workers > 0 {
		return m.Settings.OCR.Workers
	}
	return runtime.NumCPU()
}

func (m *Main) reader() *ocr.Engine { return m.readerIn(m.path(tempDir)) }

func (m *Main) readerIn(temp string) *ocr.Engine {
	s := m.Settings
	return ocr.New(ocr.Options{
		Command: s.OCR.Command, Languages: s.OCR.Languages, Workers: m.workers(), PageTime: time.Duration(s.Limits.PageSeconds) * time.Second, TempDir: temp,
	})
}

func pageLimits(l configs.Limits) page.Limits {
	return page.Limits{Pages: l.Pages, Pixels: int64(l.PictureMegapixels) * 1_000_000, DecodedBytes: int64(l.DecodedMiB) << 20, PageTime: time.Duration(l.PageSeconds) * time.Second}
}

func openStore(ctx context.Context, s configs.Settings) (storage.Store, error) {
	if !s.Storage.OnS3() {
		return storage.NewDir(filepath.Join(s.Data, objectsDir))
	}
	c := s.Storage.S3
	return s3.New(ctx, s3.Options{
		Endpoint: c.Endpoint, AccessKey: c.AccessKey, SecretKey: c.SecretKey.Reveal(), Bucket: c.Bucket, Region: c.Region, Secure: c.Secure, Prefix: c.Prefix,
		SpoolDir: filepath.Join(s.Data, tempDir),
	})
}

// trustedRoots reads the PEM files in DIR/trust.
func trustedRoots(dir string) ([]*x509.Certificate, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("trusted roots: %w", err)
	}
	var out []*x509.Certificate
	for _, e := range entries {
		certs, err := readRoots(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, certs...)
	}
	return out, nil
}

func readRoots(path string) ([]*x509.Certificate, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, problem.New(problem.Invalid, "Berkas sertifikat "+path+" tidak dapat dibaca.", "The certificate file "+path+" cannot be read.", err)
	}
	var out []*x509.Certificate
	for {
		block, rest := pem.Decode(raw)
		if block == nil {
			break
		}
		raw = rest
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, problem.New(problem.Invalid, "Berkas sertifikat "+path+" rusak.", "The certificate file "+path+" is damaged.", err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, problem.New(problem.Invalid, "Tidak ada sertifikat PEM di "+path+".", "There is no PEM certificate in "+path+".", nil)
	}
	return out, nil
}

// StartJobs begins the queue's work and fills an index that began empty.
func (m *Main) StartJobs(ctx context.Context) error {
	if err := m.queue.Start(ctx); err != nil {
		return err
	}
	m.started = true
	if !m.index.NeedsRebuild() {
		return nil
	}
	return m.Office.Reindex(ctx, nil)
}

// Close stops what runs and gives the folder back. When it returns nothing runs.
func (m *Main) Close() error {
	var errs []error
	if m.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := m.server.Shutdown(ctx); err != nil {
			errs = append(errs, m.server.Close())
		}
	}
	if m.queue != nil && m.started {
		errs = append(errs, m.queue.Stop(context.Background()))
	}
	for i := len(m.closers) - 1; i >= 0; i-- {
		errs = append(errs, m.closers[i]())
	}
	return errors.Join(errs...)
}

func joinClose(m *Main, err error) error {
	if cerr := m.Close(); err == nil {
		return cerr
	} else if cerr != nil {
		m.Log.Error("closing", "error", cerr)
	}
	return err
}

// pdfiumCache keeps compiled PDFium for commands that own no data folder; "" when
// there is no place for it.
func pdfiumCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "naskah", "pdfium")
}
