package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// Order is a disposition as it is written.
type Order struct {
	// To are positions, or units as UnitPrefix + id: all who hold a position there.
	To           []string
	Instructions []string
	Note         string
	Due          time.Time // UTC midnight; zero for none
	Assignment   string    // the assignment that is passed on; "" for the first
}

// UnitPrefix marks a unit among the addressees of an Order.
const UnitPrefix = "unit:"

// The bounds of a disposition: more than these is a mistake, not an order.
const (
	maxAddressees = 40
	maxNote       = 2000
)

// Forward lays a registered letter before a head, who decides what happens with
// it. An empty position is the office's first head.
func (o *Office) Forward(ctx context.Context, actor account.Actor, id, positionID string) (db.Letter, error) {
	if err := requireAny(actor, account.CanRegister, account.IsHead); err != nil {
		return db.Letter{}, err
	}
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	heads, err := o.Heads(ctx, actor)
	if err != nil {
		return l, err
	}
	at := max(slices.IndexFunc(heads, func(p Post) bool { return p.ID == positionID }), 0)
	if len(heads) == 0 || positionID != "" && heads[at].ID != positionID {
		return l, problem.New(problem.Invalid, "Pilih dulu pimpinan yang akan menerima surat ini.", "Choose the head who is to receive this letter first.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Forward); err != nil {
			return err
		}
		l.ForwardedTo = heads[at].ID
		return o.touch(ctx, tx, actor, &l, "forwarded", map[string]string{"to": heads[at].Label})
	})
	return l, err
}

// Heads are the posts of the actor's office that decide about incoming letters.
func (o *Office) Heads(ctx context.Context, actor account.Actor) ([]Post, error) {
	posts, err := o.Posts(ctx, actor)
	return slices.DeleteFunc(posts, func(p Post) bool { return !p.Head }), err
}

// Dispose sends a letter to others with what they are to do. The head whom it was
// forwarded to may (or any head), and whoever has an assignment of it, to pass it
// on.
func (o *Office) Dispose(ctx context.Context, actor account.Actor, id string, order Order) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	office, err := o.DB.Office(ctx, l.OfficeID)
	if err != nil {
		return l, err
	}
	if err := order.check(o.today(office)); err != nil {
		return l, err
	}
	to, err := o.addressees(ctx, actor, order.To)
	if err != nil {
		return l, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if l, err = tx.Letter(ctx, id); err != nil {
			return err
		}
		return o.enterDisposition(ctx, tx, actor, &l, order, to)
	})
	return l, err
}

func (order Order) check(today time.Time) error {
	switch {
	case len(order.To) == 0:
		return problem.New(problem.Invalid, "Pilih dulu kepada siapa surat ini didisposisikan.", "Choose first to whom this letter goes.", nil)
	case len(order.Instructions) == 0 && strings.TrimSpace(order.Note) == "":
		return problem.New(problem.Invalid, "Centang paling sedikit satu instruksi, atau tulis catatan.", "Tick at least one instruction, or write a note.", nil)
	case len([]rune(order.Note)) > maxNote:
		return problem.New(problem.Invalid, "Catatan terlalu panjang. Ringkas sampai 2.000 huruf.", "The note is too long. Keep it within 2,000 letters.", nil)
	case !order.Due.IsZero() && order.Due.Before(today):
		return problem.New(problem.Invalid, "Batas waktu sudah lewat. Pilih hari ini atau sesudahnya.", "The deadline has passed. Choose today or later.", nil)
	}
	return nil
}

