package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"naskah/internal/account"
	"naskah/internal/office/setup"
	"naskah/internal/problem"
)

// What an administrator keeps is a handful of topics that all work the same:
//
//	/admin                       the topics
//	/admin/atur/{topik}          what there is; POST adds
//	/admin/atur/{topik}/{id}     one ("baru": a new one); POST saves
//	POST /admin/atur/{topik}/{id}/hapus
//
// Phrases stand below "set.<topic>." and "ask.set-<topic>.".

// asked is a request to change a topic, from a form or from a program.
type asked struct {
	actor account.Actor
	desk  setup.Desk
	id    string // "": a new one
	form  url.Values
	file  []byte // what was uploaded; empty: nothing
	code  string // a one-time code for whoever the change lets in
}

func (a asked) get(name string) string { return a.form.Get(name) }

// topic is one thing that an administrator keeps.
type topic struct {
	icon   string
	may    []account.Ability // any of them opens it
	rows   func(c *call) ([]SettingRow, error)
	fields func(c *call, id string) ([]askField, url.Values, error) // problem.NotFound for an unknown id
	save   func(ctx context.Context, a asked) error
	remove func(ctx context.Context, a asked) error // nil: nothing is removed
	single bool                                     // there is one and no list: id is "ini"
	upload string                                   // the file field, "" when there is none
	final  bool                                     // saving cannot be taken back
}

// SettingRow is one thing in a topic's list.
type SettingRow struct {
	ID, Title, Line string
	Removable       bool
}

type setupView struct {
	Frame
	Topics []topicLink
}

// topicLink leads to a topic; Key is below "set.".
type topicLink struct{ Key, URL, Icon string }

type settingsView struct {
	Frame
	Key     string
	Rows    []SettingRow
	Seek    string // what the list is narrowed to
	Found   int    // rows that match it; Rows holds the first of them
	All     int    // rows without it
	Code    string // a one-time code that was just made, shown once
	CodeFor string
}

// mostSettings bounds a list to what a page under 200 KB can hold; whoever has more
// searches.
const mostSettings = 100

// Long says that the list needs a search field.
func (v settingsView) Long() bool { return v.All > mostSettings }

// SeekForm is the search field with what was typed.
func (v settingsView) SeekForm() Form { return Form{Values: url.Values{"cari": {v.Seek}}} }

// topicOrder is how the topics stand on their page.
func topicOrder() []string {
	return []string{"kantor", "bagian", "jabatan", "orang", "penunjukan", "sertifikat", "jenis", "klasifikasi", "kop", "instruksi", "cabang"}
}

func topics() map[string]topic {
	admin := []account.Ability{account.CanAdminister}
	return map[string]topic{
		"kantor":      {icon: "building-2", may: admin, fields: officeFields, save: saveOffice, single: true},
		"cabang":      {icon: "building-2", may: admin, rows: branchRows, fields: branchFields, save: addBranch},
		"bagian":      {icon: "list", may: admin, rows: unitRows, fields: unitFields, save: saveUnit, remove: func(ctx context.Context, a asked) error { return a.desk.RemoveUnit(ctx, a.actor, a.id) }},
		"jabatan":     {icon: "badge-check", may: admin, rows: positionRows, fields: positionFields, save: savePosition, remove: func(ctx context.Context, a asked) error { return a.desk.RemovePosition(ctx, a.actor, a.id) }},
		"orang":       {icon: "users", may: admin, rows: personRows, fields: personFields, save: savePerson},
		"penunjukan":  {icon: "clock", may: admin, rows: termRows, fields: termFields, save: saveTerm, remove: func(ctx context.Context, a asked) error { return a.desk.EndAppointment(ctx, a.actor, a.id) }},
		"sertifikat":  {icon: "signature", may: []account.Ability{account.CanAdminister, account.IsHead}, rows: renewalRows, fields: renewalFields, save: saveRenewal, remove: func(ctx context.Context, a asked) error { return a.desk.RefuseRenewal(ctx, a.actor, a.id) }, final: true},
		"jenis":       {icon: "file-text", may: admin, rows: kindRows, fields: kindFields, save: saveKind},
		"klasifikasi": {icon: "list-ordered", may: admin, rows: codeRows, fields: codeFields, save: saveCode, remove: func(ctx context.Context, a asked) error { return a.desk.RemoveClassification(ctx, a.actor, a.id) }, upload: "berkas"},
		"kop":         {icon: "heading", may: admin, fields: headFields, save: saveHead, single: true, upload: "logo"},
		"instruksi":   {icon: "pen-line", may: admin, fields: instructionFields, save: saveInstructions, single: true},
	}
}

// topic finds the topic that the path names, for those who may open it.
func (c *call) topic() (string, topic, error) {
	key := c.Param("topik")
	t, ok := topics()[key]
	if !ok {
		return key, t, problem.NotFound
	}
	return key, t, mayOpen(c.actor, t)
}

func mayOpen(actor account.Actor, t topic) error {
	for _, a := range t.may[1:] {
		if actor.Can(a) {
			return nil
		}
	}
	return actor.Require(t.may[0])
}

