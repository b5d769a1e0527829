package web

import (
	"net/url"
	"strings"
	"time"

	"naskah/search"
)

// sample is one page in one state, with the data of the invented office.
type sample struct {
	name string
	page string
	view framed
}

// sampler makes the samples in one language; foreign is applied to every text
// that comes from outside, so that a test can make it hostile.
type sampler struct {
	lang    string
	size    int
	foreign func(string) string
}

func newSampler(lang string) sampler {
	return sampler{lang: lang, size: StandardTextSize, foreign: func(s string) string { return s }}
}

func (s sampler) pick(id, en string) string {
	if s.lang == English {
		return en
	}
	return id
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, time.FixedZone("WIB", 7*3600))
}

func (s sampler) frame(place string) Frame {
	return Frame{
		Lang: s.lang, TextSize: s.size, Path: "/", Office: s.foreign("Kecamatan Cicalengka"), Place: place, Demo: true,
		Person: &Person{Name: s.foreign("Asep Kurniadi, S.IP."), Title: s.foreign("Kasubag Umum dan Kepegawaian"), May: []string{"register", "write", "review", "sign", "administer"}},
		Help:   "receive",
	}
}

func (s sampler) public() Frame {
	f := s.frame("")
	f.Person, f.Demo = nil, false
	return f
}

func (s sampler) row(subject, state string) Row {
	return Row{
		ID: "0192", URL: "/surat/0192", Thumb: "/surat/0192/halaman/1/kecil.jpg", Subject: s.foreign(subject), Number: s.foreign("300.1.4/142/Ds.Pnj/XI/2026"),
		Party: s.foreign("Pemerintah Desa Panenjoan"), Date: at(11, 0, 0), State: state, Reading: "searchable", Urgency: "biasa", Class: "biasa",
	}
}

func (s sampler) facts() LetterFacts {
	return LetterFacts{
		Subject: s.foreign("Undangan Rapat Persiapan Musrenbang Kecamatan Tahun 2027"), Number: s.foreign("000.7.1.4/512/Kec.Ccl/XI/2026"), Date: at(16, 0, 0),
		To: s.foreign("Para Kepala Desa se-Kecamatan Cicalengka"), Class: "biasa", Urgency: "segera",
		Classification: "000.7.1.4", ClassName: s.foreign("Musrenbang Kecamatan"), Kind: s.foreign("Surat undangan"), Attachments: s.foreign("1 (satu) lembar"),
		Signer: s.foreign("Drs. Rahmat Suganda, M.Si."), SignerTitle: s.foreign("Camat Cicalengka"), CreatedBy: s.foreign("Tati Sumiati, S.Sos."),
		Copies: []string{s.foreign("Kepala Bapperida Kabupaten Bandung (sebagai laporan)"), s.foreign("Danramil dan Kapolsek Cicalengka")},
	}
}

func pictures(n int) []Picture {
	out := make([]Picture, n)
	for i := range out {
		out[i] = Picture{Number: i + 1, URL: "/surat/0192/halaman/1.jpg", Width: 1240, Height: 1754}
	}
	return out
}

func (s sampler) reading(pages int) Reading {
	return Reading{ID: "0192", Facts: s.facts(), Pages: pictures(pages), PDF: "/tulis/0192/pratinjau.pdf", Since: at(16, 8, 12)}
}

func (s sampler) journey() []Step {
	return []Step{
		{What: "written", Who: s.foreign("Tati Sumiati, S.Sos."), Title: s.foreign("Kasi Pemberdayaan Masyarakat"), At: at(14, 9, 40), When: "done"},
		{What: "initialled", Who: s.foreign("Asep Kurniadi, S.IP."), Title: s.foreign("Kasubag Umum dan Kepegawaian"), At: at(14, 10, 5), When: "done", Note: s.foreign("Sudah sesuai tata naskah.")},
		{What: "initial", Who: s.foreign("Hj. Euis Komalasari, S.Sos."), Title: s.foreign("Sekretaris Kecamatan"), When: "now"},
		{What: "sign", Who: s.foreign("Drs. Rahmat Suganda, M.Si."), Title: s.foreign("Camat Cicalengka"), When: "next"},
	}
}

func (s sampler) classes() []Option {
	return []Option{{"biasa", s.pick("Biasa", "Open")}, {"terbatas", s.pick("Terbatas", "Restricted")}, {"rahasia", s.pick("Rahasia", "Secret")}, {"sangat-rahasia", s.pick("Sangat rahasia", "Top secret")}}
}

func (s sampler) urgencies() []Option {
	return []Option{{"biasa", s.pick("Biasa", "Normal")}, {"segera", s.pick("Segera", "Urgent")}, {"sangat-segera", s.pick("Sangat segera", "Very urgent")}}
}

