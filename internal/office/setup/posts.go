package setup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// SaveUnit adds a unit ("" as id) or renames one.
func (d Desk) SaveUnit(ctx context.Context, actor account.Actor, id, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return empty("Isi nama bagiannya.", "Fill in the unit's name.")
	}
	fresh := id == ""
	if fresh {
		id = db.NewID()
	}
	return d.change(ctx, actor, entry{"unit-saved", "unit", id, name}, func(ctx context.Context, tx db.Tx) error {
		if fresh {
			return tx.Insert(ctx, &db.Unit{ID: id, OfficeID: actor.OfficeID, Name: name})
		}
		row, err := tx.Unit(ctx, id)
		if err != nil || row.OfficeID != actor.OfficeID {
			return gone(err)
		}
		row.Name = name
		return tx.Update(ctx, &row)
	})
}

// RemoveUnit takes away a unit that nothing belongs to.
func (d Desk) RemoveUnit(ctx context.Context, actor account.Actor, id string) error {
	return d.change(ctx, actor, entry{"unit-removed", "unit", id, nil}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Unit(ctx, id)
		if err != nil || row.OfficeID != actor.OfficeID {
			return gone(err)
		}
		if used, err := tx.UnitUsed(ctx, id); used || err != nil {
			return inUse(err)
		}
		return tx.Remove(ctx, &row)
	})
}

func inUse(err error) error {
	if err != nil {
		return err
	}
	return problem.New(problem.Conflict, "Ini masih dipakai oleh jabatan, orang, atau surat, jadi tidak dapat dihapus. Ubah saja namanya.",
		"Positions, people or letters still use this, so it cannot be removed. Rename it instead.", nil)
}

// Post is what an administrator writes down about a position.
type Post struct {
	Title, UnitID, SuperiorID string
	Role                      account.Role
	Abilities                 []account.Ability
}

// SavePosition adds a position ("" as id) or changes one.
func (d Desk) SavePosition(ctx context.Context, actor account.Actor, id string, p Post) error {
	if p.Title = strings.TrimSpace(p.Title); p.Title == "" {
		return empty("Isi nama jabatannya.", "Fill in the position's title.")
	}
	if p.SuperiorID == id && id != "" {
		return empty("Sebuah jabatan tidak dapat menjadi atasan dirinya sendiri.", "A position cannot be its own superior.")
	}
	if p.Abilities == nil {
		p.Abilities = []account.Ability{}
	}
	can, err := json.Marshal(p.Abilities)
	if err != nil {
		return fmt.Errorf("abilities: %w", err)
	}
	row := db.Position{ID: id, OfficeID: actor.OfficeID}
	if id == "" {
		row.ID = db.NewID()
	}
	return d.change(ctx, actor, entry{"position-saved", "position", row.ID, p}, func(ctx context.Context, tx db.Tx) error {
		all, err := tx.Positions(ctx, actor.OfficeID)
		if err != nil {
			return err
		}
		row.Place = len(all)
		if id != "" {
			if row, err = tx.Position(ctx, id); err != nil || row.OfficeID != actor.OfficeID {
				return gone(err)
			}
		}
		if err := ours(ctx, tx, actor.OfficeID, p); err != nil {
			return err
		}
		row.Title, row.Role, row.UnitID, row.SuperiorID, row.Abilities = p.Title, string(p.Role), p.UnitID, p.SuperiorID, string(can)
		if id == "" {
			return tx.Insert(ctx, &row)
		}
		if err := tx.Update(ctx, &row); err != nil {
			return err
		}
		return d.stillAdministered(ctx, tx, actor.OfficeID)
	})
}

// ours refuses a unit or superior of another office.
func ours(ctx context.Context, tx db.Tx, officeID string, p Post) error {
	if p.UnitID != "" {
		if u, err := tx.Unit(ctx, p.UnitID); err != nil || u.OfficeID != officeID {
			return gone(err)
		}
	}
	if p.SuperiorID != "" {
		if s, err := tx.Position(ctx, p.SuperiorID); err != nil || s.OfficeID != officeID {
			return gone(err)
		}
	}
	return nil
}

// RemovePosition takes away a position that nobody ever held.
func (d Desk) RemovePosition(ctx context.Context, actor account.Actor, id string) error {
	return d.change(ctx, actor, entry{"position-removed", "position", id, nil}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Position(ctx, id)
		if err != nil || row.OfficeID != actor.OfficeID {
			return gone(err)
		}
		if used, err := tx.PositionUsed(ctx, id); used || err != nil {
			return inUse(err)
		}
		return tx.Remove(ctx, &row)
	})
}

// Term is an appointment as it is written in a decree: days in the office's zone,
// both counted; a zero Until is open.
type Term struct {
	PersonID, PositionID string
	Capacity             account.Capacity
	From, Until          time.Time
}

