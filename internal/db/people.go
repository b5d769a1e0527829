package db

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"naskah/internal/problem"
)

// Insert adds rows of the office's own set-up: offices, units, people,
// positions, appointments, keys, tokens, kinds, classifications.
func (tx Tx) Insert(ctx context.Context, rows ...any) error {
	for _, row := range rows {
		if _, err := tx.idb.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Update writes a whole set-up row by its key.
func (tx Tx) Update(ctx context.Context, row any) error {
	_, err := tx.idb.NewUpdate().Model(row).WherePK().Exec(ctx)
	return err
}

// Office gives one office; problem.NotFound.
func (q queries) Office(ctx context.Context, id string) (Office, error) {
	var row Office
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// Offices are all offices in the order of their making.
func (q queries) Offices(ctx context.Context) ([]Office, error) {
	var rows []Office
	err := q.idb.NewSelect().Model(&rows).OrderExpr("id").Scan(ctx)
	return rows, err
}

// OfficesBelow are the ids of all offices under one.
func (q queries) OfficesBelow(ctx context.Context, id string) ([]string, error) {
	var ids []string
	err := q.idb.NewRaw(`WITH RECURSIVE below (id) AS (SELECT id FROM offices WHERE parent_id = ? UNION SELECT o.id FROM offices AS o JOIN below AS b ON o.parent_id = b.id)
		SELECT id FROM below`, id).Scan(ctx, &ids)
	return ids, err
}

// Unit gives one unit; problem.NotFound.
func (q queries) Unit(ctx context.Context, id string) (Unit, error) {
	var row Unit
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// Units are an office's units by name.
func (q queries) Units(ctx context.Context, officeID string) ([]Unit, error) {
	var rows []Unit
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("name").Scan(ctx)
	return rows, err
}

// Person gives one person; problem.NotFound.
func (q queries) Person(ctx context.Context, id string) (Person, error) {
	var row Person
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// PersonByLogin gives the person who signs in by this name or NIP, whatever its
// case and blanks; problem.NotFound.
func (q queries) PersonByLogin(ctx context.Context, login string) (Person, error) {
	var row Person
	plain := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(login)), " ", "")
	err := q.idb.NewSelect().Model(&row).Where("login = ?0 OR (nip <> '' AND replace(nip, ' ', '') = ?0)", plain).Limit(1).Scan(ctx)
	return row, one(err)
}

// People are an office's people by name.
func (q queries) People(ctx context.Context, officeID string) ([]Person, error) {
	var rows []Person
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("name").Scan(ctx)
	return rows, err
}

// Positions are an office's positions in their order.
func (q queries) Positions(ctx context.Context, officeID string) ([]Position, error) {
	var rows []Position
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("place, title").Scan(ctx)
	return rows, err
}

// Position gives one position; problem.NotFound.
func (q queries) Position(ctx context.Context, id string) (Position, error) {
	var row Position
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// Held is an appointment with its position and person.
type Held struct {
	Appointment Appointment
	Position    Position
	Person      Person
}

// HeldAt are the appointments that hold at the time, narrowed to a person or a
// position unless empty.
func (q queries) HeldAt(ctx context.Context, personID, positionID string, at time.Time) ([]Held, error) {
	return q.held(ctx, at, func(sel *bun.SelectQuery) *bun.SelectQuery {
		if personID != "" {
			sel = sel.Where("appointment.person_id = ?", personID)
		}
		if positionID != "" {
			sel = sel.Where("appointment.position_id = ?", positionID)
		}
		return sel
	})
}

// OfficeHeldAt are the appointments of an office that hold at the time, in the
// order of its positions.
func (q queries) OfficeHeldAt(ctx context.Context, officeID string, at time.Time) ([]Held, error) {
	return q.held(ctx, at, func(sel *bun.SelectQuery) *bun.SelectQuery { return sel.Where("appointment.office_id = ?", officeID) })
}

func (q queries) held(ctx context.Context, at time.Time, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]Held, error) {
	var rows []Appointment
	sel := q.idb.NewSelect().Model(&rows).Where("appointment.valid_from <= ?", at.UTC()).Where("appointment.valid_until IS NULL OR appointment.valid_until > ?", at.UTC().AddDate(0, 0, -1))
	if err := narrow(sel).OrderExpr("appointment.id").Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	var positions []Position
	var people []Person
	posts, persons := make([]string, 0, len(rows)), make([]string, 0, len(rows))
	for _, a := range rows {
		posts, persons = append(posts, a.PositionID), append(persons, a.PersonID)
	}
	if err := q.idb.NewSelect().Model(&positions).Where("id IN (?)", bun.List(posts)).Scan(ctx); err != nil {
		return nil, err
	}
	if err := q.idb.NewSelect().Model(&people).Where("id IN (?)", bun.List(persons)).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]Held, 0, len(rows))
	for _, a := range rows {
		p := slices.IndexFunc(positions, func(p Position) bool { return p.ID == a.PositionID })
		who := slices.IndexFunc(people, func(p Person) bool { return p.ID == a.PersonID })
		if p < 0 || who < 0 {
			return nil, problem.New(problem.Internal, "Data jabatan tidak lengkap.", "The data of an appointment is incomplete.", nil)
		}
		out = append(out, Held{a, positions[p], people[who]})
	}
	slices.SortStableFunc(out, func(a, b Held) int {
		return cmp.Or(cmp.Compare(a.Position.Place, b.Position.Place), cmp.Compare(a.Appointment.ID, b.Appointment.ID))
	})
	return out, nil
}

// Kinds are an office's kinds of letter in their order.
func (q queries) Kinds(ctx context.Context, officeID string) ([]LetterKind, error) {
	var rows []LetterKind
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("place, name").Scan(ctx)
	return rows, err
}

// Kind gives one kind of letter; problem.NotFound.
func (q queries) Kind(ctx context.Context, officeID, code string) (LetterKind, error) {
	var row LetterKind
	err := q.idb.NewSelect().Model(&row).Where("office_id = ? AND code = ?", officeID, code).Scan(ctx)
	return row, one(err)
}

// Classifications are an office's archive codes in order.
func (q queries) Classifications(ctx context.Context, officeID string) ([]Classification, error) {
	var rows []Classification
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).OrderExpr("code").Scan(ctx)
	return rows, err
}

