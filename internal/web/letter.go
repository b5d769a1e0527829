package web

import "time"

// letterView is /surat/{id}?halaman=&cari=&perbesar=: the picture, the facts, the
// way of the letter and what to do now.
type letterView struct {
	Frame
	ID        string
	Direction string // "incoming" or "outgoing"
	Back      Link
	State     string
	Reading   string // reading state, shown when not "searchable"
	ReadNote  string // the sentence when the reading waits or failed
	Facts     LetterFacts
	Page      LetterPage
	Strip     []Thumb
	Zoom      int // percent of the column's width
	Match     *Match
	Journey   []Step
	Files     []FileRow
	Primary   *Action
	More      []Action
	WhyNot    string // why there is no primary action: who acts now
	CheckURL  string // public address of a signed letter
	ShortCode string
	Note      *ReturnNote
}

// LetterFacts is the summary of a letter; empty ones are not shown.
type LetterFacts struct {
	Subject, Number, Agenda     string
	Date, Received              time.Time
	From, To                    string
	Class, Urgency              string
	Classification, ClassName   string
	Kind                        string
	Summary                     string
	Attachments                 string
	Signer, SignerTitle         string
	Copies                      []string
	CreatedBy                   string
	Folder                      string
	DueDate                     time.Time
	SignatureLevel, Certificate string
}

// LetterPage is the page that is open.
type LetterPage struct {
	Picture
	Total  int
	Marks  []Box
	Source string // "text", "ocr", "none"
	// Reason is why, as a code below "reason." or a sentence.
	Reason     string
	Confidence float64 // 0 to 1, of the OCR
	Text       string  // what was read, for those who cannot see the picture
	Before     string  // URL of the page before
	After      string
}

// Box is a place on a page in shares of its width and height, times 10,000: whole
// numbers, so that they are the same in every language and browser.
type Box struct{ X, Y, W, H int }

// boxOf makes a Box of shares between 0 and 1.
func boxOf(x, y, w, h float64) Box {
	part := func(f float64) int { return int(min(max(f, 0), 1)*10_000 + 0.5) }
	return Box{part(x), part(y), part(w), part(h)}
}

// Thumb is one page in the strip.
type Thumb struct {
	Number  int
	Image   string
	URL     string
	Current bool
	Hits    int // marked words
}

// Match walks from one marked word to the next.
type Match struct {
	Question string
	Total    int // on this page
	Before   string
	After    string
	Clear    string
}

// Step is one line of the letter's way. What is a phrase below "journey.".
type Step struct {
	What  string
	Who   string
	Title string
	At    time.Time
	Note  string
	When  string // "done", "now" or "next"
}

// FileRow is one stored file. Role is a phrase below "file.".
type FileRow struct {
	Role   string
	Name   string
	Media  string
	Size   int64
	Digest string
	URL    string
	Note   string // for example why it is no PDF/A
}

// ReturnNote is why a letter came back.
type ReturnNote struct {
	Who  string
	At   time.Time
	Text string
}

// zooms are the steps of the zoom, in percent of the column.
func zooms() []int { return []int{50, 75, 100, 125, 150, 200, 300} }

// ZoomIn is the next larger step.
func (v letterView) ZoomIn() int {
	for _, z := range zooms() {
		if z > v.Zoom {
			return z
		}
	}
	return v.Zoom
}

// ZoomOut is the next smaller step.
func (v letterView) ZoomOut() int {
	out := zooms()[0]
	for _, z := range zooms() {
		if z < v.Zoom {
			out = z
		}
	}
	return out
}

// Sureness says the confidence in a word.
func (v letterView) Sureness() string {
	switch c := v.Page.Confidence; {
	case c >= 0.9:
		return "sure.high"
	case c >= 0.7:
		return "sure.middle"
	default:
		return "sure.low"
	}
}
