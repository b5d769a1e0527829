package web

import (
	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
)

// kindName is what a kind of letter is called at this office: a row of data. Who
// reads English sees the translation of the usual ones.
func (c *call) kindName(code string) string {
	if c.lang() == English {
		if name := c.t("kind." + code); name != "kind."+code {
			return name
		}
	}
	if c.kinds == nil {
		c.kinds = map[string]string{}
		rows, err := c.s.o.Office.DB.Kinds(c.Request.Context(), c.office.ID)
		if err != nil { // a name is no reason to fail a page
			c.s.o.Log.Warn("kinds of letter", "error", err)
		}
		for _, k := range rows {
			c.kinds[k.Code] = k.Name
		}
	}
	if name := c.kinds[code]; name != "" {
		return name
	}
	return code
}

// writeKindView is /tulis.
type writeKindView struct {
	Frame
	Draft
	Form  Form
	Kinds []KindChoice
	// Answers is the incoming letter that is answered; nil for a letter of its own.
	Answers *db.Letter
}

// KindChoice is one kind of letter to write; what it is for is a phrase of its
// layout below "kind.for.".
type KindChoice struct{ Code, Layout, Name string }

func writeKindPage(c *call) error {
	if err := c.actor.Require(account.CanWrite); err != nil {
		return err
	}
	v, err := newWriteKind(c, Form{})
	if err != nil {
		return err
	}
	if id := c.Query("balas"); id != "" {
		shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, id)
		if err != nil {
			return err
		}
		v.Answers = &shown.Letter
	}
	return c.show("write_kind", v)
}

func newWriteKind(c *call, form Form) (*writeKindView, error) {
	v := &writeKindView{Frame: c.frame("keluar"), Draft: Draft{Step: 1}, Form: form}
	kinds, err := c.s.o.Office.DB.Kinds(c.Request.Context(), c.actor.OfficeID)
	for _, k := range kinds {
		if k.Direction == string(letter.Outgoing) {
			v.Kinds = append(v.Kinds, KindChoice{k.Code, k.Layout, c.kindName(k.Code)})
		}
	}
	return v, err
}

func writeKind(c *call) error {
	d, err := c.s.o.Office.NewDraft(c.Request.Context(), c.actor, c.PostForm("jenis"))
	if err != nil {
		if !retype(err) {
			return err
		}
		v, e := newWriteKind(c, Form{Values: c.Request.PostForm}.Fail("jenis", c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("write_kind", v)
	}
	return c.to("/tulis/" + d.Letter.ID + "/tujuan")
}
