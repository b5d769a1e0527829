package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// disposeView is /surat/{id}/disposisi: the letter left, the order right. Posts to
// the same URL: kepada (several), instruksi (several), catatan, batas, tanggal,
// dari (an assignment that is passed on).
type disposeView struct {
	Frame
	Reading
	Assignment   string // passed on
	People       []Addressee
	Units        []Addressee
	Instructions []string
	Dues         []Option
	Form         Form
	Before       []SheetView // what was ordered before
}

// Addressee is somebody, or a whole unit, whom a letter can be given to.
type Addressee struct{ Value, Title, Name string }

// SheetView is one disposition with its addressees.
type SheetView struct {
	From, Title  string
	At           time.Time
	Instructions []string
	Note         string
	Due          time.Time
	Onward       bool
	To           []AssignmentView
}

// AssignmentView is one addressee and how far they are.
type AssignmentView struct {
	ID, Name, Title string
	State           string
	Due             time.Time
	Late            bool
	ReadAt, DoneAt  time.Time
	Report          string
	ReportURL       string
	CallBack        bool
}

func disposePage(c *call) error {
	v, err := c.newDispose(Form{})
	if err != nil {
		return err
	}
	return c.show("dispose", v)
}

func (c *call) newDispose(form Form) (*disposeView, error) {
	ctx := c.Request.Context()
	shown, err := c.s.o.Office.Show(ctx, c.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	passing := c.Query("dari") + c.PostForm("dari")
	if !mayDisposeNow(shown, passing) {
		return nil, notYourTurn(shown)
	}
	if err := c.s.o.Office.NoteOpened(ctx, c.actor, shown.Letter); err != nil {
		return nil, err
	}
	v := &disposeView{Frame: c.frame("masuk"), Assignment: passing, Form: form, Before: c.sheets(shown)}
	if v.Reading, err = c.reading(shown); err != nil {
		return nil, err
	}
	if v.Instructions, err = c.s.o.Office.Instructions(ctx, c.actor); err != nil {
		return nil, err
	}
	if err := c.addressees(v); err != nil {
		return nil, err
	}
	today, err := c.s.o.Office.Today(ctx, c.actor)
	for _, days := range []int{0, 1, 3, 7} {
		v.Dues = append(v.Dues, Option{fmt.Sprint(days), c.t(fmt.Sprintf("dispose.due.%d", days), "Day", c.s.words[c.lang()].longDate(today.AddDate(0, 0, days)))})
	}
	return v, err
}

func mayDisposeNow(s office.Shown, passing string) bool {
	if passing != "" {
		return s.Desk.Mine != nil && s.Desk.Mine.ID == passing
	}
	return s.Primary == office.ActDispose || slices.Contains(s.Others, office.ActDispose)
}

// addressees are everybody else in the office, those below this person first, and
// the units.
func (c *call) addressees(v *disposeView) error {
	ctx := c.Request.Context()
	posts, err := c.s.o.Office.Posts(ctx, c.actor)
	if err != nil {
		return err
	}
	units, err := c.s.o.Office.DB.Units(ctx, c.actor.OfficeID)
	if err != nil {
		return err
	}
	inUnit := map[string]int{}
	for _, p := range posts {
		if c.actor.Holds(p.ID) {
			continue
		}
		v.People = append(v.People, Addressee{p.ID, p.Title, p.Person})
		inUnit[p.UnitID]++
	}
	for _, u := range units {
		if inUnit[u.ID] > 1 {
			v.Units = append(v.Units, Addressee{office.UnitPrefix + u.ID, u.Name, c.t("dispose.unit.people", "N", inUnit[u.ID])})
		}
	}
	return nil
}

func dispose(c *call) error {
	ctx := c.Request.Context()
	order, err := c.readOrder()
	var l db.Letter
	if err == nil {
		l, err = c.s.o.Office.Dispose(ctx, c.actor, c.Param("id"), order)
	}
	if err != nil {
		if problem.KindOf(err) != problem.Invalid {
			return err
		}
		v, e := c.newDispose(Form{Values: c.Request.PostForm}.Fail(orderField(order), c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("dispose", v)
	}
	shown, err := c.s.o.Office.Show(ctx, c.actor, l.ID)
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame("masuk"), Key: "disposed", Subject: l.Subject, Who: shown.Waiting}
	v.Narrow = true
	rest, _, err := c.s.o.Office.ToDispose(ctx, c.actor, 1)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		v.Next = append(v.Next, Action{Key: "next-dispose", URL: "/surat/" + rest[0].ID + "/disposisi", Icon: "arrow-right"})
	}
	v.Next = append(v.Next, Action{Key: "see", URL: "/surat/" + l.ID, Icon: "file-text"}, Action{Key: "home", URL: "/", Icon: "house"})
	return c.show("done", v)
}

func orderField(o office.Order) string {
	switch {
	case len(o.To) == 0:
		return "kepada"
	case len(o.Instructions) == 0 && strings.TrimSpace(o.Note) == "":
		return "instruksi"
	case o.Due.IsZero() || len([]rune(o.Note)) < 2000:
		return "tanggal"
	}
	return "catatan"
}

func (c *call) readOrder() (office.Order, error) {
	if err := c.Request.ParseForm(); err != nil {
		return office.Order{}, noFiles(err)
	}
	o := office.Order{To: c.Request.PostForm["kepada"], Instructions: c.Request.PostForm["instruksi"], Note: c.PostForm("catatan"), Assignment: c.PostForm("dari")}
	if day := c.PostForm("tanggal"); day != "" {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return o, problem.New(problem.Invalid, "Batas waktu ini tidak dapat dibaca. Contoh: 20 November 2026.", "This deadline cannot be read. Example: 20 November 2026.", err)
		}
		o.Due = t
		return o, nil
	}
	var days int
	if _, err := fmt.Sscanf(c.PostForm("batas"), "%d", &days); err == nil && days > 0 && days <= 366 {
		today, err := c.s.o.Office.Today(c.Request.Context(), c.actor)
		if err != nil {
			return o, err
		}
		o.Due = today.AddDate(0, 0, days)
	}
	return o, nil
}