// addressees are the people who hold the positions and units now; never the actor
// themself.
func (o *Office) addressees(ctx context.Context, actor account.Actor, to []string) ([]db.Held, error) {
	held, err := o.DB.OfficeHeldAt(ctx, actor.OfficeID, o.Now())
	if err != nil {
		return nil, err
	}
	var out []db.Held
	for _, h := range held {
		wanted := slices.Contains(to, h.Position.ID) || h.Position.UnitID != "" && slices.Contains(to, UnitPrefix+h.Position.UnitID)
		known := slices.ContainsFunc(out, func(e db.Held) bool { return e.Position.ID == h.Position.ID })
		if wanted && !known && !actor.Holds(h.Position.ID) {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return nil, problem.New(problem.Conflict, "Yang Anda pilih sedang tidak dijabat orang lain. Pilih penerima lain.", "Nobody else holds what you chose. Choose somebody else.", nil)
	}
	if len(out) > maxAddressees {
		return nil, problem.New(problem.Invalid, "Paling banyak 40 penerima. Untuk semua orang, buatlah surat edaran.", "At most 40 addressees. To reach everybody, write a circular.", nil)
	}
	return out, nil
}

func (o *Office) enterDisposition(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, order Order, to []db.Held) error {
	holding, err := o.mayDispose(ctx, tx, actor, *l, order.Assignment)
	if err != nil {
		return err
	}
	if err := move(l, letter.Dispose); err != nil {
		return err
	}
	words, err := json.Marshal(order.Instructions)
	if err != nil {
		return fmt.Errorf("instructions to JSON: %w", err)
	}
	d := db.Disposition{
		ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, ParentID: order.Assignment, PersonID: actor.PersonID, PositionID: holding.PositionID, Name: actor.Name, Title: holding.Title,
		Instructions: string(words), Note: strings.TrimSpace(order.Note), Due: order.Due, At: o.Now().UTC(),
	}
	if err := tx.Insert(ctx, &d); err != nil {
		return err
	}
	var titles []string
	for _, h := range to {
		a := db.Assignment{
			ID: db.NewID(), DispositionID: d.ID, LetterID: l.ID, OfficeID: l.OfficeID, PositionID: h.Position.ID, PersonID: h.Person.ID, Name: h.Person.Name, Title: h.Position.Title,
			State: db.AssignmentSent, Due: order.Due, At: d.At,
		}
		if err := tx.Insert(ctx, &a); err != nil {
			return err
		}
		titles = append(titles, h.Position.Title)
	}
	if l.Due.IsZero() || !order.Due.IsZero() && order.Due.After(l.Due) {
		l.Due = order.Due
	}
	l.ForwardedTo = ""
	return o.touch(ctx, tx, actor, l, "disposed", map[string]any{"to": titles, "due": order.Due, "note": strings.Join(titles, ", ")})
}

// mayDispose gives the position in which the actor disposes. Passing an assignment
// on marks it so.
func (o *Office) mayDispose(ctx context.Context, tx db.Tx, actor account.Actor, l db.Letter, assignment string) (account.Holding, error) {
	if assignment != "" {
		a, err := tx.Assignment(ctx, assignment)
		if err != nil || a.LetterID != l.ID {
			return account.Holding{}, hideMissing(orNotFound(err))
		}
		holding, ok := actor.Holding(a.PositionID)
		if !ok {
			return holding, notYours()
		}
		a.State = db.AssignmentPassed
		if a.ReadAt.IsZero() {
			a.ReadAt = o.Now().UTC()
		}
		return holding, tx.SettleAssignment(ctx, &a, db.AssignmentSent, db.AssignmentRead, db.AssignmentPassed)
	}
	if holding, ok := actor.Holding(l.ForwardedTo); ok {
		return holding, nil
	}
	i := slices.IndexFunc(actor.Holdings, func(h account.Holding) bool { return slices.Contains(h.Abilities, account.IsHead) })
	if i < 0 {
		return account.Holding{}, actor.Require(account.IsHead)
	}
	return actor.Holdings[i], nil
}

func notYours() error {
	return problem.New(problem.Forbidden, "Disposisi ini untuk pejabat lain. Hanya penerimanya yang dapat mengerjakannya.", "This disposition is for somebody else. Only its addressee can act on it.", nil)
}

// Report is what an addressee says when the work is done.
type Report struct {
	Text string
	File *Upload // may be nil
}

// Report completes an assignment. When it was the last open one of the letter, the
// letter is complete; when it was the last of those that somebody passed on, their
// own is done with it.
func (o *Office) Report(ctx context.Context, actor account.Actor, assignment string, r Report) (db.Letter, error) {
	a, l, err := o.assignment(ctx, actor, assignment)
	if err != nil {
		return l, err
	}
	if !actor.Holds(a.PositionID) {
		return l, notYours()
	}
	if strings.TrimSpace(r.Text) == "" {
		return l, problem.New(problem.Invalid, "Tulis dulu hasilnya, satu kalimat pun cukup.", "Write down the result first; one sentence is enough.", nil)
	}
	if r.File != nil {
		f, err := o.keepReport(ctx, actor, l, *r.File)
		if err != nil {
			return l, err
		}
		a.ReportFile = f.ID
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if l, err = tx.Letter(ctx, l.ID); err != nil {
			return err
		}
		a.State, a.Report, a.DoneAt, a.DoneBy = db.AssignmentDone, strings.TrimSpace(r.Text), o.Now().UTC(), actor.Name
		if err := tx.SettleAssignment(ctx, &a, db.AssignmentSent, db.AssignmentRead, db.AssignmentPassed); err != nil {
			return err
		}
		if err := o.closeAbove(ctx, tx, a); err != nil {
			return err
		}
		action := "reported"
		if done, err := allDone(ctx, tx, l.ID); err != nil {
			return err
		} else if done && letter.State(l.State) == letter.Disposed {
			action = "completed"
			if err := move(&l, letter.Complete); err != nil {
				return err
			}
		}
		return o.touch(ctx, tx, actor, &l, action, map[string]string{"note": a.Report})
	})
	return l, err
}

