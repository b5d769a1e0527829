package web

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// scanInput is one file as the body, with its name in the address.
type scanInput struct {
	ByID
	Name    string `query:"name" default:"berkas"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (in scanInput) upload() office.Upload {
	return office.Upload{Name: in.Name, Bytes: bytes.NewReader(in.RawBody)}
}

type forwardInput struct {
	ByID
	Body struct {
		Position string `json:"position" required:"false" doc:"kosong: pimpinan pertama"`
	}
}

type disposeInput struct {
	ByID
	Body struct {
		To           []string `json:"to" doc:"jabatan, atau unit:ID"`
		Instructions []string `json:"instructions" required:"false"`
		Note         string   `json:"note" required:"false"`
		Due          string   `json:"due" required:"false" format:"date"`
		Assignment   string   `json:"assignment" required:"false" doc:"disposisi yang diteruskan"`
	}
}

type reportInput struct {
	ByID
	Body struct {
		Text string `json:"text"`
	}
}

type sendInput struct {
	ByID
	Body struct {
		Way        string   `json:"way"`
		Recipients []string `json:"recipients" required:"false"`
		Receiver   string   `json:"receiver" required:"false"`
		Note       string   `json:"note" required:"false"`
	}
}

type folderInput struct {
	ByID
	Body struct {
		Folder string `json:"folder"`
	}
}

type replyInput struct {
	ByID
	Body struct {
		Kind string `json:"kind"`
	}
}

type apiAssignment struct {
	ID       string     `json:"id"`
	LetterID string     `json:"letter_id"`
	Subject  string     `json:"subject"`
	Position string     `json:"position"`
	Title    string     `json:"title"`
	Name     string     `json:"name"`
	State    string     `json:"state"`
	Due      *string    `json:"due"`
	DoneAt   *time.Time `json:"done_at"`
	Report   string     `json:"report"`
}

func apiAssignments(rows []db.OpenAssignment) []apiAssignment {
	out := []apiAssignment{}
	for _, r := range rows {
		a := r.Assignment
		out = append(out, apiAssignment{a.ID, a.LetterID, r.Letter.Subject, a.PositionID, a.Title, a.Name, a.State, day(a.Due), moment(a.DoneAt), a.Report})
	}
	return out
}

// letterStep registers an operation that gives back the letter it changed.
func letterStep[I any](s *server, api huma.API, method, path, id, summary string, do func(ctx context.Context, actor account.Actor, in *I) (db.Letter, error)) {
	serveAPI(s, api, operation(method, path, id, summary), func(ctx context.Context, in *I) (apiLetter, error) {
		l, err := do(ctx, actorOf(ctx), in)
		return s.apiLetter(l), err
	})
}

// fileStep is letterStep for operations whose body is a file.
func fileStep(s *server, api huma.API, path, id, summary string, do func(ctx context.Context, actor account.Actor, in *scanInput) (db.Letter, error)) {
	op := operation(http.MethodPost, path, id, summary)
	op.MaxBodyBytes = s.o.UploadBytes
	serveAPI(s, api, op, func(ctx context.Context, in *scanInput) (apiLetter, error) {
		l, err := do(ctx, actorOf(ctx), in)
		return s.apiLetter(l), err
	})
}

// apiDesk is what happens with letters besides writing and signing them.
func (s *server) apiDesk(api huma.API) {
	o := s.o.Office
	letterStep(s, api, http.MethodPost, "/letters/{id}/forward", "forward-letter", "Meneruskan kepada pimpinan", func(ctx context.Context, a account.Actor, in *forwardInput) (db.Letter, error) {
		return o.Forward(ctx, a, in.ID, in.Body.Position)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/dispose", "dispose-letter", "Mendisposisikan, atau meneruskan disposisi", s.apiDispose)
	letterStep(s, api, http.MethodPost, "/assignments/{id}/report", "report-assignment", "Melaporkan hasil disposisi", func(ctx context.Context, a account.Actor, in *reportInput) (db.Letter, error) {
		return o.Report(ctx, a, in.ID, office.Report{Text: in.Body.Text})
	})
	letterStep(s, api, http.MethodPost, "/assignments/{id}/call-back", "call-back-assignment", "Menarik disposisi yang belum dibaca", func(ctx context.Context, a account.Actor, in *ByID) (db.Letter, error) {
		return o.CallBack(ctx, a, in.ID)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/sent", "mark-sent", "Menandai terkirim", func(ctx context.Context, a account.Actor, in *sendInput) (db.Letter, error) {
		return o.MarkSent(ctx, a, in.ID, office.Sending{Way: in.Body.Way, Recipients: in.Body.Recipients, Receiver: in.Body.Receiver, Note: in.Body.Note})
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/file", "file-letter", "Menyimpan ke berkas", func(ctx context.Context, a account.Actor, in *folderInput) (db.Letter, error) {
		return o.FileAway(ctx, a, in.ID, in.Body.Folder)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/unfile", "unfile-letter", "Mengeluarkan dari berkas", func(ctx context.Context, a account.Actor, in *ByID) (db.Letter, error) {
		return o.Unfile(ctx, a, in.ID)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/revoke", "revoke-letter", "Mencabut surat", func(ctx context.Context, a account.Actor, in *cancelInput) (db.Letter, error) {
		return o.Revoke(ctx, a, in.ID, in.Body.Reason)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/take-back", "take-back-letter", "Menarik kembali konsep", func(ctx context.Context, a account.Actor, in *ByID) (db.Letter, error) {
		return o.TakeBack(ctx, a, in.ID)
	})
	letterStep(s, api, http.MethodPost, "/letters/{id}/print-for-ink", "print-for-ink", "Mencetak untuk tanda tangan basah", func(ctx context.Context, a account.Actor, in *ByID) (db.Letter, error) {
		return o.PrintForInk(ctx, a, in.ID)
	})
	serveAPI(s, api, operation(http.MethodPost, "/letters/{id}/replace", "replace-letter", "Memulai surat pengganti"), func(ctx context.Context, in *ByID) (apiDraft, error) {
		d, err := o.Replace(ctx, actorOf(ctx), in.ID)
		return s.apiDraft(d), err
	})
	serveAPI(s, api, operation(http.MethodPost, "/letters/{id}/reply", "reply-letter", "Memulai balasan"), func(ctx context.Context, in *replyInput) (apiDraft, error) {
		d, err := o.Reply(ctx, actorOf(ctx), in.ID, in.Body.Kind)
		return s.apiDraft(d), err
	})
	serveAPI(s, api, operation(http.MethodGet, "/assignments", "list-assignments", "Disposisi untuk saya"), func(ctx context.Context, _ *struct{}) ([]apiAssignment, error) {
		rows, _, err := o.MyAssignments(ctx, actorOf(ctx))
		return apiAssignments(rows), err
	})
	s.apiScans(api)
}

func (s *server) apiScans(api huma.API) {
	o := s.o.Office
	fileStep(s, api, "/letters/{id}/ink-scan", "bind-ink", "Menyimpan pindaian bertanda tangan basah", func(ctx context.Context, a account.Actor, in *scanInput) (db.Letter, error) {
		return o.BindInk(ctx, a, in.ID, in.upload())
	})
	fileStep(s, api, "/letters/{id}/sheet-scan", "bind-sheet", "Menyimpan pindaian lembar disposisi", func(ctx context.Context, a account.Actor, in *scanInput) (db.Letter, error) {
		return o.BindSheet(ctx, a, in.ID, in.upload())
	})
	attach := operation(http.MethodPost, "/drafts/{id}/attachments", "attach-file", "Menambah lampiran PDF")
	attach.MaxBodyBytes = s.o.UploadBytes
	serveAPI(s, api, attach, func(ctx context.Context, in *scanInput) (apiDraft, error) {
		d, err := o.Attach(ctx, actorOf(ctx), in.ID, in.upload())
		return s.apiDraft(d), err
	})
	serveAPI(s, api, operation(http.MethodDelete, "/drafts/{id}/attachments/{n}", "detach-file", "Menghapus lampiran"), func(ctx context.Context, in *detachInput) (apiDraft, error) {
		d, err := o.Draft(ctx, actorOf(ctx), in.ID)
		if err != nil {
			return apiDraft{}, err
		}
		list := d.Content.Attachments
		if in.N >= len(list) {
			return apiDraft{}, problem.New(problem.NotFound, "Lampiran itu tidak ada.", "There is no such attachment.", nil)
		}
		rest := append(list[:in.N:in.N], list[in.N+1:]...)
		d, err = o.SaveDraft(ctx, actorOf(ctx), in.ID, office.DraftChange{Attachments: &rest})
		return s.apiDraft(d), err
	})
}

type detachInput struct {
	ByID
	N int `path:"n" minimum:"0" doc:"mulai dari 0"`
}

func (s *server) apiDispose(ctx context.Context, a account.Actor, in *disposeInput) (db.Letter, error) {
	order := office.Order{To: in.Body.To, Instructions: in.Body.Instructions, Note: in.Body.Note, Assignment: in.Body.Assignment}
	if in.Body.Due != "" {
		t, err := time.Parse(time.DateOnly, in.Body.Due)
		if err != nil {
			return db.Letter{}, problem.New(problem.Invalid, "Batas waktu ini tidak dapat dibaca.", "This deadline cannot be read.", err)
		}
		order.Due = t
	}
	return s.o.Office.Dispose(ctx, a, in.ID, order)
}

// apiPerson is a person as an administrator sees them, without secrets.
type apiPerson struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	SignIn    string   `json:"sign_in"`
	Active    bool     `json:"active"`
	Positions []string `json:"positions"`
}

type apiCode struct {
	ID   string `json:"id"`
	Code string `json:"code" doc:"kode sekali pakai, hanya tampil di sini"`
}

type personInput struct {
	Body struct {
		Name     string `json:"name"`
		SignIn   string `json:"sign_in"`
		Position string `json:"position"`
	}
}

type passwordInput struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
}

type keyInput struct {
	Body struct {
		Passphrase string `json:"passphrase"`
	}
}

type tasteInput struct {
	Body struct {
		Language string `json:"language" enum:"id,en"`
		TextSize int    `json:"text_size" minimum:"16" maximum:"24"`
	}
}

type tokenInput struct {
	Body struct {
		Name   string `json:"name"`
		Person string `json:"person" required:"false" doc:"kosong: diri sendiri"`
	}
}

type apiMe struct {
	Name      string            `json:"name"`
	Positions []account.Holding `json:"positions"`
	Key       office.KeyStatus  `json:"key"`
}

// apiPeople is who works here, their codes and tokens, and a person's own account.
func (s *server) apiPeople(api huma.API) {
	o := s.o.Office
	serveAPI(s, api, operation(http.MethodGet, "/people", "list-people", "Orang di kantor"), s.apiListPeople)
	serveAPI(s, api, operation(http.MethodPost, "/people", "add-person", "Menambah orang"), func(ctx context.Context, in *personInput) (apiCode, error) {
		code := account.NewToken()[:codeLength]
		p, err := o.AddPerson(ctx, actorOf(ctx), office.NewPerson{Name: in.Body.Name, Login: in.Body.SignIn, PositionID: in.Body.Position, Password: code, OneTime: true})
		return apiCode{p.ID, code}, err
	})
	serveAPI(s, api, operation(http.MethodPost, "/people/{id}/code", "new-code", "Kode sekali pakai untuk masuk"), func(ctx context.Context, in *ByID) (apiCode, error) {
		code := account.NewToken()[:codeLength]
		return apiCode{in.ID, code}, o.GiveCode(ctx, actorOf(ctx), in.ID, code)
	})
	serveAPI(s, api, operation(http.MethodPost, "/people/{id}/deactivate", "deactivate-person", "Menonaktifkan orang"), func(ctx context.Context, in *ByID) (struct{}, error) {
		return struct{}{}, o.Deactivate(ctx, actorOf(ctx), in.ID)
	})
	serveAPI(s, api, operation(http.MethodGet, "/me", "show-me", "Diri sendiri"), func(ctx context.Context, _ *struct{}) (apiMe, error) {
		a := actorOf(ctx)
		key, err := o.Key(ctx, a)
		return apiMe{a.Name, a.Holdings, key}, err
	})
	serveAPI(s, api, operation(http.MethodPost, "/me/password", "change-password", "Mengganti kata sandi"), func(ctx context.Context, in *passwordInput) (struct{}, error) {
		return struct{}{}, o.ChangePassword(ctx, actorOf(ctx), in.Body.Old, in.Body.New)
	})
	serveAPI(s, api, operation(http.MethodPost, "/me/key", "make-key", "Membuat sertifikat tanda tangan"), func(ctx context.Context, in *keyInput) (struct{}, error) {
		return struct{}{}, o.MakeKey(ctx, actorOf(ctx), []byte(in.Body.Passphrase))
	})
	serveAPI(s, api, operation(http.MethodPut, "/me/taste", "set-taste", "Bahasa dan besar huruf"), func(ctx context.Context, in *tasteInput) (struct{}, error) {
		return struct{}{}, o.SetTaste(ctx, actorOf(ctx), in.Body.Language, in.Body.TextSize)
	})
	s.apiSettings(api)
	serveAPI(s, api, operation(http.MethodPost, "/tokens", "add-token", "Membuat kunci untuk program"), s.apiAddToken)
	serveAPI(s, api, operation(http.MethodPost, "/tokens/{id}/revoke", "revoke-token", "Mencabut kunci program"), func(ctx context.Context, in *ByID) (struct{}, error) {
		return struct{}{}, o.RevokeToken(ctx, actorOf(ctx), in.ID)
	})
}

// codeLength is how long a one-time code is: 50 random bits, typed once.
const codeLength = 10

func (s *server) apiListPeople(ctx context.Context, _ *struct{}) ([]apiPerson, error) {
	a := actorOf(ctx)
	if err := a.Require(account.CanAdminister); err != nil {
		return nil, err
	}
	people, err := s.o.Office.DB.People(ctx, a.OfficeID)
	if err != nil {
		return nil, err
	}
	held, err := s.o.Office.DB.OfficeHeldAt(ctx, a.OfficeID, s.o.Now())
	out := []apiPerson{}
	for _, p := range people {
		one := apiPerson{ID: p.ID, Name: p.Name, SignIn: p.Login, Active: p.Active, Positions: []string{}}
		for _, h := range held {
			if h.Person.ID == p.ID {
				one.Positions = append(one.Positions, h.Position.Title)
			}
		}
		out = append(out, one)
	}
	return out, err
}

// apiAddToken makes a token for oneself, or for another as an administrator, as the
// page does.
func (s *server) apiAddToken(ctx context.Context, in *tokenInput) (apiCode, error) {
	a := actorOf(ctx)
	if err := a.Require(account.CanAdminister); err != nil {
		return apiCode{}, err
	}
	to := a
	if in.Body.Person != "" {
		other, err := s.o.Office.Actor(ctx, in.Body.Person)
		if err != nil || other.OfficeID != a.OfficeID {
			return apiCode{}, problem.New(problem.NotFound, "Orang itu tidak ada di kantor ini.", "There is no such person at this office.", err)
		}
		to = other
	}
	token, err := s.o.Office.AddToken(ctx, to, in.Body.Name)
	return apiCode{Code: token}, err
}
