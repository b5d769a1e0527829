package web

import "net/url"

func (s sampler) setup() []sample {
	links := []topicLink{}
	for _, key := range topicOrder() {
		links = append(links, topicLink{key, "/admin/atur/" + key, topics()[key].icon})
	}
	out := []sample{
		{"atur", "setup", &setupView{Frame: s.frame(""), Topics: append(links, topicLink{"token", "/admin/token", "key-round"})}},
	}
	for _, key := range topicOrder() {
		if topics()[key].single {
			continue
		}
		out = append(
			out,
			sample{"atur-" + key, "settings", &settingsView{Frame: s.frame(""), Key: key, Rows: []SettingRow{{ID: "1", Title: s.foreign("Seksi Pelayanan"), Line: s.foreign("Lilis Suryani"), Removable: topics()[key].remove != nil}, {Title: s.foreign("Tanpa halaman")}}}},
			sample{"atur-kosong-" + key, "settings", &settingsView{Frame: s.frame(""), Key: key, Code: "K7PQ2M9XTD", CodeFor: s.foreign("Neng Rina")}},
		)
	}
	post := []askField{
		{Kind: "line", Name: "nama", Label: "set.position.title", Hint: "set.position.title.hint"},
		{Kind: "choose", Name: "bagian", Label: "set.position.unit", Options: []Option{{"1", s.foreign("Seksi Pelayanan")}}, Empty: "set.none"},
		{Kind: "ticks", Name: "dapat", Label: "set.position.can", Hint: "set.position.can.hint", Options: []Option{{"write", s.pick("Menulis surat keluar", "Write outgoing letters")}, {"sign", s.pick("Menandatangani", "Sign")}}},
		{Kind: "date", Name: "mulai", Label: "set.term.from"},
		{Kind: "area", Name: "kaki", Label: "set.head.footer", Hint: "set.head.footer.hint", Rows: 4},
	}
	for _, key := range topicOrder() {
		v := askView{Frame: s.frame(""), Key: "set-" + key, Back: "/admin", BackLabel: s.pick("Atur kantor", "Office settings"), Action: "/admin/atur/" + key, Icon: "check", Fields: post, Form: Form{Values: url.Values{"dapat": {"sign"}}}, Final: key == "sertifikat"}
		v.Narrow = true
		out = append(out, sample{"isi-" + key, "ask", &v})
	}
	wrong := askView{Frame: s.frame(""), Key: "set-jabatan", Back: "/admin", BackLabel: s.pick("Atur kantor", "Office settings"), Action: "/x", Icon: "check", Fields: post}
	wrong.Form = Form{}.Fail("nama", s.pick("Isi nama jabatannya.", "Fill in the position's title.")).Fail("dapat", s.pick("Centang satu.", "Tick one."))
	first := askView{
		Frame: s.frame(""), Key: "newpassword", Back: "/masuk", BackLabel: s.pick("Masuk ke Naskah", "Sign in to Naskah"), Action: newPasswordPath, Icon: "key-round",
		Fields: []askField{{Kind: "secret", Name: "kata_sandi_baru", Label: "account.password.new", Hint: "account.password.new.hint"}, {Kind: "secret", Name: "kata_sandi_lagi", Label: "account.password.again"}},
	}
	return append(out, sample{"isi-jabatan-salah", "ask", &wrong}, sample{"sandi-baru", "ask", &first})
}