// closeAbove ends the assignment that was passed on when all that came of it is
// done; the way up is as long as the chain of heads.
func (o *Office) closeAbove(ctx context.Context, tx db.Tx, a db.Assignment) error {
	d, err := tx.Disposition(ctx, a.DispositionID)
	if err != nil || d.ParentID == "" {
		return err
	}
	parent, err := tx.Assignment(ctx, d.ParentID)
	if err != nil || parent.State != db.AssignmentPassed {
		return err
	}
	all, errA := tx.Assignments(ctx, a.LetterID)
	sheets, errD := tx.Dispositions(ctx, a.LetterID)
	if err := errors.Join(errA, errD); err != nil {
		return err
	}
	for _, each := range all {
		from := slices.IndexFunc(sheets, func(s db.Disposition) bool { return s.ID == each.DispositionID })
		if from >= 0 && sheets[from].ParentID == parent.ID && each.Open() {
			return nil
		}
	}
	parent.State, parent.DoneAt, parent.DoneBy, parent.Report = db.AssignmentDone, o.Now().UTC(), a.DoneBy, a.Report
	if err := tx.SettleAssignment(ctx, &parent, db.AssignmentPassed); err != nil {
		return err
	}
	return o.closeAbove(ctx, tx, parent)
}

func allDone(ctx context.Context, tx db.Tx, letterID string) (bool, error) {
	all, err := tx.Assignments(ctx, letterID)
	return !slices.ContainsFunc(all, db.Assignment.Open), err
}

// CallBack cancels an assignment that its addressee has not read yet. Only who sent
// it may.
func (o *Office) CallBack(ctx context.Context, actor account.Actor, assignment string) (db.Letter, error) {
	a, l, err := o.assignment(ctx, actor, assignment)
	if err != nil {
		return l, err
	}
	d, err := o.DB.Disposition(ctx, a.DispositionID)
	if err != nil {
		return l, err
	}
	if d.PersonID != actor.PersonID && !actor.Holds(d.PositionID) {
		return l, problem.New(problem.Forbidden, "Hanya pengirim disposisi ini yang dapat menariknya.", "Only who sent this disposition can call it back.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if l, err = tx.Letter(ctx, l.ID); err != nil {
			return err
		}
		a.State = db.AssignmentCancelled
		if err := tx.SettleAssignment(ctx, &a, db.AssignmentSent); err != nil {
			return alreadyRead(err)
		}
		return o.afterCallBack(ctx, tx, actor, &l, a, d)
	})
	return l, err
}

func alreadyRead(err error) error {
	if problem.KindOf(err) != problem.Conflict {
		return err
	}
	return problem.New(problem.Conflict, "Disposisi ini sudah dibaca penerimanya, jadi tidak dapat ditarik. Bicaralah langsung dengannya.",
		"Its addressee has read this disposition, so it cannot be called back. Talk to them.", err)
}

