package web

import "naskah/internal/account"

// accountView is /akun. Posts: /huruf ukuran; /bahasa bahasa; /akun/sandi
// kata_sandi, kata_sandi_baru, kata_sandi_lagi.
type accountView struct {
	Frame
	Form        Form
	SignIn      string
	Certificate *Certificate // nil: none yet
	MaySign     bool
	Sizes       []int
	Least       int
}

func newAccount(c *call, form Form) (*accountView, error) {
	v := &accountView{Frame: c.frame(""), Form: form, SignIn: c.person.Login, MaySign: c.actor.Can(account.CanSign), Sizes: TextSizes(), Least: account.MinPassword}
	v.Narrow = true
	key, err := c.s.o.Office.Key(c.Request.Context(), c.actor)
	if key.Has {
		v.Certificate = &Certificate{Internal: true, Until: c.in(key.NotAfter)}
	}
	return v, err
}

func accountPage(c *call) error {
	v, err := newAccount(c, Form{})
	if err != nil {
		return err
	}
	return c.show("account", v)
}

func changePassword(c *call) error {
	form := Form{Values: c.Request.PostForm}
	again := func(field, sentence string) error {
		v, err := newAccount(c, form.Fail(field, sentence))
		if err != nil {
			return err
		}
		return c.showForm("account", v)
	}
	if c.PostForm("kata_sandi_baru") != c.PostForm("kata_sandi_lagi") {
		return again("kata_sandi_lagi", c.pick("Kedua tulisan tidak sama. Ketik lagi.", "The two are not the same. Type them again."))
	}
	if err := c.s.o.Office.ChangePassword(c.Request.Context(), c.actor, c.PostForm("kata_sandi"), c.PostForm("kata_sandi_baru")); err != nil {
		if !retype(err) {
			return err
		}
		field := "kata_sandi"
		if account.CheckNewPassword(c.PostForm("kata_sandi_baru")) != nil {
			field = "kata_sandi_baru"
		}
		return again(field, c.sentence(err))
	}
	v := &doneView{Frame: c.frame(""), Key: "password", Next: []Action{{Key: "home", URL: "/", Icon: "house"}}}
	v.Narrow = true
	return c.show("done", v)
}
