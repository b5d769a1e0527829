// Package audit is the chained record of who did what, and the check that it is
// unbroken.
package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Entry is one line of an office's record. Seq counts from 1 without a gap;
// PrevHash is the Hash of the entry before ("" for the first).
type Entry struct {
	ID       string
	OfficeID string
	Seq      int64
	At       time.Time
	PersonID string // "" for the program itself
	Actor    string
	Title    string
	Action   string
	Kind     string // kind of the object: "letter", "person", …
	ObjectID string
	Detail   string // JSON; never a passphrase or a personal number
	PrevHash string
	Hash     string
}

// Sum is the hash an entry must carry: SHA-256 over all its members but Hash, as
// a JSON array, so that no two entries have the same bytes. Times count to the
// millisecond, which every database keeps.
func (e Entry) Sum() string {
	// Strings and integers always become JSON.
	raw, _ := json.Marshal([]any{
		e.ID, e.OfficeID, e.Seq, e.At.UTC().UnixMilli(), e.PersonID, e.Actor, e.Title, e.Action, e.Kind, e.ObjectID, e.Detail, e.PrevHash,
	})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Chain gives the entry its place after the last one.
func (e Entry) Chain(lastSeq int64, lastHash string) Entry {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	e.Seq, e.PrevHash = lastSeq+1, lastHash
	e.Hash = e.Sum()
	return e
}

// Checker walks a record in the order of Seq and finds the first place where it
// is broken. One Checker serves one office.
type Checker struct {
	seq  int64
	hash string
}

// Next takes the next entry; the error says what is wrong with it: a gap, a
// changed entry, or one that does not follow the one before.
func (c *Checker) Next(e Entry) error {
	switch {
	case e.Seq != c.seq+1:
		return fmt.Errorf("office %s: entry %d follows %d: entries are missing", e.OfficeID, e.Seq, c.seq)
	case e.PrevHash != c.hash:
		return fmt.Errorf("office %s: entry %d does not follow the one before it", e.OfficeID, e.Seq)
	case e.Hash != e.Sum():
		return fmt.Errorf("office %s: entry %d was changed", e.OfficeID, e.Seq)
	}
	c.seq, c.hash = e.Seq, e.Hash
	return nil
}
