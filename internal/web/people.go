package web

import "time"

// peopleView is /admin/orang. POST /admin/orang: nama, nama_masuk, jabatan;
// POST /admin/orang/{id}/kode (a new one-time code); POST /admin/orang/{id}/nonaktif.
type peopleView struct {
	Frame
	People    []PersonRow
	Form      Form
	Positions []Option
	// Code is a one-time code that was just made; it is shown once.
	Code    string
	CodeFor string
}

// PersonRow is one person. State is a badge below "person.": "active", "waiting"
// (has not signed in yet), "off".
type PersonRow struct {
	ID, Name, SignIn, Title, State string
	HasCertificate                 bool
}

// tokensView is /admin/token. POST /admin/token: nama, orang; POST
// /admin/token/{id}/cabut.
type tokensView struct {
	Frame
	Tokens []TokenRow
	Form   Form
	People []Option
	Fresh  string // a token that was just made; it is shown once
}

// TokenRow is one token for a program. State is a badge below "token.".
type TokenRow struct {
	ID, Name, Person, State string
	Made, Used              time.Time
}
