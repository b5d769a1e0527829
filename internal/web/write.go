package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// Writing a letter is four steps, one page each:
//
//	/tulis              kind     POST /tulis: jenis
//	/tulis/{id}/tujuan  whom     POST: yth, tempat, hal, klasifikasi, sifat, urgensi, tembusan, pemeriksa…, penanda_tangan,
//	                             petugas_nama… petugas_pangkat… petugas_nip… petugas_jabatan… (surat tugas), dasar (surat tugas),
//	                             dari (nota dinas), aksi (lanjut | simpan | baris), revisi
//	/tulis/{id}/isi     text     POST: isi, aksi (lanjut | simpan), revisi; POST /tulis/{id}/isi/simpan (script): isi, revisi
//	                             POST /tulis/{id}/lampiran: judul, isi | berkas; POST /tulis/{id}/lampiran/{n}/hapus
//	/tulis/{id}/periksa check    POST /tulis/{id}/kirim: revisi

// Draft is what the steps of one letter share.
type Draft struct {
	ID       string
	Kind     string // layout: which fields are asked
	KindName string
	Step     int // 1 to 4
	Revision string
	SavedAt  time.Time
	Note     *ReturnNote // why it came back
}

// Steps are the steps with their addresses; those ahead can be opened once the
// letter exists.
func (d Draft) Steps() []WriteStep {
	keys := []string{"write.step.kind", "write.step.to", "write.step.text", "write.step.check"}
	paths := []string{"", "tujuan", "isi", "periksa"}
	out := make([]WriteStep, len(keys))
	for i, key := range keys {
		out[i] = WriteStep{Number: i + 1, Key: key, Current: i+1 == d.Step, Done: i+1 < d.Step}
		if d.ID != "" && i > 0 && i+1 != d.Step {
			out[i].URL = "/tulis/" + d.ID + "/" + paths[i]
		}
	}
	return out
}

// WriteStep is one step of the indicator.
type WriteStep struct {
	Number        int
	Key, URL      string
	Current, Done bool
}

// writeToView is /tulis/{id}/tujuan.
type writeToView struct {
	Frame
	Draft
	Form            Form
	Classifications []Option
	Classes         []Option
	Urgencies       []Option
	Reviewers       []Option // value: position id
	ReviewerSlots   int
	Signers         []Option // value: position id
	Assignees       int      // rows shown, surat tugas
}

// Slots are the indexes of the reviewers' fields.
func (v writeToView) Slots() []int { return upTo(v.ReviewerSlots) }

// AssigneeRows are the indexes of the assignees' fields.
func (v writeToView) AssigneeRows() []int { return upTo(v.Assignees) }

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// writeTextView is /tulis/{id}/isi.
type writeTextView struct {
	Frame
	Draft
	Form        Form
	Attach      Form // the form for one more attachment
	Attachments []AttachmentRow
	Preview     []Picture
}

// AttachmentRow is one attachment of a draft.
type AttachmentRow struct {
	Number int
	Title  string
	Pages  int // of a file; 0: written
}

// writeCheckView is /tulis/{id}/periksa.
type writeCheckView struct {
	Frame
	Draft
	Form      Form
	Pages     []Picture
	PDF       string // URL of the preview
	Facts     LetterFacts
	Reviewers []string // names with titles, in order
	Missing   []Link   // what must be filled in first, each leading there
}

func (c *call) draft(d office.Draft, step int) Draft {
	out := Draft{ID: d.Letter.ID, Kind: d.Content.Kind, KindName: c.kindName(d.Letter.Kind), Step: step, Revision: strconv.FormatInt(d.Letter.Revision, 10), SavedAt: c.in(d.Letter.UpdatedAt)}
	if d.Note != "" {
		out.Note = &ReturnNote{Text: d.Note, At: c.in(d.Letter.UpdatedAt)}
	}
	return out
}