func (s sampler) codes() []Option {
	return []Option{{"000.7.1.4", s.foreign("Musrenbang Kecamatan")}, {"300.1", s.foreign("Satpol PP (trantib)")}, {"800.1.11.4", s.foreign("Cuti Tahunan")}}
}

func (s sampler) signature(integrity, trust string) Signature {
	return Signature{
		Integrity: integrity, Signer: s.foreign("Drs. Rahmat Suganda, M.Si."), Title: s.foreign("Camat Cicalengka"), SignedAt: at(16, 13, 20), Trust: trust,
		Conclusion: "INDETERMINATE", Sub: "NO_CERTIFICATE_CHAIN_FOUND", Level: "PAdES-B-B", Coverage: "entire_file", Changes: "none",
		Reasons: []string{s.foreign("Sertifikat diterbitkan oleh kantor sendiri.")},
	}
}

func (s sampler) publicLetter(page bool) PublicLetter {
	p := PublicLetter{
		Office: s.foreign("Kecamatan Cicalengka"), Kind: s.foreign("Surat undangan"), Number: s.foreign("000.7.1.4/512/Kec.Ccl/XI/2026"),
		Subject: s.foreign("Undangan Rapat Persiapan Musrenbang"), Date: at(16, 0, 0), ShortCode: "K7QX-M2P4-AB",
		Digest: strings.Repeat("3fa9c04d", 8), PDF: "/v/x/surat.pdf", Masked: !page,
	}
	if page {
		p.Page = &pictures(1)[0]
	} else {
		p.Subject, p.PDF = s.foreign("Surat keterangan a.n. Y*** M***"), ""
	}
	return p
}

// all are the samples of every page in every state that looks different.
func (s sampler) all() []sample {
	var out []sample
	for _, part := range [][]sample{s.entry(), s.lists(), s.incoming(), s.letters(), s.archive(), s.writing(), s.deciding(), s.checking(), s.rest(), s.desk(), s.setup()} {
		out = append(out, part...)
	}
	return out
}

func (s sampler) entry() []sample {
	narrow := s.public()
	narrow.Narrow = true
	demo := narrow
	demo.Demo = true
	failed := Form{Values: url.Values{"nama": {s.foreign("197004121995031004")}}}
	failed = failed.Fail("kata_sandi", s.pick("Nama masuk atau kata sandi salah. Periksa huruf besar dan kecil.", "Name or password is wrong. Mind capital letters."))
	people := []DemoSignIn{
		{"camat", s.foreign("Drs. Rahmat Suganda, M.Si."), "Camat"},
		{"sekcam", s.foreign("Hj. Euis Komalasari, S.Sos."), "Sekretaris Kecamatan"},
		{"kasubag", s.foreign("Asep Kurniadi, S.IP."), "Kasubag Umum (admin)"},
		{"kasi", s.foreign("Tati Sumiati, S.Sos."), "Kasi Pemberdayaan Masyarakat"},
		{"pencatat", s.foreign("Deni Ramdani"), "Pencatat Surat"},
		{"arsiparis", s.foreign("Cucu Cahyani"), "Arsiparis"},
	}
	late := s.row("Permohonan Bantuan Pengamanan Hajat Lembur", "received")
	late.Late, late.Urgency, late.Agenda = true, "segera", "0457"
	return []sample{
		{"masuk", "signin", &signInView{Frame: demo, Demo: people, DemoSecret: "naskah-contoh", Return: "/"}},
		{"masuk-salah", "signin", &signInView{Frame: narrow, Form: failed, Return: "/arsip"}},
		{"beranda", "home", &homeView{Frame: s.frame("beranda"), Now: at(23, 8, 5), Cards: []HomeCard{
			{"sign", "signature", 3, 1, "/tanda-tangan"}, {"initial", "check", 2, 0, "/paraf"}, {"register", "inbox", 0, 0, "/surat-masuk"}, {"returned", "undo-2", 1, 0, "/surat-keluar"},
		}, Opened: []Row{late, s.row("Undangan Apel Pagi Gabungan", "registered"), s.row("Data Stunting Triwulan III", "registered")}}},
		{"beranda-kosong", "home", &homeView{Frame: s.frame("beranda"), Now: at(23, 16, 5), Cards: []HomeCard{{"draft", "pen-line", 0, 0, "/surat-keluar"}}}},
		{"beranda-tanpa-tugas", "home", &homeView{Frame: s.frame("beranda"), Now: at(23, 20, 5)}},
	}
}

