package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
)

// worker counts what a person does: screens they pass, the confirmation at the end
// left out, and actions: presses that are not typing. With keys alone they reach
// everything with Tab, which is no action of its own; by touch they tap.
type worker struct {
	*browser
	keys             bool
	screens, actions int
}

// act presses one thing. When a page follows it is a screen more.
func (w *worker) act(css string, page bool) {
	w.t.Helper()
	w.actions++
	if page {
		w.do(chromedp.Evaluate[chromedp.Void]("window.__before = true"))
	}
	if w.keys {
		w.reach(css)
		w.do(chromedp.KeyEvent(w.keyFor(css)))
	} else {
		w.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).click()", css)))
	}
	if page {
		w.until("window.__before !== true", "nothing came after "+css)
		if w.count(".panel.good") == 0 {
			w.screens++
		}
	}
}

// keyFor is Enter for what leads on, Space for what is ticked.
func (w *worker) keyFor(css string) string {
	w.t.Helper()
	ticked, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](fmt.Sprintf("['checkbox','radio'].includes(document.querySelector(%q).type)", css)))
	if err != nil {
		w.t.Fatal(err)
	}
	if ticked {
		return " "
	}
	return kb.Enter
}

// reach goes there with Tab, and fails when it cannot be reached.
func (w *worker) reach(css string) {
	w.t.Helper()
	const farthest = 250
	for range farthest {
		here, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(() => {
			const to = document.querySelector(%q), at = document.activeElement;
			return at === to || (to.type === 'radio' && at.type === 'radio' && at.name === to.name && (to.focus(), true));
		})()`, css)))
		if err != nil {
			w.t.Fatal(err)
		}
		if here {
			return
		}
		w.do(chromedp.KeyEvent(kb.Tab))
	}
	w.t.Fatalf("%s cannot be reached with the keyboard", css)
}

func (w *worker) atHome(login string) {
	w.t.Helper()
	w.signIn(login)
	w.open("/")
	w.screens, w.actions = 0, 0
}

func (w *worker) within(task string, screens, actions int) {
	w.t.Helper()
	fmt.Printf("  %-44s %4s  screens %d of %d, actions %d of %d\n", task, map[bool]string{true: "keys", false: "tap"}[w.keys], w.screens, screens, w.actions, actions)
	if w.screens > screens || w.actions > actions {
		w.t.Errorf("%s takes %d screens and %d actions; at most %d and %d", task, w.screens, w.actions, screens, actions)
	}
}

// TestDailyTasksStayShort does seven daily tasks as their people do, with the
// keyboard alone on a wide screen and by touch on a phone, and counts.
func TestDailyTasksStayShort(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("Tesseract is not installed: make test installs it")
	}
	for _, way := range []struct {
		name  string
		width int64
		keys  bool
	}{{"keyboard", 1366, true}, {"touch", 360, false}} {
		t.Run(way.name, func(t *testing.T) {
			dir := t.TempDir()
			m := demo(t, dir+"/d")
			w := func() *worker { return &worker{browser: newBrowser(t, m.URL(), way.width), keys: way.keys} }
			furnished(t, m)
			taskRegister(t, w(), dir)
			taskFind(w())
			taskDispose(w())
			taskWrite(w())
			taskInitial(w())
			taskSignTen(t, w(), m)
			taskCheck(t, w(), m)
		})
	}
}

// furnished waits until the demo's twelve scans are read.
func furnished(t *testing.T, m *Main) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		clerk, err := m.Office.ActorByLogin(t.Context(), "pencatat")
		if err != nil {
			t.Fatal(err)
		}
		letters, _, err := m.Office.List(t.Context(), clerk, db.LetterFilter{Direction: string(letter.Incoming)})
		if err != nil {
			t.Fatal(err)
		}
		read := 0
		for _, l := range letters {
			if l.ReadState == string(letter.Searchable) {
				read++
			}
		}
		if read >= 12 {
			return
		}
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("the demo is never read")
		}
	}
}

func taskRegister(t *testing.T, w *worker, dir string) {
	w.atHome("pencatat")
	w.act(`main a[href="/surat-masuk/baru"]`, true)
	w.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type=file][name=berkas]`), []string{scan(t, dir, "Nomor : 045/12/Ds.Ngr/XI/2026\nHal : Laporan Biawak\n\nAda biawak di irigasi.")}))
	w.actions++ // choosing the file
	w.sees(clerkReady)
	w.act(`main a[href$="/catat"]`, true)
	w.fill("asal", "Pemerintah Desa Nagrog")
	w.act(`main form[action$="/catat"] button[type=submit].main`, true)
	w.sees("dicatat dan diteruskan")
	w.within("register a letter from a scan", 3, 6)
}

