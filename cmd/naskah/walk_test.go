package main

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"naskah/internal/office"
	"naskah/internal/page"
)

// browser is one visitor with a browser of their own.
type browser struct {
	t    *testing.T
	ctx  context.Context //nolint:containedctx // it lives as long as the browser
	base string
}

func newBrowser(t *testing.T, base string, width int64) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("Chromium is not installed: make test installs it")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-background-networking", true))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(alloc)
	t.Cleanup(done)
	ctx, end := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(end)
	b := &browser{t: t, ctx: ctx, base: base}
	b.do(chromedp.EmulateViewport(width, 800))
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v\n%s", err, b.text())
	}
}

func (b *browser) open(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.base + path)) }

func (b *browser) text() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.pathname + '\\n' + document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// sees waits until the page says so.
func (b *browser) sees(words string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", words), fmt.Sprintf("the page never says %q", words))
}

// until asks the page again and again; while it is being changed for another it
// does not answer, which is no failure.
func (b *browser) until(condition, otherwise string) {
	b.t.Helper()
	ask := fmt.Sprintf("document.readyState === 'complete' && document.body !== null && Boolean(%s)", condition)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); {
		if yes, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](ask)); err == nil && yes {
			return
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			b.t.Fatal(b.ctx.Err())
		}
	}
	b.t.Fatalf("%s:\n%s", otherwise, b.text())
}

func (b *browser) fill(name, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`main [name=%q]`, name)), value))
}

// press clicks and waits for the next page.
func (b *browser) press(css string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("window.__before = true"), chromedp.Click(chromedp.CSS(css)))
	b.until("window.__before !== true", "nothing came after pressing "+css)
}

func (b *browser) signIn(who string) {
	b.t.Helper()
	b.open("/masuk")
	b.fill("nama", who)
	b.fill("kata_sandi", office.DemoPassword)
	b.press(`main button[type=submit].main`)
}

// scan makes a photographed letter whose words stand only in its picture.
func scan(t *testing.T, dir, text string) string {
	t.Helper()
	pdf := filepath.Join(dir, "asal.pdf")
	writeLetter(t, pdf, text)
	raw, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	e := page.New(page.Options{CacheDir: pdfiumCache()})
	defer e.Close()
	doc, err := e.Open(t.Context(), bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	img, err := doc.Picture(t.Context(), 1, 200)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "foto surat.jpg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The whole way of the office, walked as its people walk it.
func TestTheWholeWayInABrowser(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("Tesseract is not installed: make test installs it")
	}
	dir := t.TempDir()
	m := demo(t, filepath.Join(dir, "d"))
	clerk := newBrowser(t, m.URL(), 1366)

	clerk.signIn("pencatat")
	clerk.open("/surat-masuk/baru")
	clerk.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file][name=berkas]`), []string{scan(t, dir, "Mohon bantuan penangkapan biawak di saluran irigasi Nagrog")}))
	clerk.sees("foto surat.jpg")
	clerk.sees(clerkReady)

	clerk.open("/arsip?cari=biawak")
	clerk.sees("1 surat ditemukan")
	clerk.press(`main a[href*="/surat/"][href*="cari=biawak"]`)
	clerk.sees("“biawak”")
	if n := clerk.count("svg rect"); n < 1 {
		t.Errorf("%d words are marked on the picture", n)
	}

	author := newBrowser(t, m.URL(), 360)
	id := writeInvitation(author)
	review(newBrowser(t, m.URL(), 1366), id)
	letterURL := signIt(newBrowser(t, m.URL(), 360), m, id)
	checkIt(t, newBrowser(t, m.URL(), 360), dir, letterURL)
}

// clerkReady is what stands beside a file once it can be found.
const clerkReady = "Siap, sudah bisa dicari"

func (b *browser) count(css string) int {
	b.t.Helper()
	n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", css)))
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// writeInvitation writes a letter on a phone and gives its id.
func writeInvitation(b *browser) string {
	b.t.Helper()
	b.signIn("kasi")
	b.open("/tulis")
	b.press(`main button[value=undangan], main input[value=undangan] ~ * button, main button[type=submit]`)
	id := strings.Split(strings.TrimPrefix(b.path(), "/tulis/"), "/")[0]
	b.fill("hal", "Undangan Rapat Penanganan Biawak")
	b.fill("yth", "Kepala Desa Nagrog")
	b.press(`main button[name=aksi][value=lanjut]`)
	b.fill("isi", "Bersama ini kami mengundang Saudara pada rapat **penanganan biawak**.\n\nhari/tanggal : Senin, 30 November 2026\nwaktu : pukul 09.00 WIB\n\nDemikian disampaikan.")
	b.press(`main button[name=aksi][value=lanjut]`)
	b.sees("Undangan Rapat Penanganan Biawak")
	b.press(`main form[action$="/kirim"] button[type=submit].main`)
	b.sees("dikirim ke pemeriksa")
	return id
}

func (b *browser) path() string {
	b.t.Helper()
	p, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.pathname"))
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func review(b *browser, id string) {
	b.t.Helper()
	b.signIn("sekcam")
	b.open("/paraf/" + id)
	b.sees("Undangan Rapat Penanganan Biawak")
	b.tick("sudah_membaca")
	b.press(fmt.Sprintf(`main form[action="/paraf/%s"] button[type=submit]`, id))
	b.sees("Paraf Anda tercatat")
}

// tick reads to the end, because the box holds only then, and ticks it.
func (b *browser) tick(name string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(() => {
		document.querySelectorAll('[data-end]').forEach((e) => e.scrollIntoView());
		const box = document.querySelector('main [name=%s]');
		if (!box.checked) box.click();
		return box.checked;
	})()`, name), "the box "+name+" cannot be ticked")
}

// signIt signs on a phone, with one wrong passphrase, and gives the address of the
// QR.
func signIt(b *browser, m *Main, id string) string {
	b.t.Helper()
	b.signIn("camat")
	if err := m.queue.Idle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.open("/tanda-tangan/" + id)
	b.sees("Undangan Rapat Penanganan Biawak")
	for _, try := range []struct{ passphrase, says string }{{"salah-sekali", "Masih 4 kali"}, {office.DemoPassphrase, "Lihat surat"}} {
		b.tick("sudah_membaca")
		b.fill("kata_sandi_tt", try.passphrase)
		b.press(fmt.Sprintf(`main form[action="/tanda-tangan/%s"] button[type=submit]`, id))
		b.sees(try.says)
	}
	l, err := m.Office.DB.Letter(b.t.Context(), id)
	if err != nil || l.SignedRef == "" {
		b.t.Fatalf("not signed: %v", err)
	}
	return "/v/" + l.VerifyToken
}

// checkIt opens the QR's address as a citizen who never signed in, takes the file
// and has it judged on the command line.
func checkIt(t *testing.T, b *browser, dir, address string) {
	t.Helper()
	b.open(address)
	b.sees("Isi tidak berubah")
	b.sees("Rahmat Suganda")
	b.sees("internal kantor")
	res, err := http.Get(b.base + address + "/surat.pdf") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var file bytes.Buffer
	if _, err := file.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res.Status, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "unduhan.pdf"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := do(t, dir, "", "verify", "unduhan.pdf", "--data", "d", "--json"); got.code != 0 || !strings.Contains(got.out, "TOTAL_PASSED") {
		t.Errorf("exit %d: %s", got.code, got.out)
	}
	if n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth - window.innerWidth")); err != nil || n > 0 {
		t.Errorf("at 360 px the page scrolls sideways by %d: %v", n, err)
	}
}
