package office

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/tiff"

	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/jobs"
	"naskah/internal/letter"
	"naskah/internal/ocr"
	"naskah/internal/page"
	"naskah/internal/problem"
	"naskah/search/local"
	"naskah/storage"
)

// killing is a store that ends the process, as kill -9 does, the moment it has kept
// the bytes that armed asks for.
type killing struct {
	storage.Store
	armed func() bool
}

func (k killing) Put(ctx context.Context, r io.Reader) (storage.Ref, error) {
	ref, err := k.Store.Put(ctx, r)
	if err == nil && k.armed() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
	return ref, err
}

// inFolder is an office whose folder outlives the process, with a store that kills
// it when armed says so.
func inFolder(t *testing.T, dir string, armed func() bool) *whole {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	w := &whole{t: t, clock: &clock{now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	log := slog.New(slog.DiscardHandler)
	store, err := storage.NewDir(filepath.Join(dir, "objects"))
	w.must(err)
	index, err := local.Open(t.Context(), filepath.Join(dir, "index"), log)
	w.must(err)
	queue, err := jobs.Open(t.Context(), d, jobs.Options{Log: log, Owner: "folder"})
	w.must(err)
	issuer, err := authority.Open(authority.Options{Dir: filepath.Join(dir, "keys"), OfficeName: "Uji"})
	w.must(err)
	cache, err := os.UserCacheDir()
	w.must(err)
	pages := page.New(page.Options{CacheDir: filepath.Join(cache, "naskah", "pdfium")})
	w.Office, err = New(Parts{
		DB: d, Store: killing{store, armed}, Index: index, Queue: queue, Pages: pages, Authority: issuer, Log: log, Now: w.clock.Now, PublicURL: "https://surat.example",
		OCR: ocr.New(ocr.Options{Command: "tesseract", Languages: "ind+eng", Workers: 1, TempDir: dir}), TempDir: filepath.Join(dir, "tmp"), Limits: Limits{UploadBytes: 20 << 20, Pages: 600, OCRDPI: 200},
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

const (
	killFolder = "NASKAH_TEST_KILL_FOLDER"
	killStep   = "NASKAH_TEST_KILL_STEP"
)

// TestKilledBetweenStoringAndCommitting is run a second time as the process that
// is killed.
func TestKilledBetweenStoringAndCommitting(t *testing.T) {
	if dir := os.Getenv(killFolder); dir != "" {
		dieBetween(t, dir, os.Getenv(killStep))
		return
	}
	t.Parallel()
	for _, step := range []string{"receive", "finalize", "sign"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledBetweenStoringAndCommitting$", "-test.v")
			cmd.Env = append(os.Environ(), killFolder+"="+dir, killStep+"="+step)
			out, err := cmd.CombinedOutput()
			var ended *exec.ExitError
			if !errors.As(err, &ended) || ended.ExitCode() != -1 {
				t.Fatalf("it was not killed: %v\n%s", err, out)
			}
			w := inFolder(t, dir, func() bool { return false })
			w.settled()
			switch step {
			case "receive":
				if n, err := w.DB.CountLetters(t.Context()); err != nil || n != 0 {
					t.Fatalf("half a letter is there: %d, %v", n, err)
				}
				w.receive("surat.pdf", textPDF(t, "musang"))
			default:
				waiting, err := w.SignQueue(t.Context(), w.who("camat"))
				w.must(err)
				if len(waiting) != 1 {
					t.Fatalf("%d letters wait for their signature", len(waiting))
				}
				l, err := w.sign(waiting[0].ID, DemoPassphrase)
				w.must(err)
				if v, err := w.CheckToken(t.Context(), l.VerifyToken); err != nil || v.Report.Conclusion != "TOTAL_PASSED" || !strings.Contains(l.Number, "/1/") && !strings.Contains(l.Number, "/001/") {
					t.Errorf("%q: %+v, %v", l.Number, v.Report, err)
				}
			}
			w.settled()
			w.must(w.Check(t.Context(), func(f Finding) error {
				if !f.Harmless() {
					t.Errorf("%+v", f)
				}
				return nil
			}))
		})
	}
}

func dieBetween(t *testing.T, dir, step string) {
	armed := false
	w := inFolder(t, dir, func() bool { return armed })
	switch step {
	case "receive":
		armed = true
		w.receive("surat.pdf", textPDF(t, "musang"))
	case "finalize":
		d := w.draft("Undangan", "sekcam")
		l, err := w.Submit(t.Context(), w.who("kasi"), d.Letter.ID)
		w.must(err)
		armed = true
		_, err = w.Initial(t.Context(), w.who("sekcam"), l.ID, l.VersionID)
		w.must(err)
		w.settled()
	case "sign":
		l := w.ready("Undangan")
		armed = true
		_, err := w.sign(l.ID, DemoPassphrase)
		w.must(err)
	}
	t.Fatal("it should have been killed")
}

func TestEveryBadFileGetsASentenceAndLeavesTheServiceRunning(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	whole := textPDF(t, "surat yang dipotong")
	for name, raw := range map[string][]byte{
		"terpotong.pdf": whole[:len(whole)/2], "melingkar.pdf": circular(), "terkunci.pdf": locked(t), "besar.png": hugePNG(),
	} {
		got, err := w.Receive(t.Context(), w.who("pencatat"), Upload{Name: name, Bytes: bytes.NewReader(raw)})
		if err != nil { // refused at once, with a sentence
			w.wants(err, problem.KindOf(err))
			if k := problem.KindOf(err); k == problem.Internal || k == "" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		w.settled()
		l := w.row(got.LetterID)
		if l.ReadState != string(letter.Failed) && l.ReadState != string(letter.Searchable) || l.ReadState == string(letter.Failed) && l.ReadError == "" {
			t.Errorf("%s: %s %q", name, l.ReadState, l.ReadError)
		}
		kept, err := w.readAll(t.Context(), string(got.Ref))
		if err != nil || !bytes.Equal(kept, raw) {
			t.Errorf("%s: the bytes that came are not kept: %v", name, err)
		}
	}
	long := w.receive("../"+strings.Repeat("panjang", 50)+"\x00.pdf", textPDF(t, "nama yang panjang"))
	f, err := w.DB.LetterFile(t.Context(), long.LetterID, db.RoleOriginal)
	w.must(err)
	if strings.ContainsAny(f.Name, "/\x00") || len([]rune(f.Name)) > maxName {
		t.Errorf("the name is %q", f.Name)
	}
	if w.finds("pencatat", "panjang") == 0 {
		t.Error("after all that a good letter is not found")
	}
}

func TestFiveHundredPagesAreReadAndMoreAreRefused(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	got := w.receive("lima-ratus.tiff", manyPages(t, 500))
	l := w.row(got.LetterID)
	if l.ReadState != string(letter.Searchable) || l.Pages != 500 {
		t.Errorf("500 pages: %s, %d, %q", l.ReadState, l.Pages, l.ReadError)
	}
	got = w.receive("buku.tiff", manyPages(t, 601))
	if l = w.row(got.LetterID); l.ReadState != string(letter.Failed) || !strings.Contains(l.ReadError, "600 halaman") {
		t.Errorf("601 pages: %s, %q", l.ReadState, l.ReadError)
	}
}

func circular() []byte {
	return []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

func locked(t *testing.T) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.SetProtection(0, "rahasia", "pemilik")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Text(50, 50, "terkunci")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG says that it is 20,000 × 20,000 pixels, and is: all white, which packs
// into little.
func hugePNG() []byte {
	var b bytes.Buffer
	img := image.NewPaletted(image.Rect(0, 0, 20_000, 20_000), color.Palette{color.White, color.Black})
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes()
}

// manyPages is a TIFF of n small white pages, each with the next one's place.
func manyPages(t *testing.T, n int) []byte {
	t.Helper()
	var one bytes.Buffer
	white := image.NewGray(image.Rect(0, 0, 40, 56))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	if err := tiff.Encode(&one, white, nil); err != nil {
		t.Fatal(err)
	}
	return chainTIFF(t, one.Bytes(), n)
}

// chainTIFF repeats the directory of a little-endian TIFF n times, all of them with
// the same strip.
func chainTIFF(t *testing.T, raw []byte, n int) []byte {
	t.Helper()
	le := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24 }
	put := func(b []byte, v int) { b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24) }
	at := le(raw[4:])
	entries := int(raw[at]) | int(raw[at+1])<<8
	dir := slices.Clone(raw[at : at+2+12*entries+4])
	out := slices.Clone(raw)
	last := at + 2 + 12*entries
	for range n - 1 {
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		put(out[last:], len(out))
		last = len(out) + len(dir) - 4
		out = append(out, dir...)
		put(out[last:], 0)
	}
	return out
}

func TestLettersWaitForTheReaderAndGoOnWhenItAppears(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("tesseract")
	if err != nil {
		t.Skip("Tesseract is not installed: make test installs it")
	}
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	later := filepath.Join(t.TempDir(), "tesseract")
	w.OCR = ocr.New(ocr.Options{Command: later, Languages: "ind+eng", Workers: 1, TempDir: t.TempDir()})
	raw, err := drawScan(demoScans()[0], 1)
	w.must(err)
	got := w.receive("pindai.jpg", raw)
	if l := w.row(got.LetterID); l.ReadState != string(letter.Waiting) || !strings.Contains(l.ReadError, "Tesseract") {
		t.Fatalf("without the reader: %s, %q", l.ReadState, l.ReadError)
	}
	steps, stop := w.Watch(got.LetterID)
	defer stop()
	w.must(os.Symlink(path, later))
	for {
		select {
		case s := <-steps:
			if s.State == letter.Searchable {
				return
			}
		case <-t.Context().Done():
			t.Fatal("it never goes on")
		}
	}
}

func TestCheckFindsABrokenRecordAndAnIndexOutOfStep(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	got := w.receive("surat.pdf", textPDF(t, "musang"))
	w.settled()
	found := func() (kinds []FindingKind) {
		w.must(w.Check(t.Context(), func(f Finding) error { kinds = append(kinds, f.Kind); return nil }))
		return kinds
	}
	if k := found(); len(k) != 0 {
		t.Fatalf("a sound office: %v", k)
	}
	_, err := w.Store.Put(t.Context(), strings.NewReader("tidak dipakai"))
	w.must(err)
	if k := found(); !slices.Equal(k, []FindingKind{OrphanObject}) {
		t.Errorf("an object that no row needs: %v", k)
	}
	w.must(w.Index.Remove(t.Context(), got.LetterID))
	if k := found(); !slices.Contains(k, IndexMissing) {
		t.Errorf("a letter that the index lost: %v", k)
	}
	doc, err := w.document(t.Context(), w.row(got.LetterID))
	w.must(err)
	w.must(w.Index.Put(t.Context(), doc))
	doc.ID = db.NewID()
	w.must(w.Index.Put(t.Context(), doc))
	if k := found(); !slices.Contains(k, IndexExtra) {
		t.Errorf("an entry without a letter: %v", k)
	}
	_, err = w.DB.Writer().ExecContext(t.Context(), "UPDATE audit SET actor = 'orang lain' WHERE action = 'received'")
	w.must(err)
	if k := found(); !slices.Contains(k, BrokenAudit) {
		t.Errorf("a changed record: %v", k)
	}
}

func TestSweepSparesWhatIsNeededAndWhatIsYoung(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	l := w.ready("Undangan")
	_, err := w.sign(l.ID, DemoPassphrase)
	w.must(err)
	w.settled()
	orphan, err := w.Store.Put(t.Context(), strings.NewReader("tidak dipakai"))
	w.must(err)
	w.clock.turn(time.Now())
	if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
		t.Fatalf("%d young objects are gone, %v", n, err)
	}
	old := time.Now().Add(-storage.SweepAge - time.Hour)
	w.must(w.Store.(storage.Sweeper).List(t.Context(), func(i storage.Info) error {
		return os.Chtimes(filepath.Join(filepath.Dir(w.TempDir), "objects", string(i.Ref)[:2], string(i.Ref)), old, old)
	}))
	if n, err := w.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("%d old objects are gone, %v", n, err)
	}
	if _, err := w.Store.Open(t.Context(), orphan); err == nil {
		t.Error("the orphan is still there")
	}
	w.must(w.Check(t.Context(), func(f Finding) error { t.Errorf("%+v", f); return nil }))
}

// TestFinalLetterIsItsPreviewButForWhatItGains compares the words and their places.
func TestFinalLetterIsItsPreviewButForWhatItGains(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	l := w.ready("Undangan Rapat Persiapan")
	v, err := w.DB.Version(t.Context(), l.VersionID)
	w.must(err)
	before, after := w.placedWords(v.PreviewRef), w.placedWords(l.FinalRef)
	gained := letter.ShowShortCode(l.ShortCode) + " " + l.Number + " " + LongDate(l.LetterDate) + " Kode:"
	for word, place := range after {
		if _, ok := before[word]; ok || strings.Contains(gained, strings.Fields(word)[0]) {
			continue
		}
		if place.Y0 < 0.9 { // the footer differs
			t.Errorf("%q stands in the final letter only, at %.3f", word, place.Y0)
		}
	}
	for word, place := range before {
		text := strings.Fields(word)[0]
		if _, ok := after[word]; !ok && place.Y0 < 0.9 && !strings.Contains("KONSEP", text) && strings.Trim(text, "…._/") != "" && !strings.Contains(text, "…") {
			t.Errorf("%q stands in the preview only, at %.3f", word, place.Y0)
		}
	}
}

// placedWords are the words of a stored PDF, each named with its place.
func (w *whole) placedWords(ref string) map[string]page.Box {
	w.t.Helper()
	raw, err := w.readAll(w.t.Context(), ref)
	w.must(err)
	doc, err := w.Pages.Open(w.t.Context(), bytes.NewReader(raw), int64(len(raw)))
	w.must(err)
	defer doc.Close() //nolint:errcheck // only read
	out := map[string]page.Box{}
	for n := 1; n <= doc.Pages(); n++ {
		words, err := doc.Words(w.t.Context(), n)
		w.must(err)
		for _, word := range words {
			out[fmt.Sprintf("%s %d %.3f %.3f", word.Text, n, word.Box.X0, word.Box.Y0)] = word.Box
		}
	}
	return out
}

// wordFile is the least Word document that says text.
func wordFile(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, part := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:body></w:document>`,
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(part))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWordFileIsReadThroughLibreOffice(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	w.Converter = program
	got := w.receive("surat.docx", wordFile(t, "Undangan menangkap trenggiling"))
	if l := w.row(got.LetterID); l.ReadState != string(letter.Searchable) || l.Pages != 1 {
		t.Fatalf("%s, %d pages, %q", l.ReadState, l.Pages, l.ReadError)
	}
	if w.finds("pencatat", "trenggiling") != 1 {
		t.Error("its words are not found")
	}
}
