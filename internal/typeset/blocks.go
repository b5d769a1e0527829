package typeset

import (
	"strings"

	"naskah/internal/letter"
)

// Lengths in the text, millimetres.
const (
	firstIndent = 12.5 // of a paragraph
	markIndent  = 8.0  // of a numbered line's text
	blockGap    = 2.2  // between paragraphs
	itemGap     = 0.8
	maxName     = 0.38 // of the width, for names in rows of details
	maxStretch  = 2.0  // added to a blank when lines are spread
	cellPad     = 1.4
	cellLines   = 12 // of a table row before it is cut in two
)

// composer turns a letter into rows. left and width are the column that is
// being written.
type composer struct {
	Letter
	*sheet
	rows        []row
	left, width float64
}

// lead is the height of a line of text.
func (c *composer) lead(size float64) float64 { return mm(size) * c.Template.LineHeight }

func mm(points float64) float64 { return points * 25.4 / 72 }

// in writes into a narrower column.
func (c *composer) in(left, width float64, write func()) {
	l, w := c.left, c.width
	c.left, c.width = left, width
	write()
	c.left, c.width = l, w
}

// gap adds space before the next row.
func (c *composer) gap(from int, space float64) {
	if from < len(c.rows) {
		c.rows[from].before += space
	}
}

// keepLast keeps the last n rows with what follows.
func (c *composer) keepLast(n int) {
	for i := max(0, len(c.rows)-n); i < len(c.rows); i++ {
		c.rows[i].keep = true
	}
}

type alignment int

const (
	alignLeft alignment = iota
	alignCentre
	alignRight
	alignSpread
)

// text adds runs as lines of the current column.
func (c *composer) text(runs []letter.Run, size, indent float64, align alignment) {
	lines := c.lines(runs, size, c.width, indent)
	for i, l := range lines {
		x, w := c.left, c.width
		if i == 0 {
			x, w = x+indent, w-indent
		}
		r := row{height: c.lead(size), marks: c.lineMarks(l, x, w, size, align)}
		// Two lines at least stay together at either end of a page.
		r.keep = len(lines) > 1 && (i == 0 || i == len(lines)-2)
		c.rows = append(c.rows, r)
	}
}

// lineMarks joins words of one weight into marks.
func (c *composer) lineMarks(l line, x, width, size float64, align alignment) []mark {
	space, extra := c.sheet.width(" ", false, size), 0.0
	switch {
	case align == alignCentre:
		x += (width - l.w) / 2
	case align == alignRight:
		x += width - l.w
	case align == alignSpread && !l.last && len(l.words) > 1:
		if extra = (width - l.w) / float64(len(l.words)-1); extra > maxStretch {
			extra = 0 // holes in a line look worse than its end
		}
	}
	base := c.baseline(size)
	var out []mark
	for i, w := range l.words {
		for j, p := range w.pieces {
			lead := i > 0 && j == 0
			if n := len(out); n > 0 && out[n-1].bold == p.bold {
				if lead {
					out[n-1].text += " "
					out[n-1].w += space + extra
				}
				out[n-1].text += p.text
				out[n-1].w += p.w
				continue
			} else if n > 0 {
				x = out[n-1].x + out[n-1].w
				if lead { // the blank belongs to the mark before, so that it is copied
					out[n-1].text += " "
					out[n-1].w += space + extra
					x += space + extra
				}
			}
			out = append(out, mark{x: x, y: base, w: p.w, text: p.text, bold: p.bold, size: size, spread: extra != 0})
		}
	}
	return out
}

// baseline is where text stands in its row.
func (c *composer) baseline(size float64) float64 {
	return (c.lead(size)-mm(size))/2 + mm(size)*0.8
}

func (c *composer) body() alignment {
	if c.Template.Justify {
		return alignSpread
	}
	return alignLeft
}

