package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// receiveView is /surat-masuk/baru: drop scans and see them being read. Posts
// to /surat-masuk/baru: berkas (several). A script posts one file at a time with
// Accept: application/json and gets one uploadAnswer; the steps of the reading
// come from /surat-masuk/baru/kabar as server-sent events, each an
// office.Progress.
type receiveView struct {
	Frame
	Form    Form
	Uploads []UploadRow
	LimitMB int
}

// UploadRow is one file and how far it is. State is "reading", "waiting",
// "searchable", "failed" or "duplicate".
type UploadRow struct {
	LetterID string
	Name     string
	Size     int64
	State    string
	Done     int
	Pages    int // 0 while unknown
	Sentence string
	URL      string // where to fill in the fields, or the letter that is already there
}

// uploadAnswer is what a script is told about one file.
type uploadAnswer struct {
	LetterID string `json:"letter_id"`
	State    string `json:"state"`
	Sentence string `json:"sentence"`
	URL      string `json:"url"`
}

// States are the states whose badges the script needs.
func (v receiveView) States() []string {
	return []string{"reading", "waiting", "searchable", "failed", "duplicate"}
}

const mega = 1_000_000

func newReceive(c *call) *receiveView {
	return &receiveView{Frame: c.frame("masuk"), LimitMB: int(c.s.o.UploadBytes / mega)}
}

func receivePage(c *call) error {
	if err := mayReceive(c); err != nil {
		return err
	}
	return c.show("receive", newReceive(c))
}

func mayReceive(c *call) error {
	if c.actor.Can(account.CanArchive) {
		return nil
	}
	return c.actor.Require(account.CanRegister)
}

// receive takes files one by one as they arrive; none is held in memory.
func receive(c *call) error {
	if err := mayReceive(c); err != nil {
		return err
	}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return noFiles(err)
	}
	v := newReceive(c)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return noFiles(err)
		}
		if part.FormName() == "berkas" && part.FileName() != "" {
			v.Uploads = append(v.Uploads, c.takeFile(part))
		}
	}
	if wantsJSON(c.Request) && len(v.Uploads) == 1 {
		u := v.Uploads[0]
		c.JSON(http.StatusOK, uploadAnswer{LetterID: u.LetterID, State: u.State, Sentence: u.Sentence, URL: u.URL})
		return nil
	}
	if len(v.Uploads) == 0 {
		v.Form = v.Form.Fail("berkas", c.pick("Pilih dulu berkasnya.", "Choose a file first."))
		return c.showForm("receive", v)
	}
	return c.show("receive", v)
}

func noFiles(cause error) error {
	return problem.New(problem.Invalid, "Berkas tidak sampai. Periksa sambungan, lalu kirim lagi.", "The file did not arrive. Check the connection and send it again.", cause)
}

func (c *call) takeFile(part *multipart.Part) UploadRow {
	u := UploadRow{Name: office.SafeName(part.FileName()), State: string(letter.Failed)}
	got, err := c.s.o.Office.Receive(c.Request.Context(), c.actor, office.Upload{Name: part.FileName(), Bytes: part})
	if err != nil {
		c.s.o.Log.Warn("upload not taken", "error", err)
		u.Sentence = c.sentence(err)
		return u
	}
	u.LetterID, u.State, u.URL = got.LetterID, string(letter.Reading), "/surat/"+got.LetterID+"/catat"
	if got.Duplicate {
		u.State, u.URL, u.Sentence = "duplicate", "/surat/"+got.LetterID, c.pick("Berkas ini sudah ada di Naskah.", "This file is already in Naskah.")
	}
	return u
}

// news is one step of a reading as the page gets it.
type news struct {
	office.Progress
	URL      string `json:"url"`
	Sentence string `json:"sentence"`
}

// newsPause is how often the connection is used when there is nothing to say, so
// that proxies keep it.
const newsPause = 15 * time.Second

// receiveNews tells the steps of reading as they happen, of letters that this
// person may see.
func receiveNews(c *call) error {
	steps, stop := c.s.o.Office.Watch("")
	defer stop()
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	c.Writer.WriteHeader(http.StatusOK)
	c.Writer.Flush()
	if err := c.tellWhereTheyAre(); err != nil {
		return err
	}
	seen := map[string]bool{}
	tick := time.NewTicker(newsPause)
	defer tick.Stop()
	for {
		select {
		case <-c.Request.Context().Done():
			return nil
		case <-tick.C:
			if _, err := io.WriteString(c.Writer, ": masih di sini\n\n"); err != nil {
				return nil //nolint:nilerr // the asker is gone
			}
		case p := <-steps:
			may, known := seen[p.LetterID]
			if !known {
				_, err := c.s.o.Office.Show(c.Request.Context(), c.actor, p.LetterID)
				may = err == nil
				seen[p.LetterID] = may
			}
			if may && !c.tell(p) {
				return nil
			}
		}
		c.Writer.Flush()
	}
}

// recentUploads is how many letters a page that begins to listen is told of: what
// was read before it listened would otherwise never be told.
const recentUploads = 30

func (c *call) tellWhereTheyAre() error {
	letters, _, err := c.s.o.Office.List(c.Request.Context(), c.actor, db.LetterFilter{Direction: string(letter.Incoming), CreatedBy: c.actor.PersonID, Limit: recentUploads})
	for _, l := range letters {
		c.tell(office.Progress{LetterID: l.ID, State: letter.ReadState(l.ReadState), Done: l.Pages, Pages: l.Pages})
	}
	c.Writer.Flush()
	return err
}

func (c *call) tell(p office.Progress) bool {
	n := news{Progress: p, URL: "/surat/" + p.LetterID + "/catat"}
	if l, err := c.s.o.Office.DB.Letter(c.Request.Context(), p.LetterID); err == nil {
		n.Sentence = l.ReadError
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return false
	}
	_, err = fmt.Fprintf(c.Writer, "data: %s\n\n", raw)
	return err == nil
}
