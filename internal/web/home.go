package web

import (
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
)

// homeView is /: what this person has to do, at most four cards, late first.
type homeView struct {
	Frame
	Now    time.Time
	Cards  []HomeCard
	Opened []Row
}

// HomeCard is one heap of work. Kind is a phrase below "home.": "sign",
// "initial", "register", "returned", "draft".
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

// late is how long work may wait before it is shown as late.
const late = 3 * 24 * time.Hour

func home(c *call) error {
	h, err := c.s.o.Office.Home(c.Request.Context(), c.actor)
	if err != nil {
		return err
	}
	now := c.s.o.Now()
	v := &homeView{Frame: c.frame("beranda"), Now: c.in(now), Opened: c.rows(h.Recent)}
	add := func(may bool, kind, icon, url string, count int, letters []db.Letter) {
		if !may || len(v.Cards) == mostCards {
			return
		}
		card := HomeCard{Kind: kind, Icon: icon, URL: url, Count: count}
		for _, l := range letters {
			if now.Sub(l.UpdatedAt) > late {
				card.Late++
			}
		}
		v.Cards = append(v.Cards, card)
	}
	add(c.actor.Can(account.CanSign), "sign", "signature", "/tanda-tangan", h.Counts.ToSign, h.ToSign)
	add(c.actor.Can(account.CanReview), "initial", "check", "/paraf", h.Counts.ToInitial, h.ToInitial)
	add(c.actor.Can(account.CanRegister), "register", "inbox", "/surat-masuk?saring=baru", h.Counts.ToRegister, h.ToRegister)
	add(c.actor.Can(account.CanWrite), "returned", "undo-2", "/surat-keluar?saring=kembali", h.Counts.Returned, h.Returned)
	return c.show("home", v)
}

// mostCards: more than four things to do are too many to look at.
const mostCards = 4
