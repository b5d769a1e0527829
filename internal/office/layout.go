package office

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
	"naskah/internal/typeset"
)

// SignerSnapshot is the signer as of a moment: person, position and capacity. It
// is kept with the letter, so that later appointments change nothing.
type SignerSnapshot struct {
	PersonID    string           `json:"person_id"`
	PositionID  string           `json:"position_id"`
	Name        string           `json:"name"`
	Rank        string           `json:"rank"`
	NIP         string           `json:"nip"`
	Title       string           `json:"title"`
	Capacity    account.Capacity `json:"capacity"`
	ActingTitle string           `json:"acting_title,omitempty"` // own title when signing a.n. or u.b.
}

// signerAt finds who signs for the position now and in which capacity: its
// holder, or who acts for it.
func (o *Office) signerAt(ctx context.Context, positionID string, at time.Time) (SignerSnapshot, error) {
	held, err := o.DB.HeldAt(ctx, "", positionID, at)
	if err != nil {
		return SignerSnapshot{}, err
	}
	if len(held) == 0 {
		return SignerSnapshot{}, problem.New(problem.Conflict, "Jabatan penandatangan sedang tidak dijabat siapa pun. Minta Kasubag Umum menunjuk Plt. atau Plh.",
			"Nobody holds the signer's position. Ask the head of general affairs to appoint somebody to act.", nil)
	}
	h := held[0]
	for _, other := range held { // who acts goes before the holder who is away
		if other.Appointment.Capacity != string(account.Definitive) {
			h = other
		}
	}
	s := SignerSnapshot{
		PersonID: h.Person.ID, PositionID: positionID, Name: h.Person.Name, Rank: h.Person.PersonRank, NIP: h.Person.NIP,
		Title: h.Position.Title, Capacity: account.Capacity(h.Appointment.Capacity),
	}
	if s.Capacity == account.OnBehalf || s.Capacity == account.ForBelow {
		s.ActingTitle, err = o.ownTitle(ctx, h.Person.ID, positionID, at)
	}
	return s, err
}

func (o *Office) ownTitle(ctx context.Context, personID, notPosition string, at time.Time) (string, error) {
	own, err := o.DB.HeldAt(ctx, personID, "", at)
	if err != nil {
		return "", err
	}
	for _, h := range own {
		if h.Position.ID != notPosition {
			return h.Position.Title, nil
		}
	}
	return "", nil
}

func (s SignerSnapshot) block() typeset.Signer {
	return typeset.Signer{
		Capacity: s.Capacity.Prefix(), Title: strings.ToUpper(s.Title), ActingTitle: s.ActingTitle, Name: s.Name, Rank: s.Rank, NIP: s.NIP,
	}
}

// layout gathers what the letter is set from, but for number, date and codes.
func (o *Office) layout(ctx context.Context, l db.Letter, c letter.Content, s SignerSnapshot) (typeset.Letter, error) {
	office, err := o.DB.Office(ctx, l.OfficeID)
	if err != nil {
		return typeset.Letter{}, err
	}
	out := typeset.Letter{Content: c, Template: typeset.DefaultTemplate(), Signer: s.block(), Place: office.Place}
	if err := json.Unmarshal([]byte(office.Letterhead), &out.Letterhead); err != nil {
		return out, fmt.Errorf("letterhead of office %s: %w", office.ID, err)
	}
	if office.Template != "" {
		if err := json.Unmarshal([]byte(office.Template), &out.Template); err != nil {
			return out, fmt.Errorf("template of office %s: %w", office.ID, err)
		}
	}
	return out, nil
}

// attachments are the bytes of the PDF files that the letter appends.
func (o *Office) attachments(ctx context.Context, c letter.Content) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, a := range c.Attachments {
		if a.Ref == "" {
			continue
		}
		b, err := o.readAll(ctx, a.Ref)
		if err != nil {
			return nil, err
		}
		out[a.Ref] = b
	}
	return out, nil
}

// preview sets the letter as it stands, without number, date, QR and code.
func (o *Office) preview(ctx context.Context, l db.Letter, c letter.Content, s SignerSnapshot) (typeset.Result, error) {
	in, err := o.layout(ctx, l, c, s)
	if err != nil {
		return typeset.Result{}, err
	}
	files, err := o.attachments(ctx, c)
	if err != nil {
		return typeset.Result{}, err
	}
	in.Preview = true
	return typeset.Set(ctx, in, files)
}

// PreviewDraft sets a draft as it stands now, as the real PDF.
func (o *Office) PreviewDraft(ctx context.Context, actor account.Actor, id string) ([]byte, error) {
	d, err := o.Draft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	signer, err := o.signerAt(ctx, d.Letter.SignerPositionID, o.Now())
	if err != nil {
		return nil, err
	}
	res, err := o.preview(ctx, d.Letter, d.Content, signer)
	return res.PDF, err
}
