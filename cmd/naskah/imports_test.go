package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Arrows point down: words ← tools ← verbs (office) ← pages (web) ← cmd.
func layers() map[string]int {
	out := map[string]int{"internal/office": 2, "internal/office/setup": 2, "internal/web": 3, "cmd/naskah": 4}
	for _, w := range []string{"internal/problem", "internal/letter", "internal/account", "internal/audit", "storage", "search"} {
		out[w] = 0
	}
	for _, t := range []string{
		"storage/s3", "search/local", "internal/page", "internal/pdf", "internal/revision", "internal/ocr", "internal/typeset", "internal/sign", "internal/verify",
		"internal/authority", "internal/db", "internal/jobs",
	} {
		out[t] = 1
	}
	return out
}

// Between tools there are only these arrows, and among words a few.
func sideways() []string {
	return []string{
		"internal/sign → internal/revision", "internal/verify → internal/revision", "internal/typeset → internal/pdf", "internal/ocr → internal/page", "internal/verify → internal/page",
		"internal/office/setup → internal/office", "internal/bsre → internal/sign", "internal/jobs → internal/db",
		"internal/letter → internal/problem", "internal/account → internal/problem", "internal/account → internal/letter", "storage → internal/problem", "search → internal/problem",
	}
}

// Each outside part has one owner.
func owners() map[string]string {
	return map[string]string{
		"github.com/minio/minio-go": "storage/s3", "github.com/blevesearch/bleve": "search/local", "github.com/pdfcpu/pdfcpu": "internal/pdf", "codeberg.org/go-pdf/fpdf": "internal/typeset",
		"github.com/klippa-app/go-pdfium": "internal/page", "github.com/tetratelabs/wazero": "internal/page", "github.com/riverqueue/river": "internal/jobs", "github.com/uptrace/bun": "internal/db",
		"github.com/pressly/goose": "internal/db", "modernc.org/sqlite": "internal/db", "github.com/gin-gonic/gin": "internal/web", "github.com/danielgtaylor/huma": "internal/web",
		"github.com/alexedwards/scs": "internal/web", "github.com/nicksnyder/go-i18n": "internal/web", "github.com/knadh/koanf": "configs",
	}
}

const module = "naskah/"

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && e.Name() != ".." || e.Name() == "testdata" || e.Name() == "data") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if wrong := wrongArrow(filepath.ToSlash(rel), imported); wrong != "" {
				t.Errorf("%s: %s", path, wrong)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wrongArrow says in a sentence what is wrong with one import; "" when nothing is.
func wrongArrow(from, imported string) string {
	if strings.HasSuffix(from, "test") {
		return "" // packages for tests may hold what they need
	}
	for part, owner := range owners() {
		if strings.HasPrefix(imported, part) && from != owner {
			return fmt.Sprintf("%s uses %s, which only %s may use", from, part, owner)
		}
	}
	to, ours := strings.CutPrefix(imported, module)
	if !ours {
		return ""
	}
	if to == "configs" && from != "cmd/naskah" {
		return from + " reads configs; only cmd does, and hands values in"
	}
	if to == "configs" || from == "configs" && to == "internal/problem" {
		return ""
	}
	low, known := layers()[to]
	high, knownFrom := layers()[from]
	if !known || !knownFrom {
		return fmt.Sprintf("the arrow %s → %s has no place in the house; add the package to the layers", from, to)
	}
	if high > low || slices.Contains(sideways(), from+" → "+to) {
		return ""
	}
	return fmt.Sprintf("the arrow %s → %s points sideways or up", from, to)
}

func TestAWrongArrowIsNamedInASentence(t *testing.T) {
	t.Parallel()
	for arrow, want := range map[[2]string]string{
		{"internal/sign", "naskah/internal/verify"}: "internal/sign → internal/verify", {"internal/letter", "naskah/internal/office"}: "internal/letter → internal/office",
		{"internal/office", "naskah/configs"}: "only cmd", {"internal/web", "github.com/uptrace/bun"}: "only internal/db",
		{"internal/web", "naskah/internal/office"}: "", {"internal/typeset", "naskah/internal/pdf"}: "",
	} {
		if got := wrongArrow(arrow[0], arrow[1]); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%v: %q", arrow, got)
		}
	}
}
