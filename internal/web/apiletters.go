package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
	"naskah/search"
)

// apiLetter is a letter's row.
type apiLetter struct {
	ID             string     `json:"id"`
	Direction      string     `json:"direction"`
	Kind           string     `json:"kind"`
	State          string     `json:"state"`
	ReadState      string     `json:"read_state"`
	ReadError      string     `json:"read_error"`
	Subject        string     `json:"subject"`
	Number         string     `json:"number"`
	AgendaNumber   string     `json:"agenda_number"`
	Sender         string     `json:"sender"`
	Recipient      string     `json:"recipient"`
	Summary        string     `json:"summary"`
	Date           *string    `json:"date"`
	ReceivedAt     *time.Time `json:"received_at"`
	SignedAt       *time.Time `json:"signed_at"`
	Class          string     `json:"class"`
	Urgency        string     `json:"urgency"`
	Classification string     `json:"classification"`
	Pages          int        `json:"pages"`
	Revision       int64      `json:"revision"`
	Version        string     `json:"version"`
	VerifyURL      string     `json:"verify_url"`
}

func (s *server) apiLetter(l db.Letter) apiLetter {
	out := apiLetter{
		ID: l.ID, Direction: l.Direction, Kind: l.Kind, State: l.State, ReadState: l.ReadState, ReadError: l.ReadError, Subject: l.Subject, Number: l.Number,
		AgendaNumber: l.AgendaNumber, Sender: l.Sender, Recipient: l.Recipient, Summary: l.Summary, Date: day(l.LetterDate), ReceivedAt: moment(l.ReceivedAt),
		SignedAt: moment(l.SignedAt), Class: l.Class, Urgency: l.Urgency, Classification: l.Classification, Pages: l.Pages, Revision: l.Revision, Version: l.VersionID,
	}
	if l.SignedRef != "" {
		out.VerifyURL = s.o.PublicURL + "/v/" + l.VerifyToken
	}
	return out
}

type apiPage struct {
	Number     int     `json:"number"`
	Text       string  `json:"text"`
	Source     string  `json:"source"`
	Reason     string  `json:"reason"`
	Confidence float64 `json:"confidence"`
}

type apiFile struct {
	ID     string `json:"id"`
	Role   string `json:"role"`
	Name   string `json:"name"`
	Media  string `json:"media"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

type apiShown struct {
	Letter  apiLetter       `json:"letter"`
	Pages   []apiPage       `json:"pages"`
	Files   []apiFile       `json:"files"`
	Primary office.Action   `json:"primary"`
	Others  []office.Action `json:"others"`
	Waiting string          `json:"waiting"`
}

type apiFound struct {
	Total  int                       `json:"total"`
	TookMS float64                   `json:"took_ms"`
	Hits   []apiHit                  `json:"hits"`
	Counts map[string]map[string]int `json:"counts"`
}

type apiHit struct {
	Letter  apiLetter `json:"letter"`
	Page    int       `json:"page"`
	Snippet string    `json:"snippet"`
	Score   float64   `json:"score"`
}

type apiList struct {
	Total   int         `json:"total"`
	Letters []apiLetter `json:"letters"`
}

type listQuestion struct {
	Direction string   `query:"direction" enum:"incoming,outgoing" required:"false"`
	States    []string `query:"state"`
	Limit     int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Offset    int      `query:"offset" minimum:"0"`
}

type searchQuestion struct {
	Text       string   `query:"q"`
	Years      []int    `query:"year"`
	Kinds      []string `query:"kind"`
	Units      []string `query:"unit"`
	Directions []string `query:"direction"`
	States     []string `query:"state"`
	Order      string   `query:"order" enum:"relevance,newest,oldest" required:"false"`
	Limit      int      `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Offset     int      `query:"offset" minimum:"0"`
}

func (s *server) apiLetters(api huma.API) {
	o := s.o.Office
	serveAPI(s, api, operation(http.MethodGet, "/letters", "list-letters", "Daftar surat"), func(ctx context.Context, in *listQuestion) (apiList, error) {
		letters, n, err := o.List(ctx, actorOf(ctx), db.LetterFilter{Direction: in.Direction, States: in.States, Limit: in.Limit, Offset: in.Offset})
		out := apiList{Total: n, Letters: []apiLetter{}}
		for _, l := range letters {
			out.Letters = append(out.Letters, s.apiLetter(l))
		}
		return out, err
	})
	serveAPI(s, api, operation(http.MethodGet, "/search", "search-letters", "Mencari surat"), s.apiSearch)
	serveAPI(s, api, operation(http.MethodGet, "/letters/{id}", "show-letter", "Satu surat"), s.apiShow)
	receive := operation(http.MethodPost, "/letters", "receive-letter", "Memasukkan pindaian atau berkas sebagai surat masuk")
	receive.MaxBodyBytes = s.o.UploadBytes + mega
	serveAPI(s, api, receive, s.apiReceive)
	serveAPI(s, api, operation(http.MethodPut, "/letters/{id}/registration", "register-letter", "Mencatat surat masuk"), s.apiRegister)
	s.apiFiles(api)
}

