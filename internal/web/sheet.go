package web

import (
	"net/http"
	"time"

	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// sheetView is /surat/{id}/lembar: the disposition sheet for paper, with the code
// that binds its scan to the letter. Posts to the same URL: berkas, the scan.
type sheetView struct {
	Frame
	ID           string
	Facts        LetterFacts
	Instructions []string
	People       []Addressee
	Before       []SheetView
	Printed      time.Time
	Form         Form
}

func sheetPage(c *call) error {
	v, err := c.newSheet()
	if err != nil {
		return err
	}
	return c.show("sheet", v)
}

func (c *call) newSheet() (*sheetView, error) {
	shown, err := c.incoming()
	if err != nil {
		return nil, err
	}
	v := &sheetView{Frame: c.frame("masuk"), ID: shown.Letter.ID, Before: c.sheets(shown), Printed: c.in(c.s.o.Now())}
	if v.Facts, err = c.facts(c.Request.Context(), shown); err != nil {
		return nil, err
	}
	if v.Instructions, err = c.s.o.Office.Instructions(c.Request.Context(), c.actor); err != nil {
		return nil, err
	}
	posts, err := c.s.o.Office.Posts(c.Request.Context(), c.actor)
	for _, p := range posts {
		v.People = append(v.People, Addressee{p.ID, p.Title, p.Person})
	}
	return v, err
}

// incoming is the letter of the address, which must have come in.
func (c *call) incoming() (office.Shown, error) {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err == nil && shown.Letter.Direction != string(letter.Incoming) {
		err = problem.New(problem.Conflict, "Lembar disposisi hanya untuk surat masuk.", "Disposition sheets are for incoming letters only.", nil)
	}
	return shown, err
}

// sheetCodeSize is the picture of the code in pixels: sharp at 3 cm on paper.
const sheetCodeSize = 480

func sheetCode(c *call) error {
	shown, err := c.incoming()
	if err != nil {
		return err
	}
	png, err := pdf.QRPNG(c.s.o.Office.SheetAddress(shown.Letter), sheetCodeSize)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "image/png", png)
	return nil
}

func bindSheet(c *call) error {
	l, err := c.takeScan(c.s.o.Office.BindSheet)
	if problem.KindOf(err) == problem.Invalid || problem.KindOf(err) == problem.Unsupported {
		v, e := c.newSheet()
		if e != nil {
			return e
		}
		v.Form = Form{}.Fail("berkas", c.sentence(err))
		return c.showForm("sheet", v)
	}
	if err != nil {
		return err
	}
	return c.stepDone("sheet-bound", l)
}
