package web

import (
	"time"

	"naskah/internal/account"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// peopleView is /admin/orang. POST /admin/orang: nama, nama_masuk, jabatan;
// POST /admin/orang/{id}/kode (a new one-time code); POST /admin/orang/{id}/nonaktif.
type peopleView struct {
	Frame
	People    []PersonRow
	Form      Form
	Positions []Option
	// Code is a one-time code that was just made; it is shown once.
	Code    string
	CodeFor string
}

// PersonRow is one person. State is a badge below "person.": "active", "waiting"
// (has not signed in yet), "off".
type PersonRow struct {
	ID, Name, SignIn, Title, State string
	HasCertificate                 bool
}

// tokensView is /admin/token. POST /admin/token: nama, orang; POST
// /admin/token/{id}/cabut.
type tokensView struct {
	Frame
	Tokens []TokenRow
	Form   Form
	People []Option
	Fresh  string // a token that was just made; it is shown once
}

// TokenRow is one token for a program. State is a badge below "token.".
type TokenRow struct {
	ID, Name, Person, State string
	Made, Used              time.Time
}

func (c *call) newPeople(form Form) (*peopleView, error) {
	if err := c.actor.Require(account.CanAdminister); err != nil {
		return nil, err
	}
	ctx, db := c.Request.Context(), c.s.o.Office.DB
	v := &peopleView{Frame: c.frame(""), Form: form}
	people, err := db.People(ctx, c.actor.OfficeID)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		row := PersonRow{ID: p.ID, Name: p.Name, SignIn: p.Login, State: "active"}
		if !p.Active {
			row.State = "off"
		}
		held, err := db.HeldAt(ctx, p.ID, "", c.s.o.Now())
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			row.Title = h.Position.Title
		}
		key, err := c.s.o.Office.Key(ctx, account.Actor{PersonID: p.ID})
		if err != nil {
			return nil, err
		}
		row.HasCertificate = key.Has
		v.People = append(v.People, row)
	}
	positions, err := db.Positions(ctx, c.actor.OfficeID)
	for _, p := range positions {
		v.Positions = append(v.Positions, Option{p.ID, p.Title})
	}
	return v, err
}

func peoplePage(c *call) error {
	v, err := c.newPeople(Form{})
	if err != nil {
		return err
	}
	return c.show("people", v)
}

// addPerson adds somebody with a one-time password that is shown once.
func addPerson(c *call) error {
	code := account.NewToken()[:10]
	p, err := c.s.o.Office.AddPerson(c.Request.Context(), c.actor, office.NewPerson{Name: c.PostForm("nama"), Login: c.PostForm("nama_masuk"), PositionID: c.PostForm("jabatan"), Password: code, OneTime: true})
	if err != nil {
		if !retype(err) {
			return err
		}
		v, e := c.newPeople(Form{Values: c.Request.PostForm}.Fail("nama_masuk", c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("people", v)
	}
	return c.showCode(p.Name, code)
}

func (c *call) showCode(name, code string) error {
	v, err := c.newPeople(Form{})
	if err != nil {
		return err
	}
	v.Code, v.CodeFor = code, name
	return c.show("people", v)
}

func newCode(c *call) error {
	code := account.NewToken()[:10]
	if err := c.s.o.Office.GiveCode(c.Request.Context(), c.actor, c.Param("id"), code); err != nil {
		return err
	}
	p, err := c.s.o.Office.DB.Person(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return c.showCode(p.Name, code)
}

func deactivate(c *call) error {
	if err := c.s.o.Office.Deactivate(c.Request.Context(), c.actor, c.Param("id")); err != nil {
		return err
	}
	return c.to("/admin/orang")
}

func (c *call) newTokens(form Form, fresh string) (*tokensView, error) {
	ctx, db := c.Request.Context(), c.s.o.Office.DB
	v := &tokensView{Frame: c.frame(""), Form: form, Fresh: fresh}
	tokens, err := c.s.o.Office.Tokens(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	people, err := db.People(ctx, c.actor.OfficeID)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
		if p.ID == c.actor.PersonID || c.actor.Can(account.CanAdminister) {
			v.People = append(v.People, Option{p.ID, p.Name})
		}
	}
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, TokenRow{ID: t.ID, Name: t.Name, Person: names[t.PersonID], State: "active", Made: c.in(t.CreatedAt), Used: c.in(t.LastUsedAt)})
	}
	return v, nil
}

func tokensPage(c *call) error {
	v, err := c.newTokens(Form{}, "")
	if err != nil {
		return err
	}
	return c.show("tokens", v)
}

// addToken makes a token for the actor, or, by an administrator, for somebody of
// the office.
func addToken(c *call) error {
	ctx := c.Request.Context()
	owner := c.actor
	if id := c.PostForm("orang"); id != "" && id != c.actor.PersonID {
		if err := c.actor.Require(account.CanAdminister); err != nil {
			return err
		}
		other, err := c.s.o.Office.Actor(ctx, id)
		if err != nil || other.OfficeID != c.actor.OfficeID {
			return problem.NotFound
		}
		owner = other
	}
	token, err := c.s.o.Office.AddToken(ctx, owner, c.PostForm("nama"))
	if err != nil && !retype(err) {
		return err
	}
	form := Form{}
	if err != nil {
		form = Form{Values: c.Request.PostForm}.Fail("nama", c.sentence(err))
	}
	v, e := c.newTokens(form, token)
	if e != nil {
		return e
	}
	if err != nil {
		return c.showForm("tokens", v)
	}
	return c.show("tokens", v)
}

func revokeToken(c *call) error {
	if err := c.s.o.Office.RevokeToken(c.Request.Context(), c.actor, c.Param("id")); err != nil {
		return err
	}
	return c.to("/admin/token")
}
