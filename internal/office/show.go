package office

import (
	"context"
	"errors"

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
	Initials []db.Initial
	Primary  Action   // what this person should do now; "" for nothing
	Others   []Action // what else they can do
	Waiting  string   // who has to do the next step, in words
	Author   string
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
	s.decide(actor)
	return s, o.sayWhoIsNext(ctx, &s)
}

// decide says what this person should and can do now.
func (s *Shown) decide(actor account.Actor) {
	l, author := s.Letter, s.Letter.CreatedBy == actor.PersonID
	switch letter.State(l.State) {
	case letter.Received:
		s.primaryIf(actor.Can(account.CanRegister), ActRegister)
	case letter.Registered:
		s.otherIf(actor.Can(account.CanRegister), ActRegister)
	case letter.Draft, letter.Returned:
		s.primaryIf(author && actor.Can(account.CanWrite), ActEdit)
	case letter.InReview:
		if next := s.nextInitial(); next != nil {
			s.primaryIf(actor.Holds(next.PositionID), ActInitial)
		}
		s.otherIf(author, ActTakeBack)
	case letter.Ready:
		s.primaryIf(actor.Holds(l.SignerPositionID) && actor.PersonID == l.SignerPersonID, ActSign)
	case letter.Signed, letter.Sent:
		s.primaryIf(true, ActDownload)
		s.otherIf(true, ActVerify)
	}
	_, err := letter.Next(letter.State(l.State), letter.Cancel)
	s.otherIf(err == nil && (author || actor.Holds(l.SignerPositionID)), ActCancel)
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
	case letter.Received:
		s.Waiting = "Pencatat Surat"
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

// Home counts what the actor has to do.
type Home struct {
	ToSign, ToInitial, Returned, ToRegister []db.Letter
	Counts                                  struct{ ToSign, ToInitial, Returned, ToRegister int }
	Recent                                  []db.Letter
}

// homeList is how many letters a card names.
const homeList = 5

// Home gives what waits for the actor, the oldest change last.
func (o *Office) Home(ctx context.Context, actor account.Actor) (Home, error) {
	var h Home
	var errs [5]error
	mine := positionsOf(actor)
	out := string(letter.Outgoing)
	if actor.Can(account.CanSign) {
		h.ToSign, h.Counts.ToSign, errs[0] = o.List(ctx, actor, db.LetterFilter{Direction: out, States: []string{string(letter.Ready)}, SignedBy: mine, Limit: homeList})
	}
	if actor.Can(account.CanReview) {
		h.ToInitial, h.Counts.ToInitial, errs[1] = o.List(ctx, actor, db.LetterFilter{Direction: out, ReviewedBy: mine, Limit: homeList})
	}
	if actor.Can(account.CanWrite) {
		h.Returned, h.Counts.Returned, errs[2] = o.List(ctx, actor, db.LetterFilter{Direction: out, States: []string{string(letter.Returned), string(letter.Draft)}, CreatedBy: actor.PersonID, Limit: homeList})
	}
	if actor.Can(account.CanRegister) {
		h.ToRegister, h.Counts.ToRegister, errs[3] = o.List(ctx, actor, db.LetterFilter{Direction: string(letter.Incoming), States: []string{string(letter.Received)}, Limit: homeList})
	}
	h.Recent, _, errs[4] = o.List(ctx, actor, db.LetterFilter{Limit: homeList})
	return h, errors.Join(errs[:]...)
}

// ReviewQueue lists the letters whose next initial is the actor's.
func (o *Office) ReviewQueue(ctx context.Context, actor account.Actor) ([]db.Letter, int, error) {
	return o.List(ctx, actor, db.LetterFilter{Direction: string(letter.Outgoing), ReviewedBy: positionsOf(actor), Limit: 200})
}
