package web

import (
	"net/url"

	"naskah/internal/db"
	"naskah/internal/office"
)

func (s sampler) sheets() []SheetView {
	return []SheetView{
		{
			From: s.foreign("Drs. Rahmat Suganda, M.Si."), Title: s.foreign("Camat Cicalengka"), At: at(12, 10, 5), Instructions: []string{s.foreign("Tindak lanjuti"), s.foreign("Laporkan hasilnya")},
			Note: s.foreign("Koordinasikan dengan Polsek."), Due: at(20, 0, 0),
			To: []AssignmentView{
				{ID: "1", Name: s.foreign("Ujang Saepudin, S.H."), Title: s.foreign("Kasi Trantibum"), State: db.AssignmentPassed, ReadAt: at(12, 11, 0), Due: at(20, 0, 0), Late: true},
				{ID: "2", Name: s.foreign("Tati Sumiati, S.Sos."), Title: s.foreign("Kasi Pemberdayaan Masyarakat"), State: db.AssignmentSent, CallBack: true},
				{ID: "3", Name: s.foreign("Iwan Gunawan, S.Ag."), Title: s.foreign("Kasi Sosial Budaya"), State: db.AssignmentCancelled},
			},
		},
		{
			From: s.foreign("Ujang Saepudin, S.H."), Title: s.foreign("Kasi Trantibum"), At: at(12, 13, 0), Note: s.foreign("Mohon dibuatkan jadwal."), Onward: true,
			To: []AssignmentView{{ID: "4", Name: s.foreign("Siti Maryam"), Title: s.foreign("Petugas Loket"), State: db.AssignmentDone, Report: s.foreign("Sudah dijadwalkan."), DoneAt: at(13, 9, 0), ReportURL: "/surat/0192/berkas/9"}},
		},
	}
}

func (s sampler) desk() []sample {
	people := []Addressee{{"1", s.foreign("Sekretaris Kecamatan"), s.foreign("Hj. Euis Komalasari, S.Sos.")}, {"2", s.foreign("Kasi Ketenteraman dan Ketertiban Umum"), s.foreign("Ujang Saepudin, S.H.")}}
	words := []string{s.foreign("Tindak lanjuti"), s.foreign("Untuk diketahui"), s.foreign("Koordinasikan"), s.foreign("Laporkan hasilnya")}
	dues := []Option{{"0", s.pick("Tanpa batas waktu", "No deadline")}, {"3", s.pick("3 hari lagi, Kamis, 26 November 2026", "In 3 days, Thursday, 26 November 2026")}}
	order := disposeView{
		Frame: s.frame("masuk"), Reading: s.reading(2), People: people, Units: []Addressee{{office.UnitPrefix + "1", s.foreign("Seksi Pelayanan"), s.pick("2 orang", "2 people")}},
		Instructions: words, Dues: dues, Before: s.sheets(),
	}
	empty := order
	empty.Before, empty.Assignment = nil, "2"
	empty.Form = Form{Values: url.Values{"kepada": {"2"}, "batas": {"3"}}}.Fail("instruksi", s.pick("Centang paling sedikit satu instruksi, atau tulis catatan.", "Tick at least one instruction, or write a note."))
	out := []sample{
		{"disposisi", "dispose", &order},
		{"disposisi-salah", "dispose", &empty},
		{"lembar-disposisi", "sheet", &sheetView{Frame: s.frame("masuk"), ID: "0192", Facts: s.facts(), Instructions: words, People: people, Before: s.sheets(), Printed: at(23, 9, 0)}},
		{"serah", "handover", &handOverView{Frame: s.frame("keluar"), ID: "0192", Subject: s.foreign("Undangan Rapat"), PDF: "/surat/0192/berkas/3", Mail: "/surat/0192/surel.eml", Fields: []HandOver{{"Jenis Naskah", "Surat undangan"}, {"Hal", s.foreign("Undangan Rapat")}}}},
		{"versi", "versions", &versionsView{
			Frame: s.frame("keluar"), ID: "0192", Subject: s.foreign("Undangan Rapat"), Old: 1, New: 2, Versions: []VersionRow{{1, at(12, 9, 0), s.foreign("Tati Sumiati")}, {2, at(13, 9, 0), s.foreign("Tati Sumiati")}},
			Parts: []office.Change{{Part: "body", Pieces: []office.Piece{{Kind: "same", Text: s.foreign("Rapat pada hari ")}, {Kind: "gone", Text: s.foreign("Kamis ")}, {Kind: "added", Text: s.foreign("Jumat ")}}}},
		}},
		{"versi-sama", "versions", &versionsView{Frame: s.frame("keluar"), ID: "0192", Subject: s.foreign("Undangan Rapat"), Same: true}},
		{"buku-agenda", "book", &bookView{
			Frame: s.frame("masuk"), Kind: "agenda", From: at(1, 0, 0), Until: at(23, 0, 0), CSV: "/buku/agenda.csv", Printed: at(23, 9, 0), Heads: []string{"book.no", "book.received", "book.sender", "book.subject"},
			Rows: [][]string{{"0456/2026", "12-11-2026", s.foreign("Pemerintah Desa Panenjoan"), s.foreign("Permohonan Bantuan Pengamanan Hajat Lembur")}}, Full: true,
		}},
		{"buku-ekspedisi-kosong", "book", &bookView{Frame: s.frame("keluar"), Kind: "ekspedisi", From: at(1, 0, 0), Until: at(23, 0, 0), CSV: "/buku/ekspedisi.csv", Printed: at(23, 9, 0)}},
	}
	return append(out, s.asks()...)
}

