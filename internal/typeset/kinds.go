package typeset

import (
	"strings"

	"naskah/internal/letter"
)

// compose writes the whole letter.
func (c *composer) compose() {
	if len(c.Letterhead.Lines)+len(c.Letterhead.Address) > 0 || c.logo != nil {
		c.letterhead()
	}
	switch c.Content.Kind {
	case letter.KindAssignment:
		c.assignment()
	case letter.KindMemo:
		c.memo()
	default:
		c.correspondence()
	}
	c.lampirans()
}

// correspondence is a letter to somebody: the layout of the surat undangan, and
// of every kind that has none of its own.
func (c *composer) correspondence() {
	from := len(c.rows)
	c.dateline()
	c.gap(from, 4)
	from = len(c.rows)
	c.headRows()
	c.gap(from, 1)
	c.addressees()
	from = len(c.rows)
	c.blocks(c.Content.Body, firstIndent)
	c.gap(from, 3)
	c.signature(false)
	c.copies()
}

// assignment is the surat tugas.
func (c *composer) assignment() {
	c.banner("SURAT TUGAS", true)
	if len(c.Content.Basis) > 0 {
		c.labelled("Dasar", 5, func() { c.list(c.Content.Basis) })
	}
	from := len(c.rows)
	c.text([]letter.Run{{Text: "MENUGASKAN:", Bold: true}}, c.Template.FontSize, 0, alignCentre)
	c.gap(from, 4)
	c.keepLast(1)
	c.labelled("Kepada", 3, c.assignees)
	body, closing := c.Content.Body, []letter.Block(nil)
	if n := len(body); n > 1 && strings.HasPrefix(textOf(body[n-1]), "Demikian") {
		body, closing = body[:n-1], body[n-1:]
	}
	c.labelled("Untuk", 4, func() { c.blocks(body, 0) })
	from = len(c.rows)
	c.blocks(closing, firstIndent)
	c.gap(from, 1.5)
	c.signature(true)
	c.copies()
}

func textOf(b letter.Block) string {
	if b.Type != letter.Paragraph || len(b.Runs) == 0 {
		return ""
	}
	return b.Runs[0].Text
}

// labelled writes "Dasar : …" with its text in the column beside it.
func (c *composer) labelled(label string, space float64, write func()) {
	from, size := len(c.rows), c.Template.FontSize
	c.in(c.left+nameWidth+4, c.width-nameWidth-4, write)
	if from == len(c.rows) {
		c.rows = append(c.rows, row{height: c.lead(size)})
	}
	c.mark(from, mark{x: c.left + nameWidth, text: ":", size: size})
	c.mark(from, mark{x: c.left, text: label, size: size})
	c.rows[from].before = space
}

// list writes lines, numbered when there are several.
func (c *composer) list(items []string) {
	if len(items) == 1 {
		c.text(plain(items[0]), c.Template.FontSize, 0, c.body())
		return
	}
	runs := make([][]letter.Run, len(items))
	for i, s := range items {
		runs[i] = plain(s)
	}
	c.numbered(runs)
}

// assignees is who is sent, each with what is known of them.
func (c *composer) assignees() {
	size := c.Template.FontSize
	several := len(c.Content.Assignees) > 1
	for i, a := range c.Content.Assignees {
		from, indent := len(c.rows), 0.0
		if several {
			indent = markIndent
		}
		c.in(c.left+indent, c.width-indent, func() {
			for _, pair := range [][2]string{{"Nama", a.Name}, {"Pangkat/Gol.", a.Rank}, {"NIP", a.NIP}, {"Jabatan", a.Title}} {
				if pair[1] != "" {
					c.pair(letter.Run{Text: pair[0]}, []letter.Run{{Text: pair[1], Bold: pair[0] == "Nama"}}, 27)
				}
			}
		})
		if several {
			c.mark(from, mark{x: c.left, text: letter.NumberedMark(i), size: size})
		}
		c.keepLast(max(0, len(c.rows)-from-1))
		if n := len(c.rows); n > from {
			c.rows[n-1].keep = false
		}
		if i > 0 {
			c.gap(from, 1.5)
		}
	}
}

// memo is the nota dinas.
func (c *composer) memo() {
	c.banner("NOTA DINAS", false)
	from := len(c.rows)
	c.memoRow("Yth.", c.Content.To)
	if c.Content.From != "" {
		c.memoRow("Dari", []string{c.Content.From})
	}
	if len(c.Content.Copies) > 0 {
		c.memoRow("Tembusan", c.Content.Copies)
	}
	c.single("Tanggal", c.date(), nameWidth)
	c.single("Nomor", c.number(), nameWidth)
	c.memoRow("Sifat", []string{c.sifat()})
	c.memoRow("Lampiran", []string{c.lampiran()})
	c.headRow("Hal", []letter.Run{{Text: c.Content.Subject, Bold: true}})
	c.gap(from, 4)
	c.rows = append(c.rows, row{before: 2, height: 1, marks: []mark{{kind: ruleMark, x: c.left, w: c.width, thick: 0.4}}})
	c.keepLast(len(c.rows) - from)
	from = len(c.rows)
	c.blocks(c.Content.Body, firstIndent)
	c.gap(from, 3)
	c.signature(false)
}

func (c *composer) memoRow(name string, values []string) {
	from, size := len(c.rows), c.Template.FontSize
	c.in(c.left+nameWidth+4, c.width-nameWidth-4, func() { c.list(values) })
	if from == len(c.rows) {
		c.rows = append(c.rows, row{height: c.lead(size)})
	}
	c.mark(from, mark{x: c.left + nameWidth, text: ":", size: size})
	c.mark(from, mark{x: c.left, text: name, size: size})
}
