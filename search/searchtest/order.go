package searchtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"naskah/search"
)

func counts(t *testing.T, x search.Index) {
	t.Helper()
	a := ask(t, x, search.Question{Text: "rapat", Filter: search.Filter{Years: []int{2026}}})
	if a.Total != 1 {
		t.Errorf("total %d", a.Total)
	}
	if diff := cmp.Diff(map[int]int{2026: 1, 2025: 1}, a.Counts.Years); diff != "" {
		t.Errorf("years leave their own filter out: %s", diff)
	}
	if diff := cmp.Diff(map[string]int{"undangan": 1}, a.Counts.Kinds); diff != "" {
		t.Errorf("kinds keep the other filters: %s", diff)
	}
	b := ask(t, x, search.Question{Filter: search.Filter{Kinds: []string{"surat-masuk"}, Units: []string{"Seksi Trantibum", "Seksi Sosial Budaya"}, Directions: []string{"incoming"}, States: []string{"registered"}}})
	if b.Total != 2 || b.Counts.Units["Seksi Trantibum"] != 1 || b.Counts.Directions["incoming"] != 2 {
		t.Errorf("%d %+v", b.Total, b.Counts)
	}
}

func sorts(t *testing.T, x search.Index) {
	t.Helper()
	for order, want := range map[search.Order][]string{
		search.ByNewest: {"undangan", "hajat", "stunting"}, search.ByOldest: {"stunting", "hajat", "undangan"},
	} {
		if diff := cmp.Diff(want, ids(ask(t, x, search.Question{Order: order}))); diff != "" {
			t.Errorf("%s: %s", order, diff)
		}
		if diff := cmp.Diff(want, ids(ask(t, x, search.Question{Text: "desa", Order: order}))); diff != "" {
			t.Errorf("%s of a word: %s", order, diff)
		}
		var paged []string
		for i := range 4 {
			a := ask(t, x, search.Question{Order: order, Limit: 1, Offset: i})
			if a.Total != 3 {
				t.Errorf("page %d of %d", i, a.Total)
			}
			paged = append(paged, ids(a)...)
		}
		if diff := cmp.Diff(want, paged); diff != "" {
			t.Error(diff)
		}
	}
}

// pages leafs through letters that are equal but for their ids and a few without a
// date, put in any order and in many batches.
func pages(t *testing.T, x search.Index) {
	t.Helper()
	var want []string
	var docs []search.Document
	for i := range 60 {
		d := note(fmt.Sprintf("%03d", (i*37)%60), "sama")
		if i%20 != 0 {
			d.Fields.Date = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			want = append(want, d.ID)
		}
		docs = append(docs, d)
	}
	for batch := range slices.Chunk(docs, 7) {
		put(t, x, batch...)
	}
	slices.Sort(want)
	want = append(want, "000", "020", "040") // without a date: last in every order
	for _, q := range []search.Question{{}, {Text: "sama "}, {Order: search.ByNewest}, {Order: search.ByOldest}, {Text: "sama", Order: search.ByOldest}} {
		var got []string
		for q.Offset = 0; q.Offset < 70; q.Offset += 7 {
			q.Limit = 7
			got = append(got, ids(ask(t, x, q))...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q %s: %s", q.Text, q.Order, diff)
		}
	}
	if a := ask(t, x, search.Question{}); len(a.Hits) != 20 || a.Total != 60 {
		t.Errorf("without a limit: %d of %d", len(a.Hits), a.Total)
	}
}

func bears(t *testing.T, x search.Index) {
	t.Helper()
	for _, text := range []string{`"`, `""`, `"" ""`, "*", "~", "/.*/", "+a -b", "\x00\xff", strings.Repeat("kata ", 5000), strings.Repeat("x", 100_000), "ยน", "yang", `"yang di"`, "a", "di"} {
		ask(t, x, search.Question{Text: text, Limit: -5, Offset: 1 << 30})
	}
}

func stops(t *testing.T, x search.Index) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Query(ctx, search.Question{Text: "rapat", Readers: []string{Everyone}}); err == nil {
		t.Error("a cancelled question was answered")
	}
}
