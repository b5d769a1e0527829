package web

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func testRenderer(t *testing.T) *Renderer {
	t.Helper()
	r, err := newRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func show(t *testing.T, r *Renderer, s sample) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := r.render(w, 200, s.page, s.view); err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return w.Body.String()
}

// walk visits all elements in the order of the document.
func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	var collect func(*html.Node)
	collect = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			collect(c)
		}
	}
	collect(n)
	return strings.TrimSpace(b.String())
}

func TestEveryPageIsWellFormedInBothLanguages(t *testing.T) {
	t.Parallel()
	r := testRenderer(t)
	for _, lang := range languages() {
		for _, s := range newSampler(lang).all() {
			t.Run(lang+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				body := show(t, r, s)
				if err := balanced(body); err != "" {
					t.Error(err)
				}
				doc, err := html.Parse(strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range faults(doc) {
					t.Error(fault)
				}
				if strings.Contains(body, "ZgotmplZ") {
					t.Error("a value stands where no value may stand")
				}
			})
		}
	}
}

// faults are the ways in which a page lets down somebody who cannot see it or
// has no script.
func faults(doc *html.Node) []string {
	var out []string
	ids, labels, used := map[string]bool{}, map[string]bool{}, map[string]bool{}
	h1 := 0
	walk(doc, func(n *html.Node) {
		if id, ok := attr(n, "id"); ok {
			if ids[id] {
				out = append(out, "id twice: "+id)
			}
			ids[id] = true
		}
		if to, ok := attr(n, "for"); ok && textOf(n) != "" {
			labels[to] = true
		}
		for _, name := range []string{"aria-describedby", "aria-labelledby", "aria-controls", "for", "list", "form"} {
			v, _ := attr(n, name)
			for _, id := range strings.Fields(v) {
				used[id] = true
			}
		}
		if href, ok := attr(n, "href"); ok && strings.HasPrefix(href, "#") && len(href) > 1 {
			used[href[1:]] = true
		}
		if n.Data == "h1" {
			h1++
		}
		out = append(out, elementFaults(n)...)
	})
	walk(doc, func(n *html.Node) {
		if kind, _ := attr(n, "type"); n.Data == "input" && kind != "hidden" || n.Data == "select" || n.Data == "textarea" {
			if id, _ := attr(n, "id"); !labels[id] {
				name, _ := attr(n, "name")
				out = append(out, "no label for "+name)
			}
		}
	})
	for id := range used {
		if !ids[id] {
			out = append(out, "points to a missing id: "+id)
		}
	}
	if h1 != 1 {
		out = append(out, "a page has exactly one h1")
	}
	return out
}

func elementFaults(n *html.Node) []string {
	var out []string
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			out = append(out, "inline "+a.Key+" in "+n.Data)
		}
	}
	switch n.Data {
	case "script":
		if src, _ := attr(n, "src"); !strings.HasPrefix(src, assetPath) {
			out = append(out, "script that is not ours: "+src)
		}
	case "style":
		out = append(out, "inline style")
	case "img":
		if _, ok := attr(n, "alt"); !ok {
			out = append(out, "picture without alt")
		}
	case "a", "button", "summary", "label", "h1", "h2", "h3", "legend":
		if textOf(n) == "" {
			if _, named := attr(n, "aria-label"); !named && !isHidden(n) {
				out = append(out, n.Data+" without words")
			}
		}
	case "form":
		if action, ok := attr(n, "action"); !ok || !strings.HasPrefix(action, "/") {
			out = append(out, "form that leads nowhere")
		}
		for p := n.Parent; p != nil; p = p.Parent {
			if p.Data == "form" {
				out = append(out, "form in a form")
			}
		}
	}
	return out
}

func isHidden(n *html.Node) bool {
	v, _ := attr(n, "aria-hidden")
	return v == "true"
}

// balanced reads the tags as they were written: the parser alone forgives all.
func balanced(body string) string {
	void := map[string]bool{"meta": true, "link": true, "input": true, "img": true, "br": true, "hr": true, "wbr": true}
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return "never closed: " + strings.Join(open, " ")
			}
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "closes what is not open: " + string(name) + " in " + strings.Join(open, " ")
			}
			open = open[:len(open)-1]
		}
	}
}

func TestForeignTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	const evil = `"><img src=x onerror=alert(1)>'</script></textarea></title>`
	r := testRenderer(t)
	for _, lang := range languages() {
		smp := newSampler(lang)
		smp.foreign = func(s string) string { return s + evil }
		for _, s := range smp.all() {
			body := show(t, r, s)
			if strings.Contains(body, "<img src=x") {
				t.Errorf("%s %s: foreign text became an element", lang, s.name)
			}
			if msg := balanced(body); msg != "" {
				t.Errorf("%s %s: %s", lang, s.name, msg)
			}
			doc, err := html.Parse(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			walk(doc, func(n *html.Node) {
				if _, bad := attr(n, "onerror"); bad {
					t.Errorf("%s %s: onerror in %s", lang, s.name, n.Data)
				}
			})
		}
	}
}

func TestEveryPageHasASample(t *testing.T) {
	t.Parallel()
	r := testRenderer(t)
	seen := map[string]bool{}
	for _, s := range newSampler(Indonesian).all() {
		seen[s.page] = true
	}
	for name := range r.pages[Indonesian] {
		if !seen[name] {
			t.Errorf("page %s has no sample", name)
		}
	}
}

func TestNoPageWeighsOver200KB(t *testing.T) {
	t.Parallel()
	r := testRenderer(t)
	for _, s := range newSampler(Indonesian).all() {
		body := show(t, r, s)
		total := len(body)
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		loaded := map[string]bool{r.assets.urls["icons.svg"]: true}
		for _, font := range []string{"fonts/next-400.woff2", "fonts/next-700.woff2"} {
			loaded[r.assets.urls[font]] = true
		}
		walk(doc, func(n *html.Node) {
			for _, name := range []string{"src", "href"} {
				if v, ok := attr(n, name); ok && n.Data != "use" && n.Data != "a" {
					loaded[v] = true
				}
			}
		})
		for url := range loaded {
			if f, ok := r.assets.files[url]; ok {
				total += len(f.plain)
			}
		}
		if total > 200_000 {
			t.Errorf("%s weighs %d bytes before packing", s.name, total)
		}
	}
}

func TestAFailedPageLeavesTheAnswerUntouched(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	err := testRenderer(t).render(w, 200, "error", &errorView{Frame: Frame{Lang: Indonesian}, Kind: "no-such-kind"})
	if err == nil || w.Body.Len() != 0 || len(w.Header()) != 0 {
		t.Errorf("got %v, %d bytes, headers %v", err, w.Body.Len(), w.Header())
	}
}

func TestSavedPartIsOneElement(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	v := &writeTextView{Frame: Frame{Lang: Indonesian}, Draft: Draft{SavedAt: at(23, 10, 42)}}
	if err := testRenderer(t).renderPart(w, 200, "write_text", "autosaved", v); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); !strings.Contains(got, "Tersimpan 10.42") || strings.Contains(got, "<html") {
		t.Errorf("got %s", got)
	}
}

func TestAssetsAreNamedAfterTheirContent(t *testing.T) {
	t.Parallel()
	a := testRenderer(t).assets
	for name, url := range a.urls {
		w := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodGet, url, nil)
		req.Header.Set("Accept-Encoding", "gzip")
		a.ServeHTTP(w, req)
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %s", name, w.Code, w.Header().Get("Cache-Control"))
		}
		if path.Ext(name) == ".js" && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("%s: %s", name, w.Header().Get("Content-Type"))
		}
	}
	css := string(a.files[a.urls["app.css"]].plain)
	if strings.Contains(css, `url("fonts/`) || strings.Contains(css, "http") {
		t.Error("the style sheet names an asset without its hash, or something outside")
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, assetPath+"../render.go", nil))
	if w.Code != 404 {
		t.Errorf("unknown asset: %d", w.Code)
	}
}