func (s sampler) lists() []sample {
	secret := s.row("Laporan Hasil Pemeriksaan", "ready")
	secret.Class, secret.Since = "rahasia", at(20, 9, 0)
	urgent := s.row("Undangan Rapat Persiapan Musrenbang Kecamatan Tahun 2027", "ready")
	urgent.Urgency, urgent.Late, urgent.Since, urgent.ID = "sangat-segera", true, at(16, 9, 0), "0193"
	other := s.row("Surat Tugas Bimbingan Teknis Pengelolaan Arsip Dinamis", "ready")
	other.Since = at(20, 9, 0)
	reading := s.row("pindai-0034", "received")
	reading.Reading, reading.Number, reading.Party = "reading", "", ""
	failed := s.row("foto surat", "received")
	failed.Reading, failed.Thumb = "failed", ""
	numbered := s.row("Permohonan Bantuan Pengamanan Hajat Lembur", "registered")
	numbered.Agenda, numbered.Urgency, numbered.NextWho = "0456", "segera", s.foreign("Camat Cicalengka")
	pager := Pager{Page: 2, Last: 9, Total: 1250, Before: "?halaman=1", After: "?halaman=3"}
	var states []Row
	for _, st := range []string{"draft", "review", "returned", "approved", "ready", "signed", "sent", "cancelled"} {
		states = append(states, s.row("Surat Edaran Kesiapsiagaan Musim Hujan", st))
	}
	list := func(kind, place string) listView { return listView{Frame: s.frame(place), Kind: kind, CanSign: true} }
	in := list("incoming", "masuk")
	in.Rows, in.Pager, in.Main = []Row{reading, failed, numbered}, pager, &Action{Key: "take", URL: "/surat-masuk/baru", Icon: "plus"}
	in.Tabs = []Tab{{"all", "/surat-masuk", 1250, true, false}, {"new", "?saring=baru", 2, false, false}, {"registered", "?saring=dicatat", 1248, false, false}}
	none := list("incoming", "masuk")
	none.MainWho = s.pick("Mencatat surat masuk adalah tugas Pencatat Surat: Deni Ramdani.", "Taking in letters is for the registry clerk: Deni Ramdani.")
	out := list("outgoing", "keluar")
	out.Rows, out.Main = states, &Action{Key: "write", URL: "/tulis", Icon: "pen-line"}
	out.Tabs = []Tab{{"all", "/surat-keluar", 42, true, false}, {"mine", "?saring=konsep", 2, false, false}, {"review", "?saring=periksa", 3, false, false}, {"returned", "?saring=kembali", 1, false, false}, {"ready", "?saring=siap", 3, false, false}, {"signed", "?saring=selesai", 33, false, false}}
	sign := list("sign", "beranda")
	sign.Rows = []Row{urgent, other, secret}
	nocert := list("sign", "beranda")
	nocert.Rows, nocert.CanSign = []Row{urgent}, false
	review := list("initial", "beranda")
	review.Rows = []Row{urgent, other}
	empty := list("initial", "beranda")
	emptySign := list("sign", "beranda")
	emptyOut := list("outgoing", "keluar")
	return []sample{
		{"surat-masuk", "list", &in},
		{"surat-masuk-kosong", "list", &none},
		{"surat-keluar", "list", &out},
		{"surat-keluar-kosong", "list", &emptyOut},
		{"tanda-tangan", "list", &sign},
		{"tanda-tangan-tanpa-sertifikat", "list", &nocert},
		{"tanda-tangan-kosong", "list", &emptySign},
		{"paraf", "list", &review},
		{"paraf-kosong", "list", &empty},
	}
}

func (s sampler) incoming() []sample {
	uploads := []UploadRow{
		{"1", s.foreign("pindai-0034.pdf"), 2_400_000, "reading", 3, 12, "", ""},
		{"2", s.foreign("IMG_20261120_101112_undangan_apel_pagi_gabungan_kecamatan.jpg"), 3_100_000, "searchable", 1, 1, "", "/surat/2/catat"},
		{"3", s.foreign("data stunting.pdf"), 900_000, "duplicate", 0, 0, s.pick("Surat ini sudah diterima 12 November 2026.", "This letter was received on 12 November 2026."), "/surat/3"},
		{"", s.foreign("daftar.xlsx"), 12_000, "failed", 0, 0, s.pick("Jenis berkas ini belum dapat dibaca. Simpan sebagai PDF, lalu ambil lagi.", "This kind of file cannot be read. Save it as PDF and choose it again."), ""},
		{"5", s.foreign("surat.tiff"), 5_000_000, "waiting", 0, 0, s.pick("Program pembaca (Tesseract) belum terpasang. Surat tetap aman dan akan dibaca nanti.", "The reading program (Tesseract) is missing. The letter is safe and will be read later."), "/surat/5/catat"},
	}
	form := Form{Values: url.Values{"hal": {s.foreign("Permohonan Bantuan Pengamanan Hajat Lembur")}, "urgensi": {"segera"}, "sifat": {"biasa"}}}
	bad := Form{Values: url.Values{"nomor": {s.foreign("300.1.4/142")}, "urgensi": {"biasa"}, "sifat": {"biasa"}}}
	bad = bad.Fail("tanggal", s.pick("Tanggal surat tidak boleh sesudah hari ini.", "The date cannot lie after today.")).Fail("hal", s.pick("Isi dulu surat ini tentang apa.", "Say what the letter is about."))
	reg := registerView{
		Frame: s.frame("masuk"), ID: "0192", Name: s.foreign("pindai-0034.pdf"), Received: at(23, 8, 1), NextAgenda: "0458", Revision: "1", Pages: pictures(2), Reading: "searchable",
		Form: form, Classifications: s.codes(), Classes: s.classes(), Urgencies: s.urgencies(),
		Guesses: []Guess{{"tanggal", "2026-11-11", s.pick("11 November 2026", "11 November 2026")}, {"nomor", "300.1.4/142/Ds.Pnj/XI/2026", s.foreign("300.1.4/142/Ds.Pnj/XI/2026")}},
	}
	wrong := reg
	wrong.Form, wrong.Guesses, wrong.Reading, wrong.Pages, wrong.Agenda = bad, nil, "reading", nil, "0458"
	return []sample{
		{"catat-ambil", "receive", &receiveView{Frame: s.frame("masuk"), LimitMB: 200}},
		{"catat-kemajuan", "receive", &receiveView{Frame: s.frame("masuk"), LimitMB: 200, Uploads: uploads}},
		{"catat-kolom", "register", &reg},
		{"catat-kolom-salah", "register", &wrong},
	}
}

