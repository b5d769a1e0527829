package web

import (
	"net/http"

	"naskah/internal/office"
	"naskah/internal/problem"
	"naskah/internal/verify"
)

// checkView is /periksa, for anybody. POST /periksa/kode: kode; POST
// /periksa/berkas: berkas.
type checkView struct {
	Frame
	Form    Form
	LimitMB int
}

// checkResultView is the answer to a file. The file is not kept.
type checkResultView struct {
	Frame
	Name       string
	Digest     string
	Size       int64
	Signatures []Signature // none: nobody signed it
	Unreadable string      // the sentence when the file could not be read
	Known      *PublicLetter
	KnownURL   string
}

func newCheck(c *call, form Form) *checkView {
	return &checkView{Frame: c.frame(""), Form: form, LimitMB: int(c.s.o.UploadBytes / mega)}
}

func askCheck(c *call) error { return c.show("check", newCheck(c, Form{})) }

func checkCode(c *call) error {
	_, token, err := c.s.o.Office.CheckCode(c.Request.Context(), c.PostForm("kode"))
	if k := problem.KindOf(err); k == problem.Invalid || k == problem.NotFound {
		return c.showForm("check", newCheck(c, Form{Values: c.Request.PostForm}.Fail("kode", c.sentence(err))))
	}
	if err != nil {
		return err
	}
	return c.to("/v/" + token)
}

func checkFile(c *call) error {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, c.s.o.UploadBytes+mega)
	file, head, err := c.Request.FormFile("berkas")
	if err != nil {
		return c.showForm("check", newCheck(c, Form{}.Fail("berkas", c.pick("Pilih dulu berkasnya.", "Choose a file first."))))
	}
	defer file.Close() //nolint:errcheck // only read
	checked, err := c.s.o.Office.CheckFile(c.Request.Context(), file)
	if err != nil {
		if !retype(err) {
			return err
		}
		return c.showForm("check", newCheck(c, Form{}.Fail("berkas", c.sentence(err))))
	}
	v := &checkResultView{Frame: c.frame(""), Name: office.SafeName(head.Filename), Digest: checked.Digest, Size: head.Size}
	if checked.Report.Conclusion == verify.Unreadable {
		v.Unreadable = checked.Report.Error.In(c.lang())
	}
	for _, s := range checked.Report.Signatures {
		v.Signatures = append(v.Signatures, c.signature(s, checked.Report.Conclusion))
	}
	if checked.Known != nil {
		known := c.publicLetter(checked.Known.Token, *checked.Known)
		v.Known, v.KnownURL = &known, "/v/"+checked.Known.Token
	}
	return c.show("check_result", v)
}
