package web

import (
	"naskah/internal/problem"
)

// cancelView is /surat/{id}/batal: what cannot be undone has a page that says so.
// Posts to the same URL: alasan.
type cancelView struct {
	Frame
	Subject, Number string
	BackURL         string // of the letter
	Form            Form
}

func cancelPage(c *call) error {
	v, err := c.newCancel(Form{})
	if err != nil {
		return err
	}
	return c.show("cancel", v)
}

func (c *call) newCancel(form Form) (*cancelView, error) {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	v := &cancelView{Frame: c.frame("keluar"), BackURL: "/surat/" + shown.Letter.ID, Subject: shown.Letter.Subject, Number: shown.Letter.Number, Form: form}
	v.Narrow = true
	return v, nil
}

func cancel(c *call) error {
	l, err := c.s.o.Office.Cancel(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("alasan"))
	if problem.KindOf(err) == problem.Invalid {
		v, e := c.newCancel(Form{Values: c.Request.PostForm}.Fail("alasan", c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("cancel", v)
	}
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame("keluar"), Key: "cancelled", Subject: l.Subject, Number: l.Number, Next: []Action{{Key: "outgoing", URL: "/surat-keluar", Icon: "arrow-right"}}}
	v.Narrow = true
	return c.show("done", v)
}
