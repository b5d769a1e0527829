package web

import (
	"slices"
	"time"
)

// Frame is what the layout around every page needs. Every view embeds it.
type Frame struct {
	Lang     string // "id" or "en"
	TextSize int    // one of TextSizes
	Path     string // this page, to come back to after changing language or size
	Office   string // "Kecamatan Cicalengka"
	Person   *Person
	Place    string // the current entry of the navigation: "beranda", "masuk", "keluar", "arsip", "alih", "bantuan"
	Question string // what stands in the search field
	Demo     bool   // the office and its people are invented
	Practice bool   // nothing leaves; yellow frame
	Notice   string // one sentence about the state of the service, such as a missing OCR program
	Help     string // what this page is for: a phrase below "help." with .1 to .3, may be empty
	Narrow   bool   // one narrow column: sign-in, one question
}

func (f *Frame) frame() *Frame { return f }

// Person is who is signed in, as the frame shows them.
type Person struct {
	Name  string
	Title string
	// May names the places and verbs that this person has: "register", "write",
	// "review", "sign", "archive", "administer", "head".
	May []string
}

// Can says whether the person has the verb; nobody has none.
func (p *Person) Can(verb string) bool { return p != nil && slices.Contains(p.May, verb) }

// TextSizes are the sizes that A− and A+ step through, in CSS pixels.
func TextSizes() []int { return []int{16, 18, 20, 22, 24} }

// StandardTextSize is the size for somebody who has not chosen.
const StandardTextSize = 18

// Smaller is the size that A− gives.
func (f *Frame) Smaller() int { return f.step(-1) }

// Larger is the size that A+ gives.
func (f *Frame) Larger() int { return f.step(1) }

func (f *Frame) step(by int) int {
	sizes := TextSizes()
	i := slices.Index(sizes, f.TextSize)
	if i < 0 {
		i = slices.Index(sizes, StandardTextSize)
	}
	return sizes[min(max(i+by, 0), len(sizes)-1)]
}

// Link is words that lead somewhere.
type Link struct {
	Label string
	URL   string
}

// Action is something this person can do now. Key is a phrase below "act.".
type Action struct {
	Key  string
	URL  string
	Icon string
	Post bool // changes something: a form, not a link
}

// Picture is one page of a letter as an image.
type Picture struct {
	Number        int // from 1
	URL           string
	Width, Height int // pixels of the image
}

// Row is one letter in a list.
type Row struct {
	ID       string
	URL      string
	Thumb    string // URL of the first page's small picture, may be empty
	Subject  string
	Number   string // letter number, may be empty
	Agenda   string // agenda number of an incoming letter, may be empty
	Party    string // from whom, or to whom
	Date     time.Time
	State    string // letter state: badge below "state."
	Reading  string // reading state when it is not searchable: badge below "read."
	Urgency  string // badge below "urgency." when not "biasa"
	Class    string // badge below "class." when not "biasa"
	Late     bool
	Since    time.Time // waits since
	NextWho  string    // who acts next
	Until    time.Time // to be done by
	ReadOnly bool
}

// Pager leads through a long list.
type Pager struct {
	Page, Last int
	Total      int
	First, To  int // numbers of the first and last entry shown
	Before     string
	After      string
}

// Badge is an icon and a word; the tone only repeats what they say.
type Badge struct {
	Icon string
	Tone string // good, warn, bad, info, calm
	Key  string
}

func badgeOf(group, value string) Badge {
	key := group + "." + value
	if b, ok := badges()[key]; ok {
		b.Key = key
		return b
	}
	return Badge{Icon: "circle", Tone: "calm", Key: key}
}

func badges() map[string]Badge {
	return map[string]Badge{
		"state.received":        {Icon: "mail-open", Tone: "warn"},
		"state.registered":      {Icon: "circle-check", Tone: "good"},
		"state.draft":           {Icon: "pen-line", Tone: "calm"},
		"state.review":          {Icon: "clock", Tone: "info"},
		"state.returned":        {Icon: "undo-2", Tone: "warn"},
		"state.approved":        {Icon: "loader-circle", Tone: "info"},
		"state.ready":           {Icon: "signature", Tone: "info"},
		"state.signed":          {Icon: "circle-check", Tone: "good"},
		"state.sent":            {Icon: "send", Tone: "good"},
		"state.cancelled":       {Icon: "ban", Tone: "bad"},
		"state.forwarded":       {Icon: "clock", Tone: "info"},
		"state.disposed":        {Icon: "send", Tone: "info"},
		"state.completed":       {Icon: "circle-check", Tone: "good"},
		"state.filed":           {Icon: "archive", Tone: "good"},
		"state.printed":         {Icon: "printer", Tone: "warn"},
		"state.revoked":         {Icon: "ban", Tone: "bad"},
		"state.bound":           {Icon: "paperclip", Tone: "calm"},
		"assignment.sent":       {Icon: "mail-open", Tone: "warn"},
		"assignment.read":       {Icon: "eye", Tone: "info"},
		"assignment.passed":     {Icon: "arrow-right", Tone: "info"},
		"assignment.done":       {Icon: "circle-check", Tone: "good"},
		"assignment.cancelled":  {Icon: "ban", Tone: "calm"},
		"read.reading":          {Icon: "loader-circle", Tone: "info"},
		"read.waiting":          {Icon: "clock", Tone: "warn"},
		"read.searchable":       {Icon: "circle-check", Tone: "good"},
		"read.failed":           {Icon: "triangle-alert", Tone: "bad"},
		"read.duplicate":        {Icon: "file-check", Tone: "info"},
		"urgency.segera":        {Icon: "clock", Tone: "warn"},
		"urgency.sangat-segera": {Icon: "triangle-alert", Tone: "bad"},
		"class.terbatas":        {Icon: "lock", Tone: "calm"},
		"class.rahasia":         {Icon: "lock", Tone: "warn"},
		"class.sangat-rahasia":  {Icon: "lock", Tone: "bad"},
		"late.yes":              {Icon: "triangle-alert", Tone: "bad"},
		"person.active":         {Icon: "circle-check", Tone: "good"},
		"person.waiting":        {Icon: "clock", Tone: "warn"},
		"person.off":            {Icon: "ban", Tone: "calm"},
		"token.active":          {Icon: "circle-check", Tone: "good"},
		"token.revoked":         {Icon: "ban", Tone: "calm"},
	}
}
