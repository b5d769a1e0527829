package web

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe/axe.min.js
var axeScript string

//go:embed testdata/letter.svg
var letterPicture []byte

// gallery serves every sample at /{lang}/{name}?huruf=18, with the same picture
// for every page of a letter.
func gallery(t *testing.T) string {
	t.Helper()
	r := testRenderer(t)
	mux := http.NewServeMux()
	mux.Handle(assetPath, r.assets)
	mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, ".jpg") {
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write(letterPicture)
			return
		}
		lang, name, _ := strings.Cut(strings.Trim(req.URL.Path, "/"), "/")
		smp := newSampler(lang)
		if _, err := fmt.Sscan(req.URL.Query().Get("huruf"), &smp.size); err != nil {
			smp.size = StandardTextSize
		}
		for _, s := range smp.all() {
			if s.name == name {
				if err := r.render(w, http.StatusOK, s.page, s.view); err != nil {
					t.Error(err)
				}
				return
			}
		}
		http.NotFound(w, req)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// browser starts Chromium, or skips the test with one line.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on this machine: pages are not looked at")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("hide-scrollbars", false))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(alloc)
	t.Cleanup(done)
	// The first call starts the browser and must not carry the time limit.
	if err = chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	return limited
}

// look is one way of looking at a page.
type look struct {
	lang  string
	width int64
	dark  bool
	size  int
}

func (l look) String() string {
	theme := "terang"
	if l.dark {
		theme = "gelap"
	}
	return fmt.Sprintf("%s-%d-%s-%d", l.lang, l.width, theme, l.size)
}

func (l look) prepare(ctx context.Context) error {
	theme := "light"
	if l.dark {
		theme = "dark"
	}
	mobile := func(p *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
		p.Mobile = l.width < 500
	}
	return chromedp.Do(ctx, chromedp.EmulateViewport(l.width, 768, mobile), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// looks are the ways every page is looked at: all of them where time allows, in
// the ordinary run the corners that differ most.
func looks() []look {
	if os.Getenv("NASKAH_LONG") == "" && os.Getenv("NASKAH_SCREENS") == "" {
		return []look{{Indonesian, 1366, false, 18}, {Indonesian, 360, true, 18}}
	}
	var out []look
	for _, lang := range languages() {
		for _, width := range []int64{1366, 360} {
			for _, dark := range []bool{false, true} {
				out = append(out, look{lang, width, dark, 18})
			}
		}
	}
	return append(out, look{Indonesian, 360, false, 24}, look{Indonesian, 1366, false, 24})
}

// inspect tells what is wrong with a page of the given width.
const inspect = `(async () => {
  const out = [];
  const width = %d;
  if (document.documentElement.scrollWidth > width || innerWidth > width) {
    const wide = [...document.querySelectorAll("main *, header *, nav *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".pane, .strip-pages, .hide, .marks")).slice(0, 3).map((e) => e.tagName + "." + (e.getAttribute("class") || ""));
    out.push("scrolls sideways: " + document.documentElement.scrollWidth + " " + wide.join(" "));
  }
  const inText = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline";
  for (const e of document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")) {
    const r = (e.closest(".tick") && e.type ? e.closest(".tick") : e).getBoundingClientRect();
    if (!r.width || !r.height || inText(e) || e.closest(".hide, [aria-hidden=true]") || e.matches(".skip")) continue;
    if (r.height < 47.5 && !e.closest(".row-subject, .facts, .journey, .file-name, .names, .wrong, .foot, .quote, .head")) out.push("low control: " + Math.round(r.height) + " px " + e.outerHTML.slice(0, 80));
    if (r.width < 47.5 && !e.closest(".row-subject, .foot")) out.push("narrow control: " + Math.round(r.width) + " px " + e.outerHTML.slice(0, 80));
  }
  const answer = await axe.run(document, { rules: { "color-contrast-enhanced": { enabled: true } }, resultTypes: ["violations"] });
  for (const v of answer.violations) for (const n of v.nodes.slice(0, 3)) out.push(v.id + ": " + n.html.slice(0, 120) + " – " + n.failureSummary.split("\n").slice(1, 3).join(" ").slice(0, 200));
  return JSON.stringify(out);
})()`

// TestPagesHoldForOldEyesAndOneHand asks axe-core, measures every control and
// looks for sideways scrolling. With NASKAH_SCREENS=DIR it also writes a picture
// of every page there.
func TestPagesHoldForOldEyesAndOneHand(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	base := gallery(t)
	dir := os.Getenv("NASKAH_SCREENS")
	only := os.Getenv("NASKAH_SCREENS_ONLY")
	quick := dir == "" && os.Getenv("NASKAH_LONG") == ""
	seen := map[string]bool{}
	for i, l := range looks() {
		if err := l.prepare(ctx); err != nil {
			t.Fatal(err)
		}
		for _, s := range newSampler(l.lang).all() {
			if quick && (again(s.name) || i > 0 && seen[s.page]) {
				continue
			}
			seen[s.page] = seen[s.page] || i > 0
			if only != "" && !strings.Contains(s.name+"/"+l.String(), only) {
				continue
			}
			checkPage(t, ctx, fmt.Sprintf("%s/%s/%s?huruf=%d", base, l.lang, s.name, l.size), s.name, l)
			if dir != "" {
				shoot(t, ctx, filepath.Join(dir, s.name+"-"+l.String()+".png"))
			}
		}
	}
}

// again says whether a page only repeats another with other words.
func again(name string) bool {
	return strings.HasPrefix(name, "salah-") && name != "salah-not_found" || strings.HasPrefix(name, "selesai-") && name != "selesai-submitted"
}

func checkPage(t *testing.T, ctx context.Context, url, name string, l look) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Evaluate[chromedp.Void]("0;"+axeScript)); err != nil {
		t.Fatalf("%s %s: %v", name, l, err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(inspect, l.width), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s %s: %v", name, l, err)
	}
	var list []string
	if err = json.Unmarshal([]byte(found), &list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		t.Errorf("%s %s: %s", name, l, f)
	}
}

func shoot(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err = os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err = os.WriteFile(file, png, 0o644); err != nil {
		t.Fatal(err)
	}
}
