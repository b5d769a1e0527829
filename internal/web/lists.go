package web

import (
	"context"
	"net/url"
	"strconv"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
)

// listView is a list of letters: /surat-masuk, /surat-keluar, /paraf and
// /tanda-tangan. Kind chooses the words: "incoming", "outgoing", "initial",
// "sign".
type listView struct {
	Frame
	Kind    string
	Tabs    []Tab
	Rows    []Row
	Pager   Pager
	Main    *Action // the one thing to do from here, may be nil
	MainWho string  // who may, when this person may not: a sentence
	// CanSign is false while the signer has no certificate yet; the page then
	// leads to making one.
	CanSign bool
}

// Tab narrows a list. Key is a phrase below "tab.".
type Tab struct {
	Key     string
	URL     string
	Count   int
	Current bool
	More    bool // there are more than are counted
}

const listLength = 25

// narrowing is one tab of a list and what it lists.
type narrowing struct {
	key, name string
	states    []letter.State
	mine      bool
}

func incomingTabs() []narrowing {
	return []narrowing{
		{"all", "", nil, false},
		{"new", "baru", []letter.State{letter.Received}, false},
		{"registered", "dicatat", []letter.State{letter.Registered}, false},
		{"forwarded", "disposisi", []letter.State{letter.Forwarded}, false},
		{"disposed", "dikerjakan", []letter.State{letter.Disposed}, false},
		{"completed", "selesai", []letter.State{letter.Completed}, false},
		{"filed", "berkas", []letter.State{letter.Filed}, false},
	}
}

func outgoingTabs() []narrowing {
	return []narrowing{
		{"all", "", nil, false},
		{"mine", "konsep", []letter.State{letter.Draft}, true},
		{"review", "periksa", []letter.State{letter.InReview}, false},
		{"returned", "kembali", []letter.State{letter.Returned}, true},
		{"ready", "siap", []letter.State{letter.Approved, letter.Ready, letter.Printed}, false},
		{"to-send", "belum-dikirim", []letter.State{letter.Signed}, false},
		{"sent", "terkirim", []letter.State{letter.Sent, letter.Filed}, false},
	}
}

func incomingList(c *call) error {
	v := &listView{Frame: c.frame("masuk"), Kind: "incoming"}
	if c.actor.Can(account.CanRegister) {
		v.Main = &Action{Key: "take", URL: "/surat-masuk/baru", Icon: "plus"}
	} else {
		v.MainWho = c.pick("Mencatat surat masuk adalah tugas Pencatat Surat.", "Taking in letters is for the registry clerk.")
	}
	return c.list(v, letter.Incoming, "/surat-masuk", incomingTabs())
}

func outgoingList(c *call) error {
	v := &listView{Frame: c.frame("keluar"), Kind: "outgoing"}
	if c.actor.Can(account.CanWrite) {
		v.Main = &Action{Key: "write", URL: "/tulis", Icon: "pen-line"}
	} else {
		v.MainWho = c.pick("Menulis surat adalah tugas Kasi, Kasubag dan Pencatat Surat.", "Writing letters is for section heads and the registry clerk.")
	}
	return c.list(v, letter.Outgoing, "/surat-keluar", outgoingTabs())
}

func (c *call) list(v *listView, way letter.Direction, path string, tabs []narrowing) error {
	chosen := c.Query("saring")
	page := pageNumber(c.Query("halaman"))
	for _, t := range tabs {
		f := db.LetterFilter{Direction: string(way), Limit: 1}
		for _, s := range t.states {
			f.States = append(f.States, string(s))
		}
		if t.mine {
			f.CreatedBy = c.actor.PersonID
		}
		current := t.name == chosen
		if current {
			f.Limit, f.Offset = listLength, (page-1)*listLength
		}
		letters, n, err := c.s.o.Office.List(c.Request.Context(), c.actor, f)
		if err != nil {
			return err
		}
		tab := Tab{Key: t.key, URL: path, Count: n, Current: current, More: n >= db.MostCounted}
		if t.name != "" {
			tab.URL += "?saring=" + t.name
		}
		v.Tabs = append(v.Tabs, tab)
		if current {
			v.Rows, v.Pager = c.rows(letters), pager(c.Request.URL, page, n, listLength)
		}
	}
	return c.show("list", v)
}

func pageNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// pager leads through total entries, each a page long.
func pager(at *url.URL, page, total, each int) Pager {
	p := Pager{Page: page, Last: max((total+each-1)/each, 1), Total: total, First: min((page-1)*each+1, total), To: min(page*each, total)}
	link := func(n int) string {
		q := at.Query()
		q.Set("halaman", strconv.Itoa(n))
		return at.Path + "?" + q.Encode()
	}
	if page > 1 {
		p.Before = link(page - 1)
	}
	if page < p.Last {
		p.After = link(page + 1)
	}
	return p
}

func initialList(c *call) error {
	v := &listView{Frame: c.frame("beranda"), Kind: "initial", CanSign: true}
	if !c.actor.Can(account.CanReview) {
		return c.actor.Require(account.CanReview)
	}
	letters, n, err := c.s.o.Office.ReviewQueue(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	v.Rows, v.Pager = c.rows(letters), pager(c.Request.URL, 1, n, max(n, 1))
	for i := range v.Rows {
		v.Rows[i].URL, v.Rows[i].Since = "/paraf/"+v.Rows[i].ID, c.in(letters[i].UpdatedAt)
	}
	return c.show("list", v)
}

func signList(c *call) error {
	if err := c.actor.Require(account.CanSign); err != nil {
		return err
	}
	letters, err := c.s.o.Office.SignQueue(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	key, err := c.s.o.Office.Key(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	v := &listView{Frame: c.frame("beranda"), Kind: "sign", CanSign: key.Has, Rows: c.rows(letters), Pager: pager(c.Request.URL, 1, len(letters), max(len(letters), 1))}
	for i := range v.Rows {
		v.Rows[i].URL, v.Rows[i].Since = "/tanda-tangan/"+v.Rows[i].ID, c.in(letters[i].UpdatedAt)
	}
	return c.show("list", v)
}

// dispositionList is /disposisi?saring=: what is for this person, what they sent,
// and what is late.
func dispositionList(c *call) error {
	ctx := c.Request.Context()
	v := &listView{Frame: c.frame("masuk"), Kind: "dispositions"}
	today, err := c.s.o.Office.Today(ctx, c.actor)
	if err != nil {
		return err
	}
	for _, tab := range []struct {
		key, name string
		list      func(context.Context, account.Actor) ([]db.OpenAssignment, int, error)
	}{{"for-me", "", c.s.o.Office.MyAssignments}, {"from-me", "dari-saya", c.s.o.Office.SentAssignments}, {"late", "lambat", c.s.o.Office.LateAssignments}} {
		rows, n, err := tab.list(ctx, c.actor)
		if err != nil {
			return err
		}
		t := Tab{Key: tab.key, URL: "/disposisi", Count: n, Current: tab.name == c.Query("saring")}
		if tab.name != "" {
			t.URL += "?saring=" + tab.name
		}
		v.Tabs = append(v.Tabs, t)
		if !t.Current {
			continue
		}
		for _, a := range rows {
			row := c.row(a.Letter)
			row.Until, row.Late = a.Assignment.Due, !a.Assignment.Due.IsZero() && a.Assignment.Due.Before(today)
			row.NextWho = a.Assignment.Title
			v.Rows = append(v.Rows, row)
		}
		v.Pager = pager(c.Request.URL, 1, len(rows), max(len(rows), 1))
	}
	return c.show("list", v)
}

// copyList is /tembusan?saring=baru: the copies that this person's positions have.
func copyList(c *call) error {
	page := pageNumber(c.Query("halaman"))
	letters, n, err := c.s.o.Office.CopiesFor(c.Request.Context(), c.actor, c.Query("saring") == "baru", listLength, (page-1)*listLength)
	if err != nil {
		return err
	}
	v := &listView{Frame: c.frame("masuk"), Kind: "copies", Rows: c.rows(letters), Pager: pager(c.Request.URL, page, n, listLength)}
	for i := range v.Rows {
		v.Rows[i].ReadOnly = true
	}
	return c.show("list", v)
}
