package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/office"
	"naskah/internal/office/setup"
)

func TestAPltIsPrintedInTheLetterWhileItHolds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ujang, err := h.o.ActorByLogin(t.Context(), "ujang")
	h.must(err)
	g := h.signedIn("kasubag")
	camat := g.choice("/admin/atur/penunjukan/baru", "Camat Cicalengka")
	g.saved("/admin/atur/penunjukan", url.Values{"orang": {ujang.PersonID}, "jabatan": {camat}, "sebagai": {"plt"}, "mulai": {"2026-01-05"}, "selesai": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}})
	kasi, err := h.o.ActorByLogin(t.Context(), "kasi")
	h.must(err)
	d, err := h.o.NewDraft(t.Context(), kasi, "undangan")
	h.must(err)
	subject, to, body := "Rapat", []string{"Kepala Desa"}, "Isi surat."
	_, err = h.o.SaveDraft(t.Context(), kasi, d.Letter.ID, office.DraftChange{Subject: &subject, To: &to, Body: &body, SignerPositionID: &camat})
	h.must(err)
	pdf, err := h.o.PreviewDraft(t.Context(), kasi, d.Letter.ID)
	h.must(err)
	text := h.textOfPDF(pdf)
	if !strings.Contains(text, "Plt. CAMAT CICALENGKA") || !strings.Contains(strings.ToUpper(text), "UJANG SAEPUDIN") {
		t.Errorf("the letter says: %s", text)
	}
}

func TestWhatCannotHoldIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	siti, err := h.o.ActorByLogin(t.Context(), "siti")
	h.must(err)
	counter := siti.Holdings[0].PositionID
	g.saved("/admin/atur/jabatan", url.Values{"nama": {"Jabatan Keliru"}, "peran": {"staf"}})
	mistake := g.idOf("/admin/atur/jabatan", "Jabatan Keliru")
	for _, c := range []struct {
		path, want string
		form       url.Values
	}{
		{"/admin/atur/penunjukan", "jabatan sendiri", url.Values{"orang": {siti.PersonID}, "jabatan": {counter}, "sebagai": {"an"}, "mulai": {"2026-01-05"}}},
		{"/admin/atur/penunjukan", "sebagai apa", url.Values{"orang": {siti.PersonID}, "jabatan": {mistake}, "mulai": {"2026-01-05"}}},
		{"/admin/atur/penunjukan", "lebih awal", url.Values{"orang": {siti.PersonID}, "jabatan": {mistake}, "sebagai": {"plt"}, "mulai": {"2026-01-05"}, "selesai": {"2026-01-04"}}},
		{"/admin/atur/jabatan/" + mistake, "dirinya sendiri", url.Values{"nama": {"x"}, "atasan": {mistake}}},
		{"/admin/atur/kantor/ini", "garis miring", url.Values{"nama": {"a"}, "singkat": {"a"}, "kode": {"Kec/Ccl"}, "tempat": {"a"}, "zona": {"Asia/Jakarta"}}},
		{"/admin/atur/kop/ini", "harus angka", url.Values{"baris": {"KOP"}, "huruf": {"besar"}}},
		{"/admin/atur/jenis", "kode QR", url.Values{"nama": {"Edaran"}, "bentuk": {"undangan"}, "format": {"{urut}"}, "buku": {"x"}, "publik": {"semua"}}},
		{"/admin/atur/sertifikat", "tidak punya sertifikat", url.Values{"orang": {siti.PersonID}, "alasan": {"Lupa."}}},
	} {
		if r := g.post(c.path, c.form); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, c.want) {
			t.Errorf("%s: %d, no %q", c.path, r.code, c.want)
		}
	}
	if body := g.saved("/admin/atur/jabatan/"+mistake+"/hapus", nil); strings.Contains(body, "Jabatan Keliru") {
		t.Error("a position that nobody held is still there")
	}
	if r := g.post("/admin/atur/jabatan/"+counter+"/hapus", nil); r.code != http.StatusConflict {
		t.Errorf("a position that is held: %d", r.code)
	}
}

func TestAChangeOfTheOfficeShowsEverywhereAndInTheRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	form := url.Values{"nama": {"Kecamatan Baru"}, "singkat": {"Kec. Baru"}, "kode": {"Kec.Br"}, "tempat": {"Baru"}, "zona": {"Asia/Makassar"}}
	if body := g.saved("/admin/atur/kantor/ini", form); !strings.Contains(body, "Kecamatan Baru") {
		t.Error("the frame has the old name")
	}
	kasubag, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	found := false
	h.must(h.o.DB.EachAudit(t.Context(), kasubag.OfficeID, func(e audit.Entry) error {
		found = found || e.Action == "office-changed" && e.PersonID == kasubag.PersonID && strings.Contains(e.Detail, "Kec.Br")
		return nil
	}))
	if !found {
		t.Error("the record does not say what it became")
	}
}

func TestARefusedRenewalChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	camat, err := h.o.ActorByLogin(t.Context(), "camat")
	h.must(err)
	h.must(h.o.MakeKey(t.Context(), camat, []byte("kata sandi lama sekali")))
	g := h.signedIn("kasubag")
	g.saved("/admin/atur/sertifikat", url.Values{"orang": {camat.PersonID}, "alasan": {"Lupa."}})
	if body := g.saved("/admin/atur/sertifikat/"+g.idOf("/admin/atur/sertifikat", "Rahmat Suganda")+"/hapus", nil); strings.Contains(body, "Rahmat Suganda</a>") {
		t.Error("the request still waits")
	}
	if key, err := h.o.Key(t.Context(), camat); err != nil || !key.Has {
		t.Errorf("the certificate ended: %v", err)
	}
}

