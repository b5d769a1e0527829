package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"naskah/internal/problem"
)

// The states of an assignment: sent, then read, then passed on or done. It can be
// called back while nobody has read it.
const (
	AssignmentSent      = "sent"
	AssignmentRead      = "read"
	AssignmentPassed    = "passed"
	AssignmentDone      = "done"
	AssignmentCancelled = "cancelled"
)

// Disposition is what a head wrote on a letter for others to do. ParentID is the
// assignment that it passes on, empty for the first. Instructions is a JSON array.
type Disposition struct {
	bun.BaseModel `bun:"table:dispositions"`
	ID            string `bun:",pk"`
	LetterID      string
	OfficeID      string
	ParentID      string
	PersonID      string
	PositionID    string
	Name          string
	Title         string
	Instructions  string
	Note          string
	Due           time.Time `bun:",nullzero"` // UTC midnight of the office's day
	At            time.Time
}

// Assignment is one addressee of a disposition.
type Assignment struct {
	bun.BaseModel `bun:"table:assignments"`
	ID            string `bun:",pk"`
	DispositionID string
	LetterID      string
	OfficeID      string
	PositionID    string
	PersonID      string // who held the position when it was sent
	Name          string
	Title         string
	State         string
	Due           time.Time `bun:",nullzero"`
	At            time.Time
	ReadAt        time.Time `bun:",nullzero"`
	DoneAt        time.Time `bun:",nullzero"`
	DoneBy        string
	Report        string
	ReportFile    string // id of a file
}

// Open says whether the assignment still waits for somebody.
func (a Assignment) Open() bool {
	return a.State == AssignmentSent || a.State == AssignmentRead || a.State == AssignmentPassed
}

// Delivery is how a letter went out to one recipient.
type Delivery struct {
	bun.BaseModel `bun:"table:deliveries"`
	ID            string `bun:",pk"`
	LetterID      string
	OfficeID      string
	Recipient     string
	Way           string
	Receiver      string // who took it
	Note          string
	PersonID      string
	Name          string
	At            time.Time
}

// Copy is a read-only copy (tembusan) for a position of the office.
type Copy struct {
	bun.BaseModel `bun:"table:copies"`
	LetterID      string    `bun:",pk"`
	PositionID    string    `bun:",pk"`
	ReadAt        time.Time `bun:",nullzero"`
}

// Opened is when a person last looked at a letter.
type Opened struct {
	bun.BaseModel `bun:"table:opened"`
	PersonID      string `bun:",pk"`
	LetterID      string `bun:",pk"`
	At            time.Time
}

// Instruction is one of the office's standard words for dispositions.
type Instruction struct {
	bun.BaseModel `bun:"table:instructions"`
	OfficeID      string `bun:",pk"`
	Place         int    `bun:",pk"`
	Words         string
}

// Instructions are the office's standard instructions in their order.
func (q queries) Instructions(ctx context.Context, officeID string) ([]string, error) {
	var words []string
	err := q.idb.NewSelect().Model((*Instruction)(nil)).Column("words").Where("office_id = ?", officeID).OrderExpr("place").Scan(ctx, &words)
	return words, err
}

