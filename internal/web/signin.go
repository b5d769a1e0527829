package web

import (
	"slices"
	"strconv"
)

// signInView is /masuk. Posts to /masuk: nama, kata_sandi, kembali.
type signInView struct {
	Frame
	Form   Form
	Return string       // where to go afterwards, a path of ours
	Demo   []DemoSignIn // shown in the demo office only
	// DemoSecret is the one password of all demo people.
	DemoSecret string
}

// DemoSignIn is one invented person who can be tried out.
type DemoSignIn struct {
	SignIn string
	Name   string
	Title  string
}

func signInPage(c *call) error {
	if c.actor.PersonID != "" {
		return c.to(back(c.Query("kembali")))
	}
	return c.show("signin", newSignIn(c, Form{}, c.Query("kembali")))
}

func newSignIn(c *call, form Form, returnTo string) *signInView {
	v := &signInView{Frame: c.frame(""), Form: form, Return: back(returnTo), Demo: c.s.o.Demo, DemoSecret: c.s.o.DemoSecret}
	v.Narrow = true
	return v
}

func signIn(c *call) error {
	actor, err := c.s.o.Office.SignIn(c.Request.Context(), c.PostForm("nama"), c.PostForm("kata_sandi"))
	if err != nil {
		if !retype(err) {
			return err
		}
		return c.showForm("signin", newSignIn(c, Form{Values: c.Request.PostForm}.Fail("kata_sandi", c.sentence(err)), c.PostForm("kembali")))
	}
	ctx := c.Request.Context()
	if err := c.s.sessions.RenewToken(ctx); err != nil { // a session known before signing in is worth nothing after
		return err
	}
	c.s.sessions.Put(ctx, sessionPerson, actor.PersonID)
	c.s.sessions.Put(ctx, sessionBegun, c.s.o.Now().Unix())
	c.s.sessions.Remove(ctx, "lang")
	return c.to(back(c.PostForm("kembali")))
}

func signOut(c *call) error {
	if err := c.s.sessions.Destroy(c.Request.Context()); err != nil {
		return err
	}
	return c.to("/masuk")
}

func setSize(c *call) error {
	size, err := strconv.Atoi(c.PostForm("ukuran"))
	if err != nil || !slices.Contains(TextSizes(), size) {
		return c.to(back(c.PostForm("kembali")))
	}
	if c.actor.PersonID == "" {
		c.s.sessions.Put(c.Request.Context(), "size", size)
	} else if err := c.s.o.Office.SetTaste(c.Request.Context(), c.actor, "", size); err != nil {
		return err
	}
	return c.to(back(c.PostForm("kembali")))
}

func setLanguage(c *call) error {
	lang := c.PostForm("bahasa")
	if !slices.Contains(languages(), lang) {
		return c.to(back(c.PostForm("kembali")))
	}
	if c.actor.PersonID == "" {
		c.s.sessions.Put(c.Request.Context(), "lang", lang)
	} else if err := c.s.o.Office.SetTaste(c.Request.Context(), c.actor, lang, 0); err != nil {
		return err
	}
	return c.to(back(c.PostForm("kembali")))
}