// sheets are the dispositions of a letter as they are shown.
func (c *call) sheets(s office.Shown) []SheetView {
	today := time.Now()
	if t, err := c.s.o.Office.Today(c.Request.Context(), c.actor); err == nil {
		today = t
	}
	var out []SheetView
	for _, d := range s.Desk.Dispositions {
		v := SheetView{From: d.Name, Title: d.Title, At: c.in(d.At), Note: d.Note, Due: d.Due, Onward: d.ParentID != ""}
		if err := json.Unmarshal([]byte(d.Instructions), &v.Instructions); err != nil {
			c.s.o.Log.Warn("instructions of a disposition", "disposition", d.ID, "error", err)
		}
		for _, a := range s.Desk.Assignments {
			if a.DispositionID != d.ID {
				continue
			}
			to := AssignmentView{
				ID: a.ID, Name: a.Name, Title: a.Title, State: a.State, Due: a.Due, Late: a.Open() && !a.Due.IsZero() && a.Due.Before(today),
				ReadAt: c.in(a.ReadAt), DoneAt: c.in(a.DoneAt), Report: a.Report, CallBack: s.Desk.CallBack[a.ID],
			}
			if a.ReportFile != "" {
				to.ReportURL = "/surat/" + a.LetterID + "/berkas/" + a.ReportFile
			}
			v.To = append(v.To, to)
		}
		out = append(out, v)
	}
	return out
}