// ClassificationName is the name of a code, "" when the plan does not have it.
func (q queries) ClassificationName(ctx context.Context, officeID, code string) (string, error) {
	var names []string
	err := q.idb.NewSelect().Model((*Classification)(nil)).Column("name").Where("office_id = ? AND code = ?", officeID, code).Scan(ctx, &names)
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

// KeyOf is the person's signing key that is neither revoked nor expired;
// problem.NotFound.
func (q queries) KeyOf(ctx context.Context, personID string, now time.Time) (Key, error) {
	var row Key
	err := q.idb.NewSelect().Model(&row).Where("person_id = ? AND revoked_at IS NULL AND not_after > ?", personID, now.UTC()).OrderExpr("id DESC").Limit(1).Scan(ctx)
	return row, one(err)
}

// TakeTry takes one of the key's tries and gives how many are left after it; no
// try left is problem.RateLimited. It is taken before the passphrase is checked,
// so that many guesses at once do not get more than five.
func (tx Tx) TakeTry(ctx context.Context, keyID string) (int, error) {
	var left []int
	err := tx.idb.NewRaw("UPDATE keys SET tries_left = tries_left - 1 WHERE id = ? AND tries_left > 0 RETURNING tries_left", keyID).Scan(ctx, &left)
	if err != nil {
		return 0, err
	}
	if len(left) == 0 {
		return 0, problem.New(problem.RateLimited, "Tanda tangan terkunci karena kata sandi tanda tangan salah lima kali. Hubungi Kasubag Umum untuk membuat sertifikat baru.",
			"Signing is locked after five wrong passphrases. Ask the head of general affairs for a new certificate.", nil)
	}
	return left[0], nil
}

// GiveTries sets the key's tries back after a right passphrase.
func (tx Tx) GiveTries(ctx context.Context, keyID string, tries int) error {
	_, err := tx.idb.NewUpdate().Model((*Key)(nil)).Set("tries_left = ?", tries).Where("id = ?", keyID).Exec(ctx)
	return err
}

// RevokeKeys ends all keys of a person.
func (tx Tx) RevokeKeys(ctx context.Context, personID string, at time.Time) error {
	_, err := tx.idb.NewUpdate().Model((*Key)(nil)).Set("revoked_at = ?", at.UTC()).Where("person_id = ? AND revoked_at IS NULL", personID).Exec(ctx)
	return err
}

// TokenByHash gives a token that is not revoked; problem.NotFound.
func (q queries) TokenByHash(ctx context.Context, hash string) (Token, error) {
	var row Token
	err := q.idb.NewSelect().Model(&row).Where("hash = ? AND revoked_at IS NULL", hash).Scan(ctx)
	return row, one(err)
}

// TokensOf are the tokens of a person or, with "", of the office.
func (q queries) TokensOf(ctx context.Context, officeID, personID string) ([]Token, error) {
	var rows []Token
	sel := q.idb.NewSelect().Model(&rows).Where("office_id = ?", officeID).Where("revoked_at IS NULL")
	if personID != "" {
		sel = sel.Where("person_id = ?", personID)
	}
	err := sel.OrderExpr("id").Scan(ctx)
	return rows, err
}

// RevokeToken ends a token of the office.
func (tx Tx) RevokeToken(ctx context.Context, officeID, id string, at time.Time) error {
	_, err := tx.idb.NewUpdate().Model((*Token)(nil)).Set("revoked_at = ?", at.UTC()).Where("id = ? AND office_id = ?", id, officeID).Exec(ctx)
	return err
}

// NamesOf are the names of people by id.
func (q queries) NamesOf(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var rows []Person
	if err := q.idb.NewSelect().Model(&rows).Column("id", "name").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, p := range rows {
		names[p.ID] = p.Name
	}
	return names, nil
}