func (s sampler) letters() []sample {
	v := letterView{
		Frame: s.frame("arsip"), ID: "0192", Direction: "incoming", Back: Link{s.pick("Arsip", "Archive"), "/arsip?cari=hajat"}, State: "registered", Reading: "searchable",
		Facts: LetterFacts{Subject: s.foreign("Permohonan Bantuan Pengamanan Hajat Lembur"), Number: s.foreign("300.1.4/142/Ds.Pnj/XI/2026"), Agenda: "0456", Date: at(11, 0, 0), Received: at(12, 9, 14), From: s.foreign("Pemerintah Desa Panenjoan"), To: s.foreign("Camat Cicalengka"), Class: "biasa", Urgency: "segera", Classification: "300.1", ClassName: s.foreign("Satpol PP (trantib)"), Summary: s.foreign("Mohon personel pengamanan untuk 1.500 orang pada 28 November 2026."), Folder: s.foreign("Trantib 2026 / 3"), DueDate: at(20, 0, 0)},
		Page: LetterPage{
			Picture: pictures(1)[0], Total: 3, Marks: []Box{boxOf(.31, .262, .14, .02), boxOf(.52, .4, .12, .02)}, Source: "ocr", Reason: "no-text", Confidence: .94,
			Text: s.foreign("Disampaikan dengan hormat, dalam rangka kegiatan Hajat Lembur Desa Panenjoan"), After: "?halaman=2",
		},
		Strip: []Thumb{{1, "/surat/0192/halaman/1/kecil.jpg", "?halaman=1", true, 2}, {2, "/surat/0192/halaman/1/kecil.jpg", "?halaman=2", false, 1}, {3, "/surat/0192/halaman/1/kecil.jpg", "?halaman=3", false, 0}},
		Zoom:  100, Match: &Match{Question: s.foreign("hajat lembur"), Total: 2, Before: "", After: "?halaman=2", Clear: "?halaman=1"},
		Journey: []Step{{What: "received", Who: s.foreign("Deni Ramdani"), Title: "Pencatat Surat", At: at(12, 9, 14), When: "done"}, {What: "registered", Who: s.foreign("Deni Ramdani"), Title: "Pencatat Surat", At: at(12, 9, 20), When: "done"}, {What: "disposition", Who: s.foreign("Drs. Rahmat Suganda, M.Si."), Title: "Camat", When: "next"}},
		Files:   []FileRow{{"original", s.foreign("pindai-0034.pdf"), "PDF", 2_400_000, strings.Repeat("ab12cd34", 8), "/surat/0192/berkas/1", ""}, {"archive", s.foreign("000.7_2026_0456.pdf"), "PDF/A", 1_900_000, strings.Repeat("99ff0011", 8), "/surat/0192/berkas/2", ""}, {"stamped", "0456-cap.pdf", "PDF", 1_950_000, strings.Repeat("77aa0011", 8), "/surat/0192/berkas/3", s.pick("Salinan dengan cap agenda; surat asli tidak diubah.", "A copy with the agenda stamp; the original is unchanged.")}},
		Primary: &Action{Key: "correct", URL: "/surat/0192/catat", Icon: "pencil"}, More: []Action{{"download", "/surat/0192/berkas/2", "download", false}, {"retry", "/surat/0192/baca-ulang", "rotate-ccw", true}},
	}
	out := letterView{
		Frame: s.frame("keluar"), ID: "0192", Direction: "outgoing", Back: Link{s.pick("Surat keluar", "Outgoing"), "/surat-keluar"}, State: "signed", Reading: "searchable", Facts: s.facts(),
		Page: LetterPage{Picture: pictures(1)[0], Total: 1, Source: "text", Reason: "text-layer"}, Zoom: 150, Journey: s.journey(),
		Files:    []FileRow{{"signed", "000.7.1.4_512.pdf", "PDF/A", 78_000, strings.Repeat("ab12cd34", 8), "/surat/0192/berkas/1", ""}},
		CheckURL: "http://127.0.0.1:8080/v/abc", ShortCode: "K7QX-M2P4-AB", Primary: &Action{Key: "sent", URL: "/surat/0192/terkirim", Icon: "send", Post: true}, More: []Action{{"print", "/surat/0192/berkas/1", "printer", false}},
	}
	wait := letterView{
		Frame: s.frame("keluar"), ID: "0192", Direction: "outgoing", Back: Link{s.pick("Surat keluar", "Outgoing"), "/surat-keluar"}, State: "returned", Reading: "waiting",
		ReadNote: s.pick("Menunggu program pembaca.", "Waits for the reading program."), Facts: s.facts(), Page: LetterPage{Picture: pictures(1)[0], Total: 1, Source: "none", Reason: s.foreign("Gambar terlalu gelap.")}, Zoom: 100,
		Journey: s.journey(), Match: &Match{Question: s.foreign("rapat"), Clear: "?"}, WhyNot: s.pick("Sekarang giliran Tati Sumiati, S.Sos. memperbaiki konsepnya.", "It is now with Tati Sumiati, S.Sos., who mends the draft."), Note: s.note(),
	}
	return []sample{{"surat", "letter", &v}, {"surat-tertanda", "letter", &out}, {"surat-menunggu", "letter", &wait}}
}

