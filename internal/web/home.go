package web

import (
	"cmp"
	"slices"
	"time"

	"naskah/internal/account"
	"naskah/internal/office"
)

// homeView is /: what this person has to do, at most four cards, late first.
type homeView struct {
	Frame
	Now    time.Time
	Cards  []HomeCard
	Opened []Row
	Due    []Row
	Begin  []Action // what this person begins most often
}

// HomeCard is one heap of work. Kind is a phrase below "home.".
type HomeCard struct {
	Kind  string
	Icon  string
	Count int
	Late  int
	URL   string
}

// Greeting is the phrase for the time of day.
func (v homeView) Greeting() string {
	switch h := v.Now.Hour(); {
	case h >= 3 && h < 11:
		return "home.morning"
	case h >= 11 && h < 15:
		return "home.noon"
	case h >= 15 && h < 18:
		return "home.afternoon"
	default:
		return "home.evening"
	}
}

// mostCards: more than four things to do are too many to look at.
const mostCards = 4

// homePlaces is where each heap of work is done, and its picture.
func homePlaces() map[string][2]string {
	return map[string][2]string{
		"sign": {"signature", "/tanda-tangan"}, "dispose": {"send", "/disposisi/berikutnya"}, "initial": {"check", "/paraf/berikutnya"}, "assignment": {"list", "/disposisi/untuk-saya"},
		"register": {"inbox", "/surat-masuk?saring=baru"}, "send": {"send", "/surat-keluar?saring=belum-dikirim"}, "returned": {"undo-2", "/surat-keluar?saring=kembali"}, "copy": {"mail-open", "/tembusan?saring=baru"},
	}
}

func home(c *call) error {
	h, err := c.s.o.Office.Home(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	v := &homeView{Frame: c.frame("beranda"), Now: c.in(c.s.o.Now()), Opened: c.rows(h.Recent)}
	v.Cards = cardsOf(h.Tasks)
	for _, a := range h.Due {
		row := c.row(a.Letter)
		row.Until = a.Assignment.Due
		v.Due = append(v.Due, row)
	}
	if c.actor.Can(account.CanRegister) {
		v.Begin = append(v.Begin, Action{Key: "take", URL: "/surat-masuk/baru", Icon: "plus"})
	}
	if c.actor.Can(account.CanWrite) {
		v.Begin = append(v.Begin, Action{Key: "write", URL: "/tulis", Icon: "pen-line"})
	}
	return c.show("home", v)
}

// cardsOf chooses the cards: what is late first, then what waits, then empty ones,
// each in the order of the office.
func cardsOf(tasks []office.Task) []HomeCard {
	var cards []HomeCard
	for _, t := range tasks {
		place := homePlaces()[t.Kind]
		cards = append(cards, HomeCard{Kind: t.Kind, Icon: place[0], URL: place[1], Count: t.Count, Late: t.Late})
	}
	weight := func(c HomeCard) int {
		switch {
		case c.Late > 0:
			return 0
		case c.Count > 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(cards, func(a, b HomeCard) int { return cmp.Compare(weight(a), weight(b)) })
	return cards[:min(len(cards), mostCards)]
}
