package web

import (
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
}

const listLength = 25

// narrowing is one tab of a list and what it lists.
type narrowing struct {
	key, name string
	states    []letter.State
	mine      bool
}

func incomingTabs() []narrowing {
	return []narrowing{{"all", "", nil, false}, {"new", "baru", []letter.State{letter.Received}, false}, {"registered", "dicatat", []letter.State{letter.Registered}, false}}
}

func outgoingTabs() []narrowing {
	return []narrowing{
		{"all", "", nil, false},
		{"mine", "konsep", []letter.State{letter.Draft}, true},
		{"review", "periksa", []letter.State{letter.InReview}, false},
		{"returned", "kembali", []letter.State{letter.Returned}, true},
		{"ready", "siap", []letter.State{letter.Approved, letter.Ready}, false},
		{"signed", "selesai", []letter.State{letter.Signed, letter.Sent}, false},
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
		tab := Tab{Key: t.key, URL: path, Count: n, Current: current}
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
