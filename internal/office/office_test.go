package office

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"naskah/internal/account"
	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/jobs"
	"naskah/internal/letter"
	"naskah/internal/ocr"
	"naskah/internal/page"
	"naskah/internal/problem"
	"naskah/search"
	"naskah/search/local"
	"naskah/storage"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// clock is a clock that a test can turn.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// whole is an office with its people, on real parts in temporary folders.
type whole struct {
	*Office
	t     *testing.T
	clock *clock
	log   *bytes.Buffer
}

func newWhole(t *testing.T, d *db.DB) *whole {
	t.Helper()
	dir := t.TempDir()
	w := &whole{t: t, clock: &clock{now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(&lockedWriter{w: w.log}, nil))
	store, err := storage.NewDir(filepath.Join(dir, "objects"))
	w.must(err)
	index, err := local.Open(t.Context(), filepath.Join(dir, "index"), log)
	w.must(err)
	queue, err := jobs.Open(t.Context(), d, jobs.Options{Log: log, Owner: db.NewID()})
	w.must(err)
	issuer, err := authority.Open(authority.Options{Dir: filepath.Join(dir, "keys"), OfficeName: "Uji"})
	w.must(err)
	cache, err := os.UserCacheDir()
	w.must(err)
	pages := page.New(page.Options{CacheDir: filepath.Join(cache, "naskah", "pdfium")})
	w.Office, err = New(Parts{
		DB: d, Store: store, Index: index, Queue: queue, Pages: pages, Authority: issuer, Log: log, Now: w.clock.Now, PublicURL: "https://surat.example",
		OCR: ocr.New(ocr.Options{Command: "tesseract", Languages: "ind+eng", Workers: 2, TempDir: dir}), TempDir: filepath.Join(dir, "tmp"), Converter: "no-such-converter",
		Limits: Limits{UploadBytes: 20 << 20, Pages: 600, OCRDPI: 200},
	})
	w.must(err)
	_, err = w.FoundDemo(t.Context())
	w.must(err)
	w.must(w.demoKeys(t.Context()))
	w.must(queue.Start(t.Context()))
	t.Cleanup(func() {
		if err := errors.Join(queue.Stop(context.WithoutCancel(t.Context())), index.Close(), pages.Close()); err != nil {
			t.Error(err)
		}
	})
	return w
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (w *whole) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *whole) wants(err error, kind problem.Kind) {
	w.t.Helper()
	if !errors.Is(err, kind) || problem.Sentence(err, "id") == "" {
		w.t.Fatalf("got %v, want %s", err, kind)
	}
}

func (w *whole) who(login string) account.Actor {
	w.t.Helper()
	a, err := w.ActorByLogin(w.t.Context(), login)
	w.must(err)
	return a
}

// settled waits until no work is left.
func (w *whole) settled() {
	w.t.Helper()
	w.must(w.Queue.Idle(w.t.Context()))
}

func (w *whole) row(id string) db.Letter {
	w.t.Helper()
	l, err := w.DB.Letter(w.t.Context(), id)
	w.must(err)
	return l
}

// draft writes an invitation of the head of a section.
func (w *whole) draft(subject string, reviewers ...string) Draft {
	w.t.Helper()
	ctx, author := w.t.Context(), w.who("kasi")
	d, err := w.NewDraft(ctx, author, letter.KindInvitation)
	w.must(err)
	posts := []string{}
	for _, r := range reviewers {
		posts = append(posts, w.who(r).Holdings[0].PositionID)
	}
	body, to := "Bersama ini kami mengundang Saudara pada rapat.", []string{"Kepala Desa Nagrog"}
	d, err = w.SaveDraft(ctx, author, d.Letter.ID, DraftChange{Subject: &subject, Body: &body, To: &to, Reviewers: &posts})
	w.must(err)
	return d
}

// ready takes an invitation to the camat's desk.
func (w *whole) ready(subject string) db.Letter {
	w.t.Helper()
	return w.readyDraft(w.draft(subject, "sekcam"))
}

// readyDraft takes a draft of the head of a section there.
func (w *whole) readyDraft(d Draft) db.Letter {
	w.t.Helper()
	ctx := w.t.Context()
	l, err := w.Submit(ctx, w.who("kasi"), d.Letter.ID)
	w.must(err)
	initials, err := w.DB.Initials(ctx, l.VersionID)
	w.must(err)
	for _, i := range initials {
		for _, login := range []string{"sekcam", "kasubag"} {
			if w.who(login).Holds(i.PositionID) {
				_, err = w.Initial(ctx, w.who(login), l.ID, l.VersionID)
				w.must(err)
			}
		}
	}
	w.settled()
	return w.row(l.ID)
}

func (w *whole) sign(id, passphrase string) (db.Letter, error) {
	w.t.Helper()
	slip, err := w.OpenForSigning(w.t.Context(), w.who("camat"), id)
	w.must(err)
	return w.Sign(w.t.Context(), w.who("camat"), slip.Token, []byte(passphrase))
}

func textPDF(t *testing.T, text string) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.MultiCell(400, 16, text, "", "L", false)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w *whole) receive(name string, raw []byte) Received {
	w.t.Helper()
	got, err := w.Receive(w.t.Context(), w.who("pencatat"), Upload{Name: name, Bytes: bytes.NewReader(raw)})
	w.must(err)
	w.settled()
	return got
}

