package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// oneFile gives the file of a form field, nil when none was chosen. done closes it.
func (c *call) oneFile(name string) (up *office.Upload, done func(), err error) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, c.s.o.UploadBytes)
	file, head, err := c.Request.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, func() {}, nil
	}
	if err != nil {
		return nil, func() {}, noFiles(err)
	}
	return &office.Upload{Name: head.Filename, Bytes: file}, func() { _ = file.Close() }, nil // only read
}

func sendPage(c *call) error {
	v, err := c.newSend()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newSend() (*askView, error) {
	var ways []Option
	for _, w := range office.Ways() {
		ways = append(ways, Option{w, c.t("way." + w)})
	}
	v, shown, err := c.ask("send", "kirim",
		askField{Kind: "radios", Name: "cara", Label: "ask.send.way", Options: ways},
		askField{Kind: "area", Name: "penerima", Label: "ask.send.to", Hint: "ask.send.to.hint"},
		askField{Kind: "line", Name: "diterima", Label: "ask.send.receiver", Hint: "ask.send.receiver.hint", Optional: true})
	if err != nil {
		return nil, err
	}
	v.Icon = "send"
	v.Form.Values = map[string][]string{"penerima": {strings.ReplaceAll(shown.Letter.Recipient, "; ", "\n")}, "cara": {office.ByCourier}}
	return v, nil
}

func send(c *call) error {
	l, err := c.s.o.Office.MarkSent(c.Request.Context(), c.actor, c.Param("id"), office.Sending{
		Way: c.PostForm("cara"), Recipients: strings.Split(c.PostForm("penerima"), "\n"), Receiver: c.PostForm("diterima"),
	})
	if err != nil {
		v, e := c.newSend()
		if e != nil {
			return e
		}
		return c.again(v, "cara", err)
	}
	return c.stepDone("sent", l)
}

func filePage(c *call) error {
	v, err := c.newFile()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newFile() (*askView, error) {
	v, _, err := c.ask("file", "simpan", askField{Kind: "line", Name: "berkas", Label: "ask.file.folder", Hint: "ask.file.folder.hint", List: "berkas-dulu"})
	if err != nil {
		return nil, err
	}
	v.Icon, v.Sample = "archive", "berkas-dulu"
	v.Examples, err = c.s.o.Office.DB.Folders(c.Request.Context(), c.actor.OfficeID, c.actor.ReaderWords())
	return v, err
}

func fileAway(c *call) error {
	l, err := c.s.o.Office.FileAway(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("berkas"))
	if err != nil {
		v, e := c.newFile()
		if e != nil {
			return e
		}
		return c.again(v, "berkas", err)
	}
	return c.stepDone("filed", l, Action{Key: "unfile", URL: "/surat/" + l.ID + "/keluarkan", Icon: "undo-2", Post: true})
}

func unfile(c *call) error {
	l, err := c.s.o.Office.Unfile(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return c.stepDone("unfiled", l)
}

func revokePage(c *call) error {
	v, err := c.newRevoke()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newRevoke() (*askView, error) {
	v, _, err := c.ask("revoke", "cabut", askField{Kind: "area", Name: "alasan", Label: "ask.revoke.why", Hint: "ask.revoke.why.hint"})
	if err != nil {
		return nil, err
	}
	v.Icon, v.Final = "ban", true
	return v, nil
}

func revoke(c *call) error {
	l, err := c.s.o.Office.Revoke(c.Request.Context(), c.actor, c.Param("id"), c.PostForm("alasan"))
	if err != nil {
		v, e := c.newRevoke()
		if e != nil {
			return e
		}
		return c.again(v, "alasan", err)
	}
	return c.stepDone("revoked", l, Action{Key: "replace", URL: "/surat/" + l.ID + "/ganti", Icon: "rotate-ccw", Post: true})
}

func replace(c *call) error {
	d, err := c.s.o.Office.Replace(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return c.to("/tulis/" + d.Letter.ID + "/isi")
}

func answerLetter(c *call) error {
	kind := c.PostForm("jenis")
	if kind == "" {
		return c.to("/tulis?balas=" + c.Param("id"))
	}
	d, err := c.s.o.Office.Reply(c.Request.Context(), c.actor, c.Param("id"), kind)
	if err != nil {
		return err
	}
	return c.to("/tulis/" + d.Letter.ID + "/tujuan")
}

// printForInk gives out the letter for a signature in ink.
func printForInk(c *call) error {
	l, err := c.s.o.Office.PrintForInk(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	f, err := c.s.o.Office.DB.LetterFile(c.Request.Context(), l.ID, db.RolePrint)
	if err != nil {
		return err
	}
	return c.stepDone("printed", l, Action{Key: "print-file", URL: "/surat/" + l.ID + "/berkas/" + f.ID, Icon: "printer"})
}

func inkPage(c *call) error {
	v, err := c.newInk()
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func (c *call) newInk() (*askView, error) {
	v, _, err := c.ask("ink", "pindaian", askField{Kind: "file", Name: "berkas", Label: "ask.ink.file", Hint: "ask.ink.file.hint", Accept: ".pdf,.jpg,.jpeg,.png,.tif,.tiff"})
	if err == nil {
		v.Icon = "scan-line"
	}
	return v, err
}

func bindInk(c *call) error {
	v, err := c.newInk()
	if err != nil {
		return err
	}
	l, err := c.takeScan(c.s.o.Office.BindInk)
	if err != nil {
		return c.again(v, "berkas", err)
	}
	return c.stepDone("ink-bound", l)
}

// scanTaker is a verb of the office that takes a scan for a letter.
type scanTaker func(ctx context.Context, actor account.Actor, id string, up office.Upload) (db.Letter, error)

func (c *call) takeScan(take scanTaker) (db.Letter, error) {
	up, done, err := c.oneFile("berkas")
	if err != nil {
		return db.Letter{}, err
	}
	defer done()
	if up == nil {
		return db.Letter{}, problem.New(problem.Invalid, "Pilih dulu berkasnya.", "Choose a file first.", nil)
	}
	return take(c.Request.Context(), c.actor, c.Param("id"), *up)
}

// handOverView is /surat/{id}/serah: a letter made ready for SRIKANDI and e-mail.
type handOverView struct {
	Frame
	ID, Subject string
	PDF         string
	Fields      []HandOver
	Mail        string
}

// HandOver is one field of the other program's form, in its order.
type HandOver struct{ Label, Value string }

func handOverPage(c *call) error {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	l := shown.Letter
	if l.SignedRef == "" {
		return problem.New(problem.Conflict, "Surat ini belum ditandatangani, jadi belum dapat diserahkan.", "This letter is not signed yet, so it cannot be handed over.", nil)
	}
	v := &handOverView{Frame: c.frame("keluar"), ID: l.ID, Subject: l.Subject, Mail: "/surat/" + l.ID + "/surel.eml"}
	for _, f := range shown.Files {
		if f.Ref == l.SignedRef {
			v.PDF = "/surat/" + l.ID + "/berkas/" + f.ID
		}
	}
	facts, err := c.facts(c.Request.Context(), shown)
	if err != nil {
		return err
	}
	v.Fields = c.srikandi(l, facts)
	return c.show("handover", v)
}

// srikandi are the fields of SRIKANDI's form for outgoing letters, in the order in
// which it asks for them.
func (c *call) srikandi(l db.Letter, f LetterFacts) []HandOver {
	all := []HandOver{
		{"Jenis Naskah", c.kindName(l.Kind)},
		{"Sifat Naskah", c.t("class." + l.Class)},
		{"Tingkat Urgensi", c.t("urgency." + l.Urgency)},
		{"Klasifikasi", strings.TrimSpace(l.Classification + " " + f.ClassName)},
		{"Nomor Naskah", l.Number},
		{"Tanggal Naskah", c.s.words[Indonesian].date(l.LetterDate)},
		{"Hal", l.Subject},
		{"Isi Ringkas", l.Summary},
		{"Tujuan", l.Recipient},
		{"Tembusan", strings.Join(f.Copies, "; ")},
		{"Penandatangan", strings.TrimSpace(f.Signer + ", " + f.SignerTitle)},
	}
	out := all[:0]
	for _, h := range all {
		if h.Value != "" {
			out = append(out, h)
		}
	}
	return out
}

// mailFile is a message with the signed letter in it that the person's own mail
// program opens, ready to be sent from their own address.
func mailFile(c *call) error {
	ctx := c.Request.Context()
	shown, err := c.s.o.Office.Show(ctx, c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	l := shown.Letter
	for _, f := range shown.Files {
		if f.Ref != l.SignedRef || l.SignedRef == "" {
			continue
		}
		d, err := c.s.o.Office.OpenFile(ctx, c.actor, l.ID, f.ID)
		if err != nil {
			return err
		}
		defer d.Bytes.Close() //nolint:errcheck // only read
		raw, err := io.ReadAll(d.Bytes)
		if err != nil {
			return err
		}
		c.Header("Content-Disposition", attachment(strings.TrimSuffix(f.Name, ".pdf")+".eml"))
		c.Data(http.StatusOK, "message/rfc822", c.message(l, f.Name, raw))
		return nil
	}
	return problem.New(problem.Conflict, "Surat ini belum ditandatangani, jadi belum dapat dikirim.", "This letter is not signed yet, so it cannot be sent.", nil)
}

func (c *call) message(l db.Letter, name string, pdf []byte) []byte {
	const boundary = "naskah-surat"
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("X-Unsent: 1") // opened for writing, not as something received
	line("Subject: %s", mime.QEncoding.Encode("utf-8", l.Subject))
	line("MIME-Version: 1.0")
	line("Content-Type: multipart/mixed; boundary=%s", boundary)
	line("\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n", boundary)
	text := fmt.Sprintf("Yth. %s\r\n\r\nBersama ini kami sampaikan surat Nomor %s hal %s.\r\nKeasliannya dapat diperiksa di %s/v/%s\r\n\r\n%s\r\n", l.Recipient, l.Number, l.Subject, c.s.o.Office.PublicURL, l.VerifyToken, c.office.Name)
	wrapped(&b, []byte(text))
	line("--%s\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=%q\r\n", boundary, mime.QEncoding.Encode("utf-8", name))
	wrapped(&b, pdf)
	line("--%s--", boundary)
	return b.Bytes()
}

// wrapped writes base64 in lines of 76, as RFC 2045 6.8 asks.
func wrapped(b *bytes.Buffer, raw []byte) {
	text := base64.StdEncoding.EncodeToString(raw)
	for len(text) > 0 {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
}

// sheetAddress is where the QR of a printed disposition sheet leads.
func sheetAddress(c *call) error { return c.to("/surat/" + c.Param("id")) }
