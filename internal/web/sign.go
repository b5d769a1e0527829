package web

import (
	"net/url"
	"time"

	"naskah/internal/account"
	"naskah/internal/authority"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// signView is /tanda-tangan/{id}. POST to the same URL: token, sudah_membaca,
// kata_sandi_tt; POST /tanda-tangan/{id}/kembalikan: token, catatan.
type signView struct {
	Frame
	Reading
	Token       string // bound to letter, person and the bytes shown
	Form        Form
	Return      Form
	As          string // "a.n. Camat Cicalengka, Sekretaris Kecamatan"
	Certificate Certificate
}

// Certificate is what the signer signs with.
type Certificate struct {
	Internal bool // issued by the office itself, not by BSrE
	Until    time.Time
}

// signManyView is /tanda-tangan/bersama?surat=…: several letters one below the
// other, one passphrase. POST to /tanda-tangan/bersama: token (one a letter),
// sudah_membaca, kata_sandi_tt.
type signManyView struct {
	Frame
	Letters     []SignLetter
	LeftOut     []Row // secret letters, signed one by one
	Form        Form
	Certificate Certificate
}

// SignLetter is one letter of several.
type SignLetter struct {
	Reading
	Token string
}

// signedView is the result: /tanda-tangan/hasil, one line a letter.
type signedView struct {
	Frame
	Results []SignResult
	Next    *Link // the next letter that waits
	Waiting int
}

// SignResult is what became of one letter. Sentence says what to do when it was
// not signed.
type SignResult struct {
	Subject  string
	Number   string
	Signed   bool
	Sentence string
	URL      string
	CheckURL string
}

// Good is how many were signed.
func (v signedView) Good() int {
	n := 0
	for _, r := range v.Results {
		if r.Signed {
			n++
		}
	}
	return n
}

// certificateView is /tanda-tangan/sertifikat: the first passphrase. POST to the
// same URL: kata_sandi, kata_sandi_tt, kata_sandi_tt_lagi.
type certificateView struct {
	Frame
	Form   Form
	Return string
	Least  int // characters
}

// signPage shows one letter; the address "bersama" is that of several.
func signPage(c *call) error {
	if c.Param("id") == "bersama" {
		return signManyPage(c)
	}
	if c.Param("id") == "sertifikat" {
		return certificatePage(c)
	}
	v, err := c.newSign(c.Param("id"), Form{}, Form{})
	if err != nil {
		return err
	}
	if v == nil {
		return c.to("/tanda-tangan/sertifikat?kembali=" + url.QueryEscape(c.Request.URL.Path))
	}
	return c.show("sign", v)
}

// newSign opens a letter for signing; nil while the signer has no certificate.
func (c *call) newSign(id string, form, back Form) (*signView, error) {
	ctx := c.Request.Context()
	key, err := c.s.o.Office.Key(ctx, c.actor)
	if err != nil || !key.Has {
		return nil, err
	}
	slip, err := c.s.o.Office.OpenForSigning(ctx, c.actor, id)
	if err != nil {
		return nil, err
	}
	shown, err := c.s.o.Office.Show(ctx, c.actor, id)
	if err != nil {
		return nil, err
	}
	v := &signView{Frame: c.frame("beranda"), Token: slip.Token, Form: form, Return: back, Certificate: Certificate{Internal: true, Until: c.in(key.NotAfter)}}
	if v.Reading, err = c.reading(shown); err != nil {
		return nil, err
	}
	v.As = v.Facts.SignerTitle
	return v, nil
}

func signOne(c *call) error {
	id := c.Param("id")
	if id == "bersama" {
		return signMany(c)
	}
	if id == "sertifikat" {
		return makeCertificate(c)
	}
	form := Form{Values: c.Request.PostForm}
	if sentence, unread := c.unread(); unread {
		return c.signAgain(id, form.Fail("sudah_membaca", sentence), Form{})
	}
	l, err := c.s.o.Office.Sign(c.Request.Context(), c.actor, c.PostForm("token"), []byte(c.PostForm("kata_sandi_tt")))
	if k := problem.KindOf(err); k == problem.Invalid || k == problem.RateLimited {
		return c.signAgain(id, form.Fail("kata_sandi_tt", c.sentence(err)), Form{})
	}
	if err != nil {
		return err
	}
	return c.signed([]office.SignResult{{LetterID: l.ID, Letter: l}})
}

func (c *call) signAgain(id string, form, back Form) error {
	v, err := c.newSign(id, form, back)
	if err != nil {
		return err
	}
	if v == nil {
		return c.to("/tanda-tangan/sertifikat")
	}
	return c.showForm("sign", v)
}

// signed shows what became of each letter, and the next one that waits.
func (c *call) signed(results []office.SignResult) error {
	v := &signedView{Frame: c.frame("beranda")}
	for _, r := range results {
		row := SignResult{Subject: r.Letter.Subject, Number: r.Letter.Number, Signed: r.Err == nil, URL: "/surat/" + r.LetterID}
		if r.Err != nil {
			c.s.o.Log.Warn("letter not signed", "letter", r.LetterID, "error", r.Err)
			row.Sentence = c.sentence(r.Err)
		} else {
			row.CheckURL = "/v/" + r.Letter.VerifyToken
		}
		v.Results = append(v.Results, row)
	}
	rest, err := c.s.o.Office.SignQueue(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	if v.Waiting = len(rest); v.Waiting > 0 {
		v.Next = &Link{rest[0].Subject, "/tanda-tangan/" + rest[0].ID}
	}
	return c.show("signed", v)
}

func sendBackUnsigned(c *call) error {
	l, err := c.s.o.Office.SendBack(c.Request.Context(), c.actor, c.Param("id"), "", c.PostForm("catatan"))
	if problem.KindOf(err) == problem.Invalid {
		return c.signAgain(c.Param("id"), Form{}, Form{Values: c.Request.PostForm}.Fail("catatan", c.sentence(err)))
	}
	if err != nil {
		return err
	}
	return c.decided("returned", l)
}

func signManyPage(c *call) error {
	v, err := c.newSignMany(c.QueryArray("surat"), Form{})
	if err != nil {
		return err
	}
	if len(v.Letters) == 0 {
		return c.to("/tanda-tangan")
	}
	return c.show("sign_many", v)
}

// newSignMany opens the chosen letters; secret ones are left for one by one.
func (c *call) newSignMany(ids []string, form Form) (*signManyView, error) {
	ctx := c.Request.Context()
	key, err := c.s.o.Office.Key(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	v := &signManyView{Frame: c.frame("beranda"), Form: form, Certificate: Certificate{Internal: true, Until: c.in(key.NotAfter)}}
	for _, id := range ids[:min(len(ids), mostAtOnce)] {
		shown, err := c.s.o.Office.Show(ctx, c.actor, id)
		if err != nil {
			return nil, err
		}
		if class := letter.Class(shown.Letter.Class); class == letter.Secret || class == letter.TopSecret {
			v.LeftOut = append(v.LeftOut, c.row(shown.Letter))
			continue
		}
		slip, err := c.s.o.Office.OpenForSigning(ctx, c.actor, id)
		if err != nil {
			return nil, err
		}
		r, err := c.reading(shown)
		if err != nil {
			return nil, err
		}
		v.Letters = append(v.Letters, SignLetter{r, slip.Token})
	}
	return v, nil
}

// mostAtOnce bounds the pages of one sitting.
const mostAtOnce = 100

func signMany(c *call) error {
	tokens := c.PostFormArray("token")
	form := Form{Values: c.Request.PostForm}
	sentence, unread := c.unread()
	if unread {
		return c.signManyAgain(tokens, form.Fail("sudah_membaca", sentence))
	}
	results, err := c.s.o.Office.SignMany(c.Request.Context(), c.actor, tokens, []byte(c.PostForm("kata_sandi_tt")))
	if k := problem.KindOf(err); k == problem.Invalid || k == problem.RateLimited {
		return c.signManyAgain(tokens, form.Fail("kata_sandi_tt", c.sentence(err)))
	}
	if err != nil {
		return err
	}
	return c.signed(results)
}

func (c *call) signManyAgain(tokens []string, form Form) error {
	ids, err := c.s.o.Office.LettersOfSlips(c.Request.Context(), c.actor, tokens)
	if err != nil {
		return err
	}
	v, err := c.newSignMany(ids, form)
	if err != nil {
		return err
	}
	return c.showForm("sign_many", v)
}

func newCertificate(c *call, form Form, returnTo string) *certificateView {
	v := &certificateView{Frame: c.frame("beranda"), Form: form, Return: back(returnTo), Least: authority.MinPassphrase}
	v.Narrow = true
	return v
}

func certificatePage(c *call) error {
	if err := c.actor.Require(account.CanSign); err != nil {
		return err
	}
	return c.show("certificate", newCertificate(c, Form{}, c.Query("kembali")))
}

// makeCertificate makes the first signing key; the sign-in password is asked again,
// because the key is worth more than an open session.
func makeCertificate(c *call) error {
	if err := c.actor.Require(account.CanSign); err != nil {
		return err
	}
	form := Form{Values: c.Request.PostForm}
	again := func(field, sentence string) error {
		return c.showForm("certificate", newCertificate(c, form.Fail(field, sentence), c.PostForm("kembali")))
	}
	if !account.CheckPassword(c.person.PasswordHash, c.PostForm("kata_sandi")) {
		return again("kata_sandi", c.pick("Kata sandi masuk salah. Periksa huruf besar dan kecil.", "The sign-in password is wrong. Check capital and small letters."))
	}
	if c.PostForm("kata_sandi_tt") != c.PostForm("kata_sandi_tt_lagi") {
		return again("kata_sandi_tt_lagi", c.pick("Kedua tulisan tidak sama. Ketik lagi.", "The two are not the same. Type them again."))
	}
	if err := c.s.o.Office.MakeKey(c.Request.Context(), c.actor, []byte(c.PostForm("kata_sandi_tt"))); err != nil {
		if !retype(err) {
			return err
		}
		return again("kata_sandi_tt", c.sentence(err))
	}
	v := &doneView{Frame: c.frame("beranda"), Key: "certificate", Next: []Action{{Key: "sign", URL: "/tanda-tangan", Icon: "signature"}}}
	v.Narrow = true
	return c.show("done", v)
}
