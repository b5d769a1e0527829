package web

import (
	"strings"
	"time"

	"naskah/search"
)

// archiveView is /arsip?cari=&tahun=&jenis=&unit=&arah=&urut=&halaman=.
type archiveView struct {
	Frame
	Asked    bool // a question or a filter was given
	Total    int
	Took     time.Duration
	Examples []string
	Hits     []HitRow
	Filters  []FilterGroup
	Chosen   []Link // each takes one filter away
	ClearURL string
	Order    string // search.Order
	Orders   []Link
	Pager    Pager
	Nearest  *Link // the nearest word that finds something
	Drops    []Drop
}

// Drop says what would be found without one filter.
type Drop struct {
	Link
	Count int
}

// HitRow is one answer.
type HitRow struct {
	Row
	Page    int
	Snippet []Piece
}

// FilterGroup is one filter with its choices. Name is the query parameter and
// the phrase below "filter.".
type FilterGroup struct {
	Name    string
	Choices []Choice
}

// Choice is one value of a filter with the number of letters it would give.
type Choice struct {
	Value   string
	Label   string
	Count   int
	Checked bool
}

// Piece is a part of a snippet.
type Piece struct {
	Text   string
	Marked bool
}

// pieces cuts a snippet at its marks. Marks that overlap or lie outside are left
// out: a wrong mark must not lose text.
func pieces(s search.Snippet) []Piece {
	var out []Piece
	at := 0
	for _, m := range s.Marks {
		if m.Start < at || m.End <= m.Start || m.End > len(s.Text) {
			continue
		}
		if m.Start > at {
			out = append(out, Piece{Text: s.Text[at:m.Start]})
		}
		out = append(out, Piece{Text: s.Text[m.Start:m.End], Marked: true})
		at = m.End
	}
	if at < len(s.Text) {
		out = append(out, Piece{Text: s.Text[at:]})
	}
	for i := range out {
		out[i].Text = strings.ToValidUTF8(out[i].Text, "")
	}
	return out
}

// Advice are the phrases that help when nothing was found.
func (v archiveView) Advice() []string {
	return []string{"archive.advice.1", "archive.advice.2", "archive.advice.3"}
}
