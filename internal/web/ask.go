package web

import (
	"naskah/internal/office"
	"naskah/internal/problem"
)

// askView is a page that asks what is needed for one step and says what follows.
// Its phrases stand below "ask.<Key>.": title, lead, go, and final when nothing
// takes it back.
type askView struct {
	Frame
	Key       string
	Subject   string // may be empty, then BackLabel names where Back leads
	Number    string
	BackLabel string
	Back      string // URL, also where the form posts to with Path behind it
	Action    string // URL of the form
	Icon      string
	Final     bool
	Upload    bool
	Fields    []askField
	Form      Form
	Sample    string // a datalist of what was typed before
	Examples  []string
}

// askField is one field of an askView. Kind is "line", "area", "radios",
// "choose", "ticks", "date", "secret" or "file".
type askField struct {
	Kind, Name string
	Label      string // phrase
	Hint       string // phrase, may be empty
	Options    []Option
	Optional   bool
	Accept     string
	List       string // id of the page's datalist
	Empty      string // phrase of the first choice, may be empty
	Rows       int    // of an area, 0: four
}

// ask begins the page of one step with a letter that the person may see.
func (c *call) ask(key, path string, fields ...askField) (*askView, office.Shown, error) {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return nil, shown, err
	}
	l := shown.Letter
	v := &askView{Frame: c.frame(placeOf(l)), Key: key, Subject: l.Subject, Number: l.Number, Back: "/surat/" + l.ID, Action: "/surat/" + l.ID + "/" + path, Fields: fields}
	v.Narrow = true
	for _, f := range fields {
		v.Upload = v.Upload || f.Kind == "file"
	}
	return v, shown, nil
}

// again shows the page with what was typed and what is wrong with it; errors that
// typing cannot mend become the error page.
func (c *call) again(v *askView, field string, err error) error {
	if !retype(err) || problem.KindOf(err) == problem.Conflict {
		return err
	}
	v.Form = Form{Values: c.Request.PostForm}.Fail(field, c.sentence(err))
	return c.showForm("ask", v)
}