// asks are the pages of single steps, as the handlers make them.
func (s sampler) asks() []sample {
	ask := func(key, icon string, fields ...askField) sample {
		v := askView{Frame: s.frame("masuk"), Key: key, Subject: s.foreign("Permohonan Bantuan Pengamanan Hajat Lembur"), Number: s.foreign("300.1.4/142/Ds.Pnj/XI/2026"), Back: "/surat/0192", Action: "/surat/0192/x", Icon: icon, Fields: fields}
		v.Narrow = true
		for _, f := range fields {
			v.Upload = v.Upload || f.Kind == "file"
		}
		return sample{"langkah-" + key, "ask", &v}
	}
	heads := []Option{{"1", s.foreign("Camat Cicalengka – Drs. Rahmat Suganda, M.Si.")}, {"2", s.foreign("Sekretaris Kecamatan – Hj. Euis Komalasari, S.Sos.")}}
	revoke := ask("revoke", "ban", askField{Kind: "area", Name: "alasan", Label: "ask.revoke.why", Hint: "ask.revoke.why.hint"})
	revoke.view.(*askView).Final = true
	file := ask("file", "archive", askField{Kind: "line", Name: "berkas", Label: "ask.file.folder", Hint: "ask.file.folder.hint", List: "berkas-dulu"})
	file.view.(*askView).Sample, file.view.(*askView).Examples = "berkas-dulu", []string{s.foreign("Musrenbang 2027")}
	return []sample{
		ask("forward", "arrow-right", askField{Kind: "radios", Name: "kepada", Label: "ask.forward.to", Options: heads}),
		ask("report", "check", askField{Kind: "area", Name: "hasil", Label: "ask.report.text", Hint: "ask.report.text.hint"}, askField{Kind: "file", Name: "berkas", Label: "ask.report.file", Hint: "ask.report.file.hint", Optional: true, Accept: ".pdf"}),
		ask("send", "send", askField{Kind: "radios", Name: "cara", Label: "ask.send.way", Options: []Option{{"pos", "Pos"}, {"surel", s.pick("Surel", "E-mail")}}}, askField{Kind: "area", Name: "penerima", Label: "ask.send.to", Hint: "ask.send.to.hint"}, askField{Kind: "line", Name: "diterima", Label: "ask.send.receiver", Optional: true}),
		ask("ink", "scan-line", askField{Kind: "file", Name: "berkas", Label: "ask.ink.file", Hint: "ask.ink.file.hint", Accept: ".pdf"}),
		revoke, file,
	}
}
