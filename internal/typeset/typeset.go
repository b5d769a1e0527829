package typeset

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"naskah/internal/letter"
	"naskah/internal/pdf"
)

// Letterhead is the head of the first page (kop surat).
type Letterhead struct {
	Lines   []string `json:"lines"`          // agency first, the unit last: the last is the largest
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

// Letter is everything that the pages show.
type Letter struct {
	Content    letter.Content
	Template   Template
	Letterhead Letterhead
	Signer     Signer
	Number     string
	Date       time.Time // in the office's zone
	Place      string    // where the office is; Content.Place goes before it
	VerifyURL  string
	Code       string // the short code as it is shown
	// Preview leaves number and date as blanks and the QR as an empty frame that
	// says KONSEP; every other mark stands where it will stand in the end.
	Preview bool
	// Ink leaves the place above the name free for a signature in ink: QR and code
	// stand at the left margin beside it, and the footer says what the paper needs.
	Ink bool
}

// Result is a set letter.
type Result struct {
	PDF   []byte
	Pages int
	// Field is the place of the signature, where the empty signature field lies.
	// It is zero in a preview.
	Field pdf.Field
	// Archival says that the file claims to be PDF/A-2b. Appended files that do
	// not claim it themselves take the claim away.
	Archival bool
}

// FieldName is the name of the signature field of a letter.
const FieldName = "ttd1"

// Set lays the letter out. attachments are the PDF files that the content names
// by Ref. The same letter always gives the same bytes.
func Set(ctx context.Context, l Letter, attachments map[string][]byte) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	l.Template = l.Template.within()
	s, pages, err := arrange(l)
	if err != nil {
		return Result{}, err
	}
	raw, err := s.paint(l, pages)
	if err != nil {
		return Result{}, err
	}
	res := Result{Archival: true}
	if raw, res.Archival, err = appendFiles(raw, l.Content.Attachments, pages, attachments); err != nil {
		return Result{}, err
	}
	meta, err := l.meta()
	if err != nil {
		return Result{}, err
	}
	meta.NoClaim = !res.Archival
	if !l.Preview {
		res.Field = s.field(pages)
		meta.Fields = []pdf.Field{res.Field}
	}
	if res.PDF, err = pdf.Finish(raw, meta); err != nil {
		return Result{}, err
	}
	res.Pages = len(pages) + filePages(l.Content.Attachments, attachments)
	return res, nil
}

// arrange decides what stands where, on which page.
func arrange(l Letter) (*sheet, []sheetPage, error) {
	s, err := newSheet(l)
	if err != nil {
		return nil, nil, err
	}
	c := &composer{Letter: l, sheet: s, left: l.Template.MarginLeft, width: s.textWidth()}
	c.compose()
	return s, paginate(c.rows, s), nil
}

// meta names the file after its letter; its id is made from what it says.
func (l Letter) meta() (pdf.Meta, error) {
	canonical, err := l.Content.Canonical()
	if err != nil {
		return pdf.Meta{}, err
	}
	rest, err := json.Marshal([]any{l.Template, l.Letterhead, l.Signer, l.Number, l.Date, l.Place, l.VerifyURL, l.Code, l.Preview})
	if err != nil {
		return pdf.Meta{}, fmt.Errorf("letter to JSON: %w", err)
	}
	sum := sha256.Sum256(append(canonical, rest...))
	author := ""
	if n := len(l.Letterhead.Lines); n > 0 {
		author = l.Letterhead.Lines[n-1]
	}
	return pdf.Meta{Title: l.Content.Subject, Author: author, Creator: "Naskah", Language: "id", Created: l.Date, ID: [16]byte(sum[:16])}, nil
}