// afterCallBack lays a letter that nobody has any more before its head again.
func (o *Office) afterCallBack(ctx context.Context, tx db.Tx, actor account.Actor, l *db.Letter, a db.Assignment, d db.Disposition) error {
	done, err := allDone(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	if done && letter.State(l.State) == letter.Disposed {
		if err := move(l, letter.Recall); err != nil {
			return err
		}
		l.ForwardedTo, l.Due = d.PositionID, time.Time{}
	}
	return o.touch(ctx, tx, actor, l, "called-back", map[string]string{"note": a.Title})
}

// assignment gives an assignment with its letter, when the actor may see it.
func (o *Office) assignment(ctx context.Context, actor account.Actor, id string) (db.Assignment, db.Letter, error) {
	a, err := o.DB.Assignment(ctx, id)
	if err != nil {
		return a, db.Letter{}, hideMissing(err)
	}
	l, err := o.seen(ctx, actor, a.LetterID)
	return a, l, err
}

// NoteOpened notes that the actor looks at the letter: their unread dispositions
// and copies of it are read with that, and it is among those they opened last.
func (o *Office) NoteOpened(ctx context.Context, actor account.Actor, l db.Letter) error {
	all, err := o.DB.Assignments(ctx, l.ID)
	if err != nil {
		return err
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, a := range all {
			if a.State != db.AssignmentSent || !actor.Holds(a.PositionID) {
				continue
			}
			a.State, a.ReadAt = db.AssignmentRead, o.Now().UTC()
			if err := tx.SettleAssignment(ctx, &a, db.AssignmentSent); err != nil && problem.KindOf(err) != problem.Conflict {
				return err
			}
		}
		return errors.Join(tx.ReadCopies(ctx, l.ID, positionsOf(actor), o.Now()), tx.NoteOpened(ctx, actor.PersonID, l.ID, o.Now()))
	})
}

// MyAssignments are the open dispositions for the actor, the first due first.
func (o *Office) MyAssignments(ctx context.Context, actor account.Actor) ([]db.OpenAssignment, int, error) {
	return o.DB.AssignmentsOf(ctx, db.AssignmentFilter{
		Words: actor.ReaderWords(), OfficeID: actor.OfficeID, Positions: positionsOf(actor), States: []string{db.AssignmentSent, db.AssignmentRead},
	})
}

// SentAssignments are the open dispositions that the actor sent.
func (o *Office) SentAssignments(ctx context.Context, actor account.Actor) ([]db.OpenAssignment, int, error) {
	return o.DB.AssignmentsOf(ctx, db.AssignmentFilter{
		Words: actor.ReaderWords(), OfficeID: actor.OfficeID, SentBy: positionsOf(actor), States: []string{db.AssignmentSent, db.AssignmentRead, db.AssignmentPassed},
	})
}

// LateAssignments are the open dispositions past their day: all of them for heads
// and the registry, their own and those they sent for others.
func (o *Office) LateAssignments(ctx context.Context, actor account.Actor) ([]db.OpenAssignment, int, error) {
	office, err := o.DB.Office(ctx, actor.OfficeID)
	if err != nil {
		return nil, 0, err
	}
	f := db.AssignmentFilter{
		Words: actor.ReaderWords(), OfficeID: actor.OfficeID, DueBefore: o.today(office), States: []string{db.AssignmentSent, db.AssignmentRead, db.AssignmentPassed},
	}
	if !actor.Can(account.IsHead) && !actor.Can(account.CanRegister) {
		f.Positions = positionsOf(actor)
	}
	return o.DB.AssignmentsOf(ctx, f)
}

// ToDispose are the letters that wait for the actor's decision.
func (o *Office) ToDispose(ctx context.Context, actor account.Actor, limit int) ([]db.Letter, int, error) {
	return o.List(ctx, actor, db.LetterFilter{Direction: string(letter.Incoming), States: []string{string(letter.Forwarded)}, Forwarded: positionsOf(actor), Limit: limit})
}

// Today is the day it is in the actor's office, as UTC midnight.
func (o *Office) Today(ctx context.Context, actor account.Actor) (time.Time, error) {
	office, err := o.DB.Office(ctx, actor.OfficeID)
	if err != nil {
		return time.Time{}, err
	}
	return o.today(office), nil
}

// Responsible says who works on each of the letters, as the agenda book names them.
func (o *Office) Responsible(ctx context.Context, letterIDs []string) (map[string]string, error) {
	all, err := o.DB.AssignmentsOfLetters(ctx, letterIDs)
	titles := map[string][]string{}
	for _, a := range all {
		if a.State != db.AssignmentCancelled && a.State != db.AssignmentPassed && !slices.Contains(titles[a.LetterID], a.Title) {
			titles[a.LetterID] = append(titles[a.LetterID], a.Title)
		}
	}
	out := map[string]string{}
	for id, list := range titles {
		out[id] = strings.Join(list, ", ")
	}
	return out, err
}