func (s sampler) note() *ReturnNote {
	return &ReturnNote{Who: s.foreign("Hj. Euis Komalasari, S.Sos."), At: at(15, 14, 2), Text: s.foreign("Waktu rapat belum disebut. Tambahkan pukul dan tempatnya.")}
}

func (s sampler) archive() []sample {
	text := s.foreign("… dalam rangka kegiatan Hajat Lembur Desa Panenjoan yang akan dilaksanakan hari Sabtu …")
	at := strings.Index(text, "Hajat")
	hit := func(subject, state string, page int) HitRow {
		return HitRow{Row: s.row(subject, state), Page: page, Snippet: pieces(search.Snippet{Text: text, Marks: []search.Span{{Start: at, End: at + 5}, {Start: at + 6, End: at + 12}}})}
	}
	base := archiveView{Frame: s.frame("arsip"), Examples: []string{"hajat lembur", "undangan musrenbang 2027", "300.1.4/142", "surat dari Puskesmas"}}
	found := base
	found.Question, found.Asked, found.Total, found.Order = s.foreign("hajat lembur"), true, 1250, "relevance"
	found.Hits = []HitRow{hit("Permohonan Bantuan Pengamanan Hajat Lembur", "registered", 2), hit("Surat Tugas Pengamanan Hajat Lembur", "signed", 1)}
	found.Orders = []Link{{"relevance", "?urut=relevance"}, {"newest", "?urut=newest"}, {"oldest", "?urut=oldest"}}
	found.Pager = Pager{Page: 1, Last: 63, Total: 1250, After: "?halaman=2"}
	found.Filters = []FilterGroup{
		{"tahun", []Choice{{"2026", "2026", 812, true}, {"2025", "2025", 301, false}, {"2024", "2024", 137, false}}},
		{"arah", []Choice{{"incoming", s.pick("Surat masuk", "Incoming"), 800, false}, {"outgoing", s.pick("Surat keluar", "Outgoing"), 450, false}}},
		{"jenis", []Choice{{"undangan", s.pick("Surat undangan", "Invitation"), 210, false}, {"surat-tugas", s.pick("Surat tugas", "Assignment letter"), 90, false}}},
		{"unit", []Choice{{"trantib", s.foreign("Seksi Ketenteraman dan Ketertiban Umum"), 56, false}}},
	}
	found.Chosen, found.ClearURL = []Link{{"2026", "?"}}, "/arsip?cari=hajat+lembur"
	zero := base
	zero.Question, zero.Asked, zero.Filters = s.foreign("hajat lemburr"), true, found.Filters
	zero.Nearest, zero.Chosen, zero.ClearURL = &Link{"hajat lembur", "/arsip?cari=hajat+lembur"}, []Link{{"2026", "?"}}, "?"
	zero.Drops = []Drop{{Link{"2026", "?cari=x"}, 3}}
	return []sample{{"arsip", "archive", &base}, {"arsip-hasil", "archive", &found}, {"arsip-kosong", "archive", &zero}}
}

