package office

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
)

// Shown is a letter with all that its page shows.
type Shown struct {
	Letter   db.Letter
	Kind     db.LetterKind // zero for incoming letters
	Files    []db.File
	Pages    []db.Page
	Journey  []audit.Entry
	Version  db.Version
	Versions int // how many submissions there are
	Initials []db.Initial
	Desk     Desk
	Primary  Action   // what this person should do now; "" for nothing
	Others   []Action // what else they can do
	Waiting  string   // who has to do the next step, in words
	Author   string
}

// Desk is what happens with a letter besides its text: dispositions, deliveries
// and the letters that belong to it.
type Desk struct {
	Dispositions []db.Disposition
	Assignments  []db.Assignment
	Deliveries   []db.Delivery
	Replies      []db.Letter // that answer this one
	ReplacedBy   []db.Letter
	ReplyTo      *db.Letter
	Replaces     *db.Letter
	Mine         *db.Assignment // the actor's open one
	CallBack     map[string]bool
}

// Action names something that a person can do with a letter.
type Action string

// The actions.
const (
	ActRegister Action = "register"
	ActEdit     Action = "edit"
	ActInitial  Action = "initial"
	ActSign     Action = "sign"
	ActTakeBack Action = "take-back"
	ActCancel   Action = "cancel"
	ActDownload Action = "download"
	ActVerify   Action = "verify"
	ActForward  Action = "forward"
	ActDispose  Action = "dispose"
	ActPassOn   Action = "pass-on"
	ActReport   Action = "report"
	ActSheet    Action = "sheet"
	ActFile     Action = "file"
	ActUnfile   Action = "unfile"
	ActReply    Action = "reply"
	ActSend     Action = "send"
	ActRevoke   Action = "revoke"
	ActReplace  Action = "replace"
	ActHandOver Action = "hand-over"
	ActPrint    Action = "print"
	ActInk      Action = "ink"
	ActCompare  Action = "compare"
)

// Show gives a letter that the actor may see, with what they can do now.
func (o *Office) Show(ctx context.Context, actor account.Actor, id string) (Shown, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return Shown{}, err
	}
	s := Shown{Letter: l}
	var errs [5]error
	s.Files, errs[0] = o.DB.Files(ctx, id)
	s.Pages, errs[1] = o.DB.Pages(ctx, id)
	s.Journey, errs[2] = o.DB.AuditOf(ctx, id)
	if l.VersionID != "" {
		s.Version, errs[3] = o.DB.Version(ctx, l.VersionID)
		s.Initials, errs[4] = o.DB.Initials(ctx, l.VersionID)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return s, err
	}
	s.Files = VisibleFiles(s.Files)
	if s.Kind, err = o.DB.Kind(ctx, l.OfficeID, l.Kind); err != nil && problem.KindOf(err) != problem.NotFound {
		return s, err
	}
	names, err := o.DB.NamesOf(ctx, []string{l.CreatedBy})
	if err != nil {
		return s, err
	}
	s.Author = names[l.CreatedBy]
	if s.Desk, err = o.desk(ctx, actor, l); err != nil {
		return s, err
	}
	versions, err := o.DB.Versions(ctx, id)
	if err != nil {
		return s, err
	}
	s.Versions = len(versions)
	s.decide(actor)
	if letter.State(l.State) == letter.Ready && s.Primary != ActSign {
		s.otherIf(o.MayPrint(ctx, actor, l), ActPrint)
	}
	return s, o.sayWhoIsNext(ctx, &s)
}

