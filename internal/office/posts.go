package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
)

// Post is a position with who holds it now, for choosing reviewers and signers.
type Post struct {
	ID                 string
	Label              string // "Camat – Drs. Rahmat Suganda, M.Si."
	MayReview, MaySign bool
	Head               bool // decides about incoming letters
	Title, Person      string
	UnitID             string
}

// Posts are the positions of the actor's office that somebody holds.
func (o *Office) Posts(ctx context.Context, actor account.Actor) ([]Post, error) {
	positions, err := o.DB.Positions(ctx, actor.OfficeID)
	if err != nil {
		return nil, err
	}
	all, err := o.DB.OfficeHeldAt(ctx, actor.OfficeID, o.Now())
	if err != nil {
		return nil, err
	}
	var out []Post
	for _, p := range positions {
		i := slices.IndexFunc(all, func(h db.Held) bool { return h.Position.ID == p.ID })
		if i < 0 {
			continue
		}
		post, err := postOf(p, all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, post)
	}
	return out, nil
}

func postOf(p db.Position, h db.Held) (Post, error) {
	var abilities []account.Ability
	if err := json.Unmarshal([]byte(p.Abilities), &abilities); err != nil {
		return Post{}, fmt.Errorf("abilities of position %s: %w", p.ID, err)
	}
	title := strings.TrimSpace(account.Capacity(h.Appointment.Capacity).Prefix() + " " + p.Title)
	return Post{
		ID: p.ID, Label: title + " – " + h.Person.Name, Title: title, Person: h.Person.Name, UnitID: p.UnitID,
		MayReview: slices.Contains(abilities, account.CanReview), MaySign: slices.Contains(abilities, account.CanSign), Head: slices.Contains(abilities, account.IsHead),
	}, nil
}

// PreviewPages is how many pages the draft has as it stands.
func (o *Office) PreviewPages(ctx context.Context, actor account.Actor, id string) (int, error) {
	raw, err := o.PreviewDraft(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	doc, err := o.Pages.Open(ctx, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return 0, err
	}
	return doc.Pages(), doc.Close()
}