func (s sampler) writing() []sample {
	d := func(kind string, step int) Draft {
		return Draft{ID: "0192", Kind: kind, KindName: s.foreign(kind), Step: step, Revision: "4", SavedAt: at(23, 10, 42)}
	}
	people := []Option{{"p1", s.foreign("Kasubag Umum – Asep Kurniadi, S.IP.")}, {"p2", s.foreign("Sekretaris Kecamatan – Hj. Euis Komalasari, S.Sos.")}}
	signers := []Option{{"c", s.foreign("Camat – Drs. Rahmat Suganda, M.Si.")}, {"a", s.foreign("a.n. Camat, Sekretaris Kecamatan – Hj. Euis Komalasari, S.Sos.")}}
	to := writeToView{
		Frame: s.frame("keluar"), Draft: d("undangan", 2), Classifications: s.codes(), Classes: s.classes(), Urgencies: s.urgencies(), Reviewers: people, ReviewerSlots: 3, Signers: signers,
		Form: Form{Values: url.Values{"yth": {s.foreign("Para Kepala Desa se-Kecamatan Cicalengka")}, "tempat": {"Tempat"}, "pemeriksa": {"p1", "p2"}, "penanda_tangan": {"c"}, "sifat": {"biasa"}, "urgensi": {"segera"}}},
	}
	to.Form = to.Form.Fail("hal", s.pick("Isi dulu “Hal”: surat ini tentang apa?", "Fill in the subject first."))
	task, memo := to, to
	task.Draft, task.Assignees = d("surat-tugas", 2), 2
	task.Form = Form{Values: url.Values{"petugas_nama": {s.foreign("Cucu Cahyani"), s.foreign("Deni Ramdani")}, "petugas_jabatan": {"Arsiparis", "Pengadministrasi Umum"}}}
	memo.Draft, memo.Form = d("nota-dinas", 2), Form{Values: url.Values{"dari": {s.foreign("Kasi Pemberdayaan Masyarakat")}}}
	memo.Note = s.note()
	text := writeTextView{
		Frame: s.frame("keluar"), Draft: d("undangan", 3), Preview: pictures(1), Attachments: []AttachmentRow{{1, s.foreign("Daftar usulan prioritas desa"), 0}, {2, s.foreign("Peta wilayah"), 3}},
		Form: Form{Values: url.Values{"isi": {s.foreign("Dalam rangka persiapan pelaksanaan Musyawarah Perencanaan Pembangunan (Musrenbang) Tingkat Kecamatan Cicalengka Tahun 2027, bersama ini kami mengundang Saudara untuk hadir pada rapat persiapan yang akan dilaksanakan pada:\n\nhari/tanggal : Kamis, 19 November 2026\nwaktu : pukul 09.00 WIB s.d. selesai\ntempat : Aula Kantor Kecamatan Cicalengka\n\n1. penyampaian jadwal Musrenbang\n2. inventarisasi usulan prioritas desa")}}},
	}
	fresh := writeTextView{Frame: s.frame("keluar"), Draft: d("undangan", 3)}
	fresh.SavedAt, fresh.Note = time.Time{}, s.note()
	fresh.Attach = fresh.Attach.Fail("judul", s.pick("Beri nama lampiran ini.", "Name this attachment."))
	check := writeCheckView{Frame: s.frame("keluar"), Draft: d("undangan", 4), Pages: pictures(2), PDF: "/x.pdf", Facts: s.facts(), Reviewers: []string{s.foreign("Asep Kurniadi, S.IP., Kasubag Umum"), s.foreign("Hj. Euis Komalasari, S.Sos., Sekretaris Kecamatan")}}
	lacking := check
	lacking.Pages, lacking.PDF = nil, ""
	lacking.Missing = []Link{{s.pick("Isi dulu “Hal”.", "Fill in the subject."), "/tulis/0192/tujuan#f-hal"}, {s.pick("Tulis dulu isi suratnya.", "Write the text."), "/tulis/0192/isi#f-isi"}}
	return []sample{
		{"tulis", "write_kind", &writeKindView{Frame: s.frame("keluar"), Draft: Draft{Step: 1}, Kinds: []KindChoice{{"undangan", "undangan", s.foreign("Surat undangan")}, {"surat-tugas", "surat-tugas", s.foreign("Surat tugas")}, {"nota-dinas", "nota-dinas", s.foreign("Nota dinas")}}}},
		{"tulis-tujuan", "write_to", &to},
		{"tulis-tujuan-tugas", "write_to", &task},
		{"tulis-tujuan-nota", "write_to", &memo},
		{"tulis-isi", "write_text", &text},
		{"tulis-isi-baru", "write_text", &fresh},
		{"tulis-periksa", "write_check", &check},
		{"tulis-periksa-kurang", "write_check", &lacking},
	}
}

