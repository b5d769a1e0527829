package web

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"naskah/internal/account"
	"naskah/internal/office"
)

// saved posts one topic's form and gives the list after it.
func (v *guest) saved(path string, form url.Values) string {
	v.h.t.Helper()
	r := v.post(path, form)
	if r.code != http.StatusSeeOther {
		v.h.t.Fatalf("%s: %d %s", path, r.code, r.body)
	}
	return v.get(r.header.Get("Location")).body
}

// choice is the value that a select offers for a label.
func (v *guest) choice(page, label string) string {
	v.h.t.Helper()
	m := regexp.MustCompile(`<option value="([^"]+)"[^>]*>` + regexp.QuoteMeta(label)).FindStringSubmatch(v.get(page).body)
	if m == nil {
		v.h.t.Fatalf("%s does not offer %q", page, label)
	}
	return m[1]
}

func (v *guest) idOf(page, label string) string {
	v.h.t.Helper()
	m := regexp.MustCompile(`href="/admin/atur/[a-z]+/([^"]+)">[^<]*` + regexp.QuoteMeta(label)).FindStringSubmatch(v.get(page).body)
	if m == nil {
		v.h.t.Fatalf("%s does not list %q", page, label)
	}
	return m[1]
}

func TestAnAdministratorSetsUpTheOfficeWithoutHelp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	if body := g.saved("/admin/atur/bagian", url.Values{"nama": {"Seksi Arsip Desa"}}); !strings.Contains(body, "Seksi Arsip Desa") {
		t.Error("the new unit is not listed")
	}
	unit := g.choice("/admin/atur/jabatan/baru", "Seksi Arsip Desa")
	if body := g.saved("/admin/atur/jabatan", url.Values{"nama": {"Pengelola Arsip Desa"}, "bagian": {unit}, "peran": {"staf"}, "dapat": {"archive", "write"}}); !strings.Contains(body, "Pengelola Arsip Desa") {
		t.Error("the new position is not listed")
	}
	if r := g.post("/admin/atur/bagian/"+unit+"/hapus", nil); r.code != http.StatusConflict || !strings.Contains(r.body, "masih dipakai") {
		t.Errorf("a unit in use: %d", r.code)
	}
	ujang, err := h.o.ActorByLogin(t.Context(), "ujang")
	h.must(err)
	post := g.choice("/admin/atur/penunjukan/baru", "Pengelola Arsip Desa")
	term := url.Values{"orang": {ujang.PersonID}, "jabatan": {post}, "sebagai": {"plt"}, "mulai": {"2026-01-05"}}
	if r := g.post("/admin/atur/penunjukan", term); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "tanggal selesainya") || !strings.Contains(r.body, `value="2026-01-05"`) {
		t.Errorf("a Plt. without an end: %d", r.code)
	}
	term.Set("selesai", time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	if body := g.saved("/admin/atur/penunjukan", term); !strings.Contains(body, "Plt. Pengelola Arsip Desa") {
		t.Error("the appointment is not listed")
	}
	ujang, err = h.o.ActorByLogin(t.Context(), "ujang")
	h.must(err)
	if holding, ok := ujang.Holding(post); !ok || holding.Capacity != account.Acting || !ujang.Can(account.CanArchive) {
		t.Errorf("%+v", ujang.Holdings)
	}
	g.saved("/admin/atur/penunjukan/"+g.idOf("/admin/atur/penunjukan", "Ujang Saepudin, S.H. — Plt. Pengelola")+"/hapus", nil)
	if ujang, err = h.o.ActorByLogin(t.Context(), "ujang"); err != nil || ujang.Holds(post) {
		t.Errorf("the ended appointment still holds: %v", err)
	}
	g.saved("/admin/atur/orang/"+ujang.PersonID, url.Values{"nama": {"Ujang Saepudin, S.H., M.H."}, "nip": {"1980"}, "pangkat": {"Penata, III/c"}, "nama_masuk": {"ujang"}})
	if r := g.post("/admin/atur/orang/"+ujang.PersonID, url.Values{"nama": {"Ujang"}, "nama_masuk": {"camat"}}); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "sudah dipakai") {
		t.Errorf("another's sign-in name: %d", r.code)
	}
}