func setupPage(c *call) error {
	v := &setupView{Frame: c.frame("")}
	all := topics()
	for _, key := range topicOrder() {
		if mayOpen(c.actor, all[key]) != nil {
			continue
		}
		link := topicLink{key, "/admin/atur/" + key, all[key].icon}
		if key == "orang" {
			link.URL = "/admin/orang"
		}
		v.Topics = append(v.Topics, link)
	}
	if len(v.Topics) == 0 {
		return c.actor.Require(account.CanAdminister)
	}
	if c.actor.Can(account.CanAdminister) {
		v.Topics = append(v.Topics, topicLink{"token", "/admin/token", "key-round"})
	}
	return c.show("setup", v)
}

func settingList(c *call) error {
	key, t, err := c.topic()
	if err != nil {
		return err
	}
	if t.single {
		return c.to("/admin/atur/" + key + "/ini")
	}
	return c.settings(key, t, "", "")
}

func (c *call) settings(key string, t topic, code, name string) error {
	rows, err := t.rows(c)
	if err != nil {
		return err
	}
	v := &settingsView{Frame: c.frame(""), Key: key, Code: code, CodeFor: name, All: len(rows), Seek: strings.TrimSpace(c.Query("cari"))}
	if v.Seek != "" {
		rows = slices.DeleteFunc(rows, func(r SettingRow) bool {
			return !strings.Contains(strings.ToLower(r.Title+" "+r.Line), strings.ToLower(v.Seek))
		})
	}
	v.Found = len(rows)
	rows = rows[:min(len(rows), mostSettings)]
	for i := range rows {
		rows[i].Removable = rows[i].Removable && t.remove != nil
	}
	v.Rows = rows
	return c.show("settings", v)
}

// askSetting is the form of one topic, filled with what there is.
func (c *call) askSetting(key string, t topic, id string) (*askView, error) {
	fields, values, err := t.fields(c, id)
	if err != nil {
		return nil, err
	}
	back, label, action := "/admin/atur/"+key, c.t("set."+key), "/admin/atur/"+key
	if id != "" {
		action += "/" + id
	}
	if t.single {
		back, label = "/admin", c.t("menu.setup")
	}
	v := &askView{Frame: c.frame(""), Key: "set-" + key, BackLabel: label, Back: back, Action: action, Fields: fields, Form: Form{Values: values}, Icon: "check", Upload: t.upload != "", Final: t.final && id != ""}
	v.Narrow = true
	return v, nil
}

func settingPage(c *call) error {
	key, t, err := c.topic()
	if err != nil {
		return err
	}
	id := c.Param("id")
	if id == "baru" {
		id = ""
	}
	v, err := c.askSetting(key, t, id)
	if err != nil {
		return err
	}
	return c.show("ask", v)
}

func addSetting(c *call) error { return c.save("") }

func saveSetting(c *call) error { return c.save(c.Param("id")) }

// save takes a topic's form; what was typed comes back when it cannot be taken.
func (c *call) save(id string) error {
	key, t, err := c.topic()
	if err != nil {
		return err
	}
	a := c.asked(id)
	if t.upload != "" {
		if a.file, err = c.uploaded(t.upload); err != nil {
			return err
		}
	}
	c.PostForm("") // gin reads the form when it is first asked for
	a.form = c.Request.PostForm
	if err := t.save(c.Request.Context(), a); err != nil {
		if !retype(err) {
			return err
		}
		v, e := c.askSetting(key, t, id)
		if e != nil {
			return e
		}
		v.Form = Form{Values: a.form}.Fail(v.Fields[0].Name, c.sentence(err))
		return c.showForm("ask", v)
	}
	if key == "cabang" {
		return c.settings(key, t, a.code, a.get("admin"))
	}
	if t.single {
		return c.to("/admin")
	}
	return c.to("/admin/atur/" + key)
}

func (c *call) asked(id string) asked {
	return asked{actor: c.actor, desk: setup.Desk{Office: c.s.o.Office}, id: id, code: account.NewToken()[:codeLength]}
}

// largestSetting bounds a logo or a list of codes.
const largestSetting = 5 << 20

// uploaded reads the file of a form; empty when none was chosen.
func (c *call) uploaded(name string) ([]byte, error) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, largestSetting)
	head, err := c.FormFile(name)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart), err == nil && head.Size == 0:
		return []byte{}, nil // no file is an answer: the rest of the form counts
	case errors.As(err, &tooLarge):
		return nil, problem.New(problem.TooLarge, "Berkas ini lebih dari 5 MB. Perkecil dulu, lalu kirim lagi.", "This file has more than 5 MB. Make it smaller and send it again.", err)
	case err != nil:
		return nil, problem.New(problem.Invalid, "Berkas ini tidak sampai dengan utuh. Kirim sekali lagi.", "This file did not arrive whole. Send it once more.", err)
	}
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}

func removeSetting(c *call) error {
	key, t, err := c.topic()
	if err != nil {
		return err
	}
	if t.remove == nil {
		return problem.NotFound
	}
	if err := t.remove(c.Request.Context(), c.asked(c.Param("id"))); err != nil {
		return err
	}
	return c.to("/admin/atur/" + key)
}
