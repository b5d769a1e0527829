package web

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/jobs"
	"naskah/internal/ocr"
	"naskah/internal/office"
	"naskah/internal/page"
	"naskah/search/local"
	"naskah/storage"
)

// house is the whole service behind its pages.
type house struct {
	t   *testing.T
	o   *office.Office
	url string
	log *syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, log: &syncBuffer{}}
	dir := t.TempDir()
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d, err := db.Open(t.Context(), db.Options{Dir: dir, Log: log})
	h.must(err)
	t.Cleanup(func() { _ = d.Close() })
	store, err := storage.NewDir(filepath.Join(dir, "objects"))
	h.must(err)
	index, err := local.Open(t.Context(), filepath.Join(dir, "index"), log)
	h.must(err)
	t.Cleanup(func() { _ = index.Close() })
	queue, err := jobs.Open(t.Context(), d, jobs.Options{Log: log})
	h.must(err)
	issuer, err := authority.Open(authority.Options{Dir: filepath.Join(dir, "keys"), OfficeName: "Uji"})
	h.must(err)
	cache, err := os.UserCacheDir()
	h.must(err)
	pages := page.New(page.Options{CacheDir: filepath.Join(cache, "naskah", "pdfium")})
	t.Cleanup(func() { _ = pages.Close() })
	h.o, err = office.New(office.Parts{
		DB: d, Store: store, Index: index, Queue: queue, Pages: pages, Authority: issuer, Log: log, PublicURL: "https://surat.example", TempDir: filepath.Join(dir, "tmp"),
		OCR: ocr.New(ocr.Options{Command: "tesseract", Languages: "ind+eng", TempDir: dir}), Converter: "no-such-converter",
		Limits: office.Limits{UploadBytes: 5_000_000, Pages: 100, OCRDPI: 200},
	})
	h.must(err)
	_, err = h.o.FoundDemo(t.Context())
	h.must(err)
	h.must(queue.Start(t.Context()))
	t.Cleanup(func() { _ = queue.Stop(t.Context()) })
	handler, err := New(Options{Office: h.o, Sessions: d.Sessions(), PublicURL: "https://surat.example", Log: log, UploadBytes: 5_000_000})
	h.must(err)
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	h.url = s.URL
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// visitor is somebody with a browser that keeps cookies and does not follow.
type guest struct {
	h *house
	c *http.Client
}

