package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Renewal asks for the end of a person's signing certificate, whose passphrase is
// forgotten. It needs two people who are not its owner; EndedAt is when the second
// agreed or somebody refused.
type Renewal struct {
	bun.BaseModel `bun:"table:renewals"`
	ID            string `bun:",pk"`
	OfficeID      string
	PersonID      string
	Reason        string
	FirstBy       string
	FirstName     string
	FirstAt       time.Time
	SecondBy      string
	SecondName    string
	EndedAt       time.Time `bun:",nullzero"`
}

// Remove deletes one set-up row by its key.
func (tx Tx) Remove(ctx context.Context, row any) error {
	_, err := tx.idb.NewDelete().Model(row).WherePK().Exec(ctx)
	return err
}

// Appointments are all appointments of an office, those that end last first.
func (q queries) Appointments(ctx context.Context, officeID string) ([]Appointment, error) {
	var rows []Appointment
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("CASE WHEN valid_until IS NULL THEN 0 ELSE 1 END, valid_until DESC, valid_from DESC, id").Scan(ctx)
	return rows, err
}

// Appointment gives one appointment; problem.NotFound.
func (q queries) Appointment(ctx context.Context, id string) (Appointment, error) {
	var row Appointment
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// OfficesUnder are the offices right under one, by name.
func (q queries) OfficesUnder(ctx context.Context, id string) ([]Office, error) {
	var rows []Office
	err := q.idb.NewSelect().Model(&rows).Where("parent_id = ?", id).OrderExpr("name").Scan(ctx)
	return rows, err
}

// UnitUsed says whether a position or a letter belongs to the unit.
func (q queries) UnitUsed(ctx context.Context, id string) (bool, error) {
	if used, err := q.idb.NewSelect().Model((*Position)(nil)).Where("unit_id = ?", id).Exists(ctx); used || err != nil {
		return used, err
	}
	return q.idb.NewSelect().Model((*Letter)(nil)).Where("unit_id = ?", id).Exists(ctx)
}

// PositionUsed says whether anybody was ever appointed to the position or it is
// another's superior.
func (q queries) PositionUsed(ctx context.Context, id string) (bool, error) {
	if used, err := q.idb.NewSelect().Model((*Appointment)(nil)).Where("position_id = ?", id).Exists(ctx); used || err != nil {
		return used, err
	}
	return q.idb.NewSelect().Model((*Position)(nil)).Where("superior_id = ?", id).Exists(ctx)
}

// classificationsAtOnce keeps one statement under the databases' limit of values.
const classificationsAtOnce = 500

// PutClassifications adds archive codes and renames known ones.
func (tx Tx) PutClassifications(ctx context.Context, rows []Classification) error {
	for len(rows) > 0 {
		n := min(len(rows), classificationsAtOnce)
		part := rows[:n]
		if _, err := tx.idb.NewInsert().Model(&part).On("CONFLICT (office_id, code) DO UPDATE").Set("name = EXCLUDED.name, aliases = EXCLUDED.aliases").Exec(ctx); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Renewals are the requests of an office that still wait for the second person.
func (q queries) Renewals(ctx context.Context, officeID string) ([]Renewal, error) {
	var rows []Renewal
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ? AND ended_at IS NULL", officeID).OrderExpr("id").Scan(ctx)
	return rows, err
}

// Renewal gives one request; problem.NotFound.
func (q queries) Renewal(ctx context.Context, id string) (Renewal, error) {
	var row Renewal
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}
