package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"naskah/internal/problem"
)

// InsertLetter adds a letter; its times and revision are set here.
func (tx Tx) InsertLetter(ctx context.Context, l *Letter) error {
	l.CreatedAt = time.Now().UTC()
	l.UpdatedAt, l.Revision = l.CreatedAt, 1
	_, err := tx.idb.NewInsert().Model(l).Exec(ctx)
	return err
}

// UpdateLetter writes the whole row when nobody else has since it was read, and
// sets the new revision in l; otherwise problem.Conflict.
func (tx Tx) UpdateLetter(ctx context.Context, l *Letter) error {
	before := l.Revision
	l.Revision, l.UpdatedAt = before+1, time.Now().UTC()
	res, err := tx.idb.NewUpdate().Model(l).ExcludeColumn("read_state", "read_error", "pages", "thumbnail_ref").WherePK().Where("revision = ?", before).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	l.Revision = before
	return problem.New(problem.Conflict, "Data surat sudah berubah sejak Anda membukanya. Muat ulang halaman, lalu ulangi.",
		"The letter changed since you opened it. Reload the page and try again.", nil)
}

// SetReading writes how far the reading has come; it is no change of the letter.
func (tx Tx) SetReading(ctx context.Context, id, state, why string) error {
	_, err := tx.idb.NewUpdate().Model((*Letter)(nil)).Set("read_state = ?", state).Set("read_error = ?", why).Where("id = ?", id).Exec(ctx)
	return err
}

// SetPages writes the number of pages and, unless empty, the thumbnail.
func (tx Tx) SetPages(ctx context.Context, id string, pages int, thumbnail string) error {
	q := tx.idb.NewUpdate().Model((*Letter)(nil)).Set("pages = ?", pages).Where("id = ?", id)
	if thumbnail != "" {
		q = q.Set("thumbnail_ref = ?", thumbnail)
	}
	_, err := q.Exec(ctx)
	return err
}

// ClearIndexPending says that the index has the letter as of that revision.
func (tx Tx) ClearIndexPending(ctx context.Context, id string, revision int64) error {
	_, err := tx.idb.NewUpdate().Model((*Letter)(nil)).Set("index_pending = ?", false).Where("id = ? AND revision = ?", id, revision).Exec(ctx)
	return err
}

// Letter gives one letter; problem.NotFound.
func (q queries) Letter(ctx context.Context, id string) (Letter, error) {
	var l Letter
	err := q.idb.NewSelect().Model(&l).Where("id = ?", id).Scan(ctx)
	return l, one(err)
}

// LetterByToken gives the letter of a public address; problem.NotFound.
func (q queries) LetterByToken(ctx context.Context, token string) (Letter, error) {
	var l Letter
	err := q.idb.NewSelect().Model(&l).Where("verify_token = ?", token).Scan(ctx)
	return l, one(err)
}

// LetterByCode gives the letter of a short code; problem.NotFound.
func (q queries) LetterByCode(ctx context.Context, code string) (Letter, error) {
	var l Letter
	err := q.idb.NewSelect().Model(&l).Where("short_code = ?", code).Scan(ctx)
	return l, one(err)
}

// LetterFilter narrows a list; empty members do not. Words are the asker's:
// only letters that one of them may see are listed.
type LetterFilter struct {
	Words      []string
	Direction  string
	States     []string
	CreatedBy  string
	SignedBy   []string // position ids of the signer
	ReviewedBy []string // position ids whose turn it is
	Forwarded  []string // position ids that incoming letters wait for
	CopiedTo   []string // position ids that have a copy
	Unread     bool     // of the copies: only unread ones
	Text       string   // stands in the subject, number or sender
	Limit      int      // 0 is 50
	Offset     int
}

// maxList bounds one page of a list.
const maxList = 200

// MostCounted is where Letters stops counting: whoever has more before them
// searches, and counting a whole archive would take longer than the page.
const MostCounted = 1_000

// Letters lists letters, the last changed first, and counts those that fit, up
// to MostCounted.
func (q queries) Letters(ctx context.Context, f LetterFilter) ([]Letter, int, error) {
	if len(f.Words) == 0 {
		return nil, 0, nil
	}
	if f.Limit <= 0 || f.Limit > maxList {
		f.Limit = 50
	}
	var out []Letter
	sel := f.narrow(q, seenBy(q.idb.NewSelect().Model(&out), f.Words))
	if err := sel.OrderExpr("letter.updated_at DESC, letter.id DESC").Limit(int64(f.Limit)).Offset(int64(f.Offset)).Scan(ctx); err != nil {
		return nil, 0, err
	}
	if len(out) < f.Limit && (len(out) > 0 || f.Offset == 0) {
		return out, f.Offset + len(out), nil
	}
	fitting := f.narrow(q, seenBy(q.idb.NewSelect().Model((*Letter)(nil)).ColumnExpr("1"), f.Words)).Limit(MostCounted)
	n, err := q.idb.NewSelect().TableExpr("(?) AS fitting", fitting).Count(ctx)
	return out, int(n), err
}

