package web

import "time"

// Reading is a letter laid out to be read before somebody decides about it.
type Reading struct {
	ID    string
	Facts LetterFacts
	Pages []Picture
	PDF   string
	Since time.Time
}

// reviewView is /paraf/{id}. POST /paraf/{id}: versi, sudah_membaca; POST
// /paraf/{id}/kembalikan: versi, catatan.
type reviewView struct {
	Frame
	Reading
	Version string // digest of what is shown: an initial holds for nothing else
	Form    Form
	Return  Form
	Journey []Step
	Next    string // who gets it afterwards
	Last    bool   // this is the last initial: the number is given afterwards
}
