// Package searchtest is what every search.Index must show.
package searchtest

import (
	"context"
	"testing"
	"time"

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
	full := open(t) // questions about the samples share it; nobody changes it
	if err := full.Put(context.Background(), Samples()...); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, search.Index){
		"finds words, phrases, beginnings, typos and numbers": finds,
		"finds nothing that was not asked for":                findsNot,
		"names page, terms and snippet of the hit":            describes,
		"filters and counts":                                  counts,
		"sorts by date and pages":                             sorts,
		"bears any question":                                  bears,
		"stops when the asker has gone":                       stops,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, full) })
	}
	for name, test := range map[string]func(*testing.T, search.Index){
		"ranks exact words above near ones, the subject above the rest": ranks,
		"shows each of many equal letters once":                         pages,
		"takes text for text":                                           plain,
		"shows nobody more than they may see":                           hides,
		"replaces and removes at once":                                  replaces,
		"serves many at once":                                           together,
		"rebuilds beside the live index":                                rebuilds,
		"keeps what changes during a rebuild":                           follows,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
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

// put puts letters into an index.
func put(t *testing.T, x search.Index, docs ...search.Document) {
	t.Helper()
	if err := x.Put(context.Background(), docs...); err != nil {
		t.Fatal(err)
	}
}

// note is a letter for everyone with one page.
func note(id, text string) search.Document {
	return search.Document{ID: id, Readers: []string{Everyone}, Pages: []string{text}}
}
