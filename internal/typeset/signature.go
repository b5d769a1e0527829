package typeset

import (
	"naskah/internal/letter"
)

// The seal is the square of the QR with its quiet zone, millimetres: the code
// itself stays above the 20 that old phones and photocopies want.
const (
	sealSize = 26.0
	codeSize = 8.0 // points
)

// signature writes the block in the right half, and keeps it with at least two
// lines of the text before it: a signature alone on a page could be put under
// anything.
func (c *composer) signature(dated bool) {
	c.keepLast(2)
	from := len(c.rows)
	if dated {
		c.dateline()
	}
	left, width := c.rightColumn()
	size := c.Template.FontSize
	c.in(left, width, func() {
		for _, t := range c.Signer.signTitle() {
			c.text(plain(t), size, 0, alignLeft)
		}
		c.rows = append(c.rows, row{before: 1.5, height: sealSize, marks: []mark{{kind: sealMark, x: c.left, w: sealSize, h: sealSize}}})
		code := c.oneLine("Kode: "+c.Code, c.left, c.width, codeSize, alignLeft)
		code.kind = noteMark
		c.rows = append(c.rows, row{height: c.lead(codeSize) + 1, marks: []mark{code}})
		at := len(c.rows)
		c.text([]letter.Run{{Text: c.Signer.Name, Bold: true}}, size, 0, alignLeft)
		for i := range c.rows[at:] {
			for j := range c.rows[at+i].marks {
				c.rows[at+i].marks[j].underline = true
			}
		}
		if c.Signer.Rank != "" {
			c.text(plain(c.Signer.Rank), size, 0, alignLeft)
		}
		if c.Signer.NIP != "" {
			c.text(plain("NIP "+c.Signer.NIP), size, 0, alignLeft)
		}
	})
	c.gap(from, 6)
	for i := from; i < len(c.rows)-1; i++ {
		c.rows[i].keep = true
	}
	c.rows[len(c.rows)-1].keep = false
}

// copies is the tembusan.
func (c *composer) copies() {
	if len(c.Content.Copies) == 0 {
		return
	}
	from, size := len(c.rows), c.Template.FontSize-1
	c.text(plain("Tembusan:"), size, 0, alignLeft)
	c.keepLast(1)
	for i, t := range c.Content.Copies {
		at := len(c.rows)
		c.in(c.left+6, c.width-6, func() { c.text(plain(t), size, 0, alignLeft) })
		c.mark(at, mark{x: c.left, text: letter.NumberedMark(i), size: size})
	}
	c.gap(from, 5)
}
