package web

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"naskah/internal/letter"
	"naskah/internal/office"
)

type apiDraft struct {
	Letter    apiLetter      `json:"letter"`
	Content   letter.Content `json:"content"`
	Text      string         `json:"text"`
	Reviewers []string       `json:"reviewers"`
	Signer    string         `json:"signer"`
	Note      string         `json:"note"`
}

func (s *server) apiDraft(d office.Draft) apiDraft {
	out := apiDraft{Letter: s.apiLetter(d.Letter), Content: d.Content, Text: d.Body, Reviewers: d.Reviewers, Signer: d.Letter.SignerPositionID, Note: d.Note}
	if out.Reviewers == nil {
		out.Reviewers = []string{}
	}
	return out
}

type newDraftInput struct {
	Body struct {
		Kind string `json:"kind"`
	}
}

type saveDraftInput struct {
	ByID
	Body struct {
		Subject        *string            `json:"subject,omitempty"`
		Classification *string            `json:"classification,omitempty"`
		Text           *string            `json:"text,omitempty" doc:"paragraf, 1. daftar, **tebal**, nama : nilai, | tabel |"`
		To             *[]string          `json:"to,omitempty"`
		Copies         *[]string          `json:"copies,omitempty"`
		Basis          *[]string          `json:"basis,omitempty"`
		Assignees      *[]letter.Assignee `json:"assignees,omitempty"`
		Reviewers      *[]string          `json:"reviewers,omitempty" doc:"id jabatan, berurutan"`
		Signer         *string            `json:"signer,omitempty" doc:"id jabatan"`
		Class          *letter.Class      `json:"class,omitempty"`
		Urgency        *letter.Urgency    `json:"urgency,omitempty"`
		Place          *string            `json:"place,omitempty"`
		From           *string            `json:"from,omitempty"`
	}
}

type versionInput struct {
	ByID
	Body struct {
		Version string `json:"version" doc:"versi yang dibaca"`
		Note    string `json:"note,omitempty"`
	}
}

type signInput struct {
	Body struct {
		Letters    []string `json:"letters" minItems:"1" maxItems:"100"`
		Passphrase string   `json:"passphrase"`
	}
}

type apiSigned struct {
	LetterID string  `json:"letter_id"`
	Number   string  `json:"number"`
	Signed   bool    `json:"signed"`
	Error    *string `json:"error"`
}

type cancelInput struct {
	ByID
	Body struct {
		Reason string `json:"reason"`
	}
}

type apiPost struct {
	ID        string `json:"id"`
	Label     string `json:"label"`
	MayReview bool   `json:"may_review"`
	MaySign   bool   `json:"may_sign"`
	Head      bool   `json:"head"`
}

func (s *server) apiWriting(api huma.API) {
	o := s.o.Office
	serveAPI(s, api, operation(http.MethodGet, "/positions", "list-positions", "Jabatan untuk pemeriksa dan penandatangan"), func(ctx context.Context, _ *struct{}) ([]apiPost, error) {
		posts, err := o.Posts(ctx, actorOf(ctx))
		out := []apiPost{}
		for _, p := range posts {
			out = append(out, apiPost{p.ID, p.Label, p.MayReview, p.MaySign, p.Head})
		}
		return out, err
	})
	serveAPI(s, api, operation(http.MethodPost, "/drafts", "new-draft", "Memulai surat keluar"), func(ctx context.Context, in *newDraftInput) (apiDraft, error) {
		d, err := o.NewDraft(ctx, actorOf(ctx), in.Body.Kind)
		return s.apiDraft(d), err
	})
	serveAPI(s, api, operation(http.MethodGet, "/drafts/{id}", "get-draft", "Konsep"), func(ctx context.Context, in *ByID) (apiDraft, error) {
		d, err := o.Draft(ctx, actorOf(ctx), in.ID)
		return s.apiDraft(d), err
	})
	serveAPI(s, api, operation(http.MethodPatch, "/drafts/{id}", "save-draft", "Menyimpan konsep"), s.apiSave)
	serveAPI(s, api, operation(http.MethodPost, "/drafts/{id}/submit", "submit-draft", "Mengirim ke pemeriksa"), func(ctx context.Context, in *ByID) (apiLetter, error) {
		l, err := o.Submit(ctx, actorOf(ctx), in.ID)
		return s.apiLetter(l), err
	})
	serveAPI(s, api, operation(http.MethodPost, "/letters/{id}/initial", "initial-letter", "Memberi paraf"), func(ctx context.Context, in *versionInput) (apiLetter, error) {
		l, err := o.Initial(ctx, actorOf(ctx), in.ID, in.Body.Version)
		return s.apiLetter(l), err
	})
	serveAPI(s, api, operation(http.MethodPost, "/letters/{id}/return", "return-letter", "Mengembalikan untuk diperbaiki"), func(ctx context.Context, in *versionInput) (apiLetter, error) {
		l, err := o.SendBack(ctx, actorOf(ctx), in.ID, in.Body.Version, in.Body.Note)
		return s.apiLetter(l), err
	})
	serveAPI(s, api, operation(http.MethodPost, "/letters/{id}/cancel", "cancel-letter", "Membatalkan surat"), func(ctx context.Context, in *cancelInput) (apiLetter, error) {
		l, err := o.Cancel(ctx, actorOf(ctx), in.ID, in.Body.Reason)
		return s.apiLetter(l), err
	})
	serveAPI(s, api, operation(http.MethodPost, "/sign", "sign-letters", "Menandatangani satu atau beberapa surat"), s.apiSign)
}

