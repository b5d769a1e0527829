package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"naskah/internal/account"
)

// Post is a position with who holds it now, for choosing reviewers and signers.
type Post struct {
	ID                 string
	Label              string // "Camat – Drs. Rahmat Suganda, M.Si."
	MayReview, MaySign bool
}

// Posts are the positions of the actor's office that somebody holds.
func (o *Office) Posts(ctx context.Context, actor account.Actor) ([]Post, error) {
	positions, err := o.DB.Positions(ctx, actor.OfficeID)
	if err != nil {
		return nil, err
	}
	var out []Post
	for _, p := range positions {
		var abilities []account.Ability
		if err := json.Unmarshal([]byte(p.Abilities), &abilities); err != nil {
			return nil, fmt.Errorf("abilities of position %s: %w", p.ID, err)
		}
		held, err := o.DB.HeldAt(ctx, "", p.ID, o.Now())
		if err != nil {
			return nil, err
		}
		if len(held) == 0 {
			continue
		}
		h := held[0]
		prefix := account.Capacity(h.Appointment.Capacity).Prefix()
		if prefix != "" {
			prefix += " "
		}
		out = append(out, Post{ID: p.ID, Label: prefix + p.Title + " – " + h.Person.Name, MayReview: slices.Contains(abilities, account.CanReview), MaySign: slices.Contains(abilities, account.CanSign)})
	}
	return out, nil
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
