package searchtest

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"naskah/search"
)

func finds(t *testing.T, x search.Index) {
	t.Helper()
	for want, texts := range map[string][]string{
		"undangan": {
			"musrenbang", "MUSRENBANG", "waluya", "rapat persiapan", "kecamatan cicalengka undangan", "saudara hadir", // subject, sender, pages
			`"rapat persiapan"`, `rapat "desa nagrog"`, `"rapat persiapan`, `"persiapan di Aula" waluya`,
			"m", "mu", "mus", "musr", "musren", "tanjungw", "tanjungwang", "kami meng", `"rapat persia`,
			"musrenbamg", "nusrenbang", "musrenbng", "musrenbanng", "musrenbagn", "rapta", "walluya nagrog ", // another, first, missing, extra, swapped
			"000.7.1.4/512", "512 kec ccl xi 2026", "000.7.1.4/512/Kec.Ccl/XI/2026", "0007 1 4 512", "0007.1.4 512", "00071.4 512 kecccl", "000714512kecccl",
			"00071451", "512/kec", "512kecccl", "512 kec.ccl/XI", "000.7.1.4", "undangan 000.7.1.4/512", "musrenbang 512/kec.ccl", "000.7.1.4 / 512 / kec.ccl",
			"undangan yang di", "undangan di ", "musrenbang kecamatan", "undangan, (rapat)!",
		},
		"hajat":    {`"hajat lembur"`, "panenj", "pengamnan", "142/ds.pnj", "0017/2026", "1.500 orang", "ds pnj", "lapangan desa panenjoan"},
		"stunting": {"cafe economie", "CAFÉ", "économie", "stuntng", "dinas kesehatan", "88/dinkes", "triwulan iii", "400.7.13"},
	} {
		for _, text := range texts {
			if got := ids(ask(t, x, search.Question{Text: text})); !slices.Contains(got, want) {
				t.Errorf("%s: found %v, want %s", text, got, want)
			}
		}
	}
	if all := ask(t, x, search.Question{}); all.Total != 3 || len(all.Hits) != 3 {
		t.Errorf("the empty question found %d", all.Total)
	}
	if all := ask(t, x, search.Question{Text: "  "}); all.Total != 3 {
		t.Errorf("blanks found %d", all.Total)
	}
	if alone := ids(ask(t, x, search.Question{Text: "yang ", Readers: []string{"p:camat"}})); !slices.Equal(alone, []string{"rahasia"}) {
		t.Errorf("a stop word alone found %v", alone)
	}
}

func findsNot(t *testing.T, x search.Index) {
	t.Helper()
	for _, text := range []string{
		`"lembur hajat"`, `"usulan prioritas kegiatan"`, `"panenjoan kegiatan"`, // other order, across letters, across field and page
		"musrenbang stunting ", "tidak-ada-sama-sekali", "zzz", // every word must be there
		"mxsrenbxng ", "dsa ", // two typos; three letters have none
		"000.7.1.4/513", "000.7.1.4/512/Kec.Ccl/XI/2025", "512 kec ccl xi 2025", "12kecccl", "usren",
	} {
		if got := ask(t, x, search.Question{Text: text}); got.Total != 0 || len(got.Hits) != 0 {
			t.Errorf("%s: found %v", text, ids(got))
		}
	}
	if got := ids(ask(t, x, search.Question{Text: "musren "})); len(got) != 0 {
		t.Errorf("a finished word is taken for a beginning: %v", got)
	}
}

