package db

import (
	"context"
	"time"

	"naskah/internal/problem"
)

// PutDraft writes the draft over the older one.
func (tx Tx) PutDraft(ctx context.Context, d *Draft) error {
	d.UpdatedAt = time.Now().UTC()
	_, err := tx.idb.NewInsert().Model(d).On("CONFLICT (letter_id) DO UPDATE").
		Set("content = EXCLUDED.content, body = EXCLUDED.body, reviewers = EXCLUDED.reviewers, updated_by = EXCLUDED.updated_by, updated_at = EXCLUDED.updated_at").Exec(ctx)
	return err
}

// Draft is what the author is writing; problem.NotFound.
func (q queries) Draft(ctx context.Context, letterID string) (Draft, error) {
	var d Draft
	err := q.idb.NewSelect().Model(&d).Where("letter_id = ?", letterID).Scan(ctx)
	return d, one(err)
}

// AddVersion adds an immutable version with the next sequence number.
func (tx Tx) AddVersion(ctx context.Context, v *Version) error {
	v.CreatedAt = time.Now().UTC()
	n, err := tx.idb.NewSelect().Model((*Version)(nil)).Where("letter_id = ?", v.LetterID).Count(ctx)
	if err != nil {
		return err
	}
	v.Seq = int(n) + 1
	_, err = tx.idb.NewInsert().Model(v).Exec(ctx)
	return err
}

// Version gives one version; problem.NotFound.
func (q queries) Version(ctx context.Context, id string) (Version, error) {
	var v Version
	err := q.idb.NewSelect().Model(&v).Where("id = ?", id).Scan(ctx)
	return v, one(err)
}

// Versions are the letter's versions, oldest first.
func (q queries) Versions(ctx context.Context, letterID string) ([]Version, error) {
	var rows []Version
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("seq").Scan(ctx)
	return rows, err
}

// AddInitials adds the reviewers of a version in their order.
func (tx Tx) AddInitials(ctx context.Context, rows []Initial) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.idb.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// Initials are the initials of a version in their order.
func (q queries) Initials(ctx context.Context, versionID string) ([]Initial, error) {
	var rows []Initial
	err := q.idb.NewSelect().Model(&rows).Where("version_id = ?", versionID).OrderExpr("seq").Scan(ctx)
	return rows, err
}

// SettleInitial writes what a reviewer did; problem.Conflict when it was done
// already.
func (tx Tx) SettleInitial(ctx context.Context, i *Initial) error {
	res, err := tx.idb.NewUpdate().Model(i).WherePK().Where("state = ?", InitialWaiting).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return problem.New(problem.Conflict, "Paraf ini sudah diberikan. Muat ulang halaman.", "This initial was already given. Reload the page.", nil)
}

// AddSignToken keeps a one-use token.
func (tx Tx) AddSignToken(ctx context.Context, t *SignToken) error {
	_, err := tx.idb.NewInsert().Model(t).Exec(ctx)
	return err
}

// TakeSignToken uses the token up: exactly one caller gets it. Unknown, used or
// expired ones are problem.Conflict.
func (tx Tx) TakeSignToken(ctx context.Context, hash string, now time.Time) (SignToken, error) {
	var t SignToken
	res, err := tx.idb.NewUpdate().Model(&t).Set("used_at = ?", now.UTC()).Where("hash = ? AND used_at IS NULL AND expires_at > ?", hash, now.UTC()).Exec(ctx)
	if err != nil {
		return t, err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return t, problem.New(problem.Conflict, "Halaman tanda tangan ini sudah dipakai atau sudah lama terbuka. Buka lagi suratnya, lalu tanda tangani.",
			"This signing page was used already or was open too long. Open the letter again, then sign.", err)
	}
	err = tx.idb.NewSelect().Model(&t).Where("hash = ?", hash).Scan(ctx)
	return t, err
}

// PeekSignToken reads a token that is still good without using it up.
func (q queries) PeekSignToken(ctx context.Context, hash string, now time.Time) (SignToken, error) {
	var t SignToken
	err := q.idb.NewSelect().Model(&t).Where("hash = ? AND used_at IS NULL AND expires_at > ?", hash, now.UTC()).Scan(ctx)
	return t, one(err)
}

// AddVerification counts a check of a letter at its public address.
func (tx Tx) AddVerification(ctx context.Context, v *Verification) error {
	_, err := tx.idb.NewInsert().Model(v).Exec(ctx)
	return err
}