func (s *server) apiSearch(ctx context.Context, in *searchQuestion) (apiFound, error) {
	found, err := s.o.Office.Find(ctx, actorOf(ctx), search.Question{
		Text: in.Text, Order: search.Order(in.Order), Limit: in.Limit, Offset: in.Offset,
		Filter: search.Filter{Years: in.Years, Kinds: in.Kinds, Units: in.Units, Directions: in.Directions, States: in.States},
	})
	out := apiFound{Total: found.Total, TookMS: float64(found.Took.Microseconds()) / 1000, Hits: []apiHit{}}
	for _, h := range found.Hits {
		out.Hits = append(out.Hits, apiHit{Letter: s.apiLetter(h.Letter), Page: h.Page, Snippet: h.Snippet.Text, Score: h.Score})
	}
	years := map[string]int{}
	for y, n := range found.Counts.Years {
		years[time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")] = n
	}
	out.Counts = map[string]map[string]int{"year": years, "kind": found.Counts.Kinds, "unit": found.Counts.Units, "direction": found.Counts.Directions, "state": found.Counts.States}
	return out, err
}

func (s *server) apiShow(ctx context.Context, in *ByID) (apiShown, error) {
	shown, err := s.o.Office.Show(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return apiShown{}, err
	}
	out := apiShown{Letter: s.apiLetter(shown.Letter), Pages: []apiPage{}, Files: []apiFile{}, Primary: shown.Primary, Others: shown.Others, Waiting: shown.Waiting}
	for _, p := range shown.Pages {
		out.Pages = append(out.Pages, apiPage{p.Number, p.Text, p.Source, p.Reason, p.Confidence})
	}
	for _, f := range shown.Files {
		out.Files = append(out.Files, apiFile{f.ID, f.Role, f.Name, f.Media, f.Size, f.Ref})
	}
	return out, nil
}

type receiveInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

type apiReceived struct {
	LetterID  string `json:"letter_id"`
	SHA256    string `json:"sha256"`
	Kind      string `json:"kind"`
	Duplicate bool   `json:"duplicate"`
}

func (s *server) apiReceive(ctx context.Context, in *receiveInput) (apiReceived, error) {
	file := in.RawBody.Data().File
	got, err := s.o.Office.Receive(ctx, actorOf(ctx), office.Upload{Name: file.Filename, Bytes: file})
	return apiReceived{got.LetterID, string(got.Ref), string(got.Kind), got.Duplicate}, err
}

type registerInput struct {
	ByID
	Body struct {
		Number         string `json:"number,omitempty"`
		Date           string `json:"date,omitempty" format:"date"`
		Sender         string `json:"sender"`
		Recipient      string `json:"recipient,omitempty"`
		Subject        string `json:"subject"`
		Summary        string `json:"summary,omitempty"`
		Classification string `json:"classification,omitempty"`
		Class          string `json:"class,omitempty" enum:"biasa,terbatas,rahasia,sangat-rahasia"`
		Urgency        string `json:"urgency,omitempty" enum:"biasa,segera,sangat-segera"`
		Revision       int64  `json:"revision,omitempty"`
	}
}

func (s *server) apiRegister(ctx context.Context, in *registerInput) (apiLetter, error) {
	b := in.Body
	r := office.Registration{
		Number: b.Number, Sender: b.Sender, Recipient: b.Recipient, Subject: b.Subject, Summary: b.Summary, Classification: b.Classification,
		Class: letter.Class(b.Class), Urgency: letter.Urgency(b.Urgency), Revision: b.Revision,
	}
	if b.Date != "" {
		t, err := time.Parse(time.DateOnly, b.Date)
		if err != nil {
			return apiLetter{}, problem.New(problem.Invalid, "Tanggal ini tidak dapat dibaca. Contoh: 2026-11-16.", "This date cannot be read. Example: 2026-11-16.", err)
		}
		r.LetterDate = t
	}
	l, err := s.o.Office.Register(ctx, actorOf(ctx), in.ID, r)
	return s.apiLetter(l), err
}

type fileInput struct {
	ByID
	File string `path:"file"`
}

// apiFiles streams a letter's file.
func (s *server) apiFiles(api huma.API) {
	op := operation(http.MethodGet, "/letters/{id}/files/{file}", "get-file", "Berkas surat")
	op.Responses = map[string]*huma.Response{"200": {Description: "berkas", Content: map[string]*huma.MediaType{"application/octet-stream": {}}}}
	huma.Register(api, op, func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		d, err := s.o.Office.OpenFile(ctx, actorOf(ctx), in.ID, in.File)
		if err != nil {
			return nil, s.apiError(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			defer d.Bytes.Close() //nolint:errcheck // only read
			c.SetHeader("Content-Type", d.File.Media)
			c.SetHeader("Content-Disposition", attachment(d.File.Name))
			if _, err := io.Copy(c.BodyWriter(), d.Bytes); err != nil {
				s.o.Log.Warn("file not sent whole", "error", err)
			}
		}}, nil
	})
}
