// Package searchtest is what every search.Index must show.
package searchtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"naskah/search"
)

// Everyone is the reader word of the suite's open letters.
const Everyone = "o:ccl"

// Samples are the suite's letters.
func Samples() []search.Document {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	return []search.Document{
		{ID: "undangan", Office: "ccl", Readers: []string{Everyone}, Fields: search.Fields{
			Subject: "Undangan Rapat Persiapan Musrenbang", Number: "000.7.1.4/512/Kec.Ccl/XI/2026", Sender: "Kecamatan Cicalengka", Classification: "000.7.1.4",
			ClassificationName: "Musrenbang Kecamatan", Kind: "undangan", Direction: "outgoing", Unit: "Seksi Pemerintahan", State: "signed", Date: day(2026, 11, 16),
		}, Pages: []string{"Dengan hormat kami mengundang Saudara untuk hadir pada rapat persiapan di Aula Kantor", "Lampiran: daftar desa Nagrog, Waluya dan Tanjungwangi beserta usulan prioritas"}},
		{ID: "hajat", Office: "ccl", Readers: []string{Everyone}, Fields: search.Fields{
			Subject: "Permohonan Bantuan Pengamanan Hajat Lembur", Number: "300.1.4/142/Ds.Pnj/XI/2026", Agenda: "0017/2026", Sender: "Pemerintah Desa Panenjoan", Kind: "surat-masuk",
			Direction: "incoming", Unit: "Seksi Trantibum", State: "registered", Date: day(2026, 11, 11),
		}, Pages: []string{"kegiatan Hajat Lembur di Lapangan Desa Panenjoan dengan perkiraan kehadiran 1.500 orang, kami memohon bantuan personel pengamanan"}},
		{ID: "stunting", Office: "ccl", Readers: []string{Everyone}, Fields: search.Fields{
			Subject: "Data Stunting Triwulan III", Number: "400.7.13/88/Dinkes/2025", Sender: "Dinas Kesehatan", Kind: "surat-masuk", Direction: "incoming", Unit: "Seksi Sosial Budaya", State: "registered", Date: day(2025, 9, 3),
		}, Pages: []string{"Bersama ini disampaikan data balita stunting per desa. Rapat koordinasi menyusul. Café Économie."}},
		{ID: "rahasia", Office: "ccl", Readers: []string{"p:camat"}, Fields: search.Fields{
			Subject: "Teguran disiplin pegawai", Number: "800.1/9/Kec.Ccl/XI/2026", Kind: "surat-rahasia", Direction: "outgoing", Unit: "Subbagian Umum", State: "signed", Date: day(2026, 11, 1),
		}, Pages: []string{"rapat pembinaan pegawai yang tidak hadir"}},
	}
}

// Run holds an index to every sentence of the contract. open gives an empty one.
func Run(t *testing.T, open func(t *testing.T) search.Index) {
	t.Helper()
	x := open(t)
	if err := x.Put(context.Background(), Samples()...); err != nil {
		t.Fatal(err)
	}
	t.Run("finds", func(t *testing.T) { t.Parallel(); finds(t, x) })
	t.Run("ranks an exact word above a typo", func(t *testing.T) { t.Parallel(); ranks(t, x) })
	t.Run("names page, terms and snippet of the hit", func(t *testing.T) { t.Parallel(); describes(t, x) })
	t.Run("filters and counts", func(t *testing.T) { t.Parallel(); counts(t, x) })
	t.Run("sorts and pages stably", func(t *testing.T) { t.Parallel(); sorts(t, x) })
	t.Run("shows nobody more than they may see", func(t *testing.T) { t.Parallel(); hides(t, open(t)) })
	t.Run("replaces and removes at once", func(t *testing.T) { t.Parallel(); replaces(t, open(t)) })
	t.Run("serves many at once", func(t *testing.T) { t.Parallel(); together(t, open(t)) })
	t.Run("bears any question", func(t *testing.T) { t.Parallel(); bears(t, x) })
	t.Run("rebuilds beside the live index", func(t *testing.T) { t.Parallel(); rebuilds(t, open(t)) })
}