func (s sampler) deciding() []sample {
	cert := Certificate{Internal: true, Until: at(30, 0, 0)}
	wrong := Form{Values: url.Values{"sudah_membaca": {"ya"}}}
	wrong = wrong.Fail("kata_sandi_tt", s.pick("Kata sandi tanda tangan salah. Periksa huruf besar dan kecil. Masih 4 kali.", "The passphrase is wrong. Mind capital letters. 4 tries left."))
	unread := Form{}.Fail("sudah_membaca", s.pick("Centang dulu bahwa Anda sudah membaca.", "Tick first that you have read it."))
	nonote := Form{}.Fail("catatan", s.pick("Tulis dulu apa yang harus diperbaiki.", "Say what must be mended."))
	as := s.foreign("a.n. Camat Cicalengka, Sekretaris Kecamatan")
	var many []SignLetter
	for _, id := range []string{"a", "b", "c"} {
		r := s.reading(1)
		r.ID = id
		many = append(many, SignLetter{r, "token-" + id})
	}
	secret := s.row("Laporan Hasil Pemeriksaan", "ready")
	results := []SignResult{
		{s.foreign("Undangan Rapat Persiapan Musrenbang"), "000.7.1.4/512/Kec.Ccl/XI/2026", true, "", "/surat/1", "/v/1"},
		{s.foreign("Surat Tugas Bimbingan Teknis"), "800.1.11.1/505/Kec.Ccl/XI/2026", false, s.pick("Isinya berubah sejak Anda membacanya. Buka lagi, lalu baca kembali.", "It changed since you read it. Open and read it again."), "/surat/2", ""},
	}
	certFrame := s.frame("")
	certFrame.Narrow = true
	return []sample{
		{"paraf-baca", "review", &reviewView{Frame: s.frame("beranda"), Reading: s.reading(2), Version: "d1", Journey: s.journey(), Next: s.foreign("Camat Cicalengka"), Form: unread}},
		{"paraf-terakhir", "review", &reviewView{Frame: s.frame("beranda"), Reading: s.reading(1), Version: "d1", Journey: s.journey(), Last: true, Return: nonote}},
		{"tanda-tangan-baca", "sign", &signView{Frame: s.frame("beranda"), Reading: s.reading(2), Token: "t1", As: as, Certificate: cert}},
		{"tanda-tangan-salah", "sign", &signView{Frame: s.frame("beranda"), Reading: s.reading(1), Token: "t1", As: as, Certificate: Certificate{Until: at(30, 0, 0)}, Form: wrong}},
		{"tanda-tangan-bersama", "sign_many", &signManyView{Frame: s.frame("beranda"), Letters: many, LeftOut: []Row{secret}, Certificate: cert}},
		{"tanda-tangan-hasil", "signed", &signedView{Frame: s.frame("beranda"), Results: results[:1], Next: &Link{"", "/tanda-tangan/2"}, Waiting: 2}},
		{"tanda-tangan-hasil-bersama", "signed", &signedView{Frame: s.frame("beranda"), Results: results}},
		{"sertifikat", "certificate", &certificateView{Frame: certFrame, Return: "/tanda-tangan", Least: 8}},
	}
}

func (s sampler) checking() []sample {
	narrow := s.public()
	narrow.Narrow = true
	ok := verdictView{Frame: s.public(), Token: "abc", State: "signed", Signature: s.signature("unchanged", "internal"), Letter: s.publicLetter(true)}
	ok.Office = ""
	trusted, changed, revoked, masked := ok, ok, ok, ok
	trusted.Signature = s.signature("unchanged", "trusted")
	trusted.Signature.Proven, trusted.Compared = true, &Compared{s.foreign("undangan.pdf"), true}
	changed.Signature, changed.Compared = s.signature("changed", "unknown"), &Compared{s.foreign("undangan.pdf"), false}
	changed.Signature.Changes = "other"
	revoked.State, revoked.Signature = "revoked", s.signature("unknown", "revoked")
	revoked.Signature.Signer = ""
	masked.State, masked.Letter = "replaced", s.publicLetter(false)
	masked.Signature = s.signature("unchanged", "expired")
	known := s.publicLetter(true)
	result := checkResultView{Frame: s.public(), Name: s.foreign("undangan-rapat-musrenbang-final-revisi-3.pdf"), Digest: strings.Repeat("3fa9c04d", 8), Size: 78_000, Signatures: []Signature{s.signature("unchanged", "trusted"), s.signature("unchanged", "internal")}, Known: &known, KnownURL: "/v/abc"}
	none, broken := result, result
	none.Signatures, none.Known = nil, nil
	broken.Signatures, broken.Known, broken.Unreadable = nil, nil, s.pick("Berkas ini rusak atau bukan PDF. Mintalah salinan baru dari pengirimnya.", "This file is damaged or no PDF. Ask the sender for a new copy.")
	return []sample{
		{"keaslian", "verdict", &ok},
		{"keaslian-dipercaya", "verdict", &trusted},
		{"keaslian-berubah", "verdict", &changed},
		{"keaslian-dicabut", "verdict", &revoked},
		{"keaslian-disamarkan", "verdict", &masked},
		{"keaslian-tidak-ada", "missing", &missingView{Frame: narrow}},
		{"keaslian-terlalu-sering", "missing", &missingView{Frame: narrow, Limited: true, Minutes: 1}},
		{"periksa", "check", &checkView{Frame: s.public(), LimitMB: 200, Form: Form{Values: url.Values{"kode": {s.foreign("K7QX")}}}.Fail("kode", s.pick("Kode pendek terdiri atas sepuluh huruf dan angka.", "The short code has ten letters and digits."))}},
		{"periksa-hasil", "check_result", &result},
		{"periksa-tanpa-tanda", "check_result", &none},
		{"periksa-rusak", "check_result", &broken},
	}
}

