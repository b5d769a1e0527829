package web

import (
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
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

func archive(c *call) error {
	q := questionOf(c.Request.URL.Query())
	v := &archiveView{Frame: c.frame("arsip"), Order: string(q.Order), ClearURL: "/arsip"}
	v.Question = q.Text
	v.Asked = q.Text != "" || len(q.Filter.Years)+len(q.Filter.Kinds)+len(q.Filter.Units)+len(q.Filter.Directions)+len(q.Filter.States) > 0
	v.Examples = []string{c.pick("undangan rapat", "undangan rapat"), "musrenbang", "000.7.1.4/512", c.pick("desa panenjoan", "desa panenjoan")}
	found, err := c.s.o.Office.Find(c.Request.Context(), c.actor, q)
	if err != nil {
		return err
	}
	v.Total, v.Took = found.Total, found.Took
	for _, h := range found.Hits {
		row := c.row(h.Letter)
		row.URL = "/surat/" + h.Letter.ID + "?" + url.Values{"halaman": {strconv.Itoa(max(h.Page, 1))}, "cari": {q.Text}}.Encode()
		if h.Page > 0 {
			row.Thumb = fmt.Sprintf("/surat/%s/halaman/%d.jpg?lebar=240", h.Letter.ID, h.Page)
		}
		v.Hits = append(v.Hits, HitRow{Row: row, Page: h.Page, Snippet: pieces(h.Snippet)})
	}
	v.Pager = pager(c.Request.URL, pageNumber(c.Query("halaman")), found.Total, archiveLength)
	c.fillFilters(v, q, found.Counts)
	for _, o := range []search.Order{search.ByRelevance, search.ByNewest, search.ByOldest} {
		v.Orders = append(v.Orders, Link{string(o), c.archiveLink("urut", string(o))})
	}
	if found.Total == 0 {
		return c.helpFind(v)
	}
	return c.show("archive", v)
}

const archiveLength = 20

// questionOf reads what is asked from an address.
func questionOf(v url.Values) search.Question {
	q := search.Question{Text: v.Get("cari"), Order: search.Order(v.Get("urut")), Limit: archiveLength, Offset: (pageNumber(v.Get("halaman")) - 1) * archiveLength}
	if q.Order == "" {
		q.Order = search.ByRelevance
	}
	for _, y := range v["tahun"] {
		if n, err := strconv.Atoi(y); err == nil {
			q.Filter.Years = append(q.Filter.Years, n)
		}
	}
	q.Filter.Kinds, q.Filter.Units, q.Filter.Directions, q.Filter.States = v["jenis"], v["unit"], v["arah"], v["keadaan"]
	return q
}

// archiveLink is this page's address with one parameter changed; "" drops it. The
// page number begins anew.
func (c *call) archiveLink(key, value string) string {
	q := c.Request.URL.Query()
	q.Del("halaman")
	q.Del(key)
	if value != "" {
		q.Set(key, value)
	}
	return "/arsip?" + q.Encode()
}

// without is this page's address without one chosen value.
func (c *call) without(key, value string) string {
	q := c.Request.URL.Query()
	q.Del("halaman")
	left := q[key][:0:0]
	for _, v := range q[key] {
		if v != value {
			left = append(left, v)
		}
	}
	q[key] = left
	return "/arsip?" + q.Encode()
}

func (c *call) fillFilters(v *archiveView, q search.Question, counts search.Counts) {
	years := map[string]int{}
	for y, n := range counts.Years {
		years[strconv.Itoa(y)] = n
	}
	word := func(prefix string) func(string) string {
		return func(value string) string {
			if c.s.words[c.lang()].has(prefix + value) {
				return c.t(prefix + value)
			}
			return value
		}
	}
	plain := func(value string) string { return value }
	way := func(value string) string {
		return map[string]string{"incoming": c.t("place.incoming"), "outgoing": c.t("place.outgoing")}[value]
	}
	for _, g := range []struct {
		name   string
		counts map[string]int
		label  func(string) string
	}{{"tahun", years, plain}, {"arah", counts.Directions, way}, {"jenis", counts.Kinds, c.kindName}, {"unit", counts.Units, plain}, {"keadaan", counts.States, word("state.")}} {
		chosen := c.QueryArray(g.name)
		group := FilterGroup{Name: g.name}
		for value, n := range g.counts {
			group.Choices = append(group.Choices, Choice{Value: value, Label: g.label(value), Count: n, Checked: slices.Contains(chosen, value)})
		}
		for _, value := range chosen {
			if _, known := g.counts[value]; !known {
				group.Choices = append(group.Choices, Choice{Value: value, Label: g.label(value), Checked: true})
			}
			v.Chosen = append(v.Chosen, Link{g.label(value), c.without(g.name, value)})
		}
		sort.Slice(group.Choices, func(i, j int) bool {
			a, b := group.Choices[i], group.Choices[j]
			if g.name == "tahun" {
				return a.Value > b.Value
			}
			return a.Count > b.Count || a.Count == b.Count && a.Label < b.Label
		})
		if len(group.Choices) > 0 {
			v.Filters = append(v.Filters, group)
		}
	}
	if len(v.Chosen) > 0 {
		v.ClearURL = "/arsip?" + url.Values{"cari": {q.Text}}.Encode()
	}
}

// helpFind says which filter to drop when nothing was found.
func (c *call) helpFind(v *archiveView) error {
	for _, link := range v.Chosen {
		u, err := url.Parse(link.URL)
		if err != nil {
			return err
		}
		wider := questionOf(u.Query())
		wider.Limit = 1
		found, err := c.s.o.Office.Find(c.Request.Context(), c.actor, wider)
		if err != nil {
			return err
		}
		if found.Total > 0 {
			v.Drops = append(v.Drops, Drop{link, found.Total})
		}
	}
	return c.show("archive", v)
}
