package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// letterView is /surat/{id}?halaman=&cari=&perbesar=: the picture, the facts, the
// way of the letter and what to do now.
type letterView struct {
	Frame
	ID        string
	Direction string // "incoming" or "outgoing"
	Back      Link
	State     string
	Reading   string // reading state, shown when not "searchable"
	ReadNote  string // the sentence when the reading waits or failed
	Facts     LetterFacts
	Page      LetterPage
	Strip     []Thumb
	Zoom      int // percent of the column's width
	Match     *Match
	Journey   []Step
	Files     []FileRow
	Primary   *Action
	More      []Action
	WhyNot    string // why there is no primary action: who acts now
	CheckURL  string // public address of a signed letter
	ShortCode string
	Note      *ReturnNote
	Sheets    []SheetView
	Sent      []DeliveryRow
	Linked    []LinkedLetter
	Ended     string // why it was revoked
	BoundTo   string // URL of the letter that this scan belongs to
}

// DeliveryRow is one recipient that a letter went to.
type DeliveryRow struct {
	Recipient, Way, Receiver, Who string
	At                            time.Time
}

// LinkedLetter is a letter that belongs to this one. How is a phrase below
// "letter.".
type LinkedLetter struct{ How, URL, Subject, Number string }

// LetterFacts is the summary of a letter; empty ones are not shown.
type LetterFacts struct {
	Subject, Number, Agenda     string
	Date, Received              time.Time
	From, To                    string
	Class, Urgency              string
	Classification, ClassName   string
	Kind                        string
	Summary                     string
	Attachments                 string
	Signer, SignerTitle         string
	Copies                      []string
	CreatedBy                   string
	Folder                      string
	DueDate                     time.Time
	SignatureLevel, Certificate string
}

// LetterPage is the page that is open.
type LetterPage struct {
	Picture
	Total  int
	Marks  []Box
	Source string // "text", "ocr", "none"
	// Reason is why, as a code below "reason." or a sentence.
	Reason     string
	Confidence float64 // 0 to 1, of the OCR
	Text       string  // what was read, for those who cannot see the picture
	Before     string  // URL of the page before
	After      string
}

// Box is a place on a page in shares of its width and height, times 10,000: whole
// numbers, so that they are the same in every language and browser.
type Box struct{ X, Y, W, H int }

// boxOf makes a Box of shares between 0 and 1.
func boxOf(x, y, w, h float64) Box {
	part := func(f float64) int { return int(min(max(f, 0), 1)*10_000 + 0.5) }
	return Box{part(x), part(y), part(w), part(h)}
}

// Thumb is one page in the strip.
type Thumb struct {
	Number  int
	Image   string
	URL     string
	Current bool
	Hits    int // marked words
}

// Match walks from one marked word to the next.
type Match struct {
	Question string
	Total    int // on this page
	Before   string
	After    string
	Clear    string
}

// Step is one line of the letter's way. What is a phrase below "journey.".
type Step struct {
	What  string
	Who   string
	Title string
	At    time.Time
	Note  string
	When  string // "done", "now" or "next"
}

// FileRow is one stored file. Role is a phrase below "file.".
type FileRow struct {
	Role   string
	Name   string
	Media  string
	Size   int64
	Digest string
	URL    string
	Note   string // for example why it is no PDF/A
}

// ReturnNote is why a letter came back.
type ReturnNote struct {
	Who  string
	At   time.Time
	Text string
}

// zooms are the steps of the zoom, in percent of the column.
func zooms() []int { return []int{50, 75, 100, 125, 150, 200, 300} }

// ZoomIn is the next larger step.
func (v letterView) ZoomIn() int {
	for _, z := range zooms() {
		if z > v.Zoom {
			return z
		}
	}
	return v.Zoom
}

// ZoomOut is the next smaller step.
func (v letterView) ZoomOut() int {
	out := zooms()[0]
	for _, z := range zooms() {
		if z < v.Zoom {
			out = z
		}
	}
	return out
}

// Sureness says the confidence in a word.
func (v letterView) Sureness() string {
	switch c := v.Page.Confidence; {
	case c >= 0.9:
		return "sure.high"
	case c >= 0.7:
		return "sure.middle"
	default:
		return "sure.low"
	}
}

