package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/office/setup"
	"naskah/internal/problem"
)

func officeForm(hints bool) []askField {
	f := []askField{
		{Kind: "line", Name: "nama", Label: "set.office.name", Hint: "set.office.name.hint"},
		{Kind: "line", Name: "singkat", Label: "set.office.short"},
		{Kind: "line", Name: "kode", Label: "set.office.code", Hint: "set.office.code.hint"},
		{Kind: "line", Name: "tempat", Label: "set.office.place", Hint: "set.office.place.hint"},
		{Kind: "choose", Name: "zona", Label: "set.office.zone", Options: []Option{{"Asia/Jakarta", "WIB (Asia/Jakarta)"}, {"Asia/Makassar", "WITA (Asia/Makassar)"}, {"Asia/Jayapura", "WIT (Asia/Jayapura)"}}},
	}
	if !hints {
		return f
	}
	return append(f, askField{Kind: "line", Name: "admin", Label: "set.branch.admin", Hint: "set.branch.admin.hint"}, askField{Kind: "line", Name: "nama_masuk", Label: "signin.name", Hint: "people.signin.hint"})
}

func officeFields(c *call, _ string) ([]askField, url.Values, error) {
	o := c.office
	return officeForm(false), url.Values{"nama": {o.Name}, "singkat": {o.ShortName}, "kode": {o.UnitCode}, "tempat": {o.Place}, "zona": {o.TimeZone}}, nil
}

func (a asked) officeFacts() setup.OfficeFacts {
	return setup.OfficeFacts{Name: a.get("nama"), ShortName: a.get("singkat"), UnitCode: a.get("kode"), Place: a.get("tempat"), TimeZone: a.get("zona")}
}

func saveOffice(ctx context.Context, a asked) error {
	return a.desk.SaveOffice(ctx, a.actor, a.officeFacts())
}

func branchRows(c *call) ([]SettingRow, error) {
	below, err := c.s.o.Office.DB.OfficesUnder(c.Request.Context(), c.actor.OfficeID)
	var out []SettingRow
	for _, o := range below {
		out = append(out, SettingRow{Title: o.Name, Line: o.UnitCode + " · " + o.Place})
	}
	return out, err
}

func branchFields(c *call, id string) ([]askField, url.Values, error) {
	if id != "" {
		return nil, nil, problem.NotFound
	}
	return officeForm(true), url.Values{"zona": {c.office.TimeZone}}, nil
}

func addBranch(ctx context.Context, a asked) error {
	if a.id != "" {
		return problem.NotFound
	}
	return a.desk.AddOffice(ctx, a.actor, a.officeFacts(), a.get("admin"), a.get("nama_masuk"), a.code)
}

// absent says that a row is not there or another office's; a fault of the database
// stays a fault.
func absent(err error) error {
	if err != nil {
		return err
	}
	return problem.NotFound
}

func unitRows(c *call) ([]SettingRow, error) {
	units, err := c.s.o.Office.DB.Units(c.Request.Context(), c.actor.OfficeID)
	var out []SettingRow
	for _, u := range units {
		out = append(out, SettingRow{ID: u.ID, Title: u.Name, Removable: true})
	}
	return out, err
}

func unitFields(c *call, id string) ([]askField, url.Values, error) {
	fields := []askField{{Kind: "line", Name: "nama", Label: "set.unit.name", Hint: "set.unit.name.hint"}}
	if id == "" {
		return fields, nil, nil
	}
	u, err := c.s.o.Office.DB.Unit(c.Request.Context(), id)
	if err != nil || u.OfficeID != c.actor.OfficeID {
		return nil, nil, absent(err)
	}
	return fields, url.Values{"nama": {u.Name}}, nil
}

func saveUnit(ctx context.Context, a asked) error {
	return a.desk.SaveUnit(ctx, a.actor, a.id, a.get("nama"))
}

