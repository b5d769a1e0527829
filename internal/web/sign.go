package web

import "time"

// signView is /tanda-tangan/{id}. POST to the same URL: token, sudah_membaca,
// kata_sandi_tt; POST /tanda-tangan/{id}/kembalikan: token, catatan.
type signView struct {
	Frame
	Reading
	Token       string // bound to letter, person and the bytes shown
	Form        Form
	Return      Form
	As          string // "a.n. Camat Cicalengka, Sekretaris Kecamatan"
	Certificate Certificate
}

// Certificate is what the signer signs with.
type Certificate struct {
	Internal bool // issued by the office itself, not by BSrE
	Until    time.Time
}

// signManyView is /tanda-tangan/bersama?surat=…: several letters one below the
// other, one passphrase. POST to /tanda-tangan/bersama: token (one a letter),
// sudah_membaca, kata_sandi_tt.
type signManyView struct {
	Frame
	Letters     []SignLetter
	LeftOut     []Row // secret letters, signed one by one
	Form        Form
	Certificate Certificate
}

// SignLetter is one letter of several.
type SignLetter struct {
	Reading
	Token string
}

// signedView is the result: /tanda-tangan/hasil, one line a letter.
type signedView struct {
	Frame
	Results []SignResult
	Next    *Link // the next letter that waits
	Waiting int
}

// SignResult is what became of one letter. Sentence says what to do when it was
// not signed.
type SignResult struct {
	Subject  string
	Number   string
	Signed   bool
	Sentence string
	URL      string
	CheckURL string
}

// Good is how many were signed.
func (v signedView) Good() int {
	n := 0
	for _, r := range v.Results {
		if r.Signed {
			n++
		}
	}
	return n
}

// certificateView is /tanda-tangan/sertifikat: the first passphrase. POST to the
// same URL: kata_sandi, kata_sandi_tt, kata_sandi_tt_lagi.
type certificateView struct {
	Frame
	Form   Form
	Return string
	Least  int // characters
}