func (f LetterFilter) narrow(q queries, sel *bun.SelectQuery) *bun.SelectQuery {
	if f.Direction != "" {
		sel = sel.Where("letter.direction = ?", f.Direction)
	}
	if len(f.States) > 0 {
		sel = sel.Where("letter.state IN (?)", bun.List(f.States))
	}
	if f.CreatedBy != "" {
		sel = sel.Where("letter.created_by = ?", f.CreatedBy)
	}
	if f.SignedBy != nil {
		sel = sel.Where("letter.signer_position_id IN (?)", bun.List(append(slices.Clip(f.SignedBy), "-")))
	}
	if f.ReviewedBy != nil {
		sel = sel.Where("letter.id IN (?)", q.turns(f.ReviewedBy))
	}
	if f.Forwarded != nil {
		sel = sel.Where("letter.forwarded_to IN (?)", bun.List(append(slices.Clip(f.Forwarded), "-")))
	}
	if f.CopiedTo != nil {
		sel = sel.Where("letter.id IN (?)", q.copied(f.CopiedTo, f.Unread))
	}
	if f.Text != "" {
		like := "%" + escapeLike(f.Text) + "%"
		sel = sel.Where(`(lower(letter.subject) LIKE lower(?0) ESCAPE '!' OR lower(letter.number) LIKE lower(?0) ESCAPE '!' OR lower(letter.sender) LIKE lower(?0) ESCAPE '!')`, like)
	}
	return sel
}

// turns are the letters in review whose first waiting initial belongs to one of
// the positions.
func (q queries) turns(positions []string) *bun.SelectQuery {
	return q.idb.NewSelect().TableExpr("initials AS i").Column("i.letter_id").
		Join("JOIN letters AS l ON l.id = i.letter_id AND l.version_id = i.version_id AND l.state = 'review'").
		Where("i.state = ?", InitialWaiting).Where("i.position_id IN (?)", bun.List(append(slices.Clip(positions), "-"))).
		Where("NOT EXISTS (SELECT 1 FROM initials AS e WHERE e.version_id = i.version_id AND e.seq < i.seq AND e.state = ?)", InitialWaiting)
}

// copied are the letters of which one of the positions has a copy.
func (q queries) copied(positions []string, unread bool) *bun.SelectQuery {
	sel := q.idb.NewSelect().Model((*Copy)(nil)).Column("letter_id").Where("position_id IN (?)", bun.List(append(slices.Clip(positions), "-")))
	if unread {
		sel = sel.Where("read_at IS NULL")
	}
	return sel
}

func escapeLike(s string) string {
	var out []rune
	for _, r := range s {
		if r == '%' || r == '_' || r == '!' {
			out = append(out, '!')
		}
		out = append(out, r)
	}
	return string(out)
}

func seenBy(sel *bun.SelectQuery, words []string) *bun.SelectQuery {
	return sel.Where("EXISTS (SELECT 1 FROM letter_readers AS r WHERE r.letter_id = letter.id AND r.word IN (?))", bun.List(words))
}

// LettersByIDs gives those of the letters that the words may see.
func (q queries) LettersByIDs(ctx context.Context, ids, words []string) (map[string]Letter, error) {
	found := map[string]Letter{}
	if len(ids) == 0 || len(words) == 0 {
		return found, nil
	}
	var rows []Letter
	if err := seenBy(q.idb.NewSelect().Model(&rows).Where("letter.id IN (?)", bun.List(ids)), words).Scan(ctx); err != nil {
		return nil, err
	}
	for _, l := range rows {
		found[l.ID] = l
	}
	return found, nil
}

// LettersHolding are the letters of the office whose original has these bytes
// and that the words may see.
func (q queries) LettersHolding(ctx context.Context, officeID, ref string, words []string) ([]Letter, error) {
	var rows []Letter
	sel := q.idb.NewSelect().Model(&rows).Where("letter.office_id = ?", officeID).
		Where("EXISTS (SELECT 1 FROM files AS f WHERE f.letter_id = letter.id AND f.role = ? AND f.ref = ?)", RoleOriginal, ref)
	err := seenBy(sel, words).OrderExpr("letter.id").Limit(1).Scan(ctx)
	return rows, err
}

// IndexPending are the letters that the words may see and whose index entry is
// not in step. Letters that they may no longer see are found by the database's
// second look.
func (q queries) IndexPending(ctx context.Context, words []string) ([]string, error) {
	var ids []string
	if len(words) == 0 {
		return nil, nil
	}
	err := q.idb.NewSelect().Model((*Letter)(nil)).Column("letter.id").Where("letter.index_pending = ?", true).Scan(ctx, &ids)
	return ids, err
}

