// Package search is the contract of the full-text index: the document, the
// question and the answer.
package search

import (
	"context"
	"time"
)

// Document is one letter as the index knows it. ID is the letter's id.
type Document struct {
	ID     string
	Office string
	Fields Fields
	Pages  []string // text of each page in reading order; index i is page i+1
	// Readers are opaque words made by account alone; a person sees the letter
	// when one of their words is among them. Empty means nobody.
	Readers []string
}

// Fields are the letter's own words besides its pages.
type Fields struct {
	Subject, Number, Agenda, Sender, Recipient string
	Summary, Notes                             string
	Classification, ClassificationName         string    // "000.7.1.4", "Musrenbang Kecamatan"
	Kind                                       string    // filter value: "undangan", "surat-tugas", …
	Direction                                  string    // filter value: "incoming" or "outgoing"
	Unit                                       string    // filter value: name of the unit that holds it
	State                                      string    // filter value
	Class                                      string    // filter value: security class
	Date                                       time.Time // letter date (UTC midnight of the office's day), zero when unknown
}

// Order is how hits are sorted.
type Order string

// The orders. Equal places of relevance are broken by date, newest first, and then, as
// equal dates, by ID, so that paging is stable. A letter without a date comes last by
// date, whichever the direction. A question without words is answered newest first.
const (
	ByRelevance Order = "relevance" // best first
	ByNewest    Order = "newest"
	ByOldest    Order = "oldest"
)

// Question asks the index. Words in double quotes are a phrase; the last word is
// also a prefix; a word of four letters or more may have one typo; a letter's
// number is found with and without its slashes, dots and spaces, from any of its
// parts on. Every word must be in the letter. A letter that has more of the words exactly
// comes before one that has them with typos or as beginnings. Empty Text asks for
// everything.
type Question struct {
	Text string
	// Readers are the words of the one who asks; a letter is an answer only when
	// one of them is among its Readers. Empty finds nothing.
	Readers []string
	// Exclude are letters whose index entry is not yet right (index pending).
	Exclude []string
	Filter  Filter
	Order   Order // "" is ByRelevance
	Limit   int   // 0 is 20; at most 200
	Offset  int   // at most 10,000
}

// Filter narrows the answer; empty members do not.
type Filter struct {
	Years      []int
	Kinds      []string
	Units      []string
	Directions []string
	States     []string
}

// Answer holds the hits and the counts. Every count is over what the asker may
// see and the whole question including the filter of the other members; a
// member's own counts leave its own filter out, so that a person sees what
// another choice would give.
type Answer struct {
	Total  int
	Took   time.Duration
	Hits   []Hit
	Counts Counts
}

// Counts are value → number of letters.
type Counts struct {
	Years                            map[int]int
	Kinds, Units, Directions, States map[string]int
}

// Hit is one letter that answers.
type Hit struct {
	ID    string
	Page  int     // page with the most of the words, the first of equals, from 1; 0 when only fields matched
	Score float64 // 0 … 1, comparable within one answer
	// Snippet is plain text cut around the best match, never HTML.
	Snippet Snippet
	// Terms are the words that matched as they stand in the letter (lower case), in
	// order, for marking them on the page's picture.
	Terms []string
}

// Snippet is a text with the places that matched.
type Snippet struct {
	Text  string
	Marks []Span
}

// Span is a half-open range of bytes of a Snippet's Text.
type Span struct{ Start, End int }

// Index answers questions about documents. All methods may be called at once
// from many goroutines. Put replaces a document whole and Remove of an unknown
// ID is no error; both are visible to the next Query when they return. Put takes
// many documents as one batch and returns when they would survive a killed process.
// What the asker may not see changes nothing in an answer, not even a score. Ready gives problem.Unavailable with the reason
// while the index cannot answer.
type Index interface {
	Put(ctx context.Context, docs ...Document) error
	Remove(ctx context.Context, ids ...string) error
	Query(ctx context.Context, q Question) (Answer, error)
	Ready(ctx context.Context) error
	Close() error
}

// Rebuilder is an Index that can be built anew beside the live one.
// Rebuild calls fill with an empty Index; when fill returns nil that one
// replaces the live index at once; otherwise it is dropped. What is put into the live
// index or removed from it meanwhile holds in the fresh one too, whatever fill says
// of the same letters.
type Rebuilder interface {
	Index
	Rebuild(ctx context.Context, fill func(ctx context.Context, fresh Index) error) error
}

// Lister is an Index that can name every document it holds, for fsck.
type Lister interface {
	IDs(ctx context.Context, each func(id string) error) error
}
