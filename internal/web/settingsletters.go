package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"naskah/internal/letter"
	"naskah/internal/office/setup"
	"naskah/internal/problem"
	"naskah/internal/typeset"
)

func kindRows(c *call) ([]SettingRow, error) {
	kinds, err := c.s.o.Office.DB.Kinds(c.Request.Context(), c.actor.OfficeID)
	var out []SettingRow
	for _, k := range kinds {
		if k.Direction != string(letter.Outgoing) {
			continue
		}
		example, err := setup.Example(k.NumberFormat, setup.Desk{Office: c.s.o.Office})
		if err != nil {
			example = c.sentence(err)
		}
		out = append(out, SettingRow{ID: k.Code, Title: k.Name, Line: c.t("set.kind.line", "Number", example)})
	}
	return out, err
}

func kindFields(c *call, id string) ([]askField, url.Values, error) {
	fields := []askField{
		{Kind: "line", Name: "nama", Label: "set.kind.name"},
		{Kind: "line", Name: "format", Label: "set.kind.format", Hint: "set.kind.format.hint"},
		{Kind: "line", Name: "buku", Label: "set.kind.series", Hint: "set.kind.series.hint"},
		{Kind: "line", Name: "kode", Label: "set.kind.code", Optional: true},
		{Kind: "radios", Name: "publik", Label: "set.kind.public", Hint: "set.kind.public.hint", Options: []Option{{"publik", c.t("set.kind.public.yes")}, {"kode", c.t("set.kind.public.code")}, {"tidak", c.t("set.kind.public.no")}}},
		{Kind: "area", Name: "contoh", Label: "set.kind.sample", Hint: "set.kind.sample.hint", Optional: true, Rows: 12},
	}
	if id != "" {
		k, err := c.s.o.Office.DB.Kind(c.Request.Context(), c.actor.OfficeID, id)
		return fields, url.Values{"nama": {k.Name}, "format": {k.NumberFormat}, "buku": {k.Series}, "kode": {k.Classification}, "publik": {k.PublicView}, "contoh": {k.Sample}}, err
	}
	var layouts []Option
	for _, l := range letter.Kinds() {
		layouts = append(layouts, Option{l, c.t("kind.layout." + l)})
	}
	fields = append(fields[:1:1], append([]askField{{Kind: "radios", Name: "bentuk", Label: "set.kind.layout", Options: layouts}}, fields[1:]...)...)
	return fields, url.Values{"bentuk": {letter.KindInvitation}, "publik": {"tidak"}, "buku": {"surat-keluar"}, "format": {"{kode}/{urut:3}/{unit}/{bulan_romawi}/{tahun}"}}, nil
}

func saveKind(ctx context.Context, a asked) error {
	return a.desk.SaveKind(ctx, a.actor, a.id, setup.Kind{
		Name: a.get("nama"), Layout: a.get("bentuk"), Classification: a.get("kode"), Series: a.get("buku"), NumberFormat: a.get("format"), Sample: strings.ReplaceAll(a.get("contoh"), "\r\n", "\n"), PublicView: a.get("publik"),
	})
}

func codeRows(c *call) ([]SettingRow, error) {
	codes, err := c.s.o.Office.DB.Classifications(c.Request.Context(), c.actor.OfficeID)
	var out []SettingRow
	for _, k := range codes {
		out = append(out, SettingRow{ID: k.Code, Title: k.Code + " " + k.Name, Line: k.Aliases, Removable: true})
	}
	return out, err
}

func codeFields(c *call, id string) ([]askField, url.Values, error) {
	fields := []askField{
		{Kind: "file", Name: "berkas", Label: "set.code.file", Hint: "set.code.file.hint", Accept: ".csv,.txt,text/csv", Optional: true},
		{Kind: "line", Name: "kode", Label: "set.code.code", Optional: true},
		{Kind: "line", Name: "nama", Label: "set.code.name", Optional: true},
		{Kind: "line", Name: "kata", Label: "set.code.aliases", Hint: "set.code.aliases.hint", Optional: true},
	}
	if id == "" {
		return fields, nil, nil
	}
	codes, err := c.s.o.Office.DB.Classifications(c.Request.Context(), c.actor.OfficeID)
	for _, k := range codes {
		if k.Code == id { // the code is its key and stays
			return fields[2:], url.Values{"nama": {k.Name}, "kata": {k.Aliases}}, err
		}
	}
	return nil, nil, absent(err)
}