// posts are the office's positions, and who holds each today.
func (c *call) posts() ([]db.Position, map[string]string, error) {
	ctx, rows := c.Request.Context(), c.s.o.Office.DB
	positions, err := rows.Positions(ctx, c.actor.OfficeID)
	if err != nil {
		return nil, nil, err
	}
	held, err := rows.OfficeHeldAt(ctx, c.actor.OfficeID, c.s.o.Now())
	holders := map[string]string{}
	for _, h := range held {
		name := h.Person.Name
		if p := account.Capacity(h.Appointment.Capacity).Prefix(); p != "" {
			name = p + " " + name
		}
		if before := holders[h.Position.ID]; before != "" {
			name = before + "; " + name
		}
		holders[h.Position.ID] = name
	}
	return positions, holders, err
}

func positionRows(c *call) ([]SettingRow, error) {
	positions, holders, err := c.posts()
	var out []SettingRow
	for _, p := range positions {
		line := holders[p.ID]
		if line == "" {
			line = c.t("set.vacant")
		}
		out = append(out, SettingRow{ID: p.ID, Title: p.Title, Line: line, Removable: true})
	}
	return out, err
}

func positionFields(c *call, id string) ([]askField, url.Values, error) {
	positions, _, err := c.posts()
	if err != nil {
		return nil, nil, err
	}
	units, err := c.s.o.Office.DB.Units(c.Request.Context(), c.actor.OfficeID)
	if err != nil {
		return nil, nil, err
	}
	var inUnits, above, can, roles []Option
	for _, u := range units {
		inUnits = append(inUnits, Option{u.ID, u.Name})
	}
	values, found := url.Values{"dapat": {string(account.CanWrite)}, "peran": {string(account.RoleStaff)}}, id == ""
	for _, p := range positions {
		if p.ID != id {
			above = append(above, Option{p.ID, p.Title})
			continue
		}
		found = true
		var abilities []string
		if err := json.Unmarshal([]byte(p.Abilities), &abilities); err != nil {
			return nil, nil, fmt.Errorf("abilities of position %s: %w", p.ID, err)
		}
		values = url.Values{"nama": {p.Title}, "bagian": {p.UnitID}, "atasan": {p.SuperiorID}, "peran": {p.Role}, "dapat": abilities}
	}
	if !found {
		return nil, nil, problem.NotFound
	}
	for _, a := range []account.Ability{account.CanRegister, account.CanWrite, account.CanReview, account.CanSign, account.CanArchive, account.IsHead, account.CanAdminister, account.Oversees} {
		can = append(can, Option{string(a), c.t("ability." + string(a))})
	}
	for _, r := range []account.Role{account.RoleHead, account.RoleSecretary, account.RoleAffairs, account.RoleSection, account.RoleClerk, account.RoleArchivist, account.RoleStaff} {
		roles = append(roles, Option{string(r), c.t("role." + string(r))})
	}
	return []askField{
		{Kind: "line", Name: "nama", Label: "set.position.title", Hint: "set.position.title.hint"},
		{Kind: "choose", Name: "bagian", Label: "set.position.unit", Options: inUnits, Empty: "set.none"},
		{Kind: "choose", Name: "atasan", Label: "set.position.superior", Options: above, Empty: "set.none"},
		{Kind: "choose", Name: "peran", Label: "set.position.role", Hint: "set.position.role.hint", Options: roles},
		{Kind: "ticks", Name: "dapat", Label: "set.position.can", Hint: "set.position.can.hint", Options: can},
	}, values, nil
}

func savePosition(ctx context.Context, a asked) error {
	p := setup.Post{Title: a.get("nama"), UnitID: a.get("bagian"), SuperiorID: a.get("atasan"), Role: account.Role(a.get("peran"))}
	for _, ability := range a.form["dapat"] {
		p.Abilities = append(p.Abilities, account.Ability(ability))
	}
	return a.desk.SavePosition(ctx, a.actor, a.id, p)
}

