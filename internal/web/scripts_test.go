package web

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScriptsShortenTheWay drives each script as a person would and asks the
// page what became of it.
func TestScriptsShortenTheWay(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	base := gallery(t)
	if err := (look{Indonesian, 1366, false, 18}).prepare(ctx); err != nil {
		t.Fatal(err)
	}
	const click = `const click = (s) => document.querySelector(s).click(); const $ = (s) => document.querySelector(s);`
	for _, c := range []struct{ outcome, page, script, want string }{
		{"A+ enlarges letters without a reload", "beranda", `click("[data-sizes] button:last-of-type"); return document.documentElement.dataset.size`, "20"},
		{"a passphrase can be shown and hidden", "tanda-tangan-baca", `click("[data-reveal]"); const a = $("#f-kata_sandi_tt").type; click("[data-reveal]"); return a + " " + $("#f-kata_sandi_tt").type`, "text password"},
		{"the tick does not hold before the end was seen", "tanda-tangan-baca", `scrollTo(0, 0); click("#f-sudah_membaca"); return String($("#f-sudah_membaca").checked)`, "false"},
		{"the tick holds after the end was seen", "tanda-tangan-baca", `$("[data-end]").scrollIntoView(); await new Promise((r) => { const see = () => $("[data-gate-note]").textContent === $("[data-gate-note]").dataset.done ? r() : requestAnimationFrame(see); see(); }); click("#f-sudah_membaca"); return String($("#f-sudah_membaca").checked)`, "true"},
		{"a proposal goes into its field", "catat-kolom", `click("[data-guess=f-tanggal]"); return $("#f-tanggal").value`, "2026-11-11"},
		{"an archive code is offered for everyday words", "catat-kolom", `window.fetch = async (url) => ({ ok: true, json: async () => [{ Value: "555.1", Label: url }] }); const i = $("#f-klasifikasi"); i.value = "bazar"; i.dispatchEvent(new Event("input")); await new Promise((r) => setTimeout(r)); return $("#kode option").value + " " + $("#kode option").label`, "555.1 /kode?cari=bazar"},
		{"choose all ticks all but the secret", "tanda-tangan", `click("[data-tick-all]"); return $("[data-tick-count]").textContent`, "(2)"},
		{"zoom steps up", "surat", `click("[data-zoom='+']"); return $("[data-pane]").dataset.zoom + " " + $("[data-zoom-at]").textContent`, "125 125 %"},
		{"the next mark is the second", "surat", `click("[data-match='+']"); return $(".marks .here").id`, "tanda-2"},
		{"a list is numbered", "tulis-isi-baru", `const a = $("#f-isi"); a.value = "satu\ndua"; a.select(); click("[data-do=list]"); return a.value`, "1. satu\n2. dua"},
		{"chosen words become bold", "tulis-isi-baru", `const a = $("#f-isi"); a.value = "tepat waktu"; a.select(); click("[data-do=bold]"); return a.value`, "**tepat waktu**"},
		{"details stand on their own", "tulis-isi-baru", `const a = $("#f-isi"); a.value = "pada:"; a.setSelectionRange(5, 5); click("[data-do=details]"); return a.value`, "pada:\n\nhari/tanggal : Kamis, 19 November 2026\n"},
		{"filters are open on a wide screen", "arsip-hasil", `return String($("[data-sieve]").open)`, "true"},
		{"files are asked for in our words", "periksa", `return $("[data-pick] label").innerText.trim() + " " + $("#f-berkas").classList.contains("hide")`, "Pilih berkas true"},
		{"a lost line keeps the file waiting", "catat-ambil", `const x = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function () { this.dispatchEvent(new ProgressEvent("error")); }; const d = new DataTransfer(); d.items.add(new File(["x"], "a.pdf")); const f = $("#f-berkas"); f.files = d.files; f.dispatchEvent(new Event("change")); await 0; XMLHttpRequest.prototype.send = x; return $("[data-files] .badge").innerText.trim()`, "Sambungan terputus. Berkas menunggu dan akan dikirim lagi."},
		{"a refused file says why", "catat-ambil", `XMLHttpRequest.prototype.send = function () { Object.defineProperty(this, "responseText", { value: '{"state":"failed","sentence":"Berkas rusak."}' }); this.dispatchEvent(new ProgressEvent("load")); }; const d = new DataTransfer(); d.items.add(new File(["x"], "a.pdf")); const f = $("#f-berkas"); f.files = d.files; f.dispatchEvent(new Event("change")); await 0; return $("[data-files] .file").className + " " + $(".file-say").innerText`, "file failed Berkas rusak."},
	} {
		if err := chromedp.Do(ctx, chromedp.Navigate(base+"/id/"+c.page)); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => {"+click+c.script+"})()", chromedp.EvalAwaitPromise))
		if err != nil || got != c.want {
			t.Errorf("%s: got %q %v, want %q", c.outcome, got, err, c.want)
		}
	}
}
