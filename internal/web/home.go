package web

import "time"

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