// SaveAppointment appoints somebody ("" as id) or changes the days and capacity of
// an appointment. Plt. and Plh. need a last day (they are temporary by rule).
func (d Desk) SaveAppointment(ctx context.Context, actor account.Actor, id string, t Term) error {
	if err := d.checkTerm(t); err != nil {
		return err
	}
	row := db.Appointment{ID: id, OfficeID: actor.OfficeID, PersonID: t.PersonID, PositionID: t.PositionID}
	if id == "" {
		row.ID = db.NewID()
	}
	return d.change(ctx, actor, entry{"appointment-saved", "person", t.PersonID, t}, func(ctx context.Context, tx db.Tx) error {
		if id != "" {
			known, err := tx.Appointment(ctx, id)
			if err != nil || known.OfficeID != actor.OfficeID || known.PersonID != t.PersonID || known.PositionID != t.PositionID {
				return gone(err)
			}
		}
		if err := d.oursToo(ctx, tx, actor.OfficeID, t); err != nil {
			return err
		}
		row.Capacity, row.ValidFrom, row.ValidUntil = string(t.Capacity), t.From.UTC(), t.Until.UTC()
		if t.Until.IsZero() {
			row.ValidUntil = time.Time{}
		}
		if id == "" {
			return tx.Insert(ctx, &row)
		}
		if err := tx.Update(ctx, &row); err != nil {
			return err
		}
		return d.stillAdministered(ctx, tx, actor.OfficeID)
	})
}

func (d Desk) checkTerm(t Term) error {
	switch {
	case t.PersonID == "" || t.PositionID == "":
		return empty("Pilih orang dan jabatannya.", "Choose the person and the position.")
	case !slices.Contains(account.Capacities(), t.Capacity):
		return empty("Pilih sebagai apa: definitif, Plt., Plh., a.n., atau u.b.", "Choose as what: holder, Plt., Plh., a.n. or u.b.")
	case t.From.IsZero():
		return empty("Isi tanggal mulainya.", "Fill in the first day.")
	case !t.Until.IsZero() && t.Until.Before(t.From):
		return empty("Tanggal selesai lebih awal daripada tanggal mulai.", "The last day is before the first.")
	case t.Until.IsZero() && (t.Capacity == account.Acting || t.Capacity == account.Daily):
		return empty("Plt. dan Plh. berlaku sementara. Isi tanggal selesainya.", "Plt. and Plh. are temporary. Fill in the last day.")
	}
	return nil
}

// oursToo refuses people and positions of another office. A position may have
// several holders: clerks at one counter do.
func (d Desk) oursToo(ctx context.Context, tx db.Tx, officeID string, t Term) error {
	person, err := tx.Person(ctx, t.PersonID)
	if err != nil || person.OfficeID != officeID {
		return gone(err)
	}
	position, err := tx.Position(ctx, t.PositionID)
	if err != nil || position.OfficeID != officeID {
		return gone(err)
	}
	if t.Capacity != account.OnBehalf && t.Capacity != account.ForBelow {
		return nil
	}
	held, err := tx.HeldAt(ctx, t.PersonID, "", t.From)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Position.ID != t.PositionID {
			return nil
		}
	}
	return problem.New(problem.Conflict, "Untuk a.n. dan u.b. orang ini perlu punya jabatan sendiri, karena jabatan itu tercetak di bawahnya.",
		"For a.n. and u.b. this person needs a position of their own: it is printed below.", nil)
}

// EndAppointment ends an appointment with yesterday; it stays in the books.
func (d Desk) EndAppointment(ctx context.Context, actor account.Actor, id string) error {
	return d.change(ctx, actor, entry{"appointment-ended", "appointment", id, nil}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Appointment(ctx, id)
		if err != nil || row.OfficeID != actor.OfficeID {
			return gone(err)
		}
		row.ValidUntil = d.Now().UTC().AddDate(0, 0, -1)
		if row.ValidUntil.Before(row.ValidFrom) {
			err = tx.Remove(ctx, &row) // it never held for a whole day
		} else {
			err = tx.Update(ctx, &row)
		}
		if err != nil {
			return err
		}
		return d.stillAdministered(ctx, tx, actor.OfficeID)
	})
}

// SavePerson changes what is printed about a person and how they sign in.
func (d Desk) SavePerson(ctx context.Context, actor account.Actor, id, name, nip, rank, login string) error {
	name, login = strings.TrimSpace(name), strings.ToLower(strings.ReplaceAll(strings.TrimSpace(login), " ", ""))
	if name == "" || login == "" {
		return empty("Isi nama dan nama masuk.", "Fill in the name and the sign-in name.")
	}
	return d.change(ctx, actor, entry{"person-changed", "person", id, name}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Person(ctx, id)
		if err != nil || row.OfficeID != actor.OfficeID {
			return gone(err)
		}
		if other, err := tx.PersonByLogin(ctx, login); err == nil && other.ID != id {
			return office.LoginTaken()
		}
		row.Name, row.NIP, row.PersonRank, row.Login = name, strings.TrimSpace(nip), strings.TrimSpace(rank), login
		return tx.Update(ctx, &row)
	})
}
