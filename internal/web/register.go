package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// registerView is /surat/{id}/catat: the fields of an incoming letter beside its
// picture. Posts to the same URL: nomor, tanggal, asal, hal, klasifikasi, sifat,
// urgensi, ringkasan, revisi.
type registerView struct {
	Frame
	ID              string
	Name            string // file name
	Received        time.Time
	Agenda          string // already given, when the fields are corrected later
	NextAgenda      string // what it will probably be
	Revision        string // the row's revision, against two people at once
	Pages           []Picture
	Reading         string // reading state
	Form            Form
	Guesses         []Guess
	Classifications []Option
	Classes         []Option
	Urgencies       []Option
	Senders         []string
	Heads           []Option        // to whom it can be forwarded at once
	FromLetter      map[string]bool // fields that were filled in from the letter's text
}

// Guess is a proposal for a field, read from the picture. What stands plainly in a
// letter that nobody has registered yet is filled in and marked; later ones stand
// beside their field.
type Guess struct {
	Field string
	Value string // as the field takes it
	Label string // as people write it
}

// GuessFor is the proposal for a field, nil when there is none.
func (v registerView) GuessFor(field string) *Guess {
	for _, g := range v.Guesses {
		if g.Field == field && v.Form.Value(field) == "" {
			return &g
		}
	}
	return nil
}

func registerPage(c *call) error {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if shown.Letter.Direction != string(letter.Incoming) {
		return c.to("/surat/" + shown.Letter.ID)
	}
	if err := mayReceive(c); err != nil {
		return err
	}
	l := shown.Letter
	form := Form{Values: url.Values{
		"nomor": {l.Number}, "asal": {l.Sender}, "hal": {l.Subject}, "klasifikasi": {l.Classification}, "sifat": {l.Class}, "urgensi": {l.Urgency}, "ringkasan": {l.Summary},
	}}
	if !l.LetterDate.IsZero() {
		form.Values.Set("tanggal", l.LetterDate.Format(time.DateOnly))
	}
	v, err := c.newRegister(shown, form)
	if err != nil {
		return err
	}
	v.fillIn(l)
	return c.show("register", v)
}

// fillIn puts what stands plainly in the letter into its fields.
func (v *registerView) fillIn(l db.Letter) {
	v.FromLetter = map[string]bool{}
	for _, g := range v.Guesses {
		untouched := v.Form.Value(g.Field) == "" || g.Field == "hal" && l.Sender == "" && l.Number == ""
		if untouched {
			v.Form.Values.Set(g.Field, g.Value)
			v.FromLetter[g.Field] = true
		}
	}
	if len(v.Heads) > 0 && l.State == string(letter.Received) {
		v.Form.Values.Set("teruskan", v.Heads[0].Value)
	}
}

func (c *call) newRegister(shown office.Shown, form Form) (*registerView, error) {
	l := shown.Letter
	v := &registerView{
		Frame: c.frame("masuk"), ID: l.ID, Received: c.in(l.ReceivedAt), Agenda: l.AgendaNumber, Revision: strconv.FormatInt(l.Revision, 10),
		Reading: l.ReadState, Form: form, Classes: c.classes(), Urgencies: c.urgencies(),
	}
	for _, f := range shown.Files {
		if f.Role == db.RoleOriginal {
			v.Name = f.Name
		}
	}
	for _, p := range shown.Pages {
		v.Pages = append(v.Pages, c.picture(l.ID, p))
	}
	v.Guesses = c.guesses(l, shown.Pages)
	var err error
	if v.Senders, err = c.s.o.Office.DB.Senders(c.Request.Context(), l.OfficeID, c.actor.ReaderWords()); err != nil {
		return nil, err
	}
	if err := c.headsFor(v, l); err != nil {
		return nil, err
	}
	v.Classifications, err = c.classifications()
	return v, err
}

// headsFor are those to whom a letter that is not on its way yet can go at once.
func (c *call) headsFor(v *registerView, l db.Letter) error {
	if s := letter.State(l.State); s != letter.Received && s != letter.Registered {
		return nil
	}
	heads, err := c.s.o.Office.Heads(c.Request.Context(), c.actor)
	for _, h := range heads {
		v.Heads = append(v.Heads, Option{h.ID, h.Label})
	}
	if len(v.Heads) > 0 {
		v.Heads = append(v.Heads, Option{"", c.t("register.forward.none")})
	}
	return err
}