func writeToPage(c *call) error {
	d, err := c.s.o.Office.Draft(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	v, err := c.newWriteTo(d, draftForm(d), 0)
	if err != nil {
		return err
	}
	return c.show("write_to", v)
}

// draftForm is what stands in the fields of step two.
func draftForm(d office.Draft) Form {
	t := d.Content
	f := Form{Values: url.Values{
		"yth": {strings.Join(t.To, "\n")}, "tempat": {t.Place}, "tembusan": {strings.Join(t.Copies, "\n")}, "hal": {t.Subject}, "klasifikasi": {t.Classification},
		"urgensi": {string(t.Urgency)}, "sifat": {string(t.Class)}, "pemeriksa": d.Reviewers, "penanda_tangan": {d.Letter.SignerPositionID},
		"dari": {t.From}, "dasar": {strings.Join(t.Basis, "\n")},
	}}
	for _, a := range t.Assignees {
		f.Values.Add("petugas_nama", a.Name)
		f.Values.Add("petugas_jabatan", a.Title)
		f.Values.Add("petugas_pangkat", a.Rank)
		f.Values.Add("petugas_nip", a.NIP)
	}
	return f
}

// reviewerSlots is how many reviewers a page offers; a letter seldom has three.
const reviewerSlots = 3

func (c *call) newWriteTo(d office.Draft, form Form, more int) (*writeToView, error) {
	v := &writeToView{Frame: c.frame("keluar"), Draft: c.draft(d, 2), Form: form, Classes: c.classes(), Urgencies: c.urgencies()}
	v.ReviewerSlots = max(reviewerSlots, len(form.Values["pemeriksa"]))
	v.Assignees = max(len(form.Values["petugas_nama"]), 1) + more
	var err error
	if v.Classifications, err = c.classifications(); err != nil {
		return v, err
	}
	posts, err := c.s.o.Office.Posts(c.Request.Context(), c.actor)
	for _, p := range posts {
		o := Option{p.ID, p.Label}
		if p.MayReview {
			v.Reviewers = append(v.Reviewers, o)
		}
		if p.MaySign {
			v.Signers = append(v.Signers, o)
		}
	}
	return v, err
}

func lines(text string) *[]string {
	l := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return &l
}

func writeTo(c *call) error {
	ctx, id := c.Request.Context(), c.Param("id")
	text := func(name string) *string { s := strings.TrimSpace(c.PostForm(name)); return &s }
	reviewers := c.PostFormArray("pemeriksa")
	class, urgency := letter.Class(c.PostForm("sifat")), letter.Urgency(c.PostForm("urgensi"))
	change := office.DraftChange{
		Subject: text("hal"), Classification: text("klasifikasi"), To: lines(c.PostForm("yth")), Copies: lines(c.PostForm("tembusan")), Basis: lines(c.PostForm("dasar")),
		Reviewers: &reviewers, SignerPositionID: text("penanda_tangan"), Place: text("tempat"), From: text("dari"), Class: &class, Urgency: &urgency, Assignees: readAssignees(c),
	}
	d, err := c.s.o.Office.SaveDraft(ctx, c.actor, id, change)
	action := c.PostForm("aksi")
	if err == nil && action == "lanjut" {
		err = missingInTo(d)
	}
	switch {
	case err == nil && action == "lanjut":
		return c.to("/tulis/" + id + "/isi")
	case err == nil && action == "simpan":
		return c.to("/surat-keluar?saring=konsep")
	case err != nil && !retype(err):
		return err
	}
	form := Form{Values: c.Request.PostForm}
	if err != nil {
		form = form.Fail(toField(d), c.sentence(err))
	}
	more := 0
	if action == "baris" {
		more = 1
	}
	if d.Letter.ID == "" {
		return err
	}
	v, e := c.newWriteTo(d, form, more)
	if e != nil {
		return e
	}
	if err == nil {
		return c.show("write_to", v)
	}
	return c.showForm("write_to", v)
}

func readAssignees(c *call) *[]letter.Assignee {
	names, titles, ranks, nips := c.PostFormArray("petugas_nama"), c.PostFormArray("petugas_jabatan"), c.PostFormArray("petugas_pangkat"), c.PostFormArray("petugas_nip")
	at := func(all []string, i int) string {
		if i < len(all) {
			return strings.TrimSpace(all[i])
		}
		return ""
	}
	out := []letter.Assignee{}
	for i := range names {
		if name := at(names, i); name != "" {
			out = append(out, letter.Assignee{Name: name, Title: at(titles, i), Rank: at(ranks, i), NIP: at(nips, i)})
		}
	}
	return &out
}

// missingInTo is what step two still needs; the text is asked for in step three.
func missingInTo(d office.Draft) error {
	whole := d.Content
	whole.Body = letter.ParseBody("isi")
	if d.Letter.SignerPositionID == "" {
		return problem.New(problem.Invalid, "Pilih dulu siapa yang menandatangani.", "Choose first who signs.", nil)
	}
	return whole.Check()
}

// toField is the first field of step two that is empty.
func toField(d office.Draft) string {
	switch {
	case strings.TrimSpace(d.Content.Subject) == "" || len([]rune(d.Content.Subject)) > letter.MaxSubject:
		return "hal"
	case d.Content.Kind == letter.KindAssignment && len(d.Content.Assignees) == 0:
		return "petugas_nama"
	case d.Content.Kind != letter.KindAssignment && len(d.Content.To) == 0:
		return "yth"
	}
	return "penanda_tangan"
}

func writeTextPage(c *call) error {
	d, err := c.s.o.Office.Draft(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return c.show("write_text", c.newWriteText(d, Form{Values: url.Values{"isi": {d.Body}}}, Form{}))
}

func (c *call) newWriteText(d office.Draft, form, attach Form) *writeTextView {
	v := &writeTextView{Frame: c.frame("keluar"), Draft: c.draft(d, 3), Form: form, Attach: attach}
	for i, a := range d.Content.Attachments {
		v.Attachments = append(v.Attachments, AttachmentRow{Number: i + 1, Title: a.Title, Pages: a.Pages})
	}
	if d.Content.Check() == nil {
		v.Preview = c.previews(d, 1)
	}
	return v
}

// previews are the first pages of the draft as it would be printed.
func (c *call) previews(d office.Draft, most int) []Picture {
	pages, err := c.s.o.Office.PreviewPages(c.Request.Context(), c.actor, d.Letter.ID)
	if err != nil {
		c.s.o.Log.Warn("preview", "letter", d.Letter.ID, "error", err)
		return nil
	}
	var out []Picture
	for n := 1; n <= min(pages, most); n++ {
		out = append(out, Picture{Number: n, URL: fmt.Sprintf("/tulis/%s/pratinjau/%d.jpg?r=%d", d.Letter.ID, n, d.Letter.Revision), Width: 900, Height: 1273})
	}
	return out
}

func writeText(c *call) error {
	id, body := c.Param("id"), c.PostForm("isi")
	d, err := c.s.o.Office.SaveDraft(c.Request.Context(), c.actor, id, office.DraftChange{Body: &body})
	if err != nil {
		if !retype(err) || d.Letter.ID == "" {
			return err
		}
		return c.showForm("write_text", c.newWriteText(d, Form{Values: c.Request.PostForm}.Fail("isi", c.sentence(err)), Form{}))
	}
	if c.PostForm("aksi") == "simpan" {
		return c.to("/surat-keluar?saring=konsep")
	}
	return c.to("/tulis/" + id + "/periksa")
}

func autosave(c *call) error {
	body := c.PostForm("isi")
	d, err := c.s.o.Office.SaveDraft(c.Request.Context(), c.actor, c.Param("id"), office.DraftChange{Body: &body})
	if err != nil {
		return err
	}
	return c.s.r.renderPart(c.Writer, http.StatusOK, "write_text", "autosaved", c.newWriteText(d, Form{Values: c.Request.PostForm}, Form{}))
}

func attach(c *call) error {
	ctx, id := c.Request.Context(), c.Param("id")
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, c.s.o.UploadBytes)
	d, err := c.s.o.Office.Draft(ctx, c.actor, id)
	if err != nil {
		return err
	}
	file, head, fileErr := c.Request.FormFile("berkas")
	title, text := strings.TrimSpace(c.PostForm("judul")), strings.TrimSpace(c.PostForm("isi"))
	switch {
	case fileErr == nil && head.Size > 0:
		defer file.Close() //nolint:errcheck // only read
		_, err = c.s.o.Office.Attach(ctx, c.actor, id, office.Upload{Name: head.Filename, Bytes: file})
	case title == "" || text == "":
		err = problem.New(problem.Invalid, "Beri nama lampiran ini, lalu tulis isinya atau pilih berkas PDF.", "Name this attachment, then write its text or choose a PDF.", nil)
	default:
		all := append(slices.Clone(d.Content.Attachments), letter.Attachment{Title: title, Body: letter.ParseBody(text)})
		_, err = c.s.o.Office.SaveDraft(ctx, c.actor, id, office.DraftChange{Attachments: &all})
	}
	if err != nil {
		if !retype(err) {
			return err
		}
		return c.showForm("write_text", c.newWriteText(d, Form{Values: url.Values{"isi": {d.Body}}}, Form{Values: c.Request.PostForm}.Fail("judul", c.sentence(err))))
	}
	return c.to("/tulis/" + id + "/isi")
}

func detach(c *call) error {
	ctx, id := c.Request.Context(), c.Param("id")
	d, err := c.s.o.Office.Draft(ctx, c.actor, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 || n > len(d.Content.Attachments) {
		return problem.NotFound
	}
	left := slices.Delete(slices.Clone(d.Content.Attachments), n-1, n)
	if _, err := c.s.o.Office.SaveDraft(ctx, c.actor, id, office.DraftChange{Attachments: &left}); err != nil {
		return err
	}
	return c.to("/tulis/" + id + "/isi")
}

// mostPreviews bounds the pages shown at once; the rest is in the PDF.
const mostPreviews = 12

func writeCheckPage(c *call) error {
	d, err := c.s.o.Office.Draft(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	v, err := c.newWriteCheck(d, Form{})
	if err != nil {
		return err
	}
	return c.show("write_check", v)
}

func (c *call) newWriteCheck(d office.Draft, form Form) (*writeCheckView, error) {
	v := &writeCheckView{Frame: c.frame("keluar"), Draft: c.draft(d, 4), Form: form}
	t := d.Content
	v.Facts = LetterFacts{Subject: t.Subject, To: strings.Join(t.To, "; "), Class: string(t.Class), Urgency: string(t.Urgency), Classification: t.Classification, Copies: t.Copies, Kind: c.kindName(d.Letter.Kind)}
	if err := missingInTo(d); err != nil {
		v.Missing = append(v.Missing, Link{c.sentence(err), "/tulis/" + d.Letter.ID + "/tujuan#f-" + toField(d)})
	} else if err := t.Check(); err != nil {
		v.Missing = append(v.Missing, Link{c.sentence(err), "/tulis/" + d.Letter.ID + "/isi#f-isi"})
	}
	if len(v.Missing) == 0 {
		v.Pages, v.PDF = c.previews(d, mostPreviews), "/tulis/"+d.Letter.ID+"/pratinjau.pdf"
	}
	posts, err := c.s.o.Office.Posts(c.Request.Context(), c.actor)
	for _, id := range d.Reviewers {
		for _, p := range posts {
			if p.ID == id {
				v.Reviewers = append(v.Reviewers, p.Label)
			}
		}
	}
	for _, p := range posts {
		if p.ID == d.Letter.SignerPositionID {
			v.Facts.Signer = p.Label
		}
	}
	return v, err
}

func draftPicture(c *call) error {
	n, err := pictureNumber(c.Param("n"))
	if err != nil {
		return err
	}
	return c.jpeg(c.s.o.Office.DraftPicture(c.Request.Context(), c.actor, c.Param("id"), n))
}

func draftPDF(c *call) error {
	pdf, err := c.s.o.Office.PreviewDraft(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", attachment("konsep.pdf"))
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}

func submit(c *call) error {
	ctx, id := c.Request.Context(), c.Param("id")
	l, err := c.s.o.Office.Submit(ctx, c.actor, id)
	if err != nil {
		d, e := c.s.o.Office.Draft(ctx, c.actor, id)
		if e != nil || !retype(err) {
			return err
		}
		v, e := c.newWriteCheck(d, Form{Values: c.Request.PostForm}.Fail("", c.sentence(err)))
		if e != nil {
			return e
		}
		return c.showForm("write_check", v)
	}
	shown, err := c.s.o.Office.Show(ctx, c.actor, l.ID)
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame("keluar"), Key: "submitted", Subject: l.Subject, Who: shown.Waiting, Next: []Action{{Key: "see", URL: "/surat/" + l.ID, Icon: "file-text"}, {Key: "write", URL: "/tulis", Icon: "pen-line"}}}
	v.Narrow = true
	if l.State == string(letter.InReview) {
		v.Undo = &Action{Key: "withdraw", URL: "/surat/" + l.ID + "/tarik", Icon: "undo-2", Post: true}
	}
	return c.show("done", v)
}
