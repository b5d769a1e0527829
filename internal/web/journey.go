package web

import (
	"encoding/json"

	"naskah/internal/letter"
	"naskah/internal/office"
)

// journey is the letter's way in plain words: what was done, and the next step in
// grey with who has to do it.
func (c *call) journey(s office.Shown) []Step {
	words := map[string]string{
		"received": "received", "registered": "registered", "drafted": "written", "submitted": "submitted", "initialled": "initialled", "approved": "approved",
		"finalized": "prepared", "signed": "signed", "sent": "sent", "cancelled": "cancelled", "sent-back": "returned",
		"forwarded": "forwarded", "disposed": "disposed", "reported": "reported", "completed": "completed", "called-back": "called-back", "filed": "filed", "unfiled": "unfiled",
		"revoked": "revoked", "printed": "printed", "ink-bound": "ink-bound", "sheet-bound": "sheet-bound", "bound": "bound",
	}
	var out []Step
	for _, e := range s.Journey {
		what, ok := words[e.Action]
		if !ok {
			continue
		}
		out = append(out, Step{What: what, Who: e.Actor, Title: e.Title, At: c.in(e.At), When: "done", Note: noteIn(e.Detail)})
	}
	next := map[letter.State]string{
		letter.Received: "registered", letter.InReview: "initial", letter.Ready: "sign", letter.Draft: "submitted", letter.Returned: "submitted", letter.Approved: "prepared",
		letter.Registered: "forward", letter.Forwarded: "disposition", letter.Disposed: "work", letter.Printed: "scan", letter.Signed: "send",
	}
	if what, ok := next[letter.State(s.Letter.State)]; ok {
		out = append(out, Step{What: what, Who: s.Waiting, When: "now"})
	}
	return out
}

func noteIn(detail string) string {
	var d struct{ Note, Reason string }
	if err := json.Unmarshal([]byte(detail), &d); err != nil {
		return "" // an entry without a note
	}
	return d.Note + d.Reason
}

func noteOf(c *call, s office.Shown) *ReturnNote {
	n := &ReturnNote{Text: s.Letter.ReturnNote}
	for _, e := range s.Journey {
		if e.Action == "sent-back" {
			n.Who, n.At = e.Actor, c.in(e.At)
		}
	}
	return n
}