// blocks writes the nodes of a text.
func (c *composer) blocks(blocks []letter.Block, indent float64) {
	for i, b := range blocks {
		from := len(c.rows)
		if (b.Type == letter.Paragraph || b.Type == letter.Heading) && len(c.split(b.Runs, c.Template.FontSize)) == 0 {
			continue
		}
		switch b.Type {
		case letter.Heading:
			c.text(bolder(b.Runs), c.Template.FontSize, 0, alignLeft)
			c.keepLast(len(c.rows) - from)
		case letter.Numbered:
			c.numbered(b.Items)
		case letter.Details:
			c.details(b.Rows, indent)
		case letter.Table:
			c.table(b.Rows)
		default:
			c.text(b.Runs, c.Template.FontSize, indent, c.body())
			if i+1 < len(blocks) && blocks[i+1].Type != letter.Paragraph {
				c.keepLast(2) // "… pada:" stays with what it announces
			}
		}
		c.gap(from, blockGap)
		if i > 0 && blocks[i-1].Type == letter.Table {
			c.gap(from, 1.5)
		}
	}
}

func bolder(runs []letter.Run) []letter.Run {
	out := make([]letter.Run, len(runs))
	for i, r := range runs {
		out[i] = letter.Run{Text: r.Text, Bold: true}
	}
	return out
}

func plain(s string) []letter.Run { return []letter.Run{{Text: s}} }

// numbered writes a list with hanging numbers.
func (c *composer) numbered(items [][]letter.Run) {
	size := c.Template.FontSize
	for i, item := range items {
		from := len(c.rows)
		indent := markIndent
		if len(items) > 99 {
			indent += 2
		}
		c.in(c.left+indent, c.width-indent, func() { c.text(item, size, 0, c.body()) })
		c.mark(from, mark{x: c.left, text: letter.NumberedMark(i), size: size})
		if i > 0 {
			c.gap(from, itemGap)
		}
	}
}

// mark puts a text on a row that is there already, on its baseline.
func (c *composer) mark(at int, m mark) {
	if at < len(c.rows) {
		m.y = c.baseline(m.size)
		c.rows[at].marks = append([]mark{m}, c.rows[at].marks...)
	}
}

// details writes "name : value" rows with the colons under each other.
func (c *composer) details(rows [][]letter.Run, indent float64) {
	var pairs [][]letter.Run
	name := 0.0
	for _, r := range rows {
		if len(r) == 0 {
			continue
		}
		pairs = append(pairs, r)
		name = max(name, c.sheet.width(c.clean(r[0].Text), r[0].Bold, c.Template.FontSize))
	}
	name = min(name, (c.width-indent)*maxName) + 4
	c.in(c.left+indent, c.width-indent, func() {
		for _, r := range pairs {
			c.pair(r[0], r[1:], name)
		}
	})
}

// pair writes one such row; a long name breaks in its own column.
func (c *composer) pair(name letter.Run, value []letter.Run, width float64) {
	size, from := c.Template.FontSize, len(c.rows)
	c.in(c.left+width+4, c.width-width-4, func() { c.text(value, size, 0, alignLeft) })
	c.beside(from, c.lines([]letter.Run{name}, size, width-1, 0), c.left, size)
	c.mark(from, mark{x: c.left + width, text: ":", size: size})
}

// beside sets lines beside rows from the given one on, adding rows when there
// are more of them.
func (c *composer) beside(from int, lines []line, x, size float64) {
	for i, l := range lines {
		if from+i == len(c.rows) {
			c.rows = append(c.rows, row{height: c.lead(size)})
		}
		at := &c.rows[from+i]
		at.marks = append(c.lineMarks(l, x, 0, size, alignLeft), at.marks...)
		if i+1 < len(lines) {
			at.keep = true
		}
	}
}

// single writes a "name : value" row whose value must stay on one line, because
// it is not known yet when the layout is initialled: a long one is set smaller.
func (c *composer) single(name, value string, width float64) {
	size := c.Template.FontSize
	c.rows = append(c.rows, row{height: c.lead(size), marks: []mark{
		{x: c.left, y: c.baseline(size), text: c.clean(name), size: size},
		{x: c.left + width, y: c.baseline(size), text: ":", size: size},
		c.oneLine(value, c.left+width+4, c.width-width-4, size, alignLeft),
	}})
}

// oneLine is a mark that fits into the width, smaller if it must be.
func (c *composer) oneLine(text string, x, width, size float64, align alignment) mark {
	text = strings.TrimSpace(c.clean(text))
	base := c.baseline(size)
	w := c.sheet.width(text, false, size)
	if w > width && w > 0 {
		size *= width / w
		w = width
	}
	switch align {
	case alignCentre:
		x += (width - w) / 2
	case alignRight:
		x += width - w
	}
	return mark{x: x, y: base, w: w, text: text, size: size}
}