func forwardPage(c *call) error {
	v, err := c.newForward()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newForward() (*askView, error) {
	heads, err := c.s.o.Office.Heads(c.Request.Context(), c.actor)
	if err != nil {
		return nil, err
	}
	var options []Option
	for _, h := range heads {
		options = append(options, Option{h.ID, h.Label})
	}
	v, _, err := c.ask("forward", "teruskan", askField{Kind: "radios", Name: "kepada", Label: "ask.forward.to", Options: options})
	if err == nil && len(options) > 0 {
		v.Icon, v.Form = "arrow-right", Form{Values: url.Values{"kepada": {options[0].Value}}}
	}
	return v, err
}

func forward(c *call) error {
	l, err := c.s.o.Office.Forward(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("kepada"))
	if err != nil {
		v, e := c.newForward()
		if e != nil {
			return e
		}
		return c.again(v, "kepada", err)
	}
	return c.stepDone("forwarded", l)
}

// stepDone confirms a step with a letter and says who acts next.
func (c *call) stepDone(key string, l db.Letter, next ...Action) error {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, l.ID)
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame(placeOf(l)), Key: key, Subject: l.Subject, Who: shown.Waiting}
	if l.Direction == string(letter.Outgoing) {
		v.Number = l.Number
	}
	v.Narrow = true
	v.Next = append(next, Action{Key: "see", URL: "/surat/" + l.ID, Icon: "file-text"}, Action{Key: "home", URL: "/", Icon: "house"})
	return c.show("done", v)
}

func reportPage(c *call) error {
	v, err := c.newReport()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newReport() (*askView, error) {
	v, shown, err := c.ask("report", "laporan",
		askField{Kind: "area", Name: "hasil", Label: "ask.report.text", Hint: "ask.report.text.hint"},
		askField{Kind: "file", Name: "berkas", Label: "ask.report.file", Hint: "ask.report.file.hint", Optional: true, Accept: ".pdf,.jpg,.jpeg,.png,.tif,.tiff"})
	if err != nil {
		return nil, err
	}
	if shown.Desk.Mine == nil {
		return nil, notYourTurn(shown)
	}
	v.Icon = "check"
	return v, nil
}

func report(c *call) error {
	ctx := c.Request.Context()
	v, err := c.newReport()
	if err != nil {
		return err
	}
	shown, err := c.s.o.Office.Show(ctx, c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	up, done, err := c.oneFile("berkas")
	if err != nil {
		return c.again(v, "berkas", err)
	}
	defer done()
	l, err := c.s.o.Office.Report(ctx, c.actor, shown.Desk.Mine.ID, office.Report{Text: c.PostForm("hasil"), File: up})
	if err != nil {
		return c.again(v, "hasil", err)
	}
	return c.stepDone("reported", l)
}

func callBack(c *call) error {
	l, err := c.s.o.Office.CallBack(c.Request.Context(), c.actor, c.Param("assignment"))
	if err != nil {
		return err
	}
	return c.stepDone("called-back", l)
}

// nextOf leads to the first letter of a queue, or to the list when there is none.
func nextOf(queue func(c *call) (string, error), list string) handler {
	return func(c *call) error {
		to, err := queue(c)
		if err != nil {
			return err
		}
		if to == "" {
			to = list
		}
		return c.to(to)
	}
}

func nextToDispose(c *call) (string, error) {
	letters, _, err := c.s.o.Office.ToDispose(c.Request.Context(), c.actor, 50)
	if err != nil || len(letters) == 0 {
		return "", err
	}
	return "/surat/" + letters[len(letters)-1].ID + "/disposisi", nil
}

func nextToInitial(c *call) (string, error) {
	letters, _, err := c.s.o.Office.ReviewQueue(c.Request.Context(), c.actor)
	if err != nil || len(letters) == 0 {
		return "", err
	}
	return "/paraf/" + letters[len(letters)-1].ID, nil
}

func nextAssignment(c *call) (string, error) {
	open, _, err := c.s.o.Office.MyAssignments(c.Request.Context(), c.actor)
	if err != nil || len(open) != 1 {
		return "", err
	}
	return "/surat/" + open[0].Letter.ID, nil
}