// desk gathers what belongs to a letter, as far as the actor may see it.
func (o *Office) desk(ctx context.Context, actor account.Actor, l db.Letter) (Desk, error) {
	d := Desk{CallBack: map[string]bool{}}
	words := actor.ReaderWords()
	var errs [5]error
	d.Dispositions, errs[0] = o.DB.Dispositions(ctx, l.ID)
	d.Assignments, errs[1] = o.DB.Assignments(ctx, l.ID)
	d.Deliveries, errs[2] = o.DB.Deliveries(ctx, l.ID)
	d.Replies, errs[3] = o.DB.RepliesTo(ctx, l.ID, words)
	d.ReplacedBy, errs[4] = o.DB.ReplacedBy(ctx, l.ID, words)
	if err := errors.Join(errs[:]...); err != nil {
		return d, err
	}
	linked, err := o.DB.LettersByIDs(ctx, []string{l.ReplyTo, l.Replaces}, words)
	if err != nil {
		return d, err
	}
	if other, ok := linked[l.ReplyTo]; ok {
		d.ReplyTo = &other
	}
	if other, ok := linked[l.Replaces]; ok {
		d.Replaces = &other
	}
	d.own(actor)
	return d, nil
}

// own finds the actor's open assignment, and those that they can call back.
func (d *Desk) own(actor account.Actor) {
	from := map[string]db.Disposition{}
	for _, s := range d.Dispositions {
		from[s.ID] = s
	}
	for i, a := range d.Assignments {
		if d.Mine == nil && actor.Holds(a.PositionID) && (a.State == db.AssignmentSent || a.State == db.AssignmentRead) {
			d.Mine = &d.Assignments[i]
		}
		sender := from[a.DispositionID]
		d.CallBack[a.ID] = a.State == db.AssignmentSent && (sender.PersonID == actor.PersonID || actor.Holds(sender.PositionID))
	}
}

// decide says what this person should and can do now.
func (s *Shown) decide(actor account.Actor) {
	if s.Letter.Direction == string(letter.Incoming) {
		s.decideIncoming(actor)
		return
	}
	l, author := s.Letter, s.Letter.CreatedBy == actor.PersonID
	signer := actor.Holds(l.SignerPositionID)
	registry := author || actor.Can(account.CanRegister)
	switch letter.State(l.State) {
	case letter.Draft, letter.Returned:
		s.primaryIf(author, ActEdit)
	case letter.InReview:
		next := s.nextInitial()
		s.primaryIf(next != nil && actor.Holds(next.PositionID), ActInitial)
		s.otherIf(author, ActTakeBack)
	case letter.Ready:
		s.primaryIf(signer && actor.PersonID == l.SignerPersonID, ActSign)
	case letter.Printed:
		s.primaryIf(registry || signer, ActInk)
		s.otherIf(registry || signer, ActPrint)
	case letter.Signed, letter.Sent, letter.Filed:
		s.decideSigned(actor, registry, signer)
	case letter.Revoked:
		s.otherIf(actor.Can(account.CanWrite), ActReplace)
	}
	s.otherIf(s.Versions > 1, ActCompare)
	s.otherIf((author || signer) && cancellable(letter.State(l.State)), ActCancel)
}

func cancellable(s letter.State) bool {
	_, err := letter.Next(s, letter.Cancel)
	return err == nil
}

func (s *Shown) decideSigned(actor account.Actor, registry, signer bool) {
	state := letter.State(s.Letter.State)
	s.primaryIf(true, ActDownload)
	if state == letter.Signed && registry {
		s.Primary = ActSend
		s.Others = append(s.Others, ActDownload)
	}
	s.otherIf(true, ActHandOver)
	s.otherIf(state == letter.Sent && registry, ActSend)
	s.otherIf(state != letter.Filed && (registry || actor.Can(account.CanArchive)), ActFile)
	s.otherIf(state == letter.Filed && (registry || actor.Can(account.CanArchive)), ActUnfile)
	s.otherIf(actor.Can(account.CanWrite), ActReplace)
	s.otherIf(signer, ActRevoke)
}

