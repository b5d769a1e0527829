package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"naskah/internal/problem"
	"naskah/search"
	"naskah/search/local"
	"naskah/search/searchtest"
)

func open(t *testing.T, dir string) *local.Index {
	t.Helper()
	x, err := local.Open(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func TestIndexKeepsTheContract(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index { return open(t, t.TempDir()) })
}

// fill makes the index hold the suite's letters, as an office does at its first start.
func fill(t *testing.T, x *local.Index) {
	t.Helper()
	if err := x.Rebuild(context.Background(), func(ctx context.Context, fresh search.Index) error {
		return fresh.Put(ctx, searchtest.Samples()...)
	}); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, x *local.Index, text string) []string {
	t.Helper()
	a, err := x.Query(context.Background(), search.Question{Text: text, Readers: []string{searchtest.Everyone}})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, h := range a.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func closeIndex(t *testing.T, x *local.Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestIndexRemembersAcrossRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	if !x.NeedsRebuild() {
		t.Error("a new index must be filled")
	}
	fill(t, x)
	if x.NeedsRebuild() {
		t.Error("a filled index must not be filled again")
	}
	closeIndex(t, x)
	again := open(t, dir)
	if got := find(t, again, "musrenbang"); len(got) != 1 || again.NeedsRebuild() {
		t.Fatalf("%v, rebuild %v", got, again.NeedsRebuild())
	}
	var ids []string
	if err := again.IDs(context.Background(), func(id string) error { ids = append(ids, id); return nil }); err != nil || len(ids) != 4 {
		t.Fatalf("%v, %v", ids, err)
	}
}

func TestIndexThatWasNeverFilledStillNeedsItAfterRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	if err := x.Put(context.Background(), searchtest.Samples()[0]); err != nil {
		t.Fatal(err)
	}
	closeIndex(t, x)
	if again := open(t, dir); !again.NeedsRebuild() || len(find(t, again, "musrenbang")) != 1 {
		t.Fatal("one letter passes for all letters, or was lost")
	}
}

// folderOf is the folder of the live index.
func folderOf(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "index-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return found[0]
}

func TestDamagedIndexIsPutAsideAndBegunAnew(t *testing.T) {
	t.Parallel()
	replace := func(name, text string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			files, err := filepath.Glob(filepath.Join(dir, name))
			if err != nil || len(files) == 0 {
				t.Fatal(name, err)
			}
			for _, f := range files {
				if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, damage := range map[string]func(t *testing.T, dir string){
		"meta of nonsense":      replace("index-*/index_meta.json", "{"),
		"root of nonsense":      replace("index-*/store/root.bolt", strings.Repeat("nonsense", 4096)),
		"empty root":            replace("index-*/store/root.bolt", ""),
		"short root":            replace("index-*/store/root.bolt", "short"),
		"segments of nonsense":  replace("index-*/store/*.zap", strings.Repeat("nonsense", 512)),
		"empty segments":        replace("index-*/store/*.zap", ""),
		"current of nonsense":   replace("current.json", "{"),
		"current names outside": replace("current.json", `{"format":4,"folder":"../index-x","filled":true}`),
		"another format":        replace("current.json", `{"format":1,"folder":"index-x","filled":true}`),
		"folder removed": func(t *testing.T, dir string) {
			t.Helper()
			if err := os.RemoveAll(folderOf(t, dir)); err != nil {
				t.Fatal(err)
			}
		},
		"everything removed": func(t *testing.T, dir string) {
			t.Helper()
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "index")
			x := open(t, dir)
			fill(t, x)
			closeIndex(t, x)
			damage(t, dir)
			again := open(t, dir)
			if !again.NeedsRebuild() {
				t.Fatal("the damage was not noticed")
			}
			if err := again.Ready(context.Background()); err != nil {
				t.Fatal(err)
			}
			fill(t, again)
			if got := find(t, again, "musrenbang"); len(got) != 1 || again.NeedsRebuild() {
				t.Fatalf("not healed: %v", got)
			}
			folderOf(t, dir)
		})
	}
}

func TestRebuildThatWasInterruptedLeavesTheOldIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	fill(t, x)
	// The folder as a killed process leaves it in the middle of a rebuild.
	half := t.TempDir()
	err := x.Rebuild(context.Background(), func(ctx context.Context, fresh search.Index) error {
		if err := fresh.Put(ctx, searchtest.Samples()[1]); err != nil {
			return err
		}
		if err := os.CopyFS(half, os.DirFS(dir)); err != nil {
			return err
		}
		return context.Canceled
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got := find(t, x, "musrenbang"); len(got) != 1 {
		t.Errorf("after a rebuild that failed: %v", got)
	}
	again := open(t, half)
	if got := find(t, again, "musrenbang"); len(got) != 1 || again.NeedsRebuild() {
		t.Errorf("after a rebuild that was killed: %v", got)
	}
	folderOf(t, half)
}

func TestLetterSurvivesAKillAfterPut(t *testing.T) {
	t.Parallel()
	dir, killed := t.TempDir(), t.TempDir()
	x := open(t, dir)
	fill(t, x)
	d := search.Document{ID: "late", Readers: []string{searchtest.Everyone}, Pages: []string{"terakhir"}}
	if err := x.Put(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // what the disk holds, never closed
		t.Fatal(err)
	}
	if got := find(t, open(t, killed), "terakhir"); len(got) != 1 {
		t.Errorf("lost: %v", got)
	}
}

// TestArchiveAnswers asks the generated archive questions whose answer is known.
func TestArchiveAnswers(t *testing.T) {
	t.Parallel()
	x, n := open(t, t.TempDir()), 600
	if err := x.Put(context.Background(), slices.Collect(searchtest.Letters(1, n))...); err != nil {
		t.Fatal(err)
	}
	for _, a := range searchtest.Questions(1, n, 180) {
		a.Question.Limit = 200
		got, err := x.Query(context.Background(), a.Question)
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(got.Hits, func(h search.Hit) bool { return h.ID == a.Want })
		if a.Want != "" && !found && got.Total <= 200 {
			t.Errorf("%s %q: %s is not among %d", a.Kind, a.Question.Text, a.Want, got.Total)
		}
		if a.Kind == "number" && (len(got.Hits) == 0 || got.Hits[0].ID != a.Want) {
			t.Errorf("number %q: %s is not the first of %d", a.Question.Text, a.Want, got.Total)
		}
	}
}

func TestSecondOpeningIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir)
	if _, err := local.Open(context.Background(), dir, nil); !errors.Is(err, problem.Unavailable) {
		t.Fatalf("got %v", err)
	}
}

func TestClosedIndexSaysSo(t *testing.T) {
	t.Parallel()
	x := open(t, t.TempDir())
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := x.Ready(context.Background()); !errors.Is(err, problem.Unavailable) {
		t.Fatalf("got %v", err)
	}
}