func (h *house) visitor() *guest {
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &guest{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (h *house) signedIn(login string) *guest {
	h.t.Helper()
	v := h.visitor()
	if r := v.post("/masuk", url.Values{"nama": {login}, "kata_sandi": {office.DemoPassword}}); r.code != http.StatusSeeOther {
		h.t.Fatalf("%s cannot sign in: %d %s", login, r.code, r.body)
	}
	return v
}

type reply struct {
	code   int
	body   string
	header http.Header
}

func (v *guest) do(r *http.Request) reply {
	v.h.t.Helper()
	res, err := v.c.Do(r)
	v.h.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	v.h.must(err)
	return reply{res.StatusCode, string(body), res.Header}
}

func (v *guest) get(path string) reply {
	v.h.t.Helper()
	r, err := http.NewRequestWithContext(v.h.t.Context(), http.MethodGet, v.h.url+path, nil)
	v.h.must(err)
	return v.do(r)
}

func (v *guest) post(path string, form url.Values) reply {
	v.h.t.Helper()
	r, err := http.NewRequestWithContext(v.h.t.Context(), http.MethodPost, v.h.url+path, strings.NewReader(form.Encode()))
	v.h.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (v *guest) upload(path, name string, raw []byte) reply {
	v.h.t.Helper()
	return v.uploadWith(path, "berkas", name, raw, nil)
}

// uploadWith sends a file and the other fields of a form.
func (v *guest) uploadWith(path, field, name string, raw []byte, others map[string]string) reply {
	v.h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for key, value := range others {
		v.h.must(m.WriteField(key, value))
	}
	f, err := m.CreateFormFile(field, name)
	v.h.must(err)
	_, err = f.Write(raw)
	v.h.must(err)
	v.h.must(m.Close())
	r, err := http.NewRequestWithContext(v.h.t.Context(), http.MethodPost, v.h.url+path, &b)
	v.h.must(err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return v.do(r)
}

func smallPDF(t *testing.T, text string) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.AddPage()
	p.SetFont("Helvetica", "", 12)
	p.Text(80, 80, text)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPagesAskForASignInAndComeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	for _, path := range []string{"/", "/surat-masuk", "/arsip?cari=rapat", "/surat/0192", "/tulis", "/akun", "/admin/orang"} {
		r := v.get(path)
		if r.code != http.StatusSeeOther || r.header.Get("Location") != "/masuk?kembali="+url.QueryEscape(path) {
			t.Errorf("%s: %d to %s", path, r.code, r.header.Get("Location"))
		}
	}
	r := v.post("/masuk", url.Values{"nama": {"camat"}, "kata_sandi": {"keliru-sekali"}, "kembali": {"/arsip"}})
	if r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="camat"`) || strings.Contains(r.body, "keliru-sekali") {
		t.Errorf("a failed sign-in: %d", r.code)
	}
	r = v.post("/masuk", url.Values{"nama": {"camat"}, "kata_sandi": {office.DemoPassword}, "kembali": {"https://jahat.example/"}})
	if r.header.Get("Location") != "/" {
		t.Errorf("sent to another site: %s", r.header.Get("Location"))
	}
	cookie := r.header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("the cookie is %q", cookie)
	}
	v.post("/keluar", nil)
	if r := v.get("/"); r.code != http.StatusSeeOther {
		t.Errorf("after signing out: %d", r.code)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.signedIn("camat")
	for _, path := range []string{"/", "/tidak-ada", "/periksa", "/v/abcdefghijklmnopqrstuvwxyz"} {
		r := v.get(path)
		for key, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
			if r.header.Get(key) != want {
				t.Errorf("%s: %s is %q", path, key, r.header.Get(key))
			}
		}
		if !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src") {
			t.Errorf("%s has no content policy", path)
		}
	}
	if r := v.get("/tidak-ada"); r.code != http.StatusNotFound {
		t.Errorf("an unknown page: %d", r.code)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/keluar", nil)
	h.must(err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := v.do(r); got.code != http.StatusForbidden {
		t.Errorf("another site's form was taken: %d", got.code)
	}
}

func TestHostileTitleIsShownAsText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.signedIn("pencatat")
	hostile := `"><img src=x onerror=alert(1)>`
	r := v.upload("/surat-masuk/baru", hostile+".pdf", smallPDF(t, "surat "+hostile))
	id := regexp.MustCompile(`/surat/([0-9a-f-]{36})/catat`).FindStringSubmatch(r.body)
	if id == nil {
		t.Fatalf("%d %s", r.code, r.body)
	}
	h.must(h.o.Queue.Idle(t.Context()))
	r = v.post("/surat/"+id[1]+"/catat", url.Values{"hal": {hostile}, "asal": {hostile}, "nomor": {hostile}, "ringkasan": {hostile}, "sifat": {"biasa"}, "urgensi": {"biasa"}})
	if r.code != http.StatusOK || !strings.Contains(r.body, "0001/") {
		t.Fatalf("%d %s", r.code, r.body)
	}
	h.must(h.o.Queue.Idle(t.Context()))
	for _, path := range []string{"/", "/surat-masuk", "/surat/" + id[1], "/surat/" + id[1] + "/catat", "/arsip?cari=onerror", "/arsip?cari=" + url.QueryEscape(hostile)} {
		if r := v.get(path); r.code != http.StatusOK || strings.Contains(r.body, "<img src=x") {
			t.Errorf("%s: %d, hostile text is live: %v", path, r.code, strings.Contains(r.body, "<img src=x"))
		}
	}
	if r := v.get("/surat/" + id[1] + "/halaman/1.jpg?lebar=900"); r.code != http.StatusOK || r.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the page's picture: %d %s", r.code, r.header.Get("Content-Type"))
	}
}

func TestBadUploadComesBackWithASentence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.signedIn("pencatat")
	for name, raw := range map[string][]byte{"kosong.pdf": nil, "acak.pdf": []byte("\x00\x01acak"), "besar.pdf": append([]byte("%PDF-"), make([]byte, 6_000_000)...)} {
		r := v.upload("/surat-masuk/baru", name, raw)
		if r.code != http.StatusOK || !strings.Contains(r.body, name) || !regexp.MustCompile("lagi|dulu").MatchString(r.body) {
			t.Errorf("%s: %d", name, r.code)
		}
	}
	if r := h.signedIn("kasi").upload("/surat-masuk/baru", "a.pdf", smallPDF(t, "x")); r.code != http.StatusForbidden || !strings.Contains(r.body, "Pencatat Surat") {
		t.Errorf("who may not: %d", r.code)
	}
}

func TestStrangersAndOtherRolesLearnNothingOfASecretLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	clerk := h.signedIn("pencatat")
	r := clerk.upload("/surat-masuk/baru", "rahasia.pdf", smallPDF(t, "trenggiling"))
	id := regexp.MustCompile(`/surat/([0-9a-f-]{36})/catat`).FindStringSubmatch(r.body)[1]
	h.must(h.o.Queue.Idle(t.Context()))
	clerk.post("/surat/"+id+"/catat", url.Values{"hal": {"Teguran trenggiling"}, "asal": {"Inspektorat"}, "sifat": {"sangat-rahasia"}, "urgensi": {"biasa"}})
	h.must(h.o.Queue.Idle(t.Context()))
	for _, login := range []string{"camat", "sekcam", "kasubag", "kasi", "arsiparis", "siti"} {
		v := h.signedIn(login)
		for _, path := range []string{"", "/catat", "/halaman/1.jpg", "/gambar-kecil.jpg", "/berkas/x", "/batal"} {
			if r := v.get("/surat/" + id + path); r.code != http.StatusNotFound || strings.Contains(r.body, "trenggiling") {
				t.Errorf("%s, %s: %d", login, path, r.code)
			}
		}
		for _, path := range []string{"/paraf/" + id, "/tanda-tangan/" + id, "/tulis/" + id + "/isi"} {
			if r := v.get(path); r.code < 300 && strings.Contains(r.body, "trenggiling") {
				t.Errorf("%s, %s: %d", login, path, r.code)
			}
		}
		for _, path := range []string{"/", "/surat-masuk", "/arsip?cari=trenggiling", "/arsip?cari=Teguran"} {
			if r := v.get(path); strings.Contains(r.body, "Teguran trenggiling") || strings.Contains(r.body, "1 surat ditemukan") {
				t.Errorf("%s learns of it at %s", login, path)
			}
		}
	}
}

func TestPublicPagesAreLimitedAndSayWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.visitor()
	limited := false
	for range codesBurst + 5 {
		r := v.post("/periksa/kode", url.Values{"kode": {"ABCDE-FGHJK"}})
		limited = limited || r.code == http.StatusTooManyRequests && r.header.Get("Retry-After") != ""
	}
	if !limited {
		t.Error("codes can be guessed without end")
	}
	if r := v.get("/v/abcdefghijklmnopqrstuvwxyz"); r.code != http.StatusNotFound {
		t.Errorf("an unknown address: %d", r.code)
	}
	if strings.Contains(h.log.String(), "abcdefghijklmnopqrstuvwxyz") || strings.Contains(h.log.String(), "ABCDE") {
		t.Error("a code stands in the log")
	}
}

func TestVisitorsAreForgottenInsteadOfFillingMemory(t *testing.T) {
	t.Parallel()
	v := newVisitors(60, 2)
	now := time.Now()
	for i := range mostVisitors + 10 {
		v.allow(string(rune(i)), now)
	}
	if len(v.known) > mostVisitors {
		t.Errorf("%d visitors are kept", len(v.known))
	}
	allowed := 0
	for range 3 {
		if v.allow("somebody else", now) {
			allowed++
		}
	}
	if allowed != 2 {
		t.Errorf("%d of three at once with a burst of two", allowed)
	}
}

func TestTheAPISpeaksForAPersonWithATokenAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	actor, err := h.o.ActorByLogin(t.Context(), "kasi")
	h.must(err)
	token, err := h.o.AddToken(t.Context(), actor, "uji")
	h.must(err)
	call := func(method, path, body, token string) (int, map[string]any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
		h.must(err)
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		got := h.visitor().do(r)
		var m map[string]any
		if err := json.Unmarshal([]byte(got.body), &m); err != nil {
			t.Fatalf("%s %s: %d %q", method, path, got.code, got.body)
		}
		return got.code, m
	}
	for _, bad := range []string{"", "salah"} {
		if code, _ := call(http.MethodGet, "/api/v1/letters", "", bad); code != http.StatusUnauthorized {
			t.Errorf("token %q: %d", bad, code)
		}
	}
	code, spec := call(http.MethodGet, "/api/openapi.json", "", "")
	if code != http.StatusOK || !strings.HasPrefix(spec["openapi"].(string), "3.1") {
		t.Errorf("OpenAPI: %d %v", code, spec["openapi"])
	}
	code, draft := call(http.MethodPost, "/api/v1/drafts", `{"kind":"nota-dinas"}`, token)
	if code != http.StatusOK {
		t.Fatalf("%d %v", code, draft)
	}
	id := draft["letter"].(map[string]any)["id"].(string)
	code, draft = call(http.MethodPatch, "/api/v1/drafts/"+id, `{"subject":"Laporan bulanan","to":["Camat"],"text":"Dengan hormat.","reviewers":[]}`, token)
	if code != http.StatusOK || draft["letter"].(map[string]any)["subject"] != "Laporan bulanan" {
		t.Fatalf("%d %v", code, draft)
	}
	if code, l := call(http.MethodPost, "/api/v1/drafts/"+id+"/submit", "", token); code != http.StatusOK || l["number"] == "" {
		t.Errorf("%d %v", code, l)
	}
	if code, p := call(http.MethodPost, "/api/v1/letters/"+id+"/cancel", `{"reason":""}`, token); code != http.StatusUnprocessableEntity || p["detail"] == "" {
		t.Errorf("a problem: %d %v", code, p)
	}
	if code, _ := call(http.MethodGet, "/api/v1/letters/0192", "", token); code != http.StatusNotFound {
		t.Errorf("an unknown letter: %d", code)
	}
	h.must(h.o.Queue.Idle(t.Context()))
	if code, found := call(http.MethodGet, "/api/v1/search?q=laporan+bulanan", "", token); code != http.StatusOK || found["total"] != 1.0 {
		t.Errorf("%d %v", code, found)
	}
}