func (s *Shown) decideIncoming(actor account.Actor) {
	registry, head := actor.Can(account.CanRegister), actor.Can(account.IsHead)
	state := letter.State(s.Letter.State)
	switch state {
	case letter.Received:
		s.primaryIf(registry, ActRegister)
	case letter.Registered:
		s.primaryIf(registry, ActForward)
		s.primaryIf(head, ActDispose)
	case letter.Forwarded:
		s.primaryIf(actor.Holds(s.Letter.ForwardedTo), ActDispose)
		s.otherIf(head && s.Primary == "", ActDispose)
		s.otherIf(registry, ActForward)
	case letter.Disposed:
		s.primaryIf(s.Desk.Mine != nil, ActReport)
		s.otherIf(s.Desk.Mine != nil, ActPassOn)
		s.otherIf(head && s.Desk.Mine == nil, ActDispose)
	case letter.Completed:
		s.primaryIf(registry || head, ActFile)
		s.otherIf(head, ActDispose)
	case letter.Filed:
		s.otherIf(registry || head || actor.Can(account.CanArchive), ActUnfile)
	}
	s.alsoIncoming(state, actor.Can(account.CanWrite), registry, head)
}

// alsoIncoming is what can be done with a registered letter wherever it stands.
func (s *Shown) alsoIncoming(state letter.State, writes, registry, head bool) {
	if state == letter.Received || state == letter.Bound {
		return
	}
	s.otherIf(writes, ActReply)
	s.otherIf(state != letter.Filed && state != letter.Completed && (registry || head), ActFile)
	s.otherIf(registry || head, ActSheet)
	s.otherIf(registry, ActRegister)
}

func (s *Shown) primaryIf(yes bool, a Action) {
	if yes {
		s.Primary = a
	}
}

func (s *Shown) otherIf(yes bool, a Action) {
	if yes {
		s.Others = append(s.Others, a)
	}
}

func (s *Shown) nextInitial() *db.Initial {
	for i := range s.Initials {
		if s.Initials[i].State == db.InitialWaiting {
			return &s.Initials[i]
		}
	}
	return nil
}

func (o *Office) sayWhoIsNext(ctx context.Context, s *Shown) error {
	positionID := ""
	switch letter.State(s.Letter.State) {
	case letter.Received, letter.Registered:
		s.Waiting = "Pencatat Surat"
		return nil
	case letter.Forwarded:
		positionID = s.Letter.ForwardedTo
	case letter.Disposed:
		s.Waiting = s.openTitles()
		return nil
	case letter.Draft, letter.Returned:
		s.Waiting = s.Author
		return nil
	case letter.InReview:
		if next := s.nextInitial(); next != nil {
			positionID = next.PositionID
		}
	case letter.Approved:
		s.Waiting = "Naskah"
		return nil
	case letter.Ready:
		positionID = s.Letter.SignerPositionID
	}
	if positionID == "" {
		return nil
	}
	held, err := o.DB.HeldAt(ctx, "", positionID, o.Now())
	if err != nil {
		return err
	}
	position, err := o.DB.Position(ctx, positionID)
	if err != nil {
		return err
	}
	s.Waiting = position.Title
	if len(held) > 0 {
		s.Waiting += " (" + held[0].Person.Name + ")"
	}
	return nil
}

// openTitles are those who have not reported yet.
func (s *Shown) openTitles() string {
	var titles []string
	for _, a := range s.Desk.Assignments {
		if (a.State == db.AssignmentSent || a.State == db.AssignmentRead) && !slices.Contains(titles, a.Title) {
			titles = append(titles, a.Title)
		}
	}
	return strings.Join(titles, ", ")
}

// PageWords are the words of a page with their places, for marking.
func (o *Office) PageWords(ctx context.Context, actor account.Actor, id string, number int) ([]page.Word, error) {
	if _, err := o.seen(ctx, actor, id); err != nil {
		return nil, err
	}
	p, err := o.DB.Page(ctx, id, number)
	if err != nil || p.WordsRef == "" {
		if problem.KindOf(err) == problem.NotFound {
			return nil, nil // a letter whose pages are not read has no words
		}
		return nil, err
	}
	return o.words(ctx, p.WordsRef)
}

// List lists letters that the actor may see.
func (o *Office) List(ctx context.Context, actor account.Actor, f db.LetterFilter) ([]db.Letter, int, error) {
	f.Words = actor.ReaderWords()
	return o.DB.Letters(ctx, f)
}