// guesses proposes what stands plainly in the text; a person decides.
func (c *call) guesses(l db.Letter, pages []db.Page) []Guess {
	if len(pages) == 0 || l.State != string(letter.Received) {
		return nil
	}
	found := letter.Guess(pages[0].Text, c.in(l.ReceivedAt).Year())
	var out []Guess
	for _, g := range []Guess{{"nomor", found.Number, found.Number}, {"hal", found.Subject, found.Subject}, {"asal", found.Sender, found.Sender}} {
		if g.Value != "" {
			out = append(out, g)
		}
	}
	if !found.Date.IsZero() {
		out = append(out, Guess{"tanggal", found.Date.Format(time.DateOnly), c.s.words[c.lang()].date(found.Date)})
	}
	return out
}

func (c *call) picture(id string, p db.Page) Picture {
	const width = 900
	height := width * 4 / 3
	if p.Width > 0 {
		height = int(width * p.Height / p.Width)
	}
	return Picture{Number: p.Number, URL: fmt.Sprintf("/surat/%s/halaman/%d.jpg?lebar=%d", id, p.Number, width), Width: width, Height: height}
}

func (c *call) classes() []Option {
	var out []Option
	for _, k := range letter.Classes() {
		out = append(out, Option{string(k), c.t("class." + string(k))})
	}
	return out
}

func (c *call) urgencies() []Option {
	var out []Option
	for _, u := range letter.Urgencies() {
		out = append(out, Option{string(u), c.t("urgency." + string(u))})
	}
	return out
}

func register(c *call) error {
	ctx, id := c.Request.Context(), c.Param("id")
	r, formErr := readRegistration(c)
	var l db.Letter
	err := formErr
	if err == nil {
		l, err = c.s.o.Office.Register(ctx, c.actor, id, r)
	}
	if err != nil {
		if !retype(err) {
			return err
		}
		shown, e := c.s.o.Office.Show(ctx, c.actor, id)
		if e != nil {
			return e
		}
		v, e := c.newRegister(shown, Form{Values: c.Request.PostForm}.Fail(registerField(r, formErr), c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("register", v)
	}
	v := &doneView{Frame: c.frame("masuk"), Key: "registered", Subject: l.Subject, Number: l.AgendaNumber}
	if to := c.PostForm("teruskan"); to != "" {
		if l, err = c.s.o.Office.Forward(ctx, c.actor, id, to); err != nil {
			return err
		}
		shown, err := c.s.o.Office.Show(ctx, c.actor, id)
		if err != nil {
			return err
		}
		v.Key, v.Who = "registered-forwarded", shown.Waiting
	}
	v.Next = []Action{{Key: "take-more", URL: "/surat-masuk/baru", Icon: "plus"}, {Key: "see", URL: "/surat/" + l.ID, Icon: "file-text"}}
	v.Narrow = true
	return c.show("done", v)
}

// registerField is where the sentence belongs: beside the first thing that is
// missing.
func registerField(r office.Registration, formErr error) string {
	switch {
	case formErr != nil:
		return "tanggal"
	case strings.TrimSpace(r.Subject) == "" || len([]rune(r.Subject)) > letter.MaxSubject:
		return "hal"
	case strings.TrimSpace(r.Sender) == "":
		return "asal"
	}
	return "tanggal"
}

func readRegistration(c *call) (office.Registration, error) {
	r := office.Registration{
		Number: c.PostForm("nomor"), Sender: c.PostForm("asal"), Subject: c.PostForm("hal"), Summary: c.PostForm("ringkasan"),
		Classification: c.PostForm("klasifikasi"), Class: letter.Class(c.PostForm("sifat")), Urgency: letter.Urgency(c.PostForm("urgensi")),
	}
	r.Revision, _ = strconv.ParseInt(c.PostForm("revisi"), 10, 64) // a missing one is not checked
	if day := c.PostForm("tanggal"); day != "" {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return r, problem.New(problem.Invalid, "Tanggal ini tidak dapat dibaca. Contoh: 16 November 2026.", "This date cannot be read. Example: 16 November 2026.", err)
		}
		r.LetterDate = t
	}
	return r, nil
}