// saveCode takes a whole list when a file came, else the one code that was typed.
func saveCode(ctx context.Context, a asked) error {
	if a.id != "" {
		return a.desk.SaveClassification(ctx, a.actor, a.id, a.get("nama"), a.get("kata"))
	}
	if len(a.file) > 0 {
		_, err := a.desk.ImportClassifications(ctx, a.actor, a.file)
		return err
	}
	return a.desk.SaveClassification(ctx, a.actor, a.get("kode"), a.get("nama"), a.get("kata"))
}

func headFields(c *call, _ string) ([]askField, url.Values, error) {
	head, t, err := setup.Look(c.office)
	if err != nil {
		return nil, nil, err
	}
	number := func(v float64) []string { return []string{strconv.FormatFloat(v, 'f', -1, 64)} }
	fields := []askField{
		{Kind: "area", Name: "baris", Label: "set.head.lines", Hint: "set.head.lines.hint", Rows: 3},
		{Kind: "area", Name: "alamat", Label: "set.head.address", Hint: "set.head.address.hint", Rows: 3, Optional: true},
		{Kind: "file", Name: "logo", Label: "set.head.logo", Hint: "set.head.logo.hint", Accept: "image/png,image/jpeg", Optional: true},
		{Kind: "ticks", Name: "tanpa_logo", Label: "set.head.nologo", Options: []Option{{"ya", c.t("set.head.nologo.yes")}}},
		{Kind: "radios", Name: "kertas", Label: "set.head.paper", Options: []Option{{"A4", "A4 (210 × 297 mm)"}, {"F4", "F4 / folio (210 × 330 mm)"}}},
		{Kind: "line", Name: "huruf", Label: "set.head.size", Hint: "set.head.size.hint"},
		{Kind: "line", Name: "atas", Label: "set.head.top"},
		{Kind: "line", Name: "kanan", Label: "set.head.right"},
		{Kind: "line", Name: "bawah", Label: "set.head.bottom"},
		{Kind: "line", Name: "kiri", Label: "set.head.left"},
		{Kind: "area", Name: "kaki", Label: "set.head.footer", Hint: "set.head.footer.hint", Rows: 4},
		{Kind: "area", Name: "kaki_basah", Label: "set.head.inkfooter", Rows: 4},
	}
	return fields, url.Values{
		"baris": {strings.Join(head.Lines, "\n")}, "alamat": {strings.Join(head.Address, "\n")}, "kertas": {t.Paper}, "huruf": number(t.FontSize), "atas": number(t.MarginTop), "kanan": number(t.MarginRight),
		"bawah": number(t.MarginBottom), "kiri": number(t.MarginLeft), "kaki": {strings.Join(t.Footer, "\n")}, "kaki_basah": {strings.Join(t.InkFooter, "\n")},
	}, nil
}

// saveHead reads the letterhead's form; a measure that is left out stays.
func saveHead(ctx context.Context, a asked) error {
	o, err := a.desk.DB.Office(ctx, a.actor.OfficeID)
	if err != nil {
		return err
	}
	_, t, err := setup.Look(o)
	if err != nil {
		return err
	}
	for name, to := range map[string]*float64{"huruf": &t.FontSize, "atas": &t.MarginTop, "kanan": &t.MarginRight, "bawah": &t.MarginBottom, "kiri": &t.MarginLeft} {
		typed := strings.ReplaceAll(strings.TrimSpace(a.get(name)), ",", ".")
		if typed == "" {
			continue
		}
		v, err := strconv.ParseFloat(typed, 64)
		if err != nil || v < 1 || v > 100 {
			return problem.New(problem.Invalid, "Besar huruf dan batas kertas harus angka, misalnya 11 atau 2,5.", "Font size and margins must be numbers, for example 11 or 2.5.", err)
		}
		*to = v
	}
	if p := a.get("kertas"); p == "A4" || p == "F4" {
		t.Paper = p
	}
	t.Footer, t.InkFooter = linesOf(a.get("kaki")), linesOf(a.get("kaki_basah"))
	head := typeset.Letterhead{Lines: linesOf(a.get("baris")), Address: linesOf(a.get("alamat")), Logo: a.file}
	return a.desk.SaveLetterhead(ctx, a.actor, head, t, a.get("tanpa_logo") != "")
}

func linesOf(text string) []string {
	out := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func instructionFields(c *call, _ string) ([]askField, url.Values, error) {
	words, err := c.s.o.Office.Instructions(c.Request.Context(), c.actor)
	return []askField{{Kind: "area", Name: "kata", Label: "set.instruction.words", Hint: "set.instruction.words.hint", Rows: 14}}, url.Values{"kata": {strings.Join(words, "\n")}}, err
}

func saveInstructions(ctx context.Context, a asked) error {
	return a.desk.SaveInstructions(ctx, a.actor, linesOf(a.get("kata")))
}