// Task is one heap of work on the home page. Late ones go before the others.
type Task struct {
	Kind  string // "sign", "initial", "dispose", "assignment", "register", "send", "returned", "copy"
	Count int
	Late  int
}

// Home is what a person finds when they come in: what waits for them, in the order
// of their office, and the letters they opened last.
type Home struct {
	Tasks  []Task
	Recent []db.Letter
	Due    []db.OpenAssignment // due within a week
}

// homeList is how many letters the page names.
const homeList = 5

// waitsLong is how long work without a deadline may wait before it is late.
const waitsLong = 3 * 24 * time.Hour

// Home gives what waits for the actor.
func (o *Office) Home(ctx context.Context, actor account.Actor) (Home, error) {
	var h Home
	mine := positionsOf(actor)
	out, in := string(letter.Outgoing), string(letter.Incoming)
	heap := func(may bool, kind string, f db.LetterFilter) error {
		if !may {
			return nil
		}
		f.Limit = maxHeap
		letters, n, err := o.List(ctx, actor, f)
		h.Tasks = append(h.Tasks, Task{Kind: kind, Count: n, Late: o.waitLong(letters)})
		return err
	}
	err := errors.Join(
		heap(actor.Can(account.CanSign), "sign", db.LetterFilter{Direction: out, States: []string{string(letter.Ready)}, SignedBy: mine}),
		heap(actor.Can(account.IsHead), "dispose", db.LetterFilter{Direction: in, States: []string{string(letter.Forwarded)}, Forwarded: mine}),
		heap(actor.Can(account.CanReview), "initial", db.LetterFilter{Direction: out, ReviewedBy: mine}),
		o.homeAssignments(ctx, actor, &h),
		heap(actor.Can(account.CanRegister), "register", db.LetterFilter{Direction: in, States: []string{string(letter.Received)}}),
	)
	if err != nil {
		return h, err
	}
	if actor.Can(account.CanRegister) {
		err = heap(true, "send", db.LetterFilter{Direction: out, States: []string{string(letter.Signed)}})
	}
	err = errors.Join(err, heap(actor.Can(account.CanWrite), "returned", db.LetterFilter{Direction: out, States: []string{string(letter.Returned), string(letter.Draft)}, CreatedBy: actor.PersonID}))
	if err == nil {
		_, n, e := o.CopiesFor(ctx, actor, true, 1, 0)
		if err = e; n > 0 {
			h.Tasks = append(h.Tasks, Task{Kind: "copy", Count: n})
		}
	}
	if err == nil {
		h.Recent, err = o.DB.LastOpened(ctx, actor.PersonID, actor.ReaderWords(), homeList)
	}
	return h, err
}

// maxHeap is how many letters are looked at for being late; a heap of more is late
// in any case.
const maxHeap = 50

func (o *Office) waitLong(letters []db.Letter) (n int) {
	for _, l := range letters {
		if o.Now().Sub(l.UpdatedAt) > waitsLong {
			n++
		}
	}
	return n
}

func (o *Office) homeAssignments(ctx context.Context, actor account.Actor, h *Home) error {
	today, err := o.Today(ctx, actor)
	if err != nil {
		return err
	}
	open, n, err := o.MyAssignments(ctx, actor)
	if err != nil || n == 0 && actor.Can(account.IsHead) {
		return err
	}
	task := Task{Kind: "assignment", Count: n}
	for _, a := range open {
		if due := a.Assignment.Due; !due.IsZero() && due.Before(today) {
			task.Late++
		} else if !due.IsZero() && due.Before(today.AddDate(0, 0, 7)) && len(h.Due) < homeList {
			h.Due = append(h.Due, a)
		}
	}
	h.Tasks = append(h.Tasks, task)
	return nil
}

// ReviewQueue lists the letters whose next initial is the actor's.
func (o *Office) ReviewQueue(ctx context.Context, actor account.Actor) ([]db.Letter, int, error) {
	return o.List(ctx, actor, db.LetterFilter{Direction: string(letter.Outgoing), ReviewedBy: positionsOf(actor), Limit: 200})
}