func TestKindsCodesAndInstructionsAreData(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	kind := url.Values{"nama": {"Surat Edaran"}, "bentuk": {"undangan"}, "format": {"{kode}/{nomor}/{tahun}"}, "buku": {"edaran"}, "publik": {"publik"}}
	if r := g.post("/admin/atur/jenis", kind); r.code != http.StatusUnprocessableEntity {
		t.Errorf("a format without a running number: %d", r.code)
	}
	kind.Set("format", "{kode}/{urut}/SE/{tahun}")
	if body := g.saved("/admin/atur/jenis", kind); !strings.Contains(body, "Surat Edaran") || !strings.Contains(body, "000.1.5/12/SE/") {
		t.Error("the new kind and its example are not listed")
	}
	if body := h.signedIn("kasi").get("/tulis").body; !strings.Contains(body, "Surat Edaran") {
		t.Error("the new kind cannot be written")
	}
	if r := h.signedIn("kasi").post("/tulis", url.Values{"jenis": {"surat-edaran"}}); r.code != http.StatusSeeOther {
		t.Errorf("%d %s", r.code, r.body)
	}
	if r := g.upload("/admin/atur/klasifikasi", "kode.csv", []byte("Kode;Nama;Kata\n555.1;Pasar Desa;bazar\nbukan kode;x\n")); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Baris 3") {
		t.Errorf("a broken line: %d %s", r.code, r.body)
	}
	if r := g.upload("/admin/atur/klasifikasi", "kode.csv", []byte("\ufeffKode;Nama;Kata\n555.1;Pasar Desa;bazar\n000;Umum sekali;\n")); r.code != http.StatusSeeOther {
		t.Fatalf("%d %s", r.code, r.body)
	}
	if body := g.get("/admin/atur/klasifikasi").body; !strings.Contains(body, "555.1 Pasar Desa") || !strings.Contains(body, "000 Umum sekali") || !strings.Contains(body, "Kepegawaian") {
		t.Error("the list was not merged")
	}
	g.saved("/admin/atur/instruksi/ini", url.Values{"kata": {"Bawa ke rapat\r\n\r\nSiapkan mobil\r\n"}})
	camat, err := h.o.ActorByLogin(t.Context(), "camat")
	h.must(err)
	if words, err := h.o.Instructions(t.Context(), camat); err != nil || len(words) != 2 || words[1] != "Siapkan mobil" {
		t.Errorf("%v %v", words, err)
	}
}

func TestTheLetterheadTakesALogoAndRefusesAnythingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	head := map[string]string{"baris": "PEMERINTAH KABUPATEN BANDUNG\nKECAMATAN BARU", "alamat": "Jalan Baru 1", "kertas": "F4", "huruf": "12", "kaki": "Kaki {kode}"}
	if r := g.uploadWith("/admin/atur/kop/ini", "logo", "logo.png", []byte("<svg onload=alert(1)>"), head); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "PNG atau JPEG") || !strings.Contains(r.body, "KECAMATAN BARU") {
		t.Errorf("no picture: %d", r.code)
	}
	if r := g.uploadWith("/admin/atur/kop/ini", "logo", "logo.png", smallPNG(t), head); r.code != http.StatusSeeOther {
		t.Fatalf("%d %s", r.code, r.body)
	}
	if body := g.get("/admin/atur/kop/ini").body; !strings.Contains(body, "KECAMATAN BARU") || !strings.Contains(body, `value="F4" checked`) {
		t.Error("the letterhead was not kept")
	}
}