func TestASessionOlderThanTheCodeCannotChooseThePassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	left := h.signedIn("siti") // a page left open at the counter
	kasubag, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	siti, err := h.o.ActorByLogin(t.Context(), "siti")
	h.must(err)
	h.o.Now = func() time.Time { return time.Now().Add(2 * time.Second) }
	h.must(h.o.GiveCode(t.Context(), kasubag, siti.PersonID, "kode-sekali-pakai"))
	r := left.post(newPasswordPath, url.Values{"kata_sandi_baru": {"empat kata rahasia"}, "kata_sandi_lagi": {"empat kata rahasia"}})
	if !strings.HasPrefix(r.header.Get("Location"), "/masuk") {
		t.Errorf("%d to %q", r.code, r.header.Get("Location"))
	}
	if _, err := h.o.SignIn(t.Context(), "siti", "kode-sekali-pakai"); err != nil {
		t.Errorf("the code is gone: %v", err)
	}
}

func TestAFullListOfCodesKeepsPagesLightAndIsFoundByEverydayWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	kasubag, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	var list strings.Builder
	for i := range 2940 {
		fmt.Fprintf(&list, "7%02d.%d;Urusan yang panjang namanya nomor %d;\n", i/100, i, i)
	}
	list.WriteString("555.1;Pasar Desa;bazar lapak\n")
	_, err = setup.Desk{Office: h.o}.ImportClassifications(t.Context(), kasubag, []byte(list.String()))
	h.must(err)
	d, err := h.o.NewDraft(t.Context(), kasubag, "undangan")
	h.must(err)
	g := h.signedIn("kasubag")
	for _, path := range []string{"/admin/atur/klasifikasi", "/tulis/" + d.Letter.ID + "/tujuan"} {
		if r := g.get(path); r.code != http.StatusOK || len(r.body) > 100_000 {
			t.Errorf("%s: %d, %d bytes", path, r.code, len(r.body))
		}
	}
	if body := g.get("/admin/atur/klasifikasi?cari=bazar").body; !strings.Contains(body, "555.1 Pasar Desa") || strings.Contains(body, "Urusan yang panjang") {
		t.Error("the list is not narrowed")
	}
	var found []Option
	h.must(json.Unmarshal([]byte(g.get("/kode?cari=LAPAK+pasar").body), &found))
	if len(found) != 1 || found[0].Value != "555.1" || !strings.Contains(found[0].Label, "bazar") {
		t.Errorf("%v", found)
	}
	g.saved("/admin/atur/klasifikasi/555.1", url.Values{"kode": {"999"}, "nama": {"Pasar Rakyat"}, "kata": {"bazar"}})
	h.must(json.Unmarshal([]byte(g.get("/kode?cari=bazar").body), &found))
	if len(found) != 1 || found[0] != (Option{"555.1", "Pasar Rakyat (bazar)"}) {
		t.Errorf("renaming made another code: %v", found)
	}
	if r := g.get("/admin/atur/klasifikasi/1.2.3.4"); r.code != http.StatusNotFound {
		t.Errorf("an unknown code opens: %d", r.code)
	}
}

func TestAProgramSetsUpTheOffice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if code, got := h.program("kasubag", http.MethodPut, "/api/v1/settings/bagian/baru", `{"fields":{"nama":["Seksi Program"]}}`); code != http.StatusOK {
		t.Fatalf("%d %v", code, got)
	}
	kasubag, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	units, err := h.o.DB.Units(t.Context(), kasubag.OfficeID)
	h.must(err)
	for _, u := range units {
		if u.Name != "Seksi Program" {
			continue
		}
		if code, got := h.program("kasubag", http.MethodPost, "/api/v1/settings/bagian/"+u.ID+"/remove", `{}`); code != http.StatusOK && code != http.StatusNoContent {
			t.Errorf("%d %v", code, got)
		}
		if _, err := h.o.DB.Unit(t.Context(), u.ID); err == nil {
			t.Error("the unit is still there")
		}
		return
	}
	t.Error("the unit is not there")
}

func TestAnAppointmentThatBeginsTomorrowDoesNotHoldToday(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	ujang, err := h.o.ActorByLogin(t.Context(), "ujang")
	h.must(err)
	camat := g.choice("/admin/atur/penunjukan/baru", "Camat Cicalengka")
	g.saved("/admin/atur/penunjukan", url.Values{"orang": {ujang.PersonID}, "jabatan": {camat}, "sebagai": {string(account.Daily)}, "mulai": {time.Now().AddDate(0, 0, 2).Format(time.DateOnly)}, "selesai": {time.Now().AddDate(0, 0, 4).Format(time.DateOnly)}})
	if ujang, err = h.o.ActorByLogin(t.Context(), "ujang"); err != nil || ujang.Holds(camat) {
		t.Errorf("it holds today: %v", err)
	}
	h.o.Now = func() time.Time { return time.Now().AddDate(0, 0, 3) }
	if ujang, err = h.o.ActorByLogin(t.Context(), "ujang"); err != nil || !ujang.Holds(camat) {
		t.Errorf("it does not hold on its second day: %v", err)
	}
}

// textOfPDF are the words of a PDF's first page.
func (h *house) textOfPDF(raw []byte) string {
	h.t.Helper()
	doc, err := h.o.Pages.Open(h.t.Context(), bytes.NewReader(raw), int64(len(raw)))
	h.must(err)
	defer func() { _ = doc.Close() }()
	words, err := doc.Words(h.t.Context(), 1)
	h.must(err)
	var out []string
	for _, w := range words {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}