func (s sampler) rest() []sample {
	cert := Certificate{Internal: true, Until: at(30, 0, 0)}
	narrow := s.frame("")
	narrow.Narrow = true
	practice := s.frame("bantuan")
	practice.Practice, practice.Notice = true, s.pick("Program pembaca (Tesseract) belum terpasang; surat menunggu.", "The reading program (Tesseract) is missing; letters wait.")
	people := []PersonRow{{"1", s.foreign("Drs. Rahmat Suganda, M.Si."), "197004121995031004", "Camat Cicalengka", "active", true}, {"2", s.foreign("Siti Maryam"), "siti", s.foreign("Petugas loket"), "waiting", false}, {"3", s.foreign("Iwan Gunawan, S.Ag."), "iwan", "Kasi Sosial Budaya", "off", false}}
	out := []sample{
		{"akun", "account", &accountView{Frame: narrow, SignIn: "197611032006041009", MaySign: true, Certificate: &cert, Sizes: TextSizes(), Least: 8, Form: Form{}.Fail("kata_sandi", s.pick("Kata sandi sekarang salah.", "The present password is wrong."))}},
		{"akun-tanpa-sertifikat", "account", &accountView{Frame: narrow, SignIn: "kasubag", MaySign: true, Sizes: TextSizes(), Least: 8}},
		{"orang", "people", &peopleView{Frame: s.frame(""), People: people, Positions: []Option{{"p", s.foreign("Petugas loket")}}, Code: "481 205", CodeFor: s.foreign("Siti Maryam")}},
		{"token", "tokens", &tokensView{Frame: s.frame(""), Tokens: []TokenRow{{"1", s.foreign("Pemindai loket"), s.foreign("Deni Ramdani"), "active", at(2, 9, 0), time.Time{}}, {"2", "Arsip lama", s.foreign("Cucu Cahyani"), "revoked", at(1, 9, 0), at(3, 10, 0)}}, People: []Option{{"p", s.foreign("Deni Ramdani")}}, Fresh: "nsk_" + strings.Repeat("a8Kd", 11)}},
		{"batal", "cancel", &cancelView{Frame: narrow, BackURL: "/surat/0192", Subject: s.foreign("Undangan Rapat"), Number: s.foreign("000.1.5/3/Kec.Ccl/XI/2026"), Form: Form{}.Fail("alasan", s.pick("Tulis dulu alasan pembatalannya.", "Write first why it is cancelled."))}},
		{"token-kosong", "tokens", &tokensView{Frame: s.frame("")}},
		{"bantuan", "help", &helpView{Frame: practice, Topics: []string{"receive", "find", "write", "initial", "sign", "check"}, Contact: s.foreign("Asep Kurniadi, S.IP. (Kasubag Umum), ruang 2")}},
	}
	for _, kind := range []string{"invalid", "not_found", "forbidden", "signed_out", "conflict", "too_large", "unsupported", "rate_limited", "unavailable", "internal"} {
		f := narrow
		if kind == "signed_out" {
			f.Person = nil
		}
		out = append(out, sample{"salah-" + kind, "error", &errorView{Frame: f, Kind: kind, Sentence: s.foreign(s.pick("Surat tidak ditemukan, atau bukan untuk Anda. Cari lagi di Arsip, atau tanyakan kepada Pencatat Surat.", "There is no such letter, or it is not for you.")), Again: "/x", Helper: s.foreign("Asep Kurniadi, S.IP. (Kasubag Umum)"), Incident: "7f3a-91"}})
	}
	for _, key := range []string{"registered", "submitted", "initialled", "returned", "cancelled", "sent", "withdrawn", "certificate", "password"} {
		v := doneView{Frame: narrow, Key: key, Subject: s.foreign("Permohonan Bantuan Pengamanan Hajat Lembur"), Number: "0457", Who: s.foreign("Hj. Euis Komalasari, S.Sos."), Next: []Action{{"take-more", "/surat-masuk/baru", "plus", false}, {"see", "/surat/1", "file-text", false}}, Undo: &Action{"undo", "/surat/1/urungkan", "undo-2", true}}
		out = append(out, sample{"selesai-" + key, "done", &v})
	}
	return out
}