func personRows(c *call) ([]SettingRow, error) {
	people, err := c.s.o.Office.DB.People(c.Request.Context(), c.actor.OfficeID)
	var out []SettingRow
	for _, p := range people {
		out = append(out, SettingRow{ID: p.ID, Title: p.Name, Line: p.Login})
	}
	return out, err
}

func personFields(c *call, id string) ([]askField, url.Values, error) {
	p, err := c.s.o.Office.DB.Person(c.Request.Context(), id)
	if err != nil || p.OfficeID != c.actor.OfficeID {
		return nil, nil, absent(err)
	}
	return []askField{
		{Kind: "line", Name: "nama", Label: "people.name", Hint: "people.name.hint"},
		{Kind: "line", Name: "nip", Label: "people.nip", Optional: true},
		{Kind: "line", Name: "pangkat", Label: "people.rank", Hint: "people.rank.hint", Optional: true},
		{Kind: "line", Name: "nama_masuk", Label: "signin.name", Hint: "people.signin.hint"},
	}, url.Values{"nama": {p.Name}, "nip": {p.NIP}, "pangkat": {p.PersonRank}, "nama_masuk": {p.Login}}, nil
}

func savePerson(ctx context.Context, a asked) error {
	return a.desk.SavePerson(ctx, a.actor, a.id, a.get("nama"), a.get("nip"), a.get("pangkat"), a.get("nama_masuk"))
}

func termRows(c *call) ([]SettingRow, error) {
	ctx, rows := c.Request.Context(), c.s.o.Office.DB
	terms, err := rows.Appointments(ctx, c.actor.OfficeID)
	if err != nil {
		return nil, err
	}
	positions, _, err := c.posts()
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, p := range positions {
		titles[p.ID] = p.Title
	}
	people, err := rows.People(ctx, c.actor.OfficeID)
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	var out []SettingRow
	for _, t := range terms {
		days := c.t("set.term.open", "From", c.s.words[c.lang()].longDate(c.in(t.ValidFrom)))
		ended := !t.ValidUntil.IsZero() && !account.HoldsAt(t.ValidFrom, t.ValidUntil, c.s.o.Now())
		if !t.ValidUntil.IsZero() {
			days = c.t("set.term.closed", "From", c.s.words[c.lang()].longDate(c.in(t.ValidFrom)), "Until", c.s.words[c.lang()].longDate(c.in(t.ValidUntil)))
		}
		title := titles[t.PositionID]
		if p := account.Capacity(t.Capacity).Prefix(); p != "" {
			title = p + " " + title
		}
		out = append(out, SettingRow{ID: t.ID, Title: names[t.PersonID] + " — " + title, Line: days, Removable: !ended})
	}
	return out, err
}

func termFields(c *call, id string) ([]askField, url.Values, error) {
	ctx, rows := c.Request.Context(), c.s.o.Office.DB
	values := url.Values{"sebagai": {string(account.Definitive)}, "mulai": {c.in(c.s.o.Now()).Format(time.DateOnly)}}
	var capacities, people, posts []Option
	for _, k := range account.Capacities() {
		capacities = append(capacities, Option{string(k), c.t("capacity." + string(k))})
	}
	days := []askField{
		{Kind: "radios", Name: "sebagai", Label: "set.term.as", Options: capacities},
		{Kind: "date", Name: "mulai", Label: "set.term.from"},
		{Kind: "date", Name: "selesai", Label: "set.term.until", Hint: "set.term.until.hint", Optional: true},
	}
	if id != "" {
		t, err := rows.Appointment(ctx, id)
		if err != nil || t.OfficeID != c.actor.OfficeID {
			return nil, nil, absent(err)
		}
		values.Set("sebagai", t.Capacity)
		values.Set("mulai", c.in(t.ValidFrom).Format(time.DateOnly))
		if !t.ValidUntil.IsZero() {
			values.Set("selesai", c.in(t.ValidUntil).Format(time.DateOnly))
		}
		return days, values, nil
	}
	all, err := rows.People(ctx, c.actor.OfficeID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		if p.Active {
			people = append(people, Option{p.ID, p.Name})
		}
	}
	positions, holders, err := c.posts()
	for _, p := range positions {
		label := p.Title
		if who := holders[p.ID]; who != "" {
			label += " (" + who + ")"
		}
		posts = append(posts, Option{p.ID, label})
	}
	return append([]askField{
		{Kind: "choose", Name: "orang", Label: "set.term.who", Options: people, Empty: "write.choose"},
		{Kind: "choose", Name: "jabatan", Label: "set.term.post", Hint: "set.term.post.hint", Options: posts, Empty: "write.choose"},
	}, days...), values, err
}

