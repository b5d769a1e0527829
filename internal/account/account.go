package account

import (
	"slices"
	"time"

	"naskah/internal/letter"
	"naskah/internal/problem"
)

// Ability is one thing that a position lets its holder do.
type Ability string

// The abilities. Head and Archivist widen what a person sees; the others are
// verbs of the office.
const (
	CanRegister   Ability = "register"   // take in and register incoming letters
	CanWrite      Ability = "write"      // write outgoing letters
	CanReview     Ability = "review"     // be asked for an initial
	CanSign       Ability = "sign"       // be the signer of a letter
	CanArchive    Ability = "archive"    // keep the archive, import the backlog
	CanAdminister Ability = "administer" // people, settings, tokens
	IsHead        Ability = "head"       // sees restricted and secret letters of the office
	Oversees      Ability = "oversee"    // sees open letters of the offices below
)

// Role is the usual name of a position's set of abilities. Only the abilities
// decide; the role is for showing and for sensible beginnings.
type Role string

// The six roles of a sub-district office, and staff.
const (
	RoleHead      Role = "camat"
	RoleSecretary Role = "sekcam"
	RoleAffairs   Role = "kasubag-umum"
	RoleSection   Role = "kasi"
	RoleClerk     Role = "pencatat"
	RoleArchivist Role = "arsiparis"
	RoleStaff     Role = "staf"
)

// DefaultAbilities is what a new position of the role may do until an
// administrator changes it.
func DefaultAbilities(r Role) []Ability {
	switch r {
	case RoleHead:
		return []Ability{CanSign, CanReview, CanWrite, IsHead}
	case RoleSecretary:
		return []Ability{CanSign, CanReview, CanWrite, IsHead}
	case RoleAffairs:
		return []Ability{CanReview, CanWrite, CanRegister, CanSign, CanAdminister}
	case RoleSection:
		return []Ability{CanWrite, CanReview, CanSign}
	case RoleClerk:
		return []Ability{CanRegister, CanWrite}
	case RoleArchivist:
		return []Ability{CanArchive, CanRegister}
	default:
		return []Ability{CanWrite}
	}
}

// Capacity is how a person holds a position.
type Capacity string

// The capacities: the holder; acting for a vacant post (Plt.); for an absent
// holder (Plh.); in the name of the superior (a.n.); for the one below (u.b.).
const (
	Definitive Capacity = "definitif"
	Acting     Capacity = "plt"
	Daily      Capacity = "plh"
	OnBehalf   Capacity = "an"
	ForBelow   Capacity = "ub"
)

// Capacities lists them in the order of a form.
func Capacities() []Capacity { return []Capacity{Definitive, Acting, Daily, OnBehalf, ForBelow} }

// Prefix is what stands before the title in the signature block.
func (c Capacity) Prefix() string {
	switch c {
	case Acting:
		return "Plt."
	case Daily:
		return "Plh."
	case OnBehalf:
		return "a.n."
	case ForBelow:
		return "u.b."
	default:
		return ""
	}
}

// Holding is one position that a person holds now.
type Holding struct {
	PositionID string
	OfficeID   string
	UnitID     string
	Title      string
	Role       Role
	Capacity   Capacity
	Abilities  []Ability
}

// Actor is the person who asks, with what they hold at this moment.
type Actor struct {
	PersonID string
	OfficeID string
	Name     string
	Language string
	Holdings []Holding
	// Below are the offices under those the actor oversees.
	Below []string
}

// System acts for the program itself: importing from the command line, jobs.
// It sees and may do everything in the office.
func System(officeID string) Actor {
	return Actor{OfficeID: officeID, Name: "Naskah", Holdings: []Holding{{
		OfficeID: officeID, Title: "Naskah", Role: RoleStaff,
		Abilities: []Ability{CanRegister, CanWrite, CanArchive, CanAdminister, IsHead},
	}}}
}

// IsSystem tells the program from a person.
func (a Actor) IsSystem() bool { return a.PersonID == "" }

// Can says whether any position held gives the ability.
func (a Actor) Can(ability Ability) bool {
	return slices.ContainsFunc(a.Holdings, func(h Holding) bool { return slices.Contains(h.Abilities, ability) })
}

// Require is nil when the actor can, else problem.Forbidden with a sentence that
// says who may.
func (a Actor) Require(ability Ability) error {
	if a.Can(ability) {
		return nil
	}
	id, en := whoMay(ability)
	return problem.New(problem.Forbidden,
		"Ini tugas "+id+". Mintalah bantuan yang bersangkutan, atau tanyakan kepada Kasubag Umum.",
		"This is for "+en+". Ask them, or the head of general affairs.", nil)
}

