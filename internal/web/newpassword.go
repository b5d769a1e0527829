package web

// newPasswordPath is the only page for somebody who signed in with a one-time code.
const newPasswordPath = "/akun/sandi-baru"

func newPasswordView(c *call) *askView {
	v := &askView{
		Frame: c.frame(""), Key: "newpassword", Back: "/masuk", BackLabel: c.t("signin.title"), Action: newPasswordPath, Icon: "key-round",
		Fields: []askField{
			{Kind: "secret", Name: "kata_sandi_baru", Label: "account.password.new", Hint: "account.password.new.hint"},
			{Kind: "secret", Name: "kata_sandi_lagi", Label: "account.password.again"},
		},
	}
	v.Narrow = true
	return v
}

func newPasswordPage(c *call) error {
	if c.person.CodeUntil.IsZero() {
		return c.to("/akun")
	}
	return c.show("ask", newPasswordView(c))
}

// newPassword takes the person's own password in place of the code; who may sign
// and has no certificate is led to their first passphrase.
func newPassword(c *call) error {
	v := newPasswordView(c)
	if c.PostForm("kata_sandi_baru") != c.PostForm("kata_sandi_lagi") {
		v.Form = Form{}.Fail("kata_sandi_lagi", c.pick("Kedua tulisan tidak sama. Ketik lagi.", "The two are not the same. Type them again."))
		return c.showForm("ask", v)
	}
	if err := c.s.o.Office.ChoosePassword(c.Request.Context(), c.actor, c.PostForm("kata_sandi_baru")); err != nil {
		return c.again(v, "kata_sandi_baru", err)
	}
	done := &doneView{Frame: c.frame(""), Key: "password", Next: []Action{{Key: "home", URL: "/", Icon: "house"}}}
	key, err := c.s.o.Office.Key(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	if done.Person.Can("sign") && !key.Has {
		done.Next = append([]Action{{Key: "certificate", URL: "/tanda-tangan/sertifikat", Icon: "signature"}}, done.Next...)
	}
	done.Narrow = true
	return c.show("done", done)
}
