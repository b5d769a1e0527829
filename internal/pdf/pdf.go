package pdf

import "time"

// Media types of the pictures that FromScans takes.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Word is a word and where it stands, as fractions of the page as a reader sees
// it, with the origin at the top left: X0 < X1, Y0 < Y1, all within 0…1.
type Word struct {
	Text           string
	X0, Y0, X1, Y1 float64
}

// ScanPage is one page made of one picture.
type ScanPage struct {
	Picture []byte
	Media   string  // JPEG or PNG
	DPI     float64 // ≤ 0 means 200
	// Turn is how many degrees clockwise the picture is turned to be read (0, 90,
	// 180, 270). The bytes stay as they are; only the page shows them turned.
	Turn int
	// Words are laid invisibly over the picture, as fractions of the turned page.
	Words []Word
}

// Meta is what a file says about itself. All of it is given and none is taken
// from a clock, so that the same letter gives the same bytes.
type Meta struct {
	Title, Author, Creator string
	Language               string // "id"
	Created                time.Time
	ID                     [16]byte
	// Fields are the empty signature fields that Finish makes.
	Fields []Field
	// NoClaim leaves out the sentence that the file is PDF/A-2b: for files that
	// hold foreign pages nobody has checked.
	NoClaim bool
}

// Field is the place of a signature that is still to come.
type Field struct {
	Name string // "ttd1"; unique in the file
	Page int    // from 1
	Rect [4]float64
	// Rect is x0, y0, x1, y1 in points from the bottom left of the page as shown.
}

// Position is where a stamp stands on the page as the reader sees it.
type Position string

// The positions.
const (
	TopLeft     Position = "top-left"
	Top         Position = "top"
	TopRight    Position = "top-right"
	Center      Position = "center"
	BottomLeft  Position = "bottom-left"
	Bottom      Position = "bottom"
	BottomRight Position = "bottom-right"
)

// Positions lists all positions.
func Positions() []Position {
	return []Position{TopLeft, Top, TopRight, Center, BottomLeft, Bottom, BottomRight}
}

// Stamp is what AddStamp puts on pages: a picture over a QR over lines of text,
// whichever are given.
type Stamp struct {
	Text string // printed as it is; line breaks count, nothing else is special
	QR   string // content of a QR code
	PNG  []byte // a picture, PNG or JPEG
	At   Position
	// Pages are the pages stamped; empty means all.
	Pages []PageRange
	Box   bool // a frame around the stamp
}

// AgendaStamp is the stamp of an incoming letter.
type AgendaStamp struct {
	Office   string // "Kecamatan Cicalengka"
	Number   string // agenda number
	Received string // date, written out
	At       Position
}
