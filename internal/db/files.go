package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// AddFile adds a file row. A row with the same letter, role, bytes and recipe is
// kept instead, and f becomes it: a step may run twice.
func (tx Tx) AddFile(ctx context.Context, f *File) error {
	f.CreatedAt = time.Now().UTC()
	if _, err := tx.idb.NewInsert().Model(f).On("CONFLICT (letter_id, role, ref, from_file, recipe) DO NOTHING").Exec(ctx); err != nil {
		return err
	}
	return tx.idb.NewSelect().Model(f).Where("letter_id = ? AND role = ? AND ref = ? AND from_file = ? AND recipe = ?", f.LetterID, f.Role, f.Ref, f.FromFile, f.Recipe).Scan(ctx)
}

// LetterFile is the newest file of the letter in that role; problem.NotFound.
func (q queries) LetterFile(ctx context.Context, letterID, role string) (File, error) {
	var f File
	err := q.idb.NewSelect().Model(&f).Where("letter_id = ? AND role = ?", letterID, role).OrderExpr("id DESC").Limit(1).Scan(ctx)
	return f, one(err)
}

// File gives one file row; problem.NotFound.
func (q queries) File(ctx context.Context, id string) (File, error) {
	var f File
	err := q.idb.NewSelect().Model(&f).Where("id = ?", id).Scan(ctx)
	return f, one(err)
}

// Files are all files of a letter, in the order of their making.
func (q queries) Files(ctx context.Context, letterID string) ([]File, error) {
	var rows []File
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("id").Scan(ctx)
	return rows, err
}

// SignedFile is the file row whose bytes were served as a signed letter;
// problem.NotFound.
func (q queries) SignedFile(ctx context.Context, ref string) (File, error) {
	var f File
	err := q.idb.NewSelect().Model(&f).Where("ref = ? AND role = ?", ref, RoleSigned).Limit(1).Scan(ctx)
	return f, one(err)
}

// PutPage writes a page, over an older reading of it.
func (tx Tx) PutPage(ctx context.Context, p *Page) error {
	if _, err := tx.idb.NewDelete().Model((*Page)(nil)).Where("letter_id = ? AND number = ?", p.LetterID, p.Number).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.idb.NewInsert().Model(p).Exec(ctx)
	return err
}

// Pages are the letter's pages in order.
func (q queries) Pages(ctx context.Context, letterID string) ([]Page, error) {
	var rows []Page
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("number").Scan(ctx)
	return rows, err
}

// Page is one page; problem.NotFound.
func (q queries) Page(ctx context.Context, letterID string, number int) (Page, error) {
	var p Page
	err := q.idb.NewSelect().Model(&p).Where("letter_id = ? AND number = ?", letterID, number).Scan(ctx)
	return p, one(err)
}

// refColumns are all the places where a row names an object.
func refColumns() []struct{ table, column string } {
	return []struct{ table, column string }{
		{"files", "ref"},
		{"versions", "preview_ref"},
		{"letters", "thumbnail_ref"},
		{"letters", "final_ref"},
		{"letters", "signed_ref"},
		{"pages", "words_ref"},
		{"pages", "thumbnail_ref"},
	}
}

// EachRef calls each with every object that a row needs; the same object may
// come several times. Versions' attachments have file rows. Inside a
// transaction each must not use that transaction.
func (q queries) EachRef(ctx context.Context, each func(ref string) error) error {
	for _, place := range refColumns() {
		if err := q.eachText(ctx, place.table, place.column, each); err != nil {
			return fmt.Errorf("%s of %s: %w", place.column, place.table, err)
		}
	}
	return nil
}

func (q queries) eachText(ctx context.Context, table, column string, each func(string) error) (err error) {
	rows, err := q.idb.NewSelect().Table(table).ColumnExpr("DISTINCT ?", bun.Ident(column)).Where("? <> ''", bun.Ident(column)).Rows(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := each(text); err != nil {
			return err
		}
	}
	return rows.Err()
}

// NeedsRef says whether any row needs the object: asked again in the very moment
// before a sweep removes it.
func (q queries) NeedsRef(ctx context.Context, ref string) (bool, error) {
	for _, place := range refColumns() {
		needed, err := q.idb.NewSelect().Table(place.table).Where("? = ?", bun.Ident(place.column), ref).Exists(ctx)
		if needed || err != nil {
			return needed, err
		}
	}
	return false, nil
}
