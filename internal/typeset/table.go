package typeset

import "naskah/internal/letter"

// table writes rows of cells with frames. The first row is the head and comes
// again on every page.
func (c *composer) table(rows [][]letter.Run) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return
	}
	size := c.Template.FontSize - 1
	columns := min(len(rows[0]), letter.MaxColumns)
	widths := c.columns(rows, columns, size)
	head := c.cells(bolder(rows[0]), widths, size, alignCentre)
	for i := range head {
		head[i].keep = true
	}
	c.rows = append(c.rows, head...)
	for _, r := range rows[1:] {
		for _, cut := range c.cells(r, widths, size, alignLeft) {
			if len(head) < 3 { // a head that fills the page would leave no room for rows
				cut.head = head
			}
			c.rows = append(c.rows, cut)
		}
	}
}

// columns divides the width by what the cells would like to have.
func (c *composer) columns(rows [][]letter.Run, n int, size float64) []float64 {
	like := make([]float64, n)
	least := make([]float64, n)
	total, leasts := 0.0, 0.0
	for i := range n {
		for _, r := range rows {
			if i < len(r) {
				like[i] = max(like[i], min(c.sheet.width(c.clean(r[i].Text), true, size), 90))
				for _, w := range c.split(r[i:i+1], size) {
					least[i] = max(least[i], min(w.w*1.1, c.width/float64(n)-2*cellPad))
				}
			}
		}
		like[i] += 2*cellPad + 1
		least[i] += 2*cellPad + 1
		total += like[i]
		leasts += least[i]
	}
	out := make([]float64, n)
	for i := range n {
		switch {
		case total <= c.width: // room for all: the rest goes to those that want most
			out[i] = like[i] * c.width / total
		case leasts < c.width:
			out[i] = least[i] + (like[i]-least[i])*(c.width-leasts)/(total-leasts)
		default:
			out[i] = c.width / float64(n)
		}
	}
	return out
}

// cells is one row of the table, cut into several when a cell is very long.
func (c *composer) cells(cells []letter.Run, widths []float64, size float64, align alignment) []row {
	lines := make([][]line, len(widths))
	most := 1
	for i, w := range widths {
		if i < len(cells) {
			lines[i] = c.lines(cells[i:i+1], size, w-2*cellPad, 0)
			most = max(most, len(lines[i]))
		}
	}
	var out []row
	for from := 0; from < most; from += cellLines {
		n := min(cellLines, most-from)
		r := row{height: float64(n)*c.lead(size) + 2*cellPad*0.7}
		x := c.left
		for i, w := range widths {
			for j := range n {
				if from+j < len(lines[i]) {
					for _, m := range c.lineMarks(lines[i][from+j], x+cellPad, w-2*cellPad, size, align) {
						m.y += cellPad*0.7 + float64(j)*c.lead(size)
						r.marks = append(r.marks, m)
					}
				}
			}
			x += w
		}
		r.marks = append(r.marks, frame(c.left, widths, r.height)...)
		out = append(out, r)
	}
	return out
}

// frame is the rules around the cells of a row.
func frame(x float64, widths []float64, height float64) []mark {
	total := 0.0
	out := []mark{{kind: ruleMark, x: x, h: height, thick: 0.2}}
	for _, w := range widths {
		total += w
		out = append(out, mark{kind: ruleMark, x: x + total, h: height, thick: 0.2})
	}
	return append(out, mark{kind: ruleMark, x: x, w: total, thick: 0.2}, mark{kind: ruleMark, x: x, y: height, w: total, thick: 0.2})
}