func taskFind(w *worker) {
	w.atHome("arsiparis")
	w.do(chromedp.SetValue(chromedp.CSS(`.seek input`), "hajat lembr"))
	w.act(`.seek button`, true)
	w.act(`main a[href*="cari="][href*="/surat/"]:not([tabindex="-1"])`, true)
	if w.count("svg.marks rect") == 0 {
		w.t.Error("no word is marked")
	}
	w.within("find by half a memory, open at the word", 2, 3)
}

func taskDispose(w *worker) {
	w.atHome("camat")
	w.act(`main a[href="/disposisi/berikutnya"]`, true)
	w.act(`#kepada-2`, false)
	w.act(`#kepada-6`, false)
	w.act(`#instruksi-0`, false)
	w.act(`input[name=batas][value="3"]`, false)
	w.act(`main form[action$="/disposisi"] button[type=submit].main`, true)
	w.sees("Disposisi terkirim")
	w.within("dispose to two people with a deadline", 3, 7)
}

func taskWrite(w *worker) {
	w.atHome("kasi")
	w.act(`main a[href="/tulis"]`, true)
	w.act(`main button[value=undangan]`, true)
	w.fill("hal", "Undangan Rapat Biawak")
	w.fill("yth", "Kepala Desa Nagrog")
	w.act(`main button[name=aksi][value=lanjut]`, true)
	w.fill("isi", "Bersama ini kami mengundang Saudara pada rapat.")
	w.act(`main button[name=aksi][value=lanjut]`, true)
	w.act(`main form[action$="/kirim"] button[type=submit].main`, true)
	w.sees("dikirim ke pemeriksa")
	w.within("write an invitation, send it for initials", 4, 8)
}

func taskInitial(w *worker) {
	w.atHome("sekcam")
	w.act(`main a[href="/paraf/berikutnya"]`, true)
	w.readToTheEnd()
	w.act(`[name=sudah_membaca]`, false)
	w.act(`#paraf button[type=submit]`, true)
	w.sees("Paraf Anda tercatat")
	w.within("initial a letter after reading", 2, 3)
}

// readToTheEnd scrolls through the letter, as reading it does.
func (w *worker) readToTheEnd() {
	w.t.Helper()
	w.until(`(() => { document.querySelectorAll('main .sheet, [data-end]').forEach((e) => e.scrollIntoView()); return !document.querySelector('[data-gate-note]') || document.querySelector('[data-gate-note]').textContent.includes('sampai akhir') ; })()`, "the end of the letter never comes")
}

func taskSignTen(t *testing.T, w *worker, m *Main) {
	camat, err := m.Office.ActorByLogin(t.Context(), "camat")
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := m.Office.SignQueue(t.Context(), camat)
	for i := len(waiting); err == nil && i < 10; i++ {
		subject, body, to, none, signer := fmt.Sprintf("Undangan ke-%d", i), "Isi surat.", []string{"Kepala Desa"}, []string{}, camat.Holdings[0].PositionID
		var d office.Draft
		if d, err = m.Office.NewDraft(t.Context(), camat, letter.KindInvitation); err == nil {
			_, err = m.Office.SaveDraft(t.Context(), camat, d.Letter.ID, office.DraftChange{Subject: &subject, Body: &body, To: &to, Reviewers: &none, SignerPositionID: &signer})
		}
		if err == nil {
			_, err = m.Office.Submit(t.Context(), camat, d.Letter.ID)
		}
	}
	if err == nil {
		err = m.queue.Idle(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	w.atHome("camat")
	w.act(`main a[href="/tanda-tangan"]`, true)
	w.act(`[data-tick-all]`, false)
	w.act(`main form[data-ticks] button[type=submit]`, true)
	w.readToTheEnd()
	w.act(`[name=sudah_membaca]`, false)
	w.fill("kata_sandi_tt", office.DemoPassphrase)
	w.act(`main form[action="/tanda-tangan/bersama"] button[type=submit]`, true)
	if left, err := m.Office.SignQueue(t.Context(), camat); err != nil || len(left) != 0 {
		t.Errorf("%d letters are left, %v\n%s", len(left), err, w.text())
	}
	w.within("sign ten letters", 3, 5)
}

func taskCheck(t *testing.T, w *worker, m *Main) {
	camat, err := m.Office.ActorByLogin(t.Context(), "camat")
	if err != nil {
		t.Fatal(err)
	}
	signed, _, err := m.Office.List(t.Context(), camat, db.LetterFilter{Direction: string(letter.Outgoing), States: []string{string(letter.Signed)}, Limit: 1})
	if err != nil || len(signed) == 0 {
		t.Fatal(len(signed), err)
	}
	w.open("/v/" + signed[0].VerifyToken)
	w.screens = 1
	w.sees("Isi tidak berubah")
	if strings.Contains(w.text(), "BERUBAH setelah") {
		t.Error("it says that the letter was changed")
	}
	w.within("check the QR of a printed letter", 1, 0)
}
