package db

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"naskah/internal/audit"
	"naskah/internal/problem"
)

type auditRow struct {
	bun.BaseModel `bun:"table:audit"`
	ID            string `bun:",pk"`
	OfficeID      string
	Seq           int64
	At            time.Time
	PersonID      string
	Actor         string
	Title         string
	Action        string
	Kind          string
	ObjectID      string
	Detail        string
	PrevHash      string
	Hash          string
}

func (r auditRow) entry() audit.Entry {
	return audit.Entry{
		ID: r.ID, OfficeID: r.OfficeID, Seq: r.Seq, At: r.At, PersonID: r.PersonID, Actor: r.Actor, Title: r.Title, Action: r.Action,
		Kind: r.Kind, ObjectID: r.ObjectID, Detail: r.Detail, PrevHash: r.PrevHash, Hash: r.Hash,
	}
}

// AppendAudit chains the entry after the office's last one. On PostgreSQL the
// office's row is locked first, so that two transactions do not take one place;
// NO KEY lets others go on adding rows that refer to the office, which would
// otherwise be a deadlock. SQLite has one writer anyway.
func (tx Tx) AppendAudit(ctx context.Context, e audit.Entry) error {
	if tx.postgres {
		if _, err := tx.idb.NewRaw("SELECT id FROM offices WHERE id = ? FOR NO KEY UPDATE", e.OfficeID).Exec(ctx); err != nil {
			return err
		}
	}
	var last []auditRow
	if err := tx.idb.NewSelect().Model(&last).Where("office_id = ?", e.OfficeID).OrderExpr("seq DESC").Limit(1).Scan(ctx); err != nil {
		return err
	}
	var seq int64
	var hash string
	if len(last) == 1 {
		seq, hash = last[0].Seq, last[0].Hash
	}
	e.ID = NewID()
	e = e.Chain(seq, hash)
	_, err := tx.idb.NewInsert().Model(&auditRow{
		ID: e.ID, OfficeID: e.OfficeID, Seq: e.Seq, At: e.At, PersonID: e.PersonID, Actor: e.Actor, Title: e.Title, Action: e.Action,
		Kind: e.Kind, ObjectID: e.ObjectID, Detail: e.Detail, PrevHash: e.PrevHash, Hash: e.Hash,
	}).Exec(ctx)
	return err
}

// AuditOf is the record of one object, oldest first.
func (q queries) AuditOf(ctx context.Context, objectID string) ([]audit.Entry, error) {
	var rows []auditRow
	if err := q.idb.NewSelect().Model(&rows).Where("object_id = ?", objectID).OrderExpr("seq").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]audit.Entry, len(rows))
	for i, r := range rows {
		out[i] = r.entry()
	}
	return out, nil
}

// EachAudit walks an office's record in order.
func (q queries) EachAudit(ctx context.Context, officeID string, each func(audit.Entry) error) error {
	for last := int64(0); ; {
		var rows []auditRow
		if err := q.idb.NewSelect().Model(&rows).Where("office_id = ? AND seq > ?", officeID, last).OrderExpr("seq").Limit(eachBatch).Scan(ctx); err != nil {
			return err
		}
		for _, r := range rows {
			if err := each(r.entry()); err != nil {
				return err
			}
			last = r.Seq
		}
		if len(rows) < eachBatch {
			return nil
		}
	}
}

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions"`
	Token         string `bun:",pk"`
	Data          string
	Expiry        time.Time
}

// Sessions keeps web sessions; it is an scs store.
type Sessions struct{ db *DB }

// Sessions are the web sessions in this database.
func (d *DB) Sessions() *Sessions { return &Sessions{d} }

// FindCtx gives a session's bytes; found is false when it is not there or over.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	var row sessionRow
	err = one(s.db.idb.NewSelect().Model(&row).Where("token = ? AND expiry > ?", token, time.Now().UTC()).Scan(ctx))
	if errors.Is(err, problem.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err = base64.StdEncoding.DecodeString(row.Data)
	return data, err == nil, err
}

// CommitCtx writes a session and, now and then, drops those that are over.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx Tx) error {
		row := sessionRow{Token: token, Data: base64.StdEncoding.EncodeToString(data), Expiry: expiry.UTC()}
		if _, err := tx.idb.NewInsert().Model(&row).On("CONFLICT (token) DO UPDATE").Set("data = EXCLUDED.data, expiry = EXCLUDED.expiry").Exec(ctx); err != nil {
			return err
		}
		_, err := tx.idb.NewDelete().Model((*sessionRow)(nil)).Where("expiry < ?", time.Now().UTC()).Exec(ctx)
		return err
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx Tx) error {
		_, err := tx.idb.NewDelete().Model((*sessionRow)(nil)).Where("token = ?", token).Exec(ctx)
		return err
	})
}

// Find is FindCtx without a context; scs calls the Ctx forms instead.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
