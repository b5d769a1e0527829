package web

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// siblings are the operations of the JSON API that do what a form does. What has
// none says why.
func siblings() map[string]string {
	return map[string]string{
		"/masuk": "-programs carry a token", "/keluar": "-programs carry a token", "/bahasa": "set-taste", "/huruf": "set-taste",
		"/v/:token/bandingkan": "check-file", "/periksa/kode": "check-letter", "/periksa/berkas": "check-file",
		"/surat-masuk/baru": "receive-letter", "/surat/:id/catat": "register-letter", "/surat/:id/tarik": "take-back-letter", "/surat/:id/batal": "cancel-letter",
		"/tulis": "new-draft", "/tulis/:id/tujuan": "save-draft", "/tulis/:id/isi": "save-draft", "/tulis/:id/isi/simpan": "save-draft", "/tulis/:id/lampiran": "attach-file",
		"/tulis/:id/lampiran/:n/hapus": "detach-file", "/tulis/:id/kirim": "submit-draft", "/paraf/:id": "initial-letter", "/paraf/:id/kembalikan": "return-letter",
		"/tanda-tangan/:id": "sign-letters", "/tanda-tangan/:id/kembalikan": "return-letter", "/tanda-tangan/bersama": "sign-letters", "/tanda-tangan/sertifikat": "make-key",
		"/akun/sandi": "change-password", "/akun/sandi-baru": "-programs carry a token", "/admin/atur/:topik": "save-setting", "/admin/atur/:topik/:id": "save-setting", "/admin/atur/:topik/:id/hapus": "remove-setting", "/admin/orang": "add-person", "/admin/orang/:id/kode": "new-code", "/admin/orang/:id/nonaktif": "deactivate-person",
		"/admin/token": "add-token", "/admin/token/:id/cabut": "revoke-token",
		"/surat/:id/teruskan": "forward-letter", "/surat/:id/disposisi": "dispose-letter", "/surat/:id/laporan": "report-assignment", "/disposisi/:assignment/tarik": "call-back-assignment",
		"/surat/:id/lembar": "bind-sheet", "/surat/:id/kirim": "mark-sent", "/surat/:id/simpan": "file-letter", "/surat/:id/keluarkan": "unfile-letter", "/surat/:id/cabut": "revoke-letter",
		"/surat/:id/ganti": "replace-letter", "/surat/:id/balas": "reply-letter", "/surat/:id/cetak-basah": "print-for-ink", "/surat/:id/pindaian": "bind-ink",
	}
}

func TestEverythingThatAPageDoesTheAPIDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	spec := h.visitor().get("/api/openapi.json").body
	source, err := os.ReadFile("routes.go")
	h.must(err)
	seen := 0
	for _, m := range regexp.MustCompile(`(?:\bpost|\.POST)\("([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		seen++
		sibling, ok := siblings()[m[1]]
		switch {
		case !ok:
			t.Errorf("the form at %s has no operation; name it, or why there is none", m[1])
		case strings.HasPrefix(sibling, "-"):
		case !strings.Contains(spec, `"operationId":"`+sibling+`"`):
			t.Errorf("the form at %s: there is no operation %s", m[1], sibling)
		}
	}
	if seen < 30 {
		t.Errorf("only %d forms were looked at", seen)
	}
}

// program calls the API for somebody of the demo.
func (h *house) program(login, method, path, body string) (int, map[string]any) {
	h.t.Helper()
	actor, err := h.o.ActorByLogin(h.t.Context(), login)
	h.must(err)
	token, err := h.o.AddToken(h.t.Context(), actor, "uji")
	h.must(err)
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	h.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	got := h.visitor().do(r)
	var m map[string]any
	if strings.HasPrefix(got.body, "[") {
		m = map[string]any{"list": got.body}
	} else if err := json.Unmarshal([]byte(got.body), &m); err != nil {
		h.t.Fatalf("%s %s: %d %q", method, path, got.code, got.body)
	}
	return got.code, m
}

func TestTheAPIGuardsPeopleAndTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, ask := range [][3]string{
		{http.MethodGet, "/api/v1/people", ""}, {http.MethodPost, "/api/v1/people", `{"name":"Budi","sign_in":"budi","position":"x"}`}, {http.MethodPost, "/api/v1/tokens", `{"name":"x"}`},
	} {
		if code, _ := h.program("kasi", ask[0], ask[1], ask[2]); code != http.StatusForbidden {
			t.Errorf("%s %s by a section head: %d", ask[0], ask[1], code)
		}
	}
	if code, got := h.program("kasubag", http.MethodGet, "/api/v1/people", ""); code != http.StatusOK || strings.Contains(got["list"].(string), "argon2") {
		t.Errorf("%d %v", code, got)
	}
	if code, me := h.program("kasi", http.MethodGet, "/api/v1/me", ""); code != http.StatusOK || me["name"] != "Tati Sumiati, S.Sos." {
		t.Errorf("%d %v", code, me)
	}
}

func TestTheAPIDisposesAndReports(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.registered("Permohonan Narasumber")
	if code, l := h.program("pencatat", http.MethodPost, "/api/v1/letters/"+id+"/forward", `{}`); code != http.StatusOK || l["state"] != "forwarded" {
		t.Fatalf("%d %v", code, l)
	}
	kasi, err := h.o.ActorByLogin(t.Context(), "kasi")
	h.must(err)
	body := `{"to":["` + kasi.Holdings[0].PositionID + `"],"instructions":["Wakili / hadiri"],"due":"2099-01-02"}`
	if code, l := h.program("camat", http.MethodPost, "/api/v1/letters/"+id+"/dispose", body); code != http.StatusOK || l["state"] != "disposed" {
		t.Fatalf("%d %v", code, l)
	}
	_, mine := h.program("kasi", http.MethodGet, "/api/v1/assignments", "")
	var list []map[string]any
	h.must(json.Unmarshal([]byte(mine["list"].(string)), &list))
	if len(list) != 1 || list[0]["due"] != "2099-01-02" {
		t.Fatalf("%v", list)
	}
	path := "/api/v1/assignments/" + list[0]["id"].(string) + "/report"
	if code, _ := h.program("pencatat", http.MethodPost, path, `{"text":"Bukan saya."}`); code != http.StatusForbidden {
		t.Errorf("somebody else reports: %d", code)
	}
	if code, l := h.program("kasi", http.MethodPost, path, `{"text":"Sudah dihadiri."}`); code != http.StatusOK || l["state"] != "completed" {
		t.Errorf("%d %v", code, l)
	}
}
