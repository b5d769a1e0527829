package typeset

// A row is one line of the page, or a rule, a picture, a row of a table: what is
// never cut by the end of a page.
type row struct {
	before, height float64 // millimetres; before is dropped at the top of a page
	marks          []mark
	keep           bool  // stays on the page of the next row
	newPage        bool  // begins a page
	head           []row // the head of its table, repeated on a new page
	attachment     int   // 1…: from here on the pages belong to this lampiran
}

type markKind int

const (
	textMark markKind = iota
	ruleMark          // a line w long (or h high), thick
	logoMark
	sealMark // the place of the QR and the signature
	noteMark // the short code: like text, but not in a preview
)

// mark is something painted. y counts down from the top of its row, for text to
// the baseline; once on a page, from the top of the page.
type mark struct {
	kind       markKind
	x, y, w, h float64
	text       string
	bold       bool
	underline  bool
	size       float64 // points
	spread     bool    // stretch the blanks so that the text is w wide
	thick      float64
}

// sheetPage is a page of placed marks.
type sheetPage struct {
	marks      []mark
	attachment int // 1… when the page belongs to a written lampiran
}

// paginate puts rows on pages. Rows that keep together move together, unless
// they are more than a page holds.
func paginate(rows []row, s *sheet) []sheetPage {
	p := &press{sheet: s}
	p.turn()
	for i := 0; i < len(rows); {
		n, height := group(rows[i:])
		if rows[i].newPage && !p.empty {
			p.turn()
		}
		p.attach(rows[i].attachment)
		tooHigh := height > s.bottom()-s.top(2)
		if !p.empty && !tooHigh && p.y+height > s.bottom()+0.01 {
			p.turnWithin(rows[i])
		}
		for _, r := range rows[i : i+n] {
			if !p.empty && p.y+r.before+r.height > s.bottom()+0.01 {
				p.turnWithin(r)
			}
			p.place(r)
		}
		i += n
	}
	return p.pages
}

// group counts the rows from the first that stay together, and their height.
func group(rows []row) (n int, height float64) {
	for i, r := range rows {
		height += r.before + r.height
		if !r.keep || i+1 == len(rows) || rows[i+1].newPage {
			return i + 1, height
		}
	}
	return len(rows), height
}

type press struct {
	*sheet
	pages []sheetPage
	y     float64
	empty bool
}

func (p *press) turn() {
	belongs := 0
	if n := len(p.pages); n > 0 {
		belongs = p.pages[n-1].attachment
	}
	p.pages = append(p.pages, sheetPage{attachment: belongs})
	p.y, p.empty = p.top(len(p.pages)), true
}

// turnWithin begins a page in the middle of something: a table's head comes again.
func (p *press) turnWithin(r row) {
	p.turn()
	for _, h := range r.head {
		p.place(h)
	}
}

func (p *press) place(r row) {
	if !p.empty {
		p.y += r.before
	}
	page := &p.pages[len(p.pages)-1]
	for _, m := range r.marks {
		m.y += p.y
		page.marks = append(page.marks, m)
	}
	p.y += r.height
	p.empty = false
}

// attach says to which lampiran this page and the following belong.
func (p *press) attach(i int) {
	if i > 0 {
		p.pages[len(p.pages)-1].attachment = i
	}
}
