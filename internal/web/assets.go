package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// assetPath is where assets are served; everything below it may be kept by the
// browser for ever, because a changed file has another name.
const assetPath = "/aset/"

// assets are the embedded style, scripts, icons and fonts, each under a name
// that holds its content's hash.
type assets struct {
	urls  map[string]string // "app.css" → "/aset/app.1f2e3d4c.css"
	files map[string]asset  // by URL
	icons map[string]bool   // names in icons.svg
}

type asset struct {
	media  string
	plain  []byte
	zipped []byte // nil where packing does not pay
}

func newAssets() (*assets, error) {
	a := &assets{urls: map[string]string{}, files: map[string]asset{}, icons: map[string]bool{}}
	// The style sheet names fonts, so it is read when their URLs are known.
	for _, styles := range []bool{false, true} {
		err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || (path.Ext(name) == ".css") != styles {
				return err
			}
			return a.add(name)
		})
		if err != nil {
			return nil, fmt.Errorf("embedded assets: %w", err)
		}
	}
	for _, m := range regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`).FindAllSubmatch(a.files[a.urls["icons.svg"]].plain, -1) {
		a.icons[string(m[1])] = true
	}
	return a, nil
}

func (a *assets) add(name string) error {
	raw, err := assetFiles.ReadFile(name)
	if err != nil {
		return err
	}
	short := strings.TrimPrefix(name, "assets/")
	if path.Ext(name) == ".css" {
		for other, url := range a.urls {
			raw = bytes.ReplaceAll(raw, []byte(`url("`+other+`")`), []byte(`url("`+url+`")`))
		}
	}
	sum := sha256.Sum256(raw)
	ext := path.Ext(short)
	url := assetPath + strings.TrimSuffix(short, ext) + "." + hex.EncodeToString(sum[:4]) + ext
	a.urls[short] = url
	a.files[url] = asset{media: mediaType(ext), plain: raw, zipped: pack(ext, raw)}
	return nil
}

// mediaType is fixed here: the machine's own table is not ours to rely on.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		return "text/plain; charset=utf-8"
	}
}

func pack(ext string, raw []byte) []byte {
	if ext == ".woff2" {
		return nil
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err = z.Write(raw); err != nil || z.Close() != nil {
		return nil // served plain
	}
	return b.Bytes()
}

// url is the address of an asset by its name below assets/.
func (a *assets) url(name string) (string, error) {
	if u, ok := a.urls[name]; ok {
		return u, nil
	}
	return "", fmt.Errorf("no asset %q", name)
}

// ServeHTTP gives an asset with a year of caching.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.media)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body) // the browser that left needs no answer
}
