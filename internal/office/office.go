package office

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"time"

	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/jobs"
	"naskah/internal/ocr"
	"naskah/internal/page"
	"naskah/search"
	"naskah/storage"
)

// Parts are what an office works with; cmd joins them.
type Parts struct {
	DB        *db.DB
	Store     storage.Store
	Index     search.Index
	Queue     *jobs.Queue
	Pages     *page.Engine
	OCR       *ocr.Engine
	Authority *authority.Authority
	Log       *slog.Logger
	// Now is the clock; tests turn it to New Year's Eve. nil is time.Now.
	Now func() time.Time
	// PublicURL is how a citizen's phone reaches this service ("https://…"),
	// without a slash at the end. Empty: no letter can be numbered.
	PublicURL string
	// TempDir holds working copies; everything in it may be thrown away.
	TempDir string
	// Converter is the LibreOffice program that turns DOCX into PDF.
	Converter string
	Limits    Limits
	// Roots are the certificates that the office trusts besides its own.
	Roots []*x509.Certificate
}

// Limits bound what one person can ask of the machine.
type Limits struct {
	UploadBytes int64 // one file; larger ones are refused while they arrive
	Pages       int   // of one file; more is a book, not a letter
	OCRDPI      int   // pictures are read at this resolution at most
}

// Office does what people and jobs ask, on the letters of every office in the
// database. All methods may be called at once.
type Office struct {
	Parts
	watchers watchers
	indexing *locks
	signing  *locks
	rebuild  rebuild
	pictures *pictureCache
}

// New makes an office and teaches the queue its jobs. The queue must not have
// been started.
func New(p Parts) (*Office, error) {
	if p.Now == nil {
		p.Now = time.Now
	}
	if err := os.MkdirAll(p.TempDir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for working copies: %w", err)
	}
	o := &Office{Parts: p, indexing: newLocks(), signing: newLocks(), pictures: newPictureCache(pictureCacheBytes)}
	jobs.HandleSlow(p.Queue, jobRead, o.readPages)
	jobs.HandleSlow(p.Queue, jobArchive, o.makeArchiveFile)
	jobs.Handle(p.Queue, jobIndex, o.indexLetter)
	jobs.Handle(p.Queue, jobStamp, o.stampLetter)
	jobs.Handle(p.Queue, jobPrepare, o.prepareFinal)
	return o, nil
}

// The kinds of job. They are kept in the database: a name, once used, stays.
const (
	jobRead    = "read"
	jobArchive = "archive"
	jobIndex   = "index"
	jobStamp   = "stamp"
	jobPrepare = "prepare"
)

// LetterJob names the letter a job works on.
type LetterJob struct {
	LetterID string `json:"letter_id"`
}

// ReadJob names the letter and the first page of up to pagesPerJob to read.
type ReadJob struct {
	LetterID string `json:"letter_id"`
	From     int    `json:"from"`
}

// Watch gives the steps of reading a letter ("" for all) until stop is called.
// Steps may be skipped, the last one never is.
func (o *Office) Watch(letterID string) (steps <-chan Progress, stop func()) {
	return o.watchers.add(letterID)
}

// tempFile is a working copy that vanishes with its close.
func (o *Office) tempFile() (*os.File, func(), error) {
	f, err := os.CreateTemp(o.TempDir, "work-*")
	if err != nil {
		return nil, nil, fmt.Errorf("working copy: %w", err)
	}
	return f, func() {
		_ = f.Close()           // nothing of it is kept
		_ = os.Remove(f.Name()) // a leftover is removed at the next start
	}, nil
}

// zone is the office's time zone; letters are dated by its days.
func (o *Office) zone(office db.Office) *time.Location {
	loc, err := time.LoadLocation(office.TimeZone)
	if err != nil {
		o.Log.Warn("unknown time zone, using Asia/Jakarta", "office", office.ID, "zone", office.TimeZone, "error", err)
		return time.FixedZone("WIB", 7*60*60)
	}
	return loc
}

// today is the day it is in the office, as UTC midnight.
func (o *Office) today(office db.Office) time.Time {
	y, m, d := o.Now().In(o.zone(office)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Ready is nil when every part answers.
func (o *Office) Ready(ctx context.Context) error {
	if err := o.DB.Ping(ctx); err != nil {
		return err
	}
	return o.Index.Ready(ctx)
}

func (o *Office) ownRoots() []*x509.Certificate { return []*x509.Certificate{o.Authority.Root()} }

func (o *Office) clock() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}