func ranks(t *testing.T, x search.Index) {
	t.Helper()
	inSubject := note("subject", "lain")
	inSubject.Fields.Subject = "Kelurahan"
	put(t, x, note("near", "keluraham keluraham keluraham"), note("begins", "kelurahannya kelurahannya kelurahannya"), note("exact", "di kelurahan itu"), inSubject,
		note("both", "kelurahan waduk"), note("one", "kelurahan kelurahan kelurahan kelurahan waduq"))
	for text, want := range map[string][]string{
		"kelurahan":        {"subject", "one", "both", "exact"},
		"keluraham ":       {"near"},
		"kelurahannya":     {"begins"},
		"kelurahan waduk ": {"both", "one"},
	} {
		got := ids(ask(t, x, search.Question{Text: text}))
		if diff := cmp.Diff(want, got[:min(len(got), len(want))]); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	a := ask(t, x, search.Question{Text: "kelurahan"})
	if a.Total != 6 {
		t.Errorf("typos and beginnings are missing: %v", ids(a))
	}
	for i, h := range a.Hits[1:] {
		if h.Score > a.Hits[i].Score {
			t.Errorf("a worse score comes first: %v", a.Hits)
		}
	}
}

// marked are the marked words of a snippet.
func marked(t *testing.T, s search.Snippet) (out []string) {
	t.Helper()
	last := 0
	for _, m := range s.Marks {
		if m.Start < last || m.End <= m.Start || m.End > len(s.Text) || !utf8.ValidString(s.Text[m.Start:m.End]) {
			t.Fatalf("mark %v of %q", m, s.Text)
		}
		out, last = append(out, s.Text[m.Start:m.End]), m.End
	}
	return out
}

func describes(t *testing.T, x search.Index) {
	t.Helper()
	for _, want := range []struct {
		text, id string
		page     int
		marks    []string
		terms    []string
	}{
		{"tanjungwangi", "undangan", 2, []string{"Tanjungwangi"}, []string{"tanjungwangi"}},
		{"tanjungwamgi", "undangan", 2, []string{"Tanjungwangi"}, []string{"tanjungwangi"}},
		{"tanjungw", "undangan", 2, []string{"Tanjungwangi"}, []string{"tanjungwangi"}},
		{"hajat", "hajat", 1, []string{"Hajat"}, []string{"hajat"}},
		{`"hajat lembur"`, "hajat", 1, []string{"Hajat", "Lembur"}, []string{"hajat", "lembur"}},
		{"aula desa ", "undangan", 1, []string{"Aula"}, []string{"aula", "desa"}}, // as many words on both pages: the first
		{"desa rapat nagrog ", "undangan", 2, []string{"desa", "Nagrog"}, []string{"desa", "nagrog", "rapat"}},
		{"musrenbang", "undangan", 0, []string{"Musrenbang"}, []string{"musrenbang"}},
		{"512/kec.ccl", "undangan", 0, []string{"512", "Kec", "Ccl"}, []string{"512", "ccl", "kec"}},
		{"000714512", "undangan", 0, []string{"000.7.1.4/512"}, []string{"000.7.1.4/512"}},
		{"cafe", "stunting", 1, []string{"Café"}, []string{"café"}},
	} {
		a := ask(t, x, search.Question{Text: want.text})
		if len(a.Hits) == 0 || a.Hits[0].ID != want.id {
			t.Errorf("%s: %v", want.text, ids(a))
			continue
		}
		h := a.Hits[0]
		if h.Page != want.page {
			t.Errorf("%s: page %d, want %d", want.text, h.Page, want.page)
		}
		if diff := cmp.Diff(want.marks, marked(t, h.Snippet)); diff != "" {
			t.Errorf("%s: marks of %q: %s", want.text, h.Snippet.Text, diff)
		}
		if diff := cmp.Diff(want.terms, h.Terms); diff != "" {
			t.Errorf("%s: terms: %s", want.text, diff)
		}
	}
	if s := ask(t, x, search.Question{}).Hits[0].Snippet; s.Text == "" || len(s.Marks) != 0 {
		t.Errorf("the empty question's snippet is %+v", s)
	}
}

// plain holds that letters are text: nothing in them is read as markup or as a
// question, and a snippet says what the page says.
func plain(t *testing.T, x search.Index) {
	t.Helper()
	long := note("long", "")
	for range 2000 {
		long.Pages[0] += "kata "
	}
	long.Pages[0] += "jarum\n\tdi\x00 tumpukan "
	for range 2000 {
		long.Pages[0] += "jerami "
	}
	put(t, x, long, note("markup", `lihat <mark>surat</mark> "><img src=x onerror=alert(1)> &amp; penting`))
	got := ask(t, x, search.Question{Text: "onerror"}).Hits
	if len(got) != 1 || got[0].Snippet.Text != `lihat <mark>surat</mark> "><img src=x onerror=alert(1)> &amp; penting` {
		t.Errorf("%+v", got)
	}
	got = ask(t, x, search.Question{Text: "jarum "}).Hits
	if len(got) != 1 || len(got[0].Snippet.Text) > 400 || !slices.Equal(marked(t, got[0].Snippet), []string{"jarum"}) {
		t.Errorf("%+v", got)
	}
}