func (w *whole) finds(login, text string) int {
	w.t.Helper()
	found, err := w.Find(w.t.Context(), w.who(login), search.Question{Text: text})
	w.must(err)
	return found.Total
}

func TestLetterGoesFromDraftToAVerdict(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		l := w.ready("Rapat Koordinasi")
		if l.State != string(letter.Ready) || l.Number != "000.1.5/001/Kec.Ccl/XI/2026" || !l.LetterDate.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
			t.Fatalf("%+v", l)
		}
		w.must(w.prepareFinal(ctx, LetterJob{l.ID})) // twice: the first result stays
		if again := w.row(l.ID); again.FinalRef != l.FinalRef {
			t.Error("the final letter was made anew")
		}
		final, err := w.DB.LetterFile(ctx, l.ID, db.RoleFinal)
		w.must(err)
		_, err = w.OpenFile(ctx, w.who("camat"), l.ID, final.ID)
		w.wants(err, problem.Forbidden)
		if v, err := w.CheckToken(ctx, l.VerifyToken); err != nil || v.Report != nil {
			t.Errorf("before the signature: %+v %v", v, err)
		}
		signed, err := w.sign(l.ID, DemoPassphrase)
		w.must(err)
		w.settled()
		v, err := w.CheckToken(ctx, signed.VerifyToken)
		w.must(err)
		if s := v.Report.Signatures; len(s) != 1 || !s[0].Internal || s[0].Level != "PAdES-B-B" || v.Report.Conclusion != "TOTAL_PASSED" || v.SignerName != "Drs. Rahmat Suganda, M.Si." {
			t.Errorf("%+v", v)
		}
		if _, token, err := w.CheckCode(ctx, strings.ToLower(letter.ShowShortCode(signed.ShortCode))); err != nil || token != signed.VerifyToken {
			t.Errorf("the short code leads to %q: %v", token, err)
		}
		if w.finds("sekcam", "000.1.5/001") != 1 {
			t.Error("the signed letter is not found by its number")
		}
		numbers, err := w.DB.Numbers(ctx, l.OfficeID, "surat-keluar", 2026)
		w.must(err)
		if len(numbers) != 1 || numbers[0].State != db.NumberUsed {
			t.Errorf("%+v", numbers)
		}
	})
}

func TestReviewersInitialInOrderWhatTheyWereShown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		dr := w.draft("Rapat", "kasubag", "sekcam")
		l, err := w.Submit(ctx, w.who("kasi"), dr.Letter.ID)
		w.must(err)
		_, err = w.Initial(ctx, w.who("sekcam"), l.ID, l.VersionID)
		w.wants(err, problem.Forbidden)
		_, err = w.Initial(ctx, w.who("kasubag"), l.ID, "another version")
		w.wants(err, problem.Conflict)
		_, err = w.SaveDraft(ctx, w.who("kasi"), l.ID, DraftChange{})
		w.wants(err, problem.Conflict)
		_, err = w.Initial(ctx, w.who("kasubag"), l.ID, l.VersionID)
		w.must(err)
		_, err = w.SendBack(ctx, w.who("sekcam"), l.ID, l.VersionID, " ")
		w.wants(err, problem.Invalid)
		back, err := w.SendBack(ctx, w.who("sekcam"), l.ID, l.VersionID, "Tambahkan jamnya")
		w.must(err)
		if back.State != string(letter.Returned) || back.ReturnNote != "Tambahkan jamnya" {
			t.Fatalf("%+v", back)
		}
		again, err := w.Submit(ctx, w.who("kasi"), l.ID)
		w.must(err)
		initials, err := w.DB.Initials(ctx, again.VersionID)
		w.must(err)
		for _, i := range initials {
			if i.State != db.InitialWaiting {
				t.Errorf("a new version keeps an initial: %+v", i)
			}
		}
	})
}

func TestNumbersFollowTheOfficesYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		w.clock.turn(time.Date(2026, 12, 31, 16, 59, 0, 0, time.UTC)) // one minute to New Year in Bandung
		old := w.ready("Rapat Akhir Tahun")
		w.clock.turn(time.Date(2026, 12, 31, 17, 1, 0, 0, time.UTC))
		fresh := w.ready("Rapat Awal Tahun")
		if !strings.HasSuffix(old.Number, "/001/Kec.Ccl/XII/2026") || !strings.HasSuffix(fresh.Number, "/001/Kec.Ccl/I/2027") || fresh.LetterDate.Year() != 2027 {
			t.Errorf("%s, %s, %v", old.Number, fresh.Number, fresh.LetterDate)
		}
		kept, err := w.SendBack(ctx, w.who("camat"), fresh.ID, "", "Perbaiki tempatnya")
		w.must(err)
		l, err := w.Submit(ctx, w.who("kasi"), kept.ID)
		w.must(err)
		l, err = w.Initial(ctx, w.who("sekcam"), l.ID, l.VersionID)
		w.must(err)
		if l.Number != fresh.Number {
			t.Errorf("sent back in the same year, %s became %s", fresh.Number, l.Number)
		}
		w.settled()
		_, err = w.Cancel(ctx, w.who("camat"), fresh.ID, "Ditiadakan")
		w.must(err)
		next := w.ready("Rapat Berikutnya")
		if !strings.Contains(next.Number, "/002/") {
			t.Errorf("a void number was given again: %s", next.Number)
		}
		numbers, err := w.DB.Numbers(ctx, next.OfficeID, "surat-keluar", 2027)
		w.must(err)
		if len(numbers) != 2 || numbers[0].State != db.NumberVoid || numbers[1].State != db.NumberReserved {
			t.Errorf("%+v", numbers)
		}
	})
}

func TestFiveWrongPassphrasesLockAndLeaveNoTrace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWhole(t, d)
		l := w.ready("Rapat")
		for left := 4; left >= 0; left-- {
			_, err := w.sign(l.ID, "salah-rahasia-sekali")
			if left > 0 && (!errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), "Masih "+string(rune('0'+left)))) {
				t.Errorf("%d left: %v", left, err)
			}
			if left == 0 && !errors.Is(err, problem.RateLimited) {
				t.Errorf("the last try: %v", err)
			}
		}
		_, err := w.sign(l.ID, DemoPassphrase)
		w.wants(err, problem.RateLimited)
		var dump bytes.Buffer
		w.must(d.Export(t.Context(), &dump, func(string) error { return nil }))
		for _, secret := range []string{"salah-rahasia-sekali", DemoPassphrase, DemoPassword} {
			if strings.Contains(w.log.String(), secret) || strings.Contains(dump.String(), secret) {
				t.Errorf("%q stands in the log or the database", secret)
			}
		}
	})
}

func TestSigningSlipIsGoodOnceForOnePersonAndOneText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		l := w.ready("Rapat")
		_, err := w.OpenForSigning(ctx, w.who("sekcam"), l.ID)
		w.wants(err, problem.Forbidden)
		slip, err := w.OpenForSigning(ctx, w.who("camat"), l.ID)
		w.must(err)
		_, err = w.Sign(ctx, w.who("sekcam"), slip.Token, []byte(DemoPassphrase))
		w.wants(err, problem.Conflict)
		w.clock.turn(w.clock.Now().Add(signPageOpen + time.Minute))
		_, err = w.Sign(ctx, w.who("camat"), slip.Token, []byte(DemoPassphrase))
		w.wants(err, problem.Conflict)
		others := []string{}
		for _, s := range []string{"Rapat Dua", "Rapat Tiga"} {
			slip, err := w.OpenForSigning(ctx, w.who("camat"), w.ready(s).ID)
			w.must(err)
			others = append(others, slip.Token)
		}
		results, err := w.SignMany(ctx, w.who("camat"), others, []byte(DemoPassphrase))
		w.must(err)
		for _, r := range results {
			if r.Err != nil || r.Letter.SignedRef == "" {
				t.Errorf("%+v", r)
			}
		}
		_, err = w.Sign(ctx, w.who("camat"), others[0], []byte(DemoPassphrase))
		w.wants(err, problem.Conflict)
	})
}

func TestSecurityClassHoldsInTheNextAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		got := w.receive("rahasia.pdf", textPDF(t, "Laporan tentang trenggiling di kantor"))
		if w.finds("arsiparis", "trenggiling") != 1 || w.finds("ujang", "trenggiling") != 1 {
			t.Fatal("an open letter is not found by the office")
		}
		l, err := w.Register(ctx, w.who("pencatat"), got.LetterID, Registration{Sender: "Inspektorat", Subject: "Hasil Pemeriksaan", Class: letter.Secret})
		w.must(err)
		// Before any job has run: the database is asked again.
		for _, login := range []string{"arsiparis", "ujang"} {
			if w.finds(login, "trenggiling") != 0 || w.finds(login, "Pemeriksaan") != 0 {
				t.Errorf("%s finds a secret letter", login)
			}
			if _, err := w.Show(ctx, w.who(login), l.ID); !errors.Is(err, problem.NotFound) {
				t.Errorf("%s opens it: %v", login, err)
			}
		}
		w.settled()
		if w.finds("camat", "Pemeriksaan") != 1 || w.finds("camat", "trenggiling") != 0 {
			t.Error("heads find it by its subject, and nobody by its text")
		}
		if _, err := w.OpenFile(ctx, w.who("ujang"), l.ID, "x"); !errors.Is(err, problem.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestDuplicateIsNamedOnlyToWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		raw := textPDF(t, "satu surat")
		first := w.receive("satu.pdf", raw)
		if again := w.receive("dua.pdf", raw); !again.Duplicate || again.LetterID != first.LetterID {
			t.Errorf("%+v", again)
		}
		_, err := w.Register(ctx, w.who("pencatat"), first.LetterID, Registration{Sender: "A", Subject: "B", Class: letter.TopSecret})
		w.must(err)
		other, err := w.Receive(ctx, w.who("arsiparis"), Upload{Name: "tiga.pdf", Bytes: bytes.NewReader(raw)})
		w.must(err)
		if other.Duplicate || other.LetterID == first.LetterID {
			t.Error("a hidden letter was named")
		}
	})
}

func TestRegisteredLetterGetsItsNumberAndStamp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWhole(t, d), t.Context()
		got := w.receive("surat.pdf", textPDF(t, "Permohonan bantuan"))
		hostile := `"><img src=x onerror=alert(1)>`
		r := Registration{Number: "1/A/2026", Sender: "Desa Nagrog", Subject: hostile}
		l, err := w.Register(ctx, w.who("pencatat"), got.LetterID, r)
		w.must(err)
		if l.AgendaNumber != "0001/2026" {
			t.Errorf("agenda number %s", l.AgendaNumber)
		}
		l, err = w.Register(ctx, w.who("pencatat"), got.LetterID, r)
		w.must(err)
		if l.AgendaNumber != "0001/2026" {
			t.Errorf("corrected fields gave another number: %s", l.AgendaNumber)
		}
		w.settled()
		stamped, err := w.DB.LetterFile(ctx, l.ID, db.RoleStamped)
		w.must(err)
		src, err := w.openFile(ctx, stamped)
		w.must(err)
		defer w.closing(src)
		words, err := src.doc.Words(ctx, 1)
		w.must(err)
		if text := wordsText(words); !strings.Contains(text, "0001/2026") || !strings.Contains(text, "23 November 2026") {
			t.Errorf("the stamp says %q", text)
		}
		for _, bad := range []Registration{{Sender: "A"}, {Subject: "B"}, {Sender: "A", Subject: "B", LetterDate: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}, {Sender: "A", Subject: "B", LetterDate: time.Date(1907, 1, 1, 0, 0, 0, 0, time.UTC)}} {
			_, err := w.Register(ctx, w.who("pencatat"), got.LetterID, bad)
			w.wants(err, problem.Invalid)
		}
		_, err = w.Register(ctx, w.who("kasi"), got.LetterID, r)
		w.wants(err, problem.Forbidden)
	})
}

func TestBadUploadsGetASentenceAndLeaveTheServiceRunning(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx, clerk := t.Context(), w.who("pencatat")
	for name, c := range map[string]struct {
		bytes io.Reader
		kind  problem.Kind
	}{
		"empty": {strings.NewReader(""), problem.Invalid}, "random.pdf": {strings.NewReader("\x01\x02 acak"), problem.Unsupported},
		"zeros": {io.LimitReader(zeros{}, 1<<30), problem.TooLarge}, "broken line": {io.MultiReader(strings.NewReader("%PDF-"), failing{}), problem.Unavailable},
	} {
		_, err := w.Receive(ctx, clerk, Upload{Name: name, Bytes: c.bytes})
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := w.receive("../../etc/\x00rusak.pdf", []byte("%PDF-1.7\nrusak"))
	l := w.row(broken.LetterID)
	if l.ReadState != string(letter.Failed) || l.ReadError == "" || strings.ContainsAny(l.Subject, "/\x00") {
		t.Errorf("a damaged document is kept and says why: %+v", l)
	}
	word := w.receive("surat.docx", docx(t))
	if l := w.row(word.LetterID); l.ReadState != string(letter.Waiting) || !strings.Contains(l.ReadError, "LibreOffice") {
		t.Errorf("a Word file without LibreOffice: %+v", l)
	}
	if got := w.receive("baik.pdf", textPDF(t, "surat yang baik")); w.row(got.LetterID).ReadState != string(letter.Searchable) {
		t.Error("after all that a good letter is not read")
	}
}