func letterPage(c *call) error {
	ctx := c.Request.Context()
	shown, err := c.s.o.Office.Show(ctx, c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	l := shown.Letter
	v := &letterView{
		Frame: c.frame(placeOf(l)), ID: l.ID, Direction: l.Direction, Back: c.backFrom(l), State: l.State, Reading: l.ReadState, ReadNote: l.ReadError,
		Zoom: zoomOf(c.Query("perbesar")), Journey: c.journey(shown), Files: c.files(shown),
	}
	if shown.Waiting != "" {
		v.WhyNot = c.pick("Langkah berikutnya: ", "Next: ") + shown.Waiting
	}
	if v.Facts, err = c.facts(ctx, shown); err != nil {
		return err
	}
	if err := c.fillPage(ctx, v, shown); err != nil {
		return err
	}
	c.fillActions(v, shown)
	c.fillDesk(v, shown)
	if err := c.s.o.Office.NoteOpened(ctx, c.actor, l); err != nil {
		return err
	}
	if l.VerifyToken != "" && l.SignedRef != "" {
		v.CheckURL, v.ShortCode = "/v/"+l.VerifyToken, letter.ShowShortCode(l.ShortCode)
	}
	if l.ReturnNote != "" && l.State == string(letter.Returned) {
		v.Note = noteOf(c, shown)
	}
	return c.show("letter", v)
}

func placeOf(l db.Letter) string {
	if l.Direction == string(letter.Outgoing) {
		return "keluar"
	}
	return "masuk"
}

func (c *call) backFrom(l db.Letter) Link {
	if q := c.Query("cari"); q != "" {
		return Link{c.t("place.archive"), "/arsip?cari=" + url.QueryEscape(q)}
	}
	if l.Direction == string(letter.Outgoing) {
		return Link{c.t("place.outgoing"), "/surat-keluar"}
	}
	return Link{c.t("place.incoming"), "/surat-masuk"}
}

func zoomOf(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || !slices.Contains(zooms(), n) {
		return 100
	}
	return n
}

func (c *call) facts(ctx context.Context, s office.Shown) (LetterFacts, error) {
	l := s.Letter
	f := LetterFacts{
		Subject: l.Subject, Number: l.Number, Agenda: l.AgendaNumber, Date: l.LetterDate, Received: c.in(l.ReceivedAt), From: l.Sender, To: l.Recipient,
		Class: l.Class, Urgency: l.Urgency, Classification: l.Classification, Summary: l.Summary, CreatedBy: s.Author, Kind: c.kindName(l.Kind),
	}
	var err error
	if f.ClassName, err = c.s.o.Office.DB.ClassificationName(ctx, l.OfficeID, l.Classification); err != nil {
		return f, err
	}
	if l.Signer != "" {
		var signer office.SignerSnapshot
		if err := json.Unmarshal([]byte(l.Signer), &signer); err != nil {
			return f, fmt.Errorf("signer of letter %s: %w", l.ID, err)
		}
		f.Signer, f.SignerTitle = signer.Name, strings.TrimSpace(signer.Capacity.Prefix()+" "+signer.Title)
	}
	if s.Version.Content != "" {
		var content letter.Content
		if err := json.Unmarshal([]byte(s.Version.Content), &content); err != nil {
			return f, fmt.Errorf("version %s: %w", s.Version.ID, err)
		}
		f.Copies = content.Copies
		if n := len(content.Attachments); n > 0 {
			f.Attachments = strconv.Itoa(n)
		}
	}
	return f, nil
}

// fillPage shows the page that is open, with the words that were looked for.
func (c *call) fillPage(ctx context.Context, v *letterView, s office.Shown) error {
	total, err := c.s.o.Office.PageCount(ctx, c.actor, v.ID)
	switch problem.KindOf(err) {
	case "":
	case problem.NotFound, problem.Invalid, problem.Unsupported, problem.TooLarge, problem.Unavailable:
		return nil // a file that has no pages to show still has its facts
	default:
		return err
	}
	n := min(pageNumber(c.Query("halaman")), total)
	page := db.Page{Number: n}
	for _, p := range s.Pages {
		if p.Number == n {
			page = p
		}
	}
	v.Page = LetterPage{Picture: c.picture(v.ID, page), Total: total, Source: page.Source, Reason: page.Reason, Confidence: page.Confidence, Text: page.Text}
	if v.Zoom > 100 {
		v.Page.URL = fmt.Sprintf("/surat/%s/halaman/%d.jpg?lebar=1600", v.ID, n)
	}
	link := func(number int) string { return c.pageLink(number, v.Zoom) }
	if n > 1 {
		v.Page.Before = link(n - 1)
	}
	if n < total {
		v.Page.After = link(n + 1)
	}
	for i := 1; i <= total; i++ {
		v.Strip = append(v.Strip, Thumb{Number: i, Image: fmt.Sprintf("/surat/%s/halaman/%d.jpg?lebar=240", v.ID, i), URL: link(i), Current: i == n})
	}
	return c.mark(ctx, v, s)
}

func (c *call) pageLink(number, zoom int) string {
	q := url.Values{}
	for _, key := range []string{"cari"} {
		if text := c.Query(key); text != "" {
			q.Set(key, text)
		}
	}
	q.Set("halaman", strconv.Itoa(number))
	if zoom != 100 {
		q.Set("perbesar", strconv.Itoa(zoom))
	}
	return "?" + q.Encode()
}

// mark puts the looked-for words on the picture, and counts them on every page.
func (c *call) mark(ctx context.Context, v *letterView, s office.Shown) error {
	question := strings.TrimSpace(c.Query("cari"))
	if question == "" || len(v.Strip) == 0 {
		return nil
	}
	terms, err := c.s.o.Office.Matching(ctx, c.actor, v.ID, question)
	if err != nil {
		return err
	}
	countHits(v, s.Pages, terms)
	words, err := c.s.o.Office.PageWords(ctx, c.actor, v.ID, v.Page.Number)
	if err != nil {
		return err
	}
	for _, w := range words {
		if terms.Has(w.Text) {
			v.Page.Marks = append(v.Page.Marks, boxOf(w.Box.X0, w.Box.Y0, w.Box.X1-w.Box.X0, w.Box.Y1-w.Box.Y0))
		}
	}
	v.Match = &Match{Question: question, Total: len(v.Page.Marks), Clear: fmt.Sprintf("?halaman=%d", v.Page.Number)}
	v.Match.link(v)
	return nil
}

func countHits(v *letterView, pages []db.Page, terms office.Terms) {
	for i := range v.Strip {
		for _, p := range pages {
			if p.Number == v.Strip[i].Number {
				v.Strip[i].Hits = terms.Count(p.Text)
			}
		}
	}
}

// link finds the next and the previous page with a match.
func (m *Match) link(v *letterView) {
	for _, t := range v.Strip {
		if t.Hits > 0 && t.Number < v.Page.Number {
			m.Before = t.URL
		}
		if t.Hits > 0 && t.Number > v.Page.Number && m.After == "" {
			m.After = t.URL
		}
	}
}

func (c *call) files(s office.Shown) []FileRow {
	var out []FileRow
	for _, f := range s.Files {
		out = append(out, FileRow{Role: f.Role, Name: f.Name, Media: mediaWord(f.Media), Size: f.Size, Digest: f.Ref, URL: "/surat/" + s.Letter.ID + "/berkas/" + f.ID})
	}
	return out
}

func mediaWord(media string) string {
	words := map[string]string{"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
	if w, ok := words[media]; ok {
		return w
	}
	return "Word"
}

// fillActions turns what the office says this person can do into buttons.
func (c *call) fillActions(v *letterView, s office.Shown) {
	signed := ""
	for _, f := range v.Files {
		if f.Role == db.RoleSigned || f.Role == db.RoleInk {
			signed = f.URL
		}
	}
	id := v.ID
	passOn := ""
	if s.Desk.Mine != nil {
		passOn = "/surat/" + id + "/disposisi?dari=" + s.Desk.Mine.ID
	}
	actions := map[office.Action]Action{
		office.ActRegister: {Key: "register", URL: "/surat/" + id + "/catat", Icon: "pencil"}, office.ActEdit: {Key: "edit", URL: "/tulis/" + id + "/tujuan", Icon: "pen-line"},
		office.ActInitial: {Key: "initial", URL: "/paraf/" + id, Icon: "check"}, office.ActSign: {Key: "sign", URL: "/tanda-tangan/" + id, Icon: "signature"},
		office.ActTakeBack: {Key: "withdraw", URL: "/surat/" + id + "/tarik", Icon: "undo-2", Post: true}, office.ActCancel: {Key: "cancel", URL: "/surat/" + id + "/batal", Icon: "ban"},
		office.ActPassOn:  {Key: "pass-on", URL: passOn, Icon: "arrow-right"},
		office.ActForward: {Key: "forward", URL: "/surat/" + id + "/teruskan", Icon: "arrow-right"}, office.ActDispose: {Key: "dispose", URL: "/surat/" + id + "/disposisi", Icon: "send"},
		office.ActReport: {Key: "report", URL: "/surat/" + id + "/laporan", Icon: "check"}, office.ActSheet: {Key: "sheet", URL: "/surat/" + id + "/lembar", Icon: "printer"},
		office.ActFile: {Key: "file", URL: "/surat/" + id + "/simpan", Icon: "archive"}, office.ActUnfile: {Key: "unfile", URL: "/surat/" + id + "/keluarkan", Icon: "undo-2", Post: true},
		office.ActReply: {Key: "reply", URL: "/tulis?balas=" + id, Icon: "pen-line"}, office.ActSend: {Key: "send", URL: "/surat/" + id + "/kirim", Icon: "send"},
		office.ActRevoke: {Key: "revoke", URL: "/surat/" + id + "/cabut", Icon: "ban"}, office.ActReplace: {Key: "replace", URL: "/surat/" + id + "/ganti", Icon: "rotate-ccw", Post: true},
		office.ActHandOver: {Key: "hand-over", URL: "/surat/" + id + "/serah", Icon: "upload"}, office.ActPrint: {Key: "print-ink", URL: "/surat/" + id + "/cetak-basah", Icon: "printer", Post: true},
		office.ActInk: {Key: "ink", URL: "/surat/" + id + "/pindaian", Icon: "scan-line"}, office.ActCompare: {Key: "compare", URL: "/surat/" + id + "/versi", Icon: "file-check"},
		office.ActDownload: {Key: "download", URL: signed, Icon: "download"}, office.ActVerify: {Key: "check", URL: "/v/" + s.Letter.VerifyToken, Icon: "shield-check"},
	}
	if a, ok := actions[s.Primary]; ok {
		if s.Primary == office.ActEdit && s.Letter.State == string(letter.Returned) {
			a.Key = "mend"
		}
		v.Primary = &a
	}
	for _, other := range s.Others {
		a := actions[other]
		if other == office.ActRegister {
			a.Key = "correct"
		}
		if other != office.ActVerify { // the page links to the check by itself
			v.More = append(v.More, a)
		}
	}
}

func takeBack(c *call) error {
	l, err := c.s.o.Office.TakeBack(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	v := &doneView{Frame: c.frame("keluar"), Key: "withdrawn", Subject: l.Subject, Next: []Action{{Key: "edit", URL: "/tulis/" + l.ID + "/tujuan", Icon: "pen-line"}}}
	v.Narrow = true
	return c.show("done", v)
}

// fillDesk shows the dispositions, where the letter was sent, and what belongs to
// it.
func (c *call) fillDesk(v *letterView, s office.Shown) {
	v.Sheets, v.Ended = c.sheets(s), s.Letter.EndReason
	for _, d := range s.Desk.Deliveries {
		v.Sent = append(v.Sent, DeliveryRow{Recipient: d.Recipient, Way: d.Way, Receiver: d.Receiver, Who: d.Name, At: c.in(d.At)})
	}
	link := func(how string, letters ...db.Letter) {
		for _, l := range letters {
			v.Linked = append(v.Linked, LinkedLetter{how, "/surat/" + l.ID, l.Subject, l.Number})
		}
	}
	if l := s.Desk.ReplyTo; l != nil {
		link("reply.to", *l)
	}
	link("replies", s.Desk.Replies...)
	if l := s.Desk.Replaces; l != nil {
		link("replaces", *l)
	}
	link("replaced", s.Desk.ReplacedBy...)
	if s.Letter.BoundTo != "" {
		v.BoundTo = "/surat/" + s.Letter.BoundTo
	}
	v.Facts.Folder, v.Facts.DueDate = s.Letter.Folder, s.Letter.Due
}