func TestOnlyWhoMayOpensTheSettings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	camat, kasi := h.signedIn("camat"), h.signedIn("kasi")
	if r := camat.get("/admin"); r.code != http.StatusOK || strings.Contains(r.body, "/admin/atur/jabatan") || !strings.Contains(r.body, "/admin/atur/sertifikat") {
		t.Errorf("the head: %d", r.code)
	}
	for key := range topics() {
		if r := kasi.get("/admin/atur/" + key + "/baru"); r.code != http.StatusForbidden {
			t.Errorf("a section head opens %s: %d", key, r.code)
		}
		if r := kasi.post("/admin/atur/"+key, url.Values{"nama": {"x"}}); r.code != http.StatusForbidden {
			t.Errorf("a section head saves %s: %d", key, r.code)
		}
		if code, _ := h.program("kasi", http.MethodPut, "/api/v1/settings/"+key+"/baru", `{"fields":{}}`); code != http.StatusForbidden {
			t.Errorf("a section head's program saves %s: %d", key, code)
		}
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	id := g.idOf("/admin/atur/jabatan", "Kepala Subbagian Umum")
	if r := g.post("/admin/atur/jabatan/"+id, url.Values{"nama": {"Kepala Subbagian Umum"}, "peran": {"kasubag-umum"}, "dapat": {"write"}}); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "tidak ada lagi yang dapat mengatur") {
		t.Errorf("%d", r.code)
	}
	if r := g.post("/admin/atur/penunjukan/"+g.idOf("/admin/atur/penunjukan", "Asep Kurniadi")+"/hapus", nil); r.code != http.StatusConflict {
		t.Errorf("%d", r.code)
	}
	if r := g.get("/admin/atur/jabatan"); r.code != http.StatusOK {
		t.Errorf("the administrator is locked out: %d", r.code)
	}
}

func TestSomebodyNewChoosesTheirOwnPasswordFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	body := g.saved2("/admin/orang", url.Values{"nama": {"Neng Rina"}, "nama_masuk": {"rina"}, "jabatan": {g.choice("/admin/atur/penunjukan/baru", "Kepala Seksi Pelayanan")}})
	code := regexp.MustCompile(`panel-number fig">([^<]+)<`).FindStringSubmatch(body)
	if code == nil {
		t.Fatal("no code is shown")
	}
	rina := h.visitor()
	if r := rina.post("/masuk", url.Values{"nama": {"rina"}, "kata_sandi": {code[1]}}); r.code != http.StatusSeeOther {
		t.Fatalf("the code does not open: %d", r.code)
	}
	for _, path := range []string{"/", "/arsip", "/surat-masuk"} {
		if r := rina.get(path); r.header.Get("Location") != newPasswordPath {
			t.Errorf("%s opens before a password is chosen: %d", path, r.code)
		}
	}
	if r := rina.post(newPasswordPath, url.Values{"kata_sandi_baru": {code[1]}, "kata_sandi_lagi": {code[1]}}); r.code != http.StatusUnprocessableEntity {
		t.Errorf("the code became the password: %d", r.code)
	}
	r := rina.post(newPasswordPath, url.Values{"kata_sandi_baru": {"empat kata rahasia"}, "kata_sandi_lagi": {"empat kata rahasia"}})
	if r.code != http.StatusOK || !strings.Contains(r.body, "/tanda-tangan/sertifikat") {
		t.Errorf("who may sign is not led to the first passphrase: %d", r.code)
	}
	if r := rina.get("/"); r.code != http.StatusOK {
		t.Errorf("%d", r.code)
	}
	p, err := h.o.DB.PersonByLogin(t.Context(), "rina")
	h.must(err)
	kasubag, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	h.must(h.o.GiveCode(t.Context(), kasubag, p.ID, "kode-lama-sekali"))
	h.o.Now = func() time.Time { return time.Now().Add(office.CodeLife + time.Minute) }
	if r := h.visitor().post("/masuk", url.Values{"nama": {"rina"}, "kata_sandi": {"kode-lama-sekali"}}); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "lewat satu hari") {
		t.Errorf("a code of yesterday: %d", r.code)
	}
}