// CountLetters counts all letters of all offices.
func (q queries) CountLetters(ctx context.Context) (int, error) {
	n, err := q.idb.NewSelect().Model((*Letter)(nil)).Count(ctx)
	return int(n), err
}

// eachBatch is how many rows a walk over a table holds at once.
const eachBatch = 500

// EachLetter calls each for every letter in the order of their ids; no
// connection is held while each runs.
func (q queries) EachLetter(ctx context.Context, each func(Letter) error) error {
	for last := ""; ; {
		var rows []Letter
		if err := q.idb.NewSelect().Model(&rows).Where("id > ?", last).OrderExpr("id").Limit(eachBatch).Scan(ctx); err != nil {
			return err
		}
		for _, l := range rows {
			if err := each(l); err != nil {
				return err
			}
			last = l.ID
		}
		if len(rows) < eachBatch {
			return nil
		}
	}
}

// LettersChangedSince are the letters changed at or after the time.
func (q queries) LettersChangedSince(ctx context.Context, at time.Time) ([]string, error) {
	var ids []string
	err := q.idb.NewSelect().Model((*Letter)(nil)).Column("id").Where("updated_at >= ?", at.UTC()).Scan(ctx, &ids)
	return ids, err
}

// Unfinished are the letters whose reading has not ended, for queueing them anew
// after a restore.
func (q queries) Unfinished(ctx context.Context) ([]Letter, error) {
	var rows []Letter
	err := q.idb.NewSelect().Model(&rows).Where("read_state IN ('reading', 'waiting') OR index_pending = ? OR state = 'approved'", true).Scan(ctx)
	return rows, err
}

// CountStates counts the letters that the words may see by direction and state.
// It walks over all of them: half a second for 100,000.
func (q queries) CountStates(ctx context.Context, words []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(words) == 0 {
		return counts, nil
	}
	var rows []struct {
		Direction, State string
		N                int
	}
	sel := q.idb.NewSelect().Model((*Letter)(nil)).ColumnExpr("letter.direction, letter.state, count(*) AS n").GroupExpr("letter.direction, letter.state")
	if err := seenBy(sel, words).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		counts[r.Direction+"/"+r.State] = r.N
	}
	return counts, nil
}

// SetReaders replaces who may see the letter.
func (tx Tx) SetReaders(ctx context.Context, letterID string, words []string) error {
	if _, err := tx.idb.NewDelete().Table("letter_readers").Where("letter_id = ?", letterID).Exec(ctx); err != nil {
		return err
	}
	if len(words) == 0 {
		return nil
	}
	rows := make([]letterReader, len(words))
	for i, w := range words {
		rows[i] = letterReader{LetterID: letterID, Word: w}
	}
	_, err := tx.idb.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

type letterReader struct {
	bun.BaseModel `bun:"table:letter_readers"`
	LetterID      string
	Word          string
}

// ReadersOf are the words that may see the letter.
func (q queries) ReadersOf(ctx context.Context, letterID string) ([]string, error) {
	var words []string
	err := q.idb.NewSelect().Table("letter_readers").Column("word").Where("letter_id = ?", letterID).OrderExpr("word").Scan(ctx, &words)
	return words, err
}

// Participants are the people and positions that take part in a letter by its
// versions and dispositions: authors, reviewers, those it was
// forwarded or disposed to, and those who have a copy.
func (q queries) Participants(ctx context.Context, letterID string) (people, positions []string, err error) {
	err = q.idb.NewSelect().Model((*Version)(nil)).ColumnExpr("DISTINCT created_by").Where("letter_id = ?", letterID).Scan(ctx, &people)
	if err != nil {
		return nil, nil, err
	}
	err = q.idb.NewRaw(`SELECT position_id FROM initials WHERE letter_id = ?0 UNION SELECT position_id FROM dispositions WHERE letter_id = ?0
		UNION SELECT position_id FROM assignments WHERE letter_id = ?0 AND state <> ?1 UNION SELECT position_id FROM copies WHERE letter_id = ?0
		UNION SELECT forwarded_to FROM letters WHERE id = ?0 AND forwarded_to <> ''`, letterID, AssignmentCancelled).Scan(ctx, &positions)
	if err != nil {
		return nil, nil, err
	}
	var readers []string
	err = q.idb.NewRaw(`SELECT person_id FROM dispositions WHERE letter_id = ?0 UNION SELECT person_id FROM assignments WHERE letter_id = ?0 AND state <> ?1`, letterID, AssignmentCancelled).Scan(ctx, &readers)
	return append(people, readers...), positions, err
}
