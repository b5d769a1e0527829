package web

import "time"

// registerView is /surat/{id}/catat: the fields of an incoming letter beside its
// picture. Posts to the same URL: nomor, tanggal, asal, hal, klasifikasi, sifat,
// urgensi, ringkasan, revisi.
type registerView struct {
	Frame
	ID              string
	Name            string // file name
	Received        time.Time
	Agenda          string // already given, when the fields are corrected later
	NextAgenda      string // what it will probably be
	Revision        string // the row's revision, against two people at once
	Pages           []Picture
	Reading         string // reading state
	Form            Form
	Guesses         []Guess
	Classifications []Option
	Classes         []Option
	Urgencies       []Option
}

// Guess is a proposal for a field, read from the picture; doubtful ones stand
// beside the empty field and never in it.
type Guess struct {
	Field string
	Value string // as the field takes it
	Label string // as people write it
}

// GuessFor is the proposal for a field, nil when there is none.
func (v registerView) GuessFor(field string) *Guess {
	for _, g := range v.Guesses {
		if g.Field == field && v.Form.Value(field) == "" {
			return &g
		}
	}
	return nil
}