func ask(t *testing.T, x search.Index, q search.Question) search.Answer {
	t.Helper()
	if q.Readers == nil {
		q.Readers = []string{Everyone}
	}
	a, err := x.Query(context.Background(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	return a
}

func ids(a search.Answer) []string {
	out := []string{}
	for _, h := range a.Hits {
		out = append(out, h.ID)
	}
	return out
}

func finds(t *testing.T, x search.Index) {
	t.Helper()
	for text, want := range map[string]string{
		"musrenbang": "undangan", "MUSRENBANG": "undangan", "waluya": "undangan", "cafe economie": "stunting",
		`"hajat lembur"`: "hajat", `"lembur hajat"`: "", "rapat persiapan": "undangan", "musren": "undangan", "panenj": "hajat", "tanjungw": "undangan",
		"musrenbamg": "undangan", "stuntng": "stunting", "pengamnan": "hajat", "musrenbang stunting": "",
		"000.7.1.4/512": "undangan", "512 kec ccl xi 2026": "undangan", "000.7.1.4/512/Kec.Ccl/XI/2026": "undangan", "0007 1 4 512": "undangan", "00071.4 512 kecccl": "undangan",
		"142/ds.pnj": "hajat", "0017/2026": "hajat", "dinas kesehatan": "stunting", "tidak-ada-sama-sekali": "", "undangan yang di": "undangan", "1.500 orang": "hajat",
	} {
		got := ids(ask(t, x, search.Question{Text: text}))
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: found %v, want %q", text, got, want)
		}
	}
	if all := ask(t, x, search.Question{}); all.Total != 3 {
		t.Errorf("the empty question found %d", all.Total)
	}
}

func ranks(t *testing.T, x search.Index) {
	t.Helper()
	if err := x.Put(context.Background(),
		search.Document{ID: "r1", Readers: []string{"p:r"}, Pages: []string{"kelurahan"}},
		search.Document{ID: "r2", Readers: []string{"p:r"}, Pages: []string{"keluraham keluraham keluraham"}}); err != nil {
		t.Fatal(err)
	}
	got := ids(ask(t, x, search.Question{Text: "kelurahan ", Readers: []string{"p:r"}}))
	if diff := cmp.Diff([]string{"r1", "r2"}, got); diff != "" {
		t.Error(diff)
	}
}

func describes(t *testing.T, x search.Index) {
	t.Helper()
	a := ask(t, x, search.Question{Text: "tanjungwangi"})
	if len(a.Hits) != 1 || a.Hits[0].Page != 2 || !slices.Contains(a.Hits[0].Terms, "tanjungwangi") {
		t.Fatalf("%+v", a.Hits)
	}
	s := a.Hits[0].Snippet
	if len(s.Marks) != 1 || s.Text[s.Marks[0].Start:s.Marks[0].End] != "Tanjungwangi" {
		t.Fatalf("%+v", s)
	}
	if typo := ask(t, x, search.Question{Text: "tanjungwamgi"}); len(typo.Hits) != 1 || len(typo.Hits[0].Snippet.Marks) != 1 {
		t.Errorf("a typo is not marked: %+v", typo.Hits)
	}
	if number := ask(t, x, search.Question{Text: "dinkes"}); len(number.Hits) != 1 || number.Hits[0].Page != 0 {
		t.Errorf("a match in the fields names a page: %+v", number.Hits)
	}
}

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
	if diff := cmp.Diff([]string{"undangan", "hajat", "stunting"}, ids(ask(t, x, search.Question{Order: search.ByNewest}))); diff != "" {
		t.Error(diff)
	}
	var paged []string
	for i := range 3 {
		paged = append(paged, ids(ask(t, x, search.Question{Order: search.ByOldest, Limit: 1, Offset: i}))...)
	}
	if diff := cmp.Diff([]string{"stunting", "hajat", "undangan"}, paged); diff != "" {
		t.Error(diff)
	}
}

func hides(t *testing.T, x search.Index) {
	t.Helper()
	questions := []search.Question{{Text: "rapat"}, {}, {Text: "pegawai"}, {Text: "peg"}, {Text: "teguram"}, {Text: "800.1/9"}}
	look := func() (out []string) {
		for _, q := range questions {
			a := ask(t, x, q)
			out = append(out, fmt.Sprint(q.Text, a.Total, ids(a), a.Counts))
		}
		return out
	}
	if err := x.Put(context.Background(), Samples()[:3]...); err != nil {
		t.Fatal(err)
	}
	before := look()
	if err := x.Put(context.Background(), Samples()[3]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, look()); diff != "" {
		t.Errorf("a hidden letter shows: %s", diff)
	}
	if a := ask(t, x, search.Question{Text: "pegawai", Readers: []string{"p:camat"}}); a.Total != 1 {
		t.Errorf("its reader does not find it: %+v", a)
	}
	if a, err := x.Query(context.Background(), search.Question{}); err != nil || a.Total != 0 {
		t.Errorf("nobody found %d, %v", a.Total, err)
	}
	if a := ask(t, x, search.Question{Exclude: []string{"undangan"}}); slices.Contains(ids(a), "undangan") || a.Total != 2 || a.Counts.Kinds["undangan"] != 0 {
		t.Errorf("an excluded letter shows: %+v", a)
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

func bears(t *testing.T, x search.Index) {
	t.Helper()
	for _, text := range []string{`"`, `""`, `"" ""`, "*", "~", "/.*/", "+a -b", "\x00\xff", strings.Repeat("kata ", 5000), strings.Repeat("x", 100_000), "ยน", "yang", `"yang di"`, "a", "di"} {
		ask(t, x, search.Question{Text: text, Limit: -5, Offset: 1 << 30})
	}
}

func rebuilds(t *testing.T, x search.Index) {
	t.Helper()
	r, ok := x.(search.Rebuilder)
	if !ok {
		t.Skip("this index has no Rebuild")
	}
	ctx := context.Background()
	if err := x.Put(ctx, Samples()[0]); err != nil {
		t.Fatal(err)
	}
	err := r.Rebuild(ctx, func(ctx context.Context, fresh search.Index) error {
		if a := ask(t, x, search.Question{Text: "musrenbang"}); a.Total != 1 {
			t.Error("the live index does not answer meanwhile")
		}
		return fresh.Put(ctx, Samples()[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"hajat"}, ids(ask(t, x, search.Question{}))); diff != "" {
		t.Error(diff)
	}
	if err := r.Rebuild(ctx, func(context.Context, search.Index) error { return context.Canceled }); err == nil {
		t.Error("a failed rebuild is no error")
	}
	if diff := cmp.Diff([]string{"hajat"}, ids(ask(t, x, search.Question{}))); diff != "" {
		t.Errorf("after a failed rebuild: %s", diff)
	}
}
