package web

import (
	"naskah/internal/db"
	"naskah/internal/letter"
)

// row is a letter as lists show it.
func (c *call) row(l db.Letter) Row {
	r := Row{
		ID: l.ID, URL: "/surat/" + l.ID, Subject: l.Subject, Number: l.Number, Agenda: l.AgendaNumber, Party: l.Sender, Date: l.LetterDate,
		State: l.State, Reading: l.ReadState, Urgency: l.Urgency, Class: l.Class,
	}
	if l.Direction == string(letter.Outgoing) {
		r.Party, r.Reading = l.Recipient, string(letter.Searchable)
	}
	if r.Date.IsZero() {
		r.Date = c.in(l.ReceivedAt)
	}
	if l.ThumbnailRef != "" || l.Direction == string(letter.Outgoing) && l.VersionID != "" {
		r.Thumb = "/surat/" + l.ID + "/gambar-kecil.jpg"
	}
	return r
}

func (c *call) rows(letters []db.Letter) []Row {
	out := make([]Row, 0, len(letters))
	for _, l := range letters {
		out = append(out, c.row(l))
	}
	return out
}
