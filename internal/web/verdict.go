package web

import (
	"net/http"
	"time"

	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
	"naskah/internal/verify"
	"naskah/storage"
)

// verdictView is /v/{token}, for anybody. POST /v/{token}/bandingkan: berkas.
type verdictView struct {
	Frame
	Token     string
	State     string // "signed", "waiting-ink", "revoked", "replaced"
	Signature Signature
	Letter    PublicLetter
	Compared  *Compared
	Form      Form
	Reason    string // why it was revoked
	Successor string // address of the letter that replaces it
}

// PublicLetter is what everybody may know of a letter. Masked members are masked
// before they come here.
type PublicLetter struct {
	Office    string
	Kind      string
	Number    string
	Subject   string
	Masked    bool
	Date      time.Time
	ShortCode string
	Digest    string
	Page      *Picture // nil: not shown for this kind or class
	PDF       string   // "" when it may not be taken
}

// Signature is one judged signature in plain facts.
type Signature struct {
	Integrity  string // "unchanged", "changed", "unknown"
	Signer     string
	Title      string
	SignedAt   time.Time
	Proven     bool   // the time is proven by a foreign clock
	Trust      string // "trusted", "internal", "unknown", "revoked", "expired"
	Conclusion string // TOTAL_PASSED, …
	Sub        string
	Level      string
	Coverage   string // phrase below "coverage."
	Changes    string // phrase below "changes."
	Reasons    []string
}

// Answer is one of the three big answers.
type Answer struct {
	Tone, Icon string
	Question   string // key
	Key        string // key of the answer
	Detail     string // key
}

// Answers are unchanged?, who?, trusted?, in this order.
func (s Signature) Answers() [3]Answer {
	return [3]Answer{s.integrity(), s.who(), s.trust()}
}

func (s Signature) integrity() Answer {
	a := Answer{Question: "verdict.ask.integrity", Key: "verdict.integrity." + s.Integrity, Detail: "verdict.integrity." + s.Integrity + ".detail"}
	switch s.Integrity {
	case "unchanged":
		a.Tone, a.Icon = "good", "circle-check"
	case "changed":
		a.Tone, a.Icon = "bad", "circle-x"
	case "ink":
		a.Tone, a.Icon = "info", "pen-line"
	default:
		a.Tone, a.Icon = "warn", "triangle-alert"
	}
	return a
}

func (s Signature) who() Answer {
	a := Answer{Question: "verdict.ask.who", Key: "verdict.who", Tone: "info", Icon: "user"}
	if s.Signer == "" {
		a.Key, a.Tone, a.Icon = "verdict.who.unknown", "warn", "shield-question-mark"
	}
	return a
}

func (s Signature) trust() Answer {
	a := Answer{Question: "verdict.ask.trust", Key: "verdict.trust." + s.Trust, Detail: "verdict.trust." + s.Trust + ".detail"}
	switch s.Trust {
	case "trusted":
		a.Tone, a.Icon = "good", "badge-check"
	case "internal", "ink":
		a.Tone, a.Icon = "info", "building-2"
	case "revoked":
		a.Tone, a.Icon = "bad", "shield-x"
	default:
		a.Tone, a.Icon = "warn", "shield-question-mark"
	}
	return a
}

// Compared says whether a file is, byte for byte, a version we have issued.
type Compared struct {
	Name string
	Same bool
}

// missingView is /v/{token} when there is no such letter, or too many tries.
type missingView struct {
	Frame
	Limited bool
	Minutes int // to wait, when limited
}

func verdict(c *call) error {
	v, err := c.s.o.Office.CheckToken(c.Request.Context(), c.Param("token"))
	return c.showVerdict(c.Param("token"), v, err, nil, Form{})
}

