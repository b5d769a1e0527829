package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// Desk is where an administrator works.
type Desk struct{ *office.Office }

// change runs one verb of an administrator: allowed, in one transaction, and
// written down. The entry names the thing that it changes and what it became, but
// no personal numbers.
func (d Desk) change(ctx context.Context, actor account.Actor, e entry, do func(context.Context, db.Tx) error) error {
	if err := actor.Require(account.CanAdminister); err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := do(ctx, tx); err != nil {
			return err
		}
		return d.record(ctx, tx, actor, e)
	})
}

// entry is what the audit keeps of a change: became is any value that JSON can
// hold, nil for nothing.
type entry struct {
	action, kind, id string
	became           any
}

func (d Desk) record(ctx context.Context, tx db.Tx, actor account.Actor, e entry) error {
	detail := []byte("{}")
	if e.became != nil {
		var err error
		if detail, err = json.Marshal(e.became); err != nil {
			return fmt.Errorf("audit of %s: %w", e.action, err)
		}
	}
	return tx.AppendAudit(ctx, audit.Entry{
		OfficeID: actor.OfficeID, At: d.Now().UTC(), PersonID: actor.PersonID, Actor: actor.Name, Title: actor.Title(), Action: e.action, Kind: e.kind, ObjectID: e.id, Detail: string(detail),
	})
}

// gone says that the thing is not there or another office's; a fault of the
// database stays a fault.
func gone(err error) error {
	if err != nil && !errors.Is(err, problem.NotFound) {
		return err
	}
	return problem.New(problem.NotFound, "Itu tidak ada di kantor ini.", "There is no such thing at this office.", err)
}

func empty(id, en string) error { return problem.New(problem.Invalid, id, en, nil) }

// stillAdministered refuses a change after which nobody could undo it.
func (d Desk) stillAdministered(ctx context.Context, tx db.Tx, officeID string) error {
	held, err := tx.OfficeHeldAt(ctx, officeID, d.Now())
	if err != nil {
		return err
	}
	for _, h := range held {
		can, err := abilities(h.Position)
		if err != nil {
			return err
		}
		if h.Person.Active && slices.Contains(can, account.CanAdminister) {
			return nil
		}
	}
	return problem.New(problem.Conflict, "Sesudah ini tidak ada lagi yang dapat mengatur kantor. Tunjuk dulu orang lain sebagai admin.",
		"After this nobody could administer the office. Appoint another administrator first.", nil)
}

func abilities(p db.Position) ([]account.Ability, error) {
	var out []account.Ability
	if err := json.Unmarshal([]byte(p.Abilities), &out); err != nil {
		return nil, fmt.Errorf("abilities of position %s: %w", p.ID, err)
	}
	return out, nil
}

// OfficeFacts is how an office is called and where it is.
type OfficeFacts struct {
	Name, ShortName, UnitCode, Place, TimeZone string
}

func (f OfficeFacts) check() (OfficeFacts, error) {
	for _, s := range []*string{&f.Name, &f.ShortName, &f.UnitCode, &f.Place, &f.TimeZone} {
		if *s = strings.TrimSpace(*s); *s == "" {
			return f, empty("Isi semua kolom tentang kantor.", "Fill in every field about the office.")
		}
	}
	if strings.Contains(f.UnitCode, "/") {
		return f, empty("Kode kantor tidak boleh memuat garis miring, karena garis miring memisahkan bagian nomor surat.", "The office's code cannot hold a slash: slashes part the letter number.")
	}
	if _, err := time.LoadLocation(f.TimeZone); err != nil {
		return f, empty("Zona waktu ini tidak dikenal. Contoh: Asia/Jakarta.", "This time zone is not known. Example: Asia/Jakarta.")
	}
	return f, nil
}

// SaveOffice changes what the actor's own office is called.
func (d Desk) SaveOffice(ctx context.Context, actor account.Actor, f OfficeFacts) error {
	f, err := f.check()
	if err != nil {
		return err
	}
	return d.change(ctx, actor, entry{"office-changed", "office", actor.OfficeID, f}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Office(ctx, actor.OfficeID)
		if err != nil {
			return err
		}
		row.Name, row.ShortName, row.UnitCode, row.Place, row.TimeZone = f.Name, f.ShortName, f.UnitCode, f.Place, f.TimeZone
		return tx.Update(ctx, &row)
	})
}

// AddOffice founds an office under the actor's with the usual units, positions
// and kinds, and its first administrator, who gets the one-time code.
func (d Desk) AddOffice(ctx context.Context, actor account.Actor, f OfficeFacts, name, login, code string) error {
	if err := actor.Require(account.CanAdminister); err != nil {
		return err
	}
	f, err := f.check()
	if err != nil {
		return err
	}
	if strings.TrimSpace(name) == "" || strings.TrimSpace(login) == "" {
		return empty("Isi nama dan nama masuk admin pertamanya.", "Fill in its first administrator's name and sign-in name.")
	}
	if _, err := d.DB.PersonByLogin(ctx, login); err == nil {
		return office.LoginTaken()
	}
	founding := office.UsualOffice(f.TimeZone)
	founding.Parent, founding.Name, founding.ShortName, founding.UnitCode, founding.Place = actor.OfficeID, f.Name, f.ShortName, f.UnitCode, f.Place
	founding.Letterhead.Lines = []string{"PEMERINTAH KABUPATEN", strings.ToUpper(f.Name)}
	row, err := d.Found(ctx, founding)
	if err != nil {
		return err
	}
	positions, err := d.DB.Positions(ctx, row.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(positions, func(p db.Position) bool { return p.Role == string(account.RoleAffairs) })
	if i < 0 {
		return gone(nil)
	}
	_, err = d.AddPerson(ctx, account.System(row.ID), office.NewPerson{Name: name, Login: login, Password: code, PositionID: positions[i].ID, OneTime: true})
	if err != nil {
		return err
	}
	return d.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return d.record(ctx, tx, actor, entry{"office-added", "office", row.ID, f})
	})
}
