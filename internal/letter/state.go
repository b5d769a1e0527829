package letter

import (
	"fmt"
	"slices"

	"naskah/internal/problem"
)

// Direction says whether a letter came in or goes out.
type Direction string

// The two directions.
const (
	Incoming Direction = "incoming"
	Outgoing Direction = "outgoing"
)

// State is where a letter stands on its way.
type State string

// The states of an incoming letter: its bytes are kept (Received), then it has
// its fields and agenda number (Registered), waits for a head (Forwarded), is in
// the hands of those it was disposed to (Disposed), is done by all of them
// (Completed), lies in its folder (Filed).
const (
	Received   State = "received"
	Registered State = "registered"
	Forwarded  State = "forwarded"
	Disposed   State = "disposed"
	Completed  State = "completed"
	Filed      State = "filed"
	Bound      State = "bound"
)

// The states of an outgoing letter. Approved has its number and waits for its
// final PDF; Ready has the final PDF and waits for its signature; Printed waits
// for the scan of its signature in ink; Revoked no longer holds.
const (
	Draft     State = "draft"
	InReview  State = "review"
	Returned  State = "returned"
	Approved  State = "approved"
	Ready     State = "ready"
	Signed    State = "signed"
	Sent      State = "sent"
	Cancelled State = "cancelled"
	Printed   State = "printed"
	Revoked   State = "revoked"
)

// Move is what somebody does to a letter that changes its state.
type Move string

// The moves.
const (
	Register Move = "register"
	Submit   Move = "submit"
	SendBack Move = "send-back"
	Approve  Move = "approve" // the last initial
	Finalize Move = "finalize"
	Sign     Move = "sign"
	Send     Move = "send"
	Cancel   Move = "cancel"
	Rewrite  Move = "rewrite" // the author takes a submitted letter back to change it

	Forward  Move = "forward"
	Dispose  Move = "dispose"
	Complete Move = "complete" // the last assignment is done
	Recall   Move = "recall"   // the last assignment is called back
	File     Move = "file"
	Unfile   Move = "unfile"
	Print    Move = "print" // on purpose, for a signature in ink
	BindInk  Move = "bind-ink"
	Revoke   Move = "revoke"
	Bind     Move = "bind"
)

type step struct {
	from []State
	to   State
}

// steps is the whole machine; everything that is not here is not allowed.
func steps() map[Move]step {
	return map[Move]step{
		Register: {[]State{Received, Registered}, Registered},
		Submit:   {[]State{Draft, Returned}, InReview},
		SendBack: {[]State{InReview, Ready, Printed}, Returned},
		Approve:  {[]State{InReview}, Approved},
		Finalize: {[]State{Approved}, Ready},
		Sign:     {[]State{Ready}, Signed},
		Send:     {[]State{Signed}, Sent},
		Cancel:   {[]State{Draft, InReview, Returned, Approved, Ready, Printed}, Cancelled},
		Rewrite:  {[]State{InReview}, Draft},
		Forward:  {[]State{Registered, Forwarded}, Forwarded},
		Dispose:  {[]State{Registered, Forwarded, Disposed, Completed}, Disposed},
		Complete: {[]State{Disposed}, Completed},
		Recall:   {[]State{Disposed}, Forwarded},
		File:     {[]State{Registered, Forwarded, Completed, Signed, Sent}, Filed},
		Unfile:   {[]State{Filed}, Registered},
		Print:    {[]State{Ready, Printed}, Printed},
		BindInk:  {[]State{Printed}, Signed},
		Bind:     {[]State{Received}, Bound},
		Revoke:   {[]State{Signed, Sent, Filed}, Revoked},
	}
}

// Next is the state after the move, or problem.Conflict when the letter does not
// stand where the move begins (usually: somebody else was faster).
func Next(from State, move Move) (State, error) {
	s, ok := steps()[move]
	if !ok || !slices.Contains(s.from, from) {
		return from, problem.New(problem.Conflict,
			fmt.Sprintf("Surat ini sekarang berstatus “%s”, jadi langkah itu tidak dapat dilakukan. Muat ulang halaman untuk melihat keadaan terakhir.", from.Label()),
			fmt.Sprintf("This letter is now “%s”, so that step is not possible. Reload the page to see where it stands.", from), nil)
	}
	return s.to, nil
}

// Editable says whether the author may change the text.
func (s State) Editable() bool { return s == Draft || s == Returned }

// Label is the state in Indonesian, as lists show it.
func (s State) Label() string {
	labels := map[State]string{
		Received: "Diterima", Registered: "Dicatat", Draft: "Konsep", InReview: "Menunggu paraf",
		Returned: "Dikembalikan untuk diperbaiki", Approved: "Naskah akhir sedang dibuat", Ready: "Menunggu tanda tangan",
		Signed: "Sudah ditandatangani", Sent: "Terkirim", Cancelled: "Dibatalkan",
		Forwarded: "Menunggu disposisi", Disposed: "Didisposisikan", Completed: "Selesai", Filed: "Disimpan di berkas",
		Printed: "Menunggu pindaian tanda tangan basah", Revoked: "Dicabut", Bound: "Dilampirkan ke surat lain",
	}
	if l, ok := labels[s]; ok {
		return l
	}
	return string(s)
}

// ReadState is how far the reading of a letter's pages has come.
type ReadState string

// The reading states. Waiting: something that is needed is not there yet (the
// OCR program). Failed carries a sentence.
const (
	Reading    ReadState = "reading"
	Waiting    ReadState = "waiting"
	Searchable ReadState = "searchable"
	Failed     ReadState = "failed"
)