// showVerdict shows what everybody may know; an unknown address gets a page that
// helps.
func (c *call) showVerdict(token string, v office.Verdict, err error, compared *Compared, form Form) error {
	if problem.KindOf(err) == problem.NotFound {
		f := c.frame("")
		f.Narrow = true
		return c.s.r.render(c.Writer, http.StatusNotFound, "missing", &missingView{Frame: f})
	}
	if err != nil {
		return err
	}
	view := &verdictView{Frame: c.frame(""), Token: token, State: "signed", Letter: c.publicLetter(token, v), Compared: compared, Form: form}
	if view.Office == "" {
		view.Office = v.OfficeName
	}
	switch {
	case v.State == letter.Printed:
		view.State, view.Signature = "waiting-ink", Signature{Integrity: "unknown", Trust: "unknown"}
	case v.Ink && v.Digest != "":
		view.State, view.Signature = "ink", Signature{Integrity: "ink", Trust: "ink", Signer: v.SignerName, Title: v.SignerPost, SignedAt: c.verdictTime(v)}
	case v.State == letter.Cancelled:
		view.State, view.Signature = "revoked", Signature{Integrity: "unknown", Trust: "revoked"}
	case v.Report == nil || len(v.Report.Signatures) == 0:
		view.State, view.Signature = "waiting", Signature{Integrity: "unknown", Trust: "unknown"}
	default:
		view.Signature = c.signature(v.Report.Signatures[len(v.Report.Signatures)-1], v.Report.Conclusion)
		view.Signature.Title, view.Signature.SignedAt = v.SignerPost, c.verdictTime(v)
		if v.SignerName != "" {
			view.Signature.Signer = v.SignerName
		}
	}
	if v.State == letter.Revoked {
		view.State, view.Reason, view.Signature.Trust = "revoked", v.EndReason, "revoked"
	}
	if v.ReplacedBy != "" {
		view.Successor = "/v/" + v.ReplacedBy
		if view.State != "revoked" {
			view.State = "replaced"
		}
	}
	return c.show("verdict", view)
}

func (c *call) verdictTime(v office.Verdict) time.Time {
	loc, err := time.LoadLocation(v.TimeZone)
	if err != nil {
		loc = c.zone()
	}
	return v.SignedAt.In(loc)
}

func (c *call) publicLetter(token string, v office.Verdict) PublicLetter {
	p := PublicLetter{
		Office: v.OfficeName, Kind: v.KindName, Number: v.Number, Subject: v.Subject, Masked: !v.PublicView, Date: v.Date, ShortCode: letter.ShowShortCode(v.ShortCode), Digest: v.Digest,
	}
	if v.PublicView && (v.Report != nil || v.Ink && v.Digest != "") {
		p.Page, p.PDF = &Picture{Number: 1, URL: "/v/" + token + "/halaman.jpg", Width: 900, Height: 1273}, "/v/"+token+"/surat.pdf"
	}
	return p
}

// signature puts one judged signature into the three answers.
func (c *call) signature(s verify.Signature, conclusion string) Signature {
	out := Signature{
		Integrity: string(s.Integrity()), Signer: s.Signer, SignedAt: c.in(s.ClaimedTime), Proven: !s.ProvenTime.IsZero(), Trust: "unknown",
		Conclusion: conclusion, Sub: s.SubIndication, Level: s.Level, Coverage: s.Coverage, Changes: s.Changes,
	}
	switch {
	case s.Trusted:
		out.Trust = "trusted"
	case s.Internal:
		out.Trust = "internal"
	case s.SubIndication == verify.Expired:
		out.Trust = "expired"
	}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, r.In(c.lang()))
	}
	return out
}

func publicPicture(c *call) error {
	return c.jpeg(c.s.o.Office.PublicPicture(c.Request.Context(), c.Param("token")))
}

func publicPDF(c *call) error {
	d, err := c.s.o.Office.PublicFile(c.Request.Context(), c.Param("token"))
	if err != nil {
		return err
	}
	defer d.Bytes.Close() //nolint:errcheck // only read
	c.DataFromReader(http.StatusOK, d.File.Size, d.File.Media, d.Bytes, map[string]string{"Content-Disposition": attachment(d.File.Name)})
	return nil
}

// compare says whether a file that somebody holds is this letter, byte for byte.
func compare(c *call) error {
	ctx, token := c.Request.Context(), c.Param("token")
	v, err := c.s.o.Office.CheckToken(ctx, token)
	if err != nil {
		return c.showVerdict(token, v, err, nil, Form{})
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, c.s.o.UploadBytes)
	file, head, err := c.Request.FormFile("berkas")
	if err != nil {
		return c.showVerdict(token, v, nil, nil, Form{}.Fail("berkas", c.pick("Pilih dulu berkasnya.", "Choose a file first.")))
	}
	defer file.Close() //nolint:errcheck // only read
	ref, err := storage.Digest(file)
	if err != nil {
		return noFiles(err)
	}
	return c.showVerdict(token, v, nil, &Compared{office.SafeName(head.Filename), string(ref) == v.Digest}, Form{})
}
