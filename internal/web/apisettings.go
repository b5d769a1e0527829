package web

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"naskah/internal/account"
	"naskah/internal/office/setup"
	"naskah/internal/problem"
)

// settingInput names a topic of the administrator's pages; fields are named as in
// its form.
type settingInput struct {
	Topic string `path:"topic" doc:"kantor, cabang, bagian, jabatan, orang, penunjukan, sertifikat, jenis, klasifikasi, kop, instruksi"`
	ID    string `path:"id" doc:"baru: tambahkan; ini: kantor, kop, instruksi"`
	Body  struct {
		Fields map[string][]string `json:"fields"`
		File   string              `json:"file" required:"false" doc:"isi berkas, base64: logo atau daftar kode"`
	}
}

type settingID struct {
	Topic string `path:"topic"`
	ID    string `path:"id"`
}

// apiSettings lets programs set an office up as the administrator's pages do.
func (s *server) apiSettings(api huma.API) {
	serveAPI(s, api, operation(http.MethodPut, "/settings/{topic}/{id}", "save-setting", "Mengatur kantor"), func(ctx context.Context, in *settingInput) (apiCode, error) {
		t, ok := topics()[in.Topic]
		if !ok {
			return apiCode{}, problem.NotFound
		}
		a := asked{actor: actorOf(ctx), desk: setup.Desk{Office: s.o.Office}, id: in.ID, form: url.Values(in.Body.Fields), code: account.NewToken()[:codeLength]}
		if err := mayOpen(a.actor, t); err != nil {
			return apiCode{}, err
		}
		if a.id == "baru" {
			a.id = ""
		}
		if in.Body.File != "" {
			b, err := base64.StdEncoding.DecodeString(in.Body.File)
			if err != nil || len(b) > largestSetting {
				return apiCode{}, problem.New(problem.Invalid, "Berkas ini bukan base64 atau lebih dari 5 MB.", "This file is no base64 or larger than 5 MB.", err)
			}
			a.file = b
		}
		err := t.save(ctx, a)
		if in.Topic != "cabang" {
			a.code = ""
		}
		return apiCode{ID: in.ID, Code: a.code}, err
	})
	serveAPI(s, api, operation(http.MethodPost, "/settings/{topic}/{id}/remove", "remove-setting", "Menghapus dari pengaturan"), func(ctx context.Context, in *settingID) (struct{}, error) {
		t, ok := topics()[in.Topic]
		if !ok || t.remove == nil {
			return struct{}{}, problem.NotFound
		}
		a := asked{actor: actorOf(ctx), desk: setup.Desk{Office: s.o.Office}, id: in.ID}
		if err := mayOpen(a.actor, t); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, t.remove(ctx, a)
	})
}
