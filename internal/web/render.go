package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed pages/*.html
var pageFiles embed.FS

// contentPolicy is what a page of ours may load: only from here, nothing inline.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Renderer turns a view into a page. It is read-only after it is made.
type Renderer struct {
	assets *assets
	words  map[string]phrases
	pages  map[string]map[string]*template.Template // language → page
}

// framed is every view: it embeds Frame.
type framed interface{ frame() *Frame }

func newRenderer() (*Renderer, error) {
	a, err := newAssets()
	if err != nil {
		return nil, err
	}
	words, err := newPhrases()
	if err != nil {
		return nil, err
	}
	r := &Renderer{assets: a, words: words, pages: map[string]map[string]*template.Template{}}
	for lang, p := range words {
		if r.pages[lang], err = parsePages(r.funcs(p)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// sharedFile marks the files that every page may use: layout and components.
const sharedFile = "_"

func parsePages(funcs template.FuncMap) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(funcs).Option("missingkey=error").ParseFS(pageFiles, "pages/"+sharedFile+"*.html")
	if err != nil {
		return nil, fmt.Errorf("shared templates: %w", err)
	}
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if strings.HasPrefix(name, sharedFile) {
			continue
		}
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(pageFiles, file)
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		pages[name] = t
	}
	return pages, nil
}

// render writes a whole page. It is buffered: a page that cannot be made leaves
// the answer untouched, so that the caller can still say so with another page.
func (r *Renderer) render(w http.ResponseWriter, status int, page string, view framed) error {
	return r.write(w, status, page, "layout", view)
}

// renderPart writes one named part of a page, for htmx.
func (r *Renderer) renderPart(w http.ResponseWriter, status int, page, part string, view framed) error {
	return r.write(w, status, page, part, view)
}

func (r *Renderer) write(w http.ResponseWriter, status int, page, part string, view framed) error {
	lang := view.frame().Lang
	if _, ok := r.pages[lang]; !ok {
		lang = Indonesian
	}
	t, ok := r.pages[lang][page]
	if !ok {
		return fmt.Errorf("no page %q", page)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, view); err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}
