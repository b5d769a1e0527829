package searchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/search"
)

func hides(t *testing.T, x search.Index) {
	t.Helper()
	secret := Samples()[3]
	questions := []search.Question{
		{Text: "rapat"},
		{},
		{Text: "pegawai"},
		{Text: "peg"},
		{Text: "teguram"},
		{Text: "800.1/9"},
		{Text: `"rapat pembinaan"`},
		{Text: "rapat hadir "},
		{Order: search.ByNewest},
		{Text: "rapat", Filter: search.Filter{Years: []int{2026}}},
		{Filter: search.Filter{Kinds: []string{"surat-rahasia"}, Units: []string{"Subbagian Umum"}}},
	}
	look := func() (out []search.Answer) {
		for _, q := range questions {
			a := ask(t, x, q)
			a.Took = 0
			out = append(out, a)
		}
		return out
	}
	put(t, x, Samples()[:3]...)
	before := look()
	put(t, x, secret)
	for i := range 50 { // enough to move weights, were they counted
		more := secret
		more.ID = fmt.Sprint("rahasia", i)
		put(t, x, more)
	}
	if diff := cmp.Diff(before, look()); diff != "" {
		t.Errorf("hidden letters show, in hits, totals, counts, scores or snippets: %s", diff)
	}
	if a := ask(t, x, search.Question{Text: "pegawai", Readers: []string{"p:camat"}}); a.Total != 51 {
		t.Errorf("its reader does not find it: %d", a.Total)
	}
	if a := ask(t, x, search.Question{Text: "rapat", Readers: []string{"p:camat", Everyone, "unknown"}}); a.Total != 53 {
		t.Errorf("one who is two readers sees %d", a.Total)
	}
	for _, nobody := range [][]string{nil, {}, {""}, {"p:cam"}, {"P:CAMAT"}, {"p"}} {
		if a, err := x.Query(context.Background(), search.Question{Readers: nobody}); err != nil || a.Total != 0 || len(a.Hits) != 0 || len(a.Counts.Kinds) != 0 {
			t.Errorf("%q found %d, %v", nobody, a.Total, err)
		}
	}
	if a := ask(t, x, search.Question{Exclude: []string{"undangan", "unknown"}}); slices.Contains(ids(a), "undangan") || a.Total != 2 || a.Counts.Kinds["undangan"] != 0 {
		t.Errorf("an excluded letter shows: %+v", a)
	}
	secret.Readers = []string{Everyone}
	put(t, x, secret)
	if a := ask(t, x, search.Question{Text: "pegawai"}); a.Total != 1 {
		t.Errorf("a new reader does not find it: %d", a.Total)
	}
	secret.Readers = nil
	put(t, x, secret)
	if diff := cmp.Diff(before, look()); diff != "" {
		t.Errorf("a letter that was hidden again shows: %s", diff)
	}
}

func replaces(t *testing.T, x search.Index) {
	t.Helper()
	d := search.Document{ID: "a", Readers: []string{Everyone}, Pages: []string{"pertama"}}
	for _, word := range []string{"pertama", "kedua"} {
		d.Pages = []string{word}
		if err := x.Put(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		if a := ask(t, x, search.Question{Text: word}); a.Total != 1 {
			t.Fatalf("%s is not there at once", word)
		}
	}
	if a := ask(t, x, search.Question{Text: "pertama"}); a.Total != 0 {
		t.Error("the older text is still found")
	}
	if err := x.Remove(context.Background(), "a", "unknown"); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, x, search.Question{Text: "kedua"}); a.Total != 0 {
		t.Error("a removed letter is found")
	}
}

func together(t *testing.T, x search.Index) {
	t.Helper()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			d := search.Document{ID: fmt.Sprint("n", i), Readers: []string{Everyone}, Pages: []string{"bersama"}}
			if err := x.Put(context.Background(), d); err != nil {
				t.Error(err)
			}
			if _, err := x.Query(context.Background(), search.Question{Text: "bersama", Readers: []string{Everyone}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a := ask(t, x, search.Question{Text: "bersama"}); a.Total != 8 {
		t.Errorf("%d of 8", a.Total)
	}
}

func rebuilds(t *testing.T, x search.Index) {
	t.Helper()
	r, ok := x.(search.Rebuilder)
	if !ok {
		t.Skip("this index has no Rebuild")
	}
	ctx := context.Background()
	put(t, x, Samples()[0])
	err := r.Rebuild(ctx, func(ctx context.Context, fresh search.Index) error {
		if a := ask(t, x, search.Question{Text: "musrenbang"}); a.Total != 1 {
			t.Error("the live index does not answer meanwhile")
		}
		if err := fresh.Put(ctx, Samples()[1]); err != nil {
			return err
		}
		if diff := cmp.Diff([]string{"hajat"}, ids(ask(t, fresh, search.Question{}))); diff != "" {
			t.Errorf("the fresh index: %s", diff)
		}
		if a := ask(t, x, search.Question{Text: "hajat"}); a.Total != 0 {
			t.Error("the live index knows the fresh one's letters")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"hajat"}, ids(ask(t, x, search.Question{}))); diff != "" {
		t.Error(diff)
	}
	mine := errors.New("mine")
	if err := r.Rebuild(ctx, func(context.Context, search.Index) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("a failed rebuild: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	if err := r.Rebuild(gone, func(context.Context, search.Index) error { cancel(); return nil }); err == nil {
		t.Error("a cancelled rebuild is no error")
	}
	if diff := cmp.Diff([]string{"hajat"}, ids(ask(t, x, search.Question{}))); diff != "" {
		t.Errorf("after failed rebuilds: %s", diff)
	}
}

// follows changes letters while the index is rebuilt from what they were before.
func follows(t *testing.T, x search.Index) {
	t.Helper()
	r, ok := x.(search.Rebuilder)
	if !ok {
		t.Skip("this index has no Rebuild")
	}
	put(t, x, note("changed", "lama"), note("removed", "lama"), note("early", "lama"))
	err := r.Rebuild(context.Background(), func(ctx context.Context, fresh search.Index) error {
		if err := fresh.Put(ctx, note("early", "lama")); err != nil {
			return err
		}
		put(t, x, note("changed", "baru"), note("new", "baru"), note("early", "baru"))
		if err := x.Remove(ctx, "removed"); err != nil {
			return err
		}
		return fresh.Put(ctx, note("changed", "lama"), note("removed", "lama"), note("same", "lama"))
	})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{"lama": {"same"}, "baru": {"changed", "early", "new"}} {
		if diff := cmp.Diff(want, ids(ask(t, x, search.Question{Text: text}))); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}