// SetInstructions replaces the office's standard instructions.
func (tx Tx) SetInstructions(ctx context.Context, officeID string, words []string) error {
	if _, err := tx.idb.NewDelete().Model((*Instruction)(nil)).Where("office_id = ?", officeID).Exec(ctx); err != nil {
		return err
	}
	rows := make([]Instruction, 0, len(words))
	for i, w := range words {
		rows = append(rows, Instruction{OfficeID: officeID, Place: i, Words: w})
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.idb.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// Dispositions are a letter's, oldest first.
func (q queries) Dispositions(ctx context.Context, letterID string) ([]Disposition, error) {
	var rows []Disposition
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("id").Scan(ctx)
	return rows, err
}

// Disposition gives one; problem.NotFound.
func (q queries) Disposition(ctx context.Context, id string) (Disposition, error) {
	var row Disposition
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// Assignments are a letter's, oldest first.
func (q queries) Assignments(ctx context.Context, letterID string) ([]Assignment, error) {
	var rows []Assignment
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("id").Scan(ctx)
	return rows, err
}

// AssignmentsOfLetters are those of several letters, oldest first.
func (q queries) AssignmentsOfLetters(ctx context.Context, letterIDs []string) ([]Assignment, error) {
	var out []Assignment
	for part := range slices.Chunk(letterIDs, eachBatch) {
		var rows []Assignment
		if err := q.idb.NewSelect().Model(&rows).Where("letter_id IN (?)", bun.List(part)).OrderExpr("id").Scan(ctx); err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Assignment gives one; problem.NotFound.
func (q queries) Assignment(ctx context.Context, id string) (Assignment, error) {
	var row Assignment
	err := q.idb.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, one(err)
}

// SettleAssignment writes the row when it still has one of the states before;
// otherwise somebody was faster: problem.Conflict.
func (tx Tx) SettleAssignment(ctx context.Context, a *Assignment, before ...string) error {
	res, err := tx.idb.NewUpdate().Model(a).WherePK().Where("state IN (?)", bun.List(before)).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return problem.New(problem.Conflict, "Disposisi ini sudah berubah sejak Anda membukanya. Muat ulang halaman.", "This disposition changed since you opened it. Reload the page.", nil)
}

// OpenAssignment is an assignment with its letter.
type OpenAssignment struct {
	Assignment Assignment
	Letter     Letter
}

// AssignmentFilter narrows a list of assignments. Late ones are due before Day.
type AssignmentFilter struct {
	Words     []string // of the asker
	OfficeID  string
	Positions []string // of the addressees; nil is all
	SentBy    []string // positions of the senders; nil is all
	States    []string
	DueBefore time.Time
	Limit     int
}

// AssignmentsOf lists assignments whose letter the words may see, the first due
// first, and counts them.
func (q queries) AssignmentsOf(ctx context.Context, f AssignmentFilter) ([]OpenAssignment, int, error) {
	if len(f.Words) == 0 {
		return nil, 0, nil
	}
	narrow := func(sel *bun.SelectQuery) *bun.SelectQuery {
		sel = sel.Where("assignment.office_id = ?", f.OfficeID).
			Where("EXISTS (SELECT 1 FROM letter_readers AS r WHERE r.letter_id = assignment.letter_id AND r.word IN (?))", bun.List(f.Words))
		if f.Positions != nil {
			sel = sel.Where("assignment.position_id IN (?)", bun.List(append(slices.Clip(f.Positions), "-")))
		}
		if f.SentBy != nil {
			sel = sel.Where("assignment.disposition_id IN (SELECT d.id FROM dispositions AS d WHERE d.position_id IN (?))", bun.List(append(slices.Clip(f.SentBy), "-")))
		}
		if len(f.States) > 0 {
			sel = sel.Where("assignment.state IN (?)", bun.List(f.States))
		}
		if !f.DueBefore.IsZero() {
			sel = sel.Where("assignment.due < ?", f.DueBefore.UTC())
		}
		return sel
	}
	if f.Limit <= 0 || f.Limit > maxList {
		f.Limit = maxList
	}
	var rows []Assignment
	if err := narrow(q.idb.NewSelect().Model(&rows)).OrderExpr("CASE WHEN assignment.due IS NULL THEN 1 ELSE 0 END, assignment.due, assignment.id DESC").Limit(int64(f.Limit)).Scan(ctx); err != nil {
		return nil, 0, err
	}
	n, err := narrow(q.idb.NewSelect().Model((*Assignment)(nil))).Count(ctx)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, 0, len(rows))
	for _, a := range rows {
		ids = append(ids, a.LetterID)
	}
	letters, err := q.LettersByIDs(ctx, ids, f.Words)
	out := make([]OpenAssignment, 0, len(rows))
	for _, a := range rows {
		if l, ok := letters[a.LetterID]; ok {
			out = append(out, OpenAssignment{a, l})
		}
	}
	return out, int(n), err
}

// Deliveries are a letter's, oldest first.
func (q queries) Deliveries(ctx context.Context, letterID string) ([]Delivery, error) {
	var rows []Delivery
	err := q.idb.NewSelect().Model(&rows).Where("letter_id = ?", letterID).OrderExpr("id").Scan(ctx)
	return rows, err
}

// BookLimit bounds one printed book; a longer time is printed in parts.
const BookLimit = 5000

// DeliveredBetween is the expedition book of an office: what went out from from
// up to, not including, until, of letters that the words may see.
func (q queries) DeliveredBetween(ctx context.Context, officeID string, words []string, from, until time.Time) ([]Delivery, map[string]Letter, error) {
	var rows []Delivery
	err := q.idb.NewSelect().Model(&rows).Where("office_id = ? AND at >= ? AND at < ?", officeID, from.UTC(), until.UTC()).OrderExpr("at, id").Limit(BookLimit).Scan(ctx)
	if err != nil || len(words) == 0 {
		return nil, nil, err
	}
	ids := make([]string, 0, len(rows))
	for _, d := range rows {
		ids = append(ids, d.LetterID)
	}
	letters := map[string]Letter{}
	for part := range slices.Chunk(ids, eachBatch) {
		some, err := q.LettersByIDs(ctx, part, words)
		if err != nil {
			return nil, nil, err
		}
		for id, l := range some {
			letters[id] = l
		}
	}
	rows = slices.DeleteFunc(rows, func(d Delivery) bool { _, ok := letters[d.LetterID]; return !ok })
	return rows, letters, nil
}

// AgendaBetween is the agenda book of incoming letters: those registered and
// received from from up to, not including, until, in the order of their numbers.
func (q queries) AgendaBetween(ctx context.Context, officeID string, words []string, from, until time.Time) ([]Letter, error) {
	var rows []Letter
	if len(words) == 0 {
		return nil, nil
	}
	sel := q.idb.NewSelect().Model(&rows).Where("letter.office_id = ? AND letter.direction = 'incoming' AND letter.agenda_number <> ''", officeID).
		Where("letter.received_at >= ? AND letter.received_at < ?", from.UTC(), until.UTC())
	err := seenBy(sel, words).OrderExpr("letter.received_at, letter.id").Limit(BookLimit).Scan(ctx)
	return rows, err
}

// AddCopy gives a position a copy of the letter, once.
func (tx Tx) AddCopy(ctx context.Context, letterID, positionID string) error {
	_, err := tx.idb.NewInsert().Model(&Copy{LetterID: letterID, PositionID: positionID}).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// ReadCopies notes that the holder of the positions has read their copies.
func (tx Tx) ReadCopies(ctx context.Context, letterID string, positions []string, at time.Time) error {
	_, err := tx.idb.NewUpdate().Model((*Copy)(nil)).Set("read_at = ?", at.UTC()).
		Where("letter_id = ? AND read_at IS NULL AND position_id IN (?)", letterID, bun.List(append(slices.Clip(positions), "-"))).Exec(ctx)
	return err
}

// NoteOpened notes that the person looked at the letter.
func (tx Tx) NoteOpened(ctx context.Context, personID, letterID string, at time.Time) error {
	_, err := tx.idb.NewInsert().Model(&Opened{PersonID: personID, LetterID: letterID, At: at.UTC()}).On("CONFLICT (person_id, letter_id) DO UPDATE").Set("at = EXCLUDED.at").Exec(ctx)
	return err
}

// LastOpened are the letters that the person looked at last and may still see.
func (q queries) LastOpened(ctx context.Context, personID string, words []string, limit int) ([]Letter, error) {
	var rows []Letter
	if len(words) == 0 {
		return nil, nil
	}
	sel := q.idb.NewSelect().Model(&rows).Join("JOIN opened AS o ON o.letter_id = letter.id AND o.person_id = ?", personID)
	err := seenBy(sel, words).OrderExpr("o.at DESC").Limit(int64(limit)).Scan(ctx)
	return rows, err
}

// RepliesTo are the outgoing letters that answer a letter, and ReplacedBy those
// that replace one.
func (q queries) RepliesTo(ctx context.Context, letterID string, words []string) ([]Letter, error) {
	return q.linked(ctx, "letter.reply_to", letterID, words)
}

// ReplacedBy are the letters that replace one.
func (q queries) ReplacedBy(ctx context.Context, letterID string, words []string) ([]Letter, error) {
	return q.linked(ctx, "letter.replaces", letterID, words)
}

func (q queries) linked(ctx context.Context, column, id string, words []string) ([]Letter, error) {
	var rows []Letter
	if len(words) == 0 || id == "" {
		return nil, nil
	}
	err := seenBy(q.idb.NewSelect().Model(&rows).Where("? = ?", bun.Ident(column), id), words).OrderExpr("letter.id").Scan(ctx)
	return rows, err
}

// ReplacementToken is the public address of the newest signed letter that took the
// place of one; "" when there is none.
func (q queries) ReplacementToken(ctx context.Context, letterID string) (string, error) {
	var tokens []string
	err := q.idb.NewSelect().Model((*Letter)(nil)).Column("verify_token").Where("replaces = ? AND signed_ref <> ''", letterID).OrderExpr("signed_at DESC").Limit(1).Scan(ctx, &tokens)
	if err != nil || len(tokens) == 0 {
		return "", err
	}
	return tokens[0], nil
}

// mostFolders bounds the names that a form proposes.
const mostFolders = 200

// Folders are the names of folders in use, the newest first, of letters that the
// words may see.
func (q queries) Folders(ctx context.Context, officeID string, words []string) ([]string, error) {
	var names []string
	if len(words) == 0 {
		return nil, nil
	}
	sel := q.idb.NewSelect().Model((*Letter)(nil)).Column("letter.folder").Where("letter.office_id = ? AND letter.folder <> ''", officeID)
	err := seenBy(sel, words).GroupExpr("letter.folder").OrderExpr("max(letter.updated_at) DESC").Limit(mostFolders).Scan(ctx, &names)
	return names, err
}

// mostSenders bounds the senders that a form proposes.
const mostSenders = 200

// Senders are the senders of incoming letters that the words may see, the most
// frequent first.
func (q queries) Senders(ctx context.Context, officeID string, words []string) ([]string, error) {
	var names []string
	if len(words) == 0 {
		return nil, nil
	}
	recent := seenBy(q.idb.NewSelect().Model((*Letter)(nil)).Column("letter.sender").Where("letter.office_id = ? AND letter.direction = 'incoming' AND letter.sender <> ''", officeID), words).
		OrderExpr("letter.updated_at DESC").Limit(recentSenders)
	err := q.idb.NewSelect().TableExpr("(?) AS recent", recent).Column("sender").GroupExpr("sender").OrderExpr("count(*) DESC, sender").Limit(mostSenders).Scan(ctx, &names)
	return names, err
}

// recentSenders bounds the letters that Senders counts over: a form must not wait
// for a whole archive.
const recentSenders = 2000
