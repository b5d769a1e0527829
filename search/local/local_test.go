package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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

func TestIndexRemembersAcrossRestarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	if !x.NeedsRebuild() {
		t.Error("a new index must be filled")
	}
	if err := errors.Join(x.Put(context.Background(), searchtest.Samples()...), x.Close()); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	a, err := again.Query(context.Background(), search.Question{Text: "musrenbang", Readers: []string{searchtest.Everyone}})
	if err != nil || a.Total != 1 || again.NeedsRebuild() {
		t.Fatalf("%+v, %v, rebuild %v", a, err, again.NeedsRebuild())
	}
	n := 0
	if err := again.IDs(context.Background(), func(string) error { n++; return nil }); err != nil || n != 4 {
		t.Fatalf("%d ids, %v", n, err)
	}
}

func TestDamagedIndexIsPutAsideAndBegunAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := open(t, dir)
	if err := errors.Join(x.Put(context.Background(), searchtest.Samples()...), x.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "live", "index_meta.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if !again.NeedsRebuild() || again.Ready(context.Background()) != nil {
		t.Fatal("the damage was not noticed")
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