func saveTerm(ctx context.Context, a asked) error {
	t := setup.Term{PersonID: a.get("orang"), PositionID: a.get("jabatan"), Capacity: account.Capacity(a.get("sebagai"))}
	if a.id != "" {
		known, err := a.desk.DB.Appointment(ctx, a.id)
		if err != nil {
			return err
		}
		t.PersonID, t.PositionID = known.PersonID, known.PositionID
	}
	office, err := a.desk.DB.Office(ctx, a.actor.OfficeID)
	if err != nil {
		return err
	}
	if t.From, err = dayIn(office, a.get("mulai")); err != nil {
		return err
	}
	if t.Until, err = dayIn(office, a.get("selesai")); err != nil {
		return err
	}
	return a.desk.SaveAppointment(ctx, a.actor, a.id, t)
}

// dayIn is the beginning of a day at the office; an empty one is zero.
func dayIn(o db.Office, day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	zone, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return time.Time{}, fmt.Errorf("zone of office %s: %w", o.ID, err)
	}
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return t, problem.New(problem.Invalid, "Tanggal ini tidak dapat dibaca. Contoh: 2026-11-23.", "This date cannot be read. Example: 2026-11-23.", err)
	}
	return t, nil
}

func renewalRows(c *call) ([]SettingRow, error) {
	waiting, err := c.s.o.Office.DB.Renewals(c.Request.Context(), c.actor.OfficeID)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	var ids []string
	for _, r := range waiting {
		ids = append(ids, r.PersonID)
	}
	names, err := c.s.o.Office.DB.NamesOf(c.Request.Context(), ids)
	var out []SettingRow
	for _, r := range waiting {
		out = append(out, SettingRow{ID: r.ID, Title: names[r.PersonID], Line: c.t("set.renewal.line", "Who", r.FirstName, "Why", r.Reason), Removable: true})
	}
	return out, err
}

func renewalFields(c *call, id string) ([]askField, url.Values, error) {
	rows := c.s.o.Office.DB
	people, err := rows.People(c.Request.Context(), c.actor.OfficeID)
	if err != nil {
		return nil, nil, err
	}
	var who []Option
	if id != "" {
		r, err := rows.Renewal(c.Request.Context(), id)
		if err != nil || r.OfficeID != c.actor.OfficeID || !r.EndedAt.IsZero() {
			return nil, nil, absent(err)
		}
		for _, p := range people {
			if p.ID == r.PersonID {
				who = []Option{{p.ID, p.Name}}
			}
		}
		return []askField{{Kind: "radios", Name: "orang", Label: "set.renewal.end", Hint: "set.renewal.end.hint", Options: who}}, url.Values{"orang": {r.PersonID}}, nil
	}
	for _, p := range people {
		if p.Active && p.ID != c.actor.PersonID {
			who = append(who, Option{p.ID, p.Name})
		}
	}
	return []askField{
		{Kind: "choose", Name: "orang", Label: "set.renewal.who", Options: who, Empty: "write.choose"},
		{Kind: "area", Name: "alasan", Label: "set.renewal.why", Hint: "set.renewal.why.hint"},
	}, nil, nil
}

func saveRenewal(ctx context.Context, a asked) error {
	if a.id == "" {
		return a.desk.AskRenewal(ctx, a.actor, a.get("orang"), a.get("alasan"))
	}
	return a.desk.ConfirmRenewal(ctx, a.actor, a.id)
}
