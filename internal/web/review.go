package web

import (
	"time"

	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// Reading is a letter laid out to be read before somebody decides about it.
type Reading struct {
	ID    string
	Facts LetterFacts
	Pages []Picture
	PDF   string
	Since time.Time
}

// reviewView is /paraf/{id}. POST /paraf/{id}: versi, sudah_membaca; POST
// /paraf/{id}/kembalikan: versi, catatan.
type reviewView struct {
	Frame
	Reading
	Version string // digest of what is shown: an initial holds for nothing else
	Form    Form
	Return  Form
	Journey []Step
	Next    string // who gets it afterwards
	Last    bool   // this is the last initial: the number is given afterwards
}

// reading lays a letter out to be read whole.
func (c *call) reading(shown office.Shown) (Reading, error) {
	facts, err := c.facts(c.Request.Context(), shown)
	if err != nil {
		return Reading{}, err
	}
	r := Reading{ID: shown.Letter.ID, Facts: facts, Since: c.in(shown.Letter.UpdatedAt)}
	n, err := c.s.o.Office.PageCount(c.Request.Context(), c.actor, shown.Letter.ID)
	switch problem.KindOf(err) {
	case problem.NotFound, problem.Invalid, problem.Unsupported, problem.TooLarge, problem.Unavailable:
		err = nil // a file that has no pages to show still has its facts
	}
	for i := 1; i <= n; i++ {
		r.Pages = append(r.Pages, c.picture(r.ID, db.Page{Number: i, Width: 595, Height: 842}))
	}
	for _, f := range shown.Files {
		if f.Role == db.RolePreview {
			r.PDF = "/surat/" + r.ID + "/berkas/" + f.ID
		}
	}
	return r, err
}

func reviewPage(c *call) error {
	v, err := c.newReview(Form{}, Form{})
	if err != nil {
		return err
	}
	return c.show("review", v)
}

func (c *call) newReview(form, back Form) (*reviewView, error) {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	if shown.Primary != office.ActInitial {
		return nil, notYourTurn(shown)
	}
	v := &reviewView{Frame: c.frame("beranda"), Version: shown.Letter.VersionID, Form: form, Return: back, Journey: c.journey(shown)}
	if v.Reading, err = c.reading(shown); err != nil {
		return nil, err
	}
	waiting := 0
	for _, i := range shown.Initials {
		if i.State != db.InitialWaiting {
			continue
		}
		if waiting++; waiting == 2 {
			v.Next = i.Title
		}
	}
	v.Last = waiting == 1
	return v, nil
}

func notYourTurn(shown office.Shown) error {
	id, en := "Surat ini tidak sedang menunggu Anda.", "This letter is not waiting for you."
	if shown.Waiting != "" {
		id += " Sekarang giliran " + shown.Waiting + "."
		en += " It is the turn of " + shown.Waiting + "."
	}
	return problem.New(problem.Conflict, id, en, nil)
}

// unread is the sentence for somebody who has not ticked that they read it.
func (c *call) unread() (string, bool) {
	return c.pick("Centang dulu bahwa Anda sudah membaca.", "Tick first that you have read it."), c.PostForm("sudah_membaca") != "ya"
}

func initial(c *call) error {
	form := Form{Values: c.Request.PostForm}
	sentence, unread := c.unread()
	if unread {
		return c.reviewAgain(form.Fail("sudah_membaca", sentence), Form{})
	}
	l, err := c.s.o.Office.Initial(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("versi"))
	if err != nil {
		return err
	}
	return c.decided("initialled", l)
}

func (c *call) reviewAgain(form, back Form) error {
	v, err := c.newReview(form, back)
	if err != nil {
		return err
	}
	return c.showForm("review", v)
}

// decided confirms what a reviewer did and leads to the next letter.
func (c *call) decided(key string, l db.Letter) error {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, l.ID)
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame("beranda"), Key: key, Subject: l.Subject, Number: l.Number, Who: shown.Waiting}
	v.Narrow = true
	rest, _, err := c.s.o.Office.ReviewQueue(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		v.Next = append(v.Next, Action{Key: "next-initial", URL: "/paraf/" + rest[0].ID, Icon: "check"})
	}
	v.Next = append(v.Next, Action{Key: "see", URL: "/surat/" + l.ID, Icon: "file-text"}, Action{Key: "home", URL: "/", Icon: "house"})
	return c.show("done", v)
}

func sendBack(c *call) error {
	l, err := c.s.o.Office.SendBack(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("versi"), c.PostForm("catatan"))
	if problem.KindOf(err) == problem.Invalid {
		return c.reviewAgain(Form{}, Form{Values: c.Request.PostForm}.Fail("catatan", c.sentence(err)))
	}
	if err != nil {
		return err
	}
	return c.decided("returned", l)
}
