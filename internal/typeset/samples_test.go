package typeset

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"naskah/internal/letter"
	"naskah/internal/pdf"
)

func kop(t testing.TB) Letterhead {
	t.Helper()
	logo := image.NewNRGBA(image.Rect(0, 0, 200, 240))
	for y := range 240 {
		for x := range 200 {
			if dx, dy := x-100, y-110; dx*dx+dy*dy < 95*95 {
				logo.Set(x, y, color.NRGBA{15, 76, 92, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, logo); err != nil {
		t.Fatal(err)
	}
	return Letterhead{
		Lines:   []string{"PEMERINTAH KABUPATEN BANDUNG", "KECAMATAN CICALENGKA"},
		Address: []string{"Jalan Raya Cicalengka Nomor 1, Cicalengka, Kabupaten Bandung 40395", "Telepon (022) 0000000 · Laman kecamatancicalengka.example · Surel kantor@cicalengka.example"},
		Logo:    b.Bytes(),
	}
}

// base is a letter with everything around its content.
func base(t testing.TB, c letter.Content) Letter {
	t.Helper()
	return Letter{
		Content: c, Template: DefaultTemplate(), Letterhead: kop(t),
		Signer: Signer{Title: "CAMAT CICALENGKA", Name: "Drs. H. Cecep Hidayat, M.Si.", Rank: "Pembina Tingkat I, IV/b", NIP: "000000000000000000"},
		Number: "000.7.1.4/512/Kec.Ccl/XI/2026", Date: time.Date(2026, 11, 16, 0, 0, 0, 0, time.FixedZone("WIB", 7*3600)), Place: "Cicalengka",
		VerifyURL: "https://naskah.cicalengka.example/v/abcdefghijklmnopqrstuvwxyz", Code: "ABCDE-FGHJK",
	}
}

func invitation(t testing.TB) Letter {
	return base(t, letter.Content{
		Kind: letter.KindInvitation, Classification: "000.7.1.4", Class: letter.Open, Urgency: letter.Urgent, Place: "Cicalengka",
		Subject: "Undangan Rapat Persiapan Musrenbang Kecamatan Tahun 2027", To: []string{"Para Kepala Desa se-Kecamatan Cicalengka"},
		Body: letter.ParseBody(`Dalam rangka persiapan pelaksanaan **Musyawarah Perencanaan Pembangunan** (Musrenbang) Tingkat Kecamatan Cicalengka Tahun 2027, bersama ini kami mengundang Saudara untuk hadir pada rapat persiapan yang akan dilaksanakan pada:

hari/tanggal : Kamis, 19 November 2026
waktu : pukul 09.00 WIB s.d. selesai
tempat : Aula Kantor Kecamatan Cicalengka
acara : sebagai berikut

1. penyampaian jadwal Musrenbang;
2. inventarisasi usulan prioritas desa;
3. lain-lain.

Mengingat pentingnya acara tersebut, dimohon Saudara hadir tepat waktu dengan membawa daftar usulan prioritas desa dan apabila berhalangan agar menugaskan Sekretaris Desa.

Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.`),
		Copies: []string{"Kepala Bapperida Kabupaten Bandung (sebagai laporan);", "Danramil dan Kapolsek Cicalengka."},
		Attachments: []letter.Attachment{{Title: "Jadwal Rapat", Body: letter.ParseBody(`| No. | Waktu | Acara | Penanggung Jawab |
| 1 | 09.00–09.15 | Pembukaan oleh Camat Cicalengka | Sekretaris Kecamatan |
| 2 | 09.15–10.30 | Penyampaian jadwal Musrenbang dan tata cara pengusulan kegiatan prioritas desa | Kasi Pemberdayaan Masyarakat |
| 3 | 10.30–11.30 | Inventarisasi usulan | Para Kepala Desa |`)}},
	})
}

func assignment(t testing.TB) Letter {
	l := base(t, letter.Content{
		Kind: letter.KindAssignment, Classification: "800.1.11.1", Class: letter.Open, Place: "Cicalengka", Subject: "Bimbingan Teknis Pengelolaan Arsip Dinamis",
		Basis:     []string{"Surat Kepala Dinas Kearsipan dan Perpustakaan Kabupaten Bandung Nomor 000.5.2/1187/Disarpus tanggal 9 November 2026 Hal Undangan Bimbingan Teknis Pengelolaan Arsip Dinamis."},
		Assignees: []letter.Assignee{{Name: "Cucu Cahyani", Rank: "Penata Muda (III/a)", NIP: "000000000000000001", Title: "Arsiparis"}, {Name: "Deni Ramdani", Title: "Pengadministrasi Umum"}},
		Body: letter.ParseBody(`1. mengikuti Bimbingan Teknis Pengelolaan Arsip Dinamis pada hari Selasa s.d. Rabu, 24–25 November 2026, di Gedung Moh. Toha, Soreang;
2. melaporkan hasil pelaksanaan tugas kepada Camat paling lambat 3 (tiga) hari setelah kegiatan.

Demikian surat tugas ini dibuat untuk dilaksanakan sebagaimana mestinya.`),
		Copies: []string{"Kepala Dinas Kearsipan dan Perpustakaan Kabupaten Bandung."},
	})
	l.Number = "800.1.11.1/505/Kec.Ccl/XI/2026"
	l.Signer = Signer{Capacity: "a.n.", Title: "CAMAT CICALENGKA", ActingTitle: "Sekretaris Kecamatan", Name: "Dra. Rina Marlina, M.A.P.", Rank: "Pembina, IV/a", NIP: "000000000000000002"}
	return l
}

func memo(t testing.TB) Letter {
	l := base(t, letter.Content{
		Kind: letter.KindMemo, Classification: "400.10.2.4", Class: letter.Open, Subject: "Laporan Evaluasi Rancangan APBDes Tahun Anggaran 2027",
		To: []string{"Camat Cicalengka"}, From: "Kasi Pemberdayaan Masyarakat", Copies: []string{"Sekretaris Kecamatan"},
		Body: letter.ParseBody(`Menindaklanjuti disposisi Bapak Camat tanggal 9 November 2026 atas surat Kepala Desa Nagrog Nomor 900/134/Ds.Ngr tanggal 5 November 2026, dengan hormat kami laporkan:

1. dari 12 (dua belas) desa, 9 (sembilan) desa telah menyampaikan Rancangan APBDes;
2. hasil verifikasi menunjukkan 2 (dua) desa perlu memperbaiki rincian belanja bidang kesehatan;
3. desa yang belum menyampaikan ialah Desa Dampit, Desa Waluya, dan Desa Tanjungwangi.

Saran: kiranya Bapak berkenan menandatangani surat teguran pertama.

Demikian dilaporkan, mohon arahan lebih lanjut.`),
	})
	l.Number = "400.10.2.4/077/PM/2026"
	l.Signer = Signer{Title: "KEPALA SEKSI PEMBERDAYAAN MASYARAKAT", Name: "Yayan Suryana, S.Sos.", Rank: "Penata, III/c", NIP: "000000000000000003"}
	return l
}

// long is five pages of everything.
func long(t testing.TB) Letter {
	l := invitation(t)
	var b strings.Builder
	for i := range 9 {
		fmt.Fprintf(&b, "# Bagian %d\n\n%s\n\n", i+1, strings.Repeat("Kegiatan ini dilaksanakan untuk **tertib administrasi** persuratan dan kearsipan elektronik di lingkungan kecamatan. ", 9))
		b.WriteString("1. mencatat dan mendistribusikan surat;\n2. melaksanakan alih media arsip;\n3. melaksanakan bimbingan teknis internal kepada seluruh perangkat desa dan kecamatan sesuai jadwal yang ditetapkan kemudian.\n\n")
	}
	b.WriteString("| No. | Desa | Usulan | Pagu |\n")
	for i := range 12 {
		fmt.Fprintf(&b, "| %d | Desa %d | Perbaikan saluran air dan jalan lingkungan RT %02d, termasuk tembok penahan tanah | Rp%d.000.000,00 |\n", i+1, i+1, i+1, 50+i)
	}
	b.WriteString("\nDemikian disampaikan, atas perhatiannya diucapkan terima kasih.")
	l.Content.Body = letter.ParseBody(b.String())
	return l
}

// odds is what nobody should write and somebody will.
func odds(t testing.TB) Letter {
	l := invitation(t)
	l.Content.Subject = strings.TrimSpace(strings.Repeat("Undangan Rapat Koordinasi ", 11)) + ` "><img src=x onerror=alert(1)>`
	l.Content.Class, l.Content.Urgency = letter.Secret, letter.VeryUrgent
	l.Content.To = []string{"Kepala Dinas A yang namanya panjang sekali sehingga tidak muat pada satu baris saja", "字漢 Kepala Dinas B", "Camat " + strings.Repeat("W", 90)}
	l.Content.Body = []letter.Block{
		{Type: letter.Paragraph, Runs: []letter.Run{{Text: strings.Repeat("katasangatpanjang", 20)}, {Text: "tebal", Bold: true}, {Text: "biasa"}}},
		{Type: letter.Numbered},
		{Type: letter.Table},
		{Type: letter.Details},
		{Type: letter.Paragraph},
		{Type: letter.Heading},
		{Type: letter.Table, Rows: [][]letter.Run{{{Text: "a"}, {Text: "b"}}, {{Text: strings.Repeat("isi sel yang panjang ", 400)}, {Text: "x\ty\u200bz"}}}},
		{Type: letter.Details, Rows: [][]letter.Run{{{Text: "nama rincian yang amat sangat panjang sekali"}, {Text: "nilai e\u0301 \U0001f600 مرحبا"}}, {{Text: "tanpa nilai"}}, nil}},
		{Type: "unknown", Runs: []letter.Run{{Text: "jenis tidak dikenal"}}},
	}
	l.Signer = Signer{Capacity: "u.b.", Title: "KEPALA DINAS PEMBERDAYAAN MASYARAKAT DAN DESA KABUPATEN BANDUNG", ActingTitle: "Kepala Seksi Ketenteraman dan Ketertiban Umum", Name: "Prof. Dr. Ir. H. " + strings.Repeat("Nama ", 15), NIP: "000"}
	l.Number = strings.Repeat("000.7.1.4/512/", 9)
	l.Place = strings.Repeat("Tempat ", 9)
	l.Content.Place = ""
	return l
}

func samples(t testing.TB) map[string]Letter {
	plt := invitation(t)
	plt.Signer.Capacity, plt.Letterhead.Logo, plt.Content.Attachments = "Plt.", nil, nil
	plt.Template.Paper, plt.Template.FontSize, plt.Template.Justify = "F4", 12, false
	preview := invitation(t)
	preview.Preview = true
	return map[string]Letter{
		"undangan": invitation(t), "surat-tugas": assignment(t), "nota-dinas": memo(t), "lima-halaman": long(t), "aneh": odds(t), "plt-f4": plt, "konsep": preview,
	}
}

// scanFile is a PDF/A made by us, to be attached.
func scanFile(t testing.TB) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 210, 297))
	for i := range img.Pix {
		img.Pix[i] = 230
	}
	var b, out bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	page := pdf.ScanPage{Picture: b.Bytes(), Media: pdf.PNG, DPI: 25.4, Words: []pdf.Word{{Text: "TERLAMPIR", X0: 0.2, Y0: 0.2, X1: 0.6, Y1: 0.25}}}
	err := pdf.FromScans(&out, pdf.Meta{Title: "lampiran"}, func(yield func(pdf.ScanPage, error) bool) {
		for range 2 {
			if !yield(page, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