func TestTwoOthersEndACertificateWhosePassphraseIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	camat, err := h.o.ActorByLogin(t.Context(), "camat")
	h.must(err)
	h.must(h.o.MakeKey(t.Context(), camat, []byte("kata sandi lama sekali")))
	g, boss, sekcam := h.signedIn("kasubag"), h.signedIn("camat"), h.signedIn("sekcam")
	g.saved("/admin/atur/sertifikat", url.Values{"orang": {camat.PersonID}, "alasan": {"Lupa."}})
	id := g.idOf("/admin/atur/sertifikat", "Rahmat Suganda")
	path := "/admin/atur/sertifikat/" + id
	if r := g.post(path, nil); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "orang lain") {
		t.Errorf("one person alone: %d", r.code)
	}
	if r := boss.post(path, nil); r.code != http.StatusUnprocessableEntity || !strings.Contains(r.body, "dua orang lain") {
		t.Errorf("the owner: %d", r.code)
	}
	if key, err := h.o.Key(t.Context(), camat); err != nil || !key.Has {
		t.Fatalf("the certificate ended too early: %v", err)
	}
	sekcam.saved(path, nil)
	if key, err := h.o.Key(t.Context(), camat); err != nil || key.Has {
		t.Fatalf("the certificate goes on: %v", err)
	}
	h.must(h.o.MakeKey(t.Context(), camat, []byte("kata sandi baru sekali")))
}

func TestAnOfficeBelowGetsItsOwnAdministrator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	body := g.saved2("/admin/atur/cabang", url.Values{"nama": {"Kelurahan Contoh"}, "singkat": {"Kel. Contoh"}, "kode": {"Kel.Ctoh"}, "tempat": {"Contoh"}, "zona": {"Asia/Jakarta"}, "admin": {"Wawan"}, "nama_masuk": {"wawan"}})
	code := regexp.MustCompile(`panel-number fig">([^<]+)<`).FindStringSubmatch(body)
	if code == nil || !strings.Contains(body, "Kelurahan Contoh") {
		t.Fatal("no code or no office is shown")
	}
	wawan := h.visitor()
	wawan.post("/masuk", url.Values{"nama": {"wawan"}, "kata_sandi": {code[1]}})
	wawan.post(newPasswordPath, url.Values{"kata_sandi_baru": {"empat kata rahasia"}, "kata_sandi_lagi": {"empat kata rahasia"}})
	if r := wawan.get("/admin/atur/orang"); r.code != http.StatusOK || strings.Contains(r.body, "Asep Kurniadi") {
		t.Errorf("%d, or people of the office above", r.code)
	}
	asep, err := h.o.ActorByLogin(t.Context(), "kasubag")
	h.must(err)
	if r := wawan.get("/admin/atur/orang/" + asep.PersonID); r.code != http.StatusNotFound {
		t.Errorf("another office's person: %d", r.code)
	}
}

// saved2 posts a form that answers with a page.
func (v *guest) saved2(path string, form url.Values) string {
	v.h.t.Helper()
	r := v.post(path, form)
	if r.code != http.StatusOK {
		v.h.t.Fatalf("%s: %d %s", path, r.code, r.body)
	}
	return r.body
}

func smallPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEverySettingOpensInBothLanguages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.signedIn("kasubag")
	for _, lang := range []string{Indonesian, English} {
		g.post("/bahasa", url.Values{"bahasa": {lang}})
		for key, topic := range topics() {
			paths := []string{"/admin/atur/" + key, "/admin/atur/" + key + "/baru"}
			if topic.single {
				paths = []string{"/admin/atur/" + key + "/ini"}
			} else if key == "orang" {
				paths = paths[:1]
			}
			for _, path := range paths {
				if r := g.get(path); r.code != http.StatusOK {
					t.Errorf("%s in %s: %d", path, lang, r.code)
				}
			}
			if m := regexp.MustCompile(`href="(/admin/atur/` + key + `/[^"]+)">[^<]+</a>`).FindStringSubmatch(g.get("/admin/atur/" + key).body); m != nil {
				if r := g.get(m[1]); r.code != http.StatusOK {
					t.Errorf("%s in %s: %d", m[1], lang, r.code)
				}
			}
		}
	}
}
