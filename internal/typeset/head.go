package typeset

import (
	"strings"

	"naskah/internal/letter"
)

// Sizes of the letterhead: points, and millimetres for the logo.
const (
	agencySize  = 14.0
	unitSize    = 18.0
	addressSize = 9.0
	logoSize    = 24.0
)

// letterhead writes the kop with its double rule.
func (c *composer) letterhead() {
	left, width, from := c.left, c.width, len(c.rows)
	if c.logo != nil { // the lines stay in the middle of the paper, so both sides give way
		left, width = left+logoSize+3, width-2*(logoSize+3)
	}
	c.in(left, width, func() {
		for i, t := range c.Letterhead.Lines {
			size := agencySize
			if i == len(c.Letterhead.Lines)-1 {
				size = unitSize
			}
			c.headLine(t, size, i == len(c.Letterhead.Lines)-1)
		}
		size := addressSize // the same for all, small enough for the longest
		for _, t := range c.Letterhead.Address {
			if w := c.sheet.width(c.clean(t), false, addressSize); w > c.width {
				size = min(size, addressSize*c.width/w)
			}
		}
		for _, t := range c.Letterhead.Address {
			c.headLine(t, size, false)
		}
	})
	height := 0.0
	for _, r := range c.rows[from:] {
		height += r.height
	}
	if c.logo != nil {
		if height < logoSize {
			c.rows = append(c.rows, row{height: logoSize - height})
			height = logoSize
		}
		w, h := c.logo.fit(logoSize)
		c.rows[from].marks = append(c.rows[from].marks, mark{kind: logoMark, x: c.left + (logoSize-w)/2, y: (height - h) / 2, w: w, h: h})
	}
	c.rows = append(c.rows, row{before: 1.5, height: 2, marks: []mark{
		{kind: ruleMark, x: c.left, w: c.width, thick: 0.9}, {kind: ruleMark, x: c.left, y: 1.2, w: c.width, thick: 0.25},
	}})
	c.keepLast(len(c.rows) - from)
}

// headLine is a centred line that shrinks until it fits.
func (c *composer) headLine(text string, size float64, bold bool) {
	text = strings.TrimSpace(c.clean(text))
	w := c.sheet.width(text, bold, size)
	if w > c.width && w > 0 {
		size, w = size*c.width/w, c.width
	}
	lead := mm(size) * 1.15
	c.rows = append(c.rows, row{height: lead, marks: []mark{{x: c.left + (c.width-w)/2, y: lead * 0.82, w: w, text: text, bold: bold, size: size}}})
}

// rightColumn is where date and signature stand: the right half of the page.
func (c *composer) rightColumn() (left, width float64) {
	width = c.width * 0.48
	return c.left + c.width - width, width
}

// dateline is place and date at the right.
func (c *composer) dateline() {
	left, width := c.rightColumn()
	size := c.Template.FontSize
	text := c.date()
	if p := c.place(); p != "" {
		text = p + ", " + text
	}
	c.rows = append(c.rows, row{height: c.lead(size), marks: []mark{c.oneLine(text, left, width, size, alignLeft)}})
}

// nameWidth is the width of the names in the head of a letter.
const nameWidth = 21.0

// headRow is a row of the head whose value may take several lines.
func (c *composer) headRow(name string, value []letter.Run) {
	c.pair(letter.Run{Text: name}, value, nameWidth)
}

// headRows is Nomor, Sifat, Lampiran, Hal.
func (c *composer) headRows() {
	from := len(c.rows)
	c.single("Nomor", c.number(), nameWidth)
	c.headRow("Sifat", plain(c.sifat()))
	c.headRow("Lampiran", plain(c.lampiran()))
	c.in(c.left, c.width*0.8, func() { c.headRow("Hal", []letter.Run{{Text: c.Content.Subject, Bold: true}}) })
	c.keepLast(len(c.rows) - from)
}

// addressees is the block that begins with Yth.
func (c *composer) addressees() {
	from, size := len(c.rows), c.Template.FontSize
	const indent = 10.0
	c.in(c.left+indent, c.width*0.8-indent, func() {
		to := c.Content.To
		if len(to) > 1 {
			for i, t := range to {
				at := len(c.rows)
				c.in(c.left+markIndent, c.width-markIndent, func() { c.text(plain(t), size, 0, alignLeft) })
				c.mark(at, mark{x: c.left, text: letter.NumberedMark(i), size: size})
			}
		} else {
			c.text(plain(strings.Join(to, "")), size, 0, alignLeft)
		}
		if n := len(to); n > 0 && !strings.HasPrefix(strings.ToLower(to[n-1]), "di ") && !strings.Contains(to[n-1], " di Tempat") {
			c.text(plain("di Tempat"), size, 0, alignLeft)
		}
	})
	c.mark(from, mark{x: c.left, text: "Yth.", size: size})
	c.gap(from, 4)
}

// banner is the centred name of the kind, with the number under it if asked.
func (c *composer) banner(title string, numbered bool) {
	size, from := c.Template.FontSize+1, len(c.rows)
	c.text([]letter.Run{{Text: title, Bold: true}}, size, 0, alignCentre)
	for i := range c.rows[from:] {
		for j := range c.rows[from+i].marks {
			c.rows[from+i].marks[j].underline = numbered
		}
	}
	c.gap(from, 5)
	if numbered {
		s := c.Template.FontSize
		c.rows = append(c.rows, row{height: c.lead(s), marks: []mark{c.oneLine("NOMOR "+c.number(), c.left, c.width, s, alignCentre)}})
	}
	c.keepLast(len(c.rows) - from)
}

// roman numbers the lampiran.
func roman(i int) string { return letter.Roman(i + 1) }

// lampiranHead is the block at the top right of a written lampiran.
func (c *composer) lampiranHead(i int) {
	left, width := c.rightColumn()
	from, size := len(c.rows), c.Template.FontSize-1
	name := "Lampiran"
	if len(c.Content.Attachments) > 1 {
		name += " " + roman(i)
	}
	of := map[string]string{letter.KindAssignment: "Surat Tugas ", letter.KindMemo: "Nota Dinas "}[c.Content.Kind]
	if of == "" {
		of = "Surat "
	}
	by := titleCase(c.Signer.Title)
	if c.Content.Kind == letter.KindMemo && c.Content.From != "" {
		by = c.Content.From
	}
	c.in(left, width, func() {
		c.text(plain(name+" "+of+by), size, 0, alignLeft)
		for _, pair := range [][2]string{{"Nomor", c.number()}, {"Tanggal", c.date()}} {
			value := c.oneLine(pair[1], c.left+20, c.width-20, size, alignLeft)
			c.rows = append(c.rows, row{height: c.lead(size), marks: []mark{
				{x: c.left, y: c.baseline(size), text: pair[0], size: size}, {x: c.left + 17, y: c.baseline(size), text: ":", size: size}, value,
			}})
		}
	})
	c.rows[from].newPage = true
	c.keepLast(len(c.rows) - from)
}

// lampirans writes the attachments that are text.
func (c *composer) lampirans() {
	for i, a := range c.Content.Attachments {
		if a.Ref != "" {
			continue
		}
		from := len(c.rows)
		c.lampiranHead(i)
		at := len(c.rows)
		c.text([]letter.Run{{Text: strings.ToUpper(a.Title), Bold: true}}, c.Template.FontSize, 0, alignCentre)
		c.gap(at, 6)
		c.keepLast(len(c.rows) - at)
		at = len(c.rows)
		c.blocks(a.Body, 0)
		c.gap(at, 3)
		c.rows[from].attachment = i + 1
	}
}