func (s *server) apiSave(ctx context.Context, in *saveDraftInput) (apiDraft, error) {
	b := in.Body
	d, err := s.o.Office.SaveDraft(ctx, actorOf(ctx), in.ID, office.DraftChange{
		Subject: b.Subject, Classification: b.Classification, Body: b.Text, To: b.To, Copies: b.Copies, Basis: b.Basis, Assignees: b.Assignees,
		Reviewers: b.Reviewers, SignerPositionID: b.Signer, Class: b.Class, Urgency: b.Urgency, Place: b.Place, From: b.From,
	})
	return s.apiDraft(d), err
}

// apiSign opens each letter and signs its final bytes. The program asks for what
// the person has read on its own page.
func (s *server) apiSign(ctx context.Context, in *signInput) ([]apiSigned, error) {
	actor := actorOf(ctx)
	var tokens []string
	for _, id := range in.Body.Letters {
		slip, err := s.o.Office.OpenForSigning(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, slip.Token)
	}
	results, err := s.o.Office.SignMany(ctx, actor, tokens, []byte(in.Body.Passphrase))
	out := []apiSigned{}
	for _, r := range results {
		one := apiSigned{LetterID: r.LetterID, Number: r.Letter.Number, Signed: r.Err == nil}
		if r.Err != nil {
			text := s.apiError(r.Err).Error()
			one.Error = &text
		}
		out = append(out, one)
	}
	return out, err
}

type codeInput struct {
	Code string `path:"code" doc:"10 huruf dan angka, atau kode 26 huruf dari QR"`
}

type apiVerdict struct {
	State      string  `json:"state"`
	Kind       string  `json:"kind"`
	Number     string  `json:"number"`
	Date       *string `json:"date"`
	Subject    string  `json:"subject"`
	Office     string  `json:"office"`
	Signer     string  `json:"signer"`
	SignerPost string  `json:"signer_post"`
	SHA256     string  `json:"sha256"`
	Conclusion string  `json:"conclusion"`
	Internal   bool    `json:"internal"`
}

type verifyInput struct {
	RawBody []byte `contentType:"application/pdf"`
}

// apiChecking answers anybody; addresses are limited as on the pages.
func (s *server) apiChecking(api huma.API) {
	op := operation(http.MethodGet, "/verify/{code}", "check-letter", "Memeriksa keaslian lewat kode")
	op.Security = nil
	op.Middlewares = huma.Middlewares{s.apiLimit(api)}
	serveAPI(s, api, op, s.apiCheck)
	file := operation(http.MethodPost, "/verify", "check-file", "Memeriksa tanda tangan dalam PDF; berkas tidak disimpan")
	file.Security = nil
	file.MaxBodyBytes = s.o.UploadBytes
	file.Middlewares = huma.Middlewares{s.apiLimit(api)}
	serveAPI(s, api, file, func(ctx context.Context, in *verifyInput) (any, error) {
		checked, err := s.o.Office.CheckFile(ctx, bytes.NewReader(in.RawBody))
		return checked.Report.JSON("", Indonesian), err
	})
}

func (s *server) apiLimit(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if s.codes.allow(humagin.Unwrap(c).ClientIP(), s.o.Now()) {
			next(c)
			return
		}
		if err := huma.WriteErr(api, c, http.StatusTooManyRequests, "Terlalu banyak percobaan. Tunggu sebentar."); err != nil {
			s.o.Log.Warn("api answer", "error", err)
		}
	}
}

func (s *server) apiCheck(ctx context.Context, in *codeInput) (apiVerdict, error) {
	v, _, err := s.o.Office.CheckCode(ctx, in.Code)
	if letter.ParseShortCode(in.Code) == "" {
		v, err = s.o.Office.CheckToken(ctx, in.Code)
	}
	out := apiVerdict{
		State: string(v.State), Kind: v.KindName, Number: v.Number, Date: day(v.Date), Subject: v.Subject, Office: v.OfficeName, Signer: v.SignerName, SignerPost: v.SignerPost, SHA256: v.Digest,
	}
	if v.Report != nil {
		out.Conclusion = v.Report.Conclusion
		for _, sig := range v.Report.Signatures {
			out.Internal = out.Internal || sig.Internal
		}
	}
	return out, err
}
