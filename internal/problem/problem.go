// Package problem is the one error type of Naskah: a kind for the program, a
// sentence for the person and a cause for the log.
package problem

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what sort of failure happened. The web maps it to a status, the
// command line to an exit code; nothing else looks at error texts.
type Kind string

// The kinds. A Kind is itself an error, so errors.Is(err, problem.NotFound) works.
const (
	Invalid     Kind = "invalid"      // the input cannot be used as it is
	NotFound    Kind = "not_found"    // it is not there, or this person may not know that it is
	Forbidden   Kind = "forbidden"    // this person may know of it but not do this
	SignedOut   Kind = "signed_out"   // nobody is signed in
	Conflict    Kind = "conflict"     // somebody else was faster, or the state does not allow it
	TooLarge    Kind = "too_large"    // over a limit
	Unsupported Kind = "unsupported"  // a kind of file or a wish that is not served
	RateLimited Kind = "rate_limited" // too many tries
	Unavailable Kind = "unavailable"  // a part that is needed is missing or down; try later
	Internal    Kind = "internal"     // a fault of ours
)

// Error makes a Kind a target for errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a failure that a person can be told about.
type Error struct {
	Kind Kind
	ID   string // the sentence in Indonesian: what happened, what to do
	EN   string // the same sentence in English
	// Cause goes to the log and never to a person. May be nil.
	Cause error
}

// New makes a problem with its sentence in Indonesian and in English. cause may be nil.
func New(kind Kind, id, en string, cause error) *Error {
	return &Error{Kind: kind, ID: id, EN: en, Cause: cause}
}

// Error is the text for the log.
func (e *Error) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("%s: %s", e.Kind, e.EN)
	}
	return fmt.Sprintf("%s: %s: %v", e.Kind, e.EN, e.Cause)
}

// Unwrap gives the kind and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// KindOf is the kind of err; Internal for an error without one, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Unavailable
	}
	return Internal
}

// Sentence is what a person may read of err in the language ("id" or "en").
// An error that is not a problem gets the general sentence: its own text may
// hold names and paths that are nobody's business.
func Sentence(err error, lang string) string {
	var e *Error
	if !errors.As(err, &e) {
		e = general(KindOf(err))
	}
	if lang == "en" {
		return e.EN
	}
	return e.ID
}

func general(kind Kind) *Error {
	switch kind {
	case NotFound:
		return New(kind, "Tidak ditemukan. Periksa lagi alamat atau nomornya.", "Not found. Check the address or the number.", nil)
	case Forbidden:
		return New(kind, "Anda tidak berwenang melakukan ini. Tanyakan kepada Kasubag Umum.", "You may not do this. Ask the head of general affairs.", nil)
	case Unavailable:
		return New(kind, "Naskah sedang tidak dapat mengerjakan ini. Surat tetap aman; coba lagi sebentar.", "Naskah cannot do this right now. The letters are safe; try again in a moment.", nil)
	default:
		return New(Internal, "Terjadi kesalahan di Naskah. Surat tetap aman; coba lagi, atau hubungi admin.", "Something went wrong inside Naskah. The letters are safe; try again, or tell the administrator.", nil)
	}
}
