package typeset

import (
	"context"
	"errors"
	"time"

	"naskah/internal/letter"
	"naskah/internal/pdf"
)

// Letterhead is the head of the first page (kop surat).
type Letterhead struct {
	Lines   []string `json:"lines"`          // agency, then unit: the last is the largest
	Address []string `json:"address"`        // small lines under them
	Logo    []byte   `json:"logo,omitempty"` // PNG or JPEG; may be empty
}

// Signer is whose name stands under the letter, and in which capacity.
type Signer struct {
	Capacity    string // "", "Plt.", "Plh.", "a.n.", "u.b."
	Title       string // title of the position signed for: "CAMAT CICALENGKA"
	ActingTitle string // a.n. and u.b.: the signer's own title
	Name        string
	Rank        string
	NIP         string
}

// Template is what an administrator may change about the look, as data.
type Template struct {
	Paper        string   `json:"paper"` // "A4" or "F4"
	MarginTop    float64  `json:"margin_top"`
	MarginRight  float64  `json:"margin_right"`
	MarginBottom float64  `json:"margin_bottom"`
	MarginLeft   float64  `json:"margin_left"` // all in millimetres
	FontSize     float64  `json:"font_size"`   // points
	LineHeight   float64  `json:"line_height"` // times the font size
	Justify      bool     `json:"justify"`
	Footer       []string `json:"footer"` // lines; {situs} and {kode} are filled in
}

// Letter is everything that a page shows.
type Letter struct {
	Content    letter.Content
	Template   Template
	Letterhead Letterhead
	Signer     Signer
	Number     string
	Date       time.Time // in the office's zone
	Place      string    // "Cicalengka"
	VerifyURL  string
	Code       string // the short code as it is shown
	Preview    bool
}

// Result is a set letter.
type Result struct {
	PDF   []byte
	Pages int
	// Field is the signature block's place, where the empty signature field lies.
	Field pdf.Field
	// Archival says that the file claims to be PDF/A-2b. Appended foreign pages
	// that do not claim it themselves take it away.
	Archival bool
}

// DefaultTemplate is A4 with the margins and sizes of §1.7.
func DefaultTemplate() Template { return Template{} }

// Set lays the letter out. attachments are the PDF files that its content names by Ref.
func Set(ctx context.Context, l Letter, attachments map[string][]byte) (Result, error) {
	return Result{}, errors.New("not yet")
}