func whoMay(ability Ability) (id, en string) {
	switch ability {
	case CanRegister:
		return "Pencatat Surat", "the registry clerk"
	case CanWrite:
		return "penyusun surat (Kasi, Kasubag, Pencatat Surat)", "those who write letters"
	case CanReview:
		return "pemeriksa (Kasi, Kasubag Umum, Sekcam)", "the reviewers"
	case CanSign:
		return "pejabat penandatangan", "the signing officials"
	case CanArchive:
		return "Arsiparis", "the archivist"
	case CanAdminister:
		return "Kasubag Umum (admin)", "the administrator"
	default:
		return "pimpinan", "the heads"
	}
}

// Holds says whether the actor holds the position now.
func (a Actor) Holds(positionID string) bool {
	return slices.ContainsFunc(a.Holdings, func(h Holding) bool { return h.PositionID == positionID })
}

// Holding gives the holding of a position.
func (a Actor) Holding(positionID string) (Holding, bool) {
	i := slices.IndexFunc(a.Holdings, func(h Holding) bool { return h.PositionID == positionID })
	if i < 0 {
		return Holding{}, false
	}
	return a.Holdings[i], true
}

// Title is the title of the first position held; empty for nobody.
func (a Actor) Title() string {
	if len(a.Holdings) == 0 {
		return ""
	}
	return a.Holdings[0].Title
}

// ReaderWords are the opaque words the actor carries into every question: what
// they are (person), where (office, unit) and as what (position, head, archivist).
func (a Actor) ReaderWords() []string {
	words := map[string]bool{}
	if a.PersonID != "" {
		words[personWord(a.PersonID)] = true
	}
	for _, h := range a.Holdings {
		words[officeWord(h.OfficeID)] = true
		if h.UnitID != "" {
			words[unitWord(h.UnitID)] = true
		}
		if h.PositionID != "" {
			words[positionWord(h.PositionID)] = true
		}
		if slices.Contains(h.Abilities, IsHead) {
			words[headWord(h.OfficeID)] = true
		}
		if slices.Contains(h.Abilities, CanArchive) {
			words[archivistWord(h.OfficeID)] = true
		}
	}
	for _, office := range a.Below {
		words[officeWord(office)] = true
	}
	out := make([]string, 0, len(words))
	for w := range words {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// Audience is what decides who may see a letter.
type Audience struct {
	OfficeID  string
	UnitID    string // may be empty
	Class     letter.Class
	People    []string // those who take part: author, reviewers, signer, recipients
	Positions []string // positions that take part
}

// Readers are the words that may see a letter, after the security class
// (domain rule SKKAAD): biasa — the whole office; terbatas — the unit, those who
// take part, heads and archivists; rahasia — those who take part and heads;
// sangat rahasia — those who take part, by name.
func (a Audience) Readers() []string {
	words := make([]string, 0, len(a.People)+len(a.Positions)+4)
	for _, p := range a.People {
		if p != "" {
			words = append(words, personWord(p))
		}
	}
	if a.Class != letter.TopSecret {
		for _, p := range a.Positions {
			words = append(words, positionWord(p))
		}
	}
	switch a.Class {
	case letter.TopSecret:
	case letter.Secret:
		words = append(words, headWord(a.OfficeID))
	case letter.Restricted:
		words = append(words, headWord(a.OfficeID), archivistWord(a.OfficeID))
		if a.UnitID != "" {
			words = append(words, unitWord(a.UnitID))
		}
	default:
		words = append(words, officeWord(a.OfficeID))
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// MaySee says whether the actor's words meet the letter's readers.
func (a Actor) MaySee(readers []string) bool {
	for _, w := range a.ReaderWords() {
		if slices.Contains(readers, w) {
			return true
		}
	}
	return false
}

// LetterWord is the word of one letter alone: nobody carries it, so a question
// asked with it is about that letter and no other.
func LetterWord(id string) string { return "l:" + id }

func officeWord(id string) string    { return "o:" + id }
func unitWord(id string) string      { return "u:" + id }
func personWord(id string) string    { return "p:" + id }
func positionWord(id string) string  { return "n:" + id }
func headWord(id string) string      { return "h:" + id }
func archivistWord(id string) string { return "a:" + id }

// HoldsAt says whether an appointment from–until covers the time; a zero until
// is open. The day of until itself still counts.
func HoldsAt(from, until, at time.Time) bool {
	return !at.Before(from) && (until.IsZero() || at.Before(until.AddDate(0, 0, 1)))
}
