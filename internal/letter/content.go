package letter

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"naskah/internal/problem"
)

// Content is everything an author decides about an outgoing letter. Its JSON is
// canonical: fixed member order, no maps, no floats; its digest names a version.
type Content struct {
	Kind           string       `json:"kind"`           // code of a Kind: "undangan", "surat-tugas", "nota-dinas"
	Classification string       `json:"classification"` // archive code, "000.7.1.4"
	Class          Class        `json:"class"`
	Urgency        Urgency      `json:"urgency"`
	Subject        string       `json:"subject"`
	To             []string     `json:"to"` // one addressee a line, as printed after "Yth."
	Place          string       `json:"place"`
	Body           []Block      `json:"body"`
	Copies         []string     `json:"copies"` // tembusan, as printed
	Attachments    []Attachment `json:"attachments"`
	Assignees      []Assignee   `json:"assignees,omitempty"` // surat tugas: who is sent
	Basis          []string     `json:"basis,omitempty"`     // surat tugas: dasar
	From           string       `json:"from,omitempty"`      // nota dinas: dari, a position's title
}

// Block is one piece of a letter's text. Type says which members count.
type Block struct {
	Type  BlockType `json:"type"`
	Runs  []Run     `json:"runs,omitempty"`  // Paragraph, Heading
	Items [][]Run   `json:"items,omitempty"` // Numbered: one line each, numbered from 1
	Rows  [][]Run   `json:"rows,omitempty"`  // Details: two runs a row (name, value); Table: one run a cell, all rows equally long, the first row is the head
}

// BlockType names what a Block is.
type BlockType string

// The types of block. They are kept as nodes, never as layout, so that a tagged
// PDF can be made from them.
const (
	Paragraph BlockType = "paragraph"
	Heading   BlockType = "heading"
	Numbered  BlockType = "numbered"
	Details   BlockType = "details"
	Table     BlockType = "table"
)

// Run is text of one weight.
type Run struct {
	Text string `json:"text"`
	Bold bool   `json:"bold,omitempty"`
}

// Attachment is a lampiran: either written (Body) or a file of pages that is
// appended as it is (Ref of a PDF).
type Attachment struct {
	Title string  `json:"title"`
	Body  []Block `json:"body,omitempty"`
	Ref   string  `json:"ref,omitempty"` // SHA-256 of a PDF in the store
	Pages int     `json:"pages,omitempty"`
}

// Assignee is one person in a surat tugas. Rank may be empty.
type Assignee struct {
	Name  string `json:"name"`
	Rank  string `json:"rank,omitempty"`
	NIP   string `json:"nip,omitempty"`
	Title string `json:"title"`
}

// Limits of a written letter; beyond them a page is not a letter any more and
// typesetting time would no longer be bounded.
const (
	MaxSubject = 300
	MaxBlocks  = 500
	MaxText    = 200_000 // bytes of text in all blocks
	MaxColumns = 8
)

// Check says in plain words what is missing before the letter can go to its
// reviewers: problem.Invalid, or nil.
func (c Content) Check() error {
	switch {
	case strings.TrimSpace(c.Subject) == "":
		return problem.New(problem.Invalid, "Isi dulu “Hal”: surat ini tentang apa?", "Fill in the subject first: what is this letter about?", nil)
	case len([]rune(c.Subject)) > MaxSubject:
		return problem.New(problem.Invalid, fmt.Sprintf("“Hal” terlalu panjang. Ringkas sampai %d huruf.", MaxSubject), fmt.Sprintf("The subject is too long. Keep it within %d letters.", MaxSubject), nil)
	case c.Kind != KindAssignment && len(c.To) == 0:
		return problem.New(problem.Invalid, "Isi dulu kepada siapa surat ini dikirim.", "Say first to whom this letter goes.", nil)
	case c.Kind == KindAssignment && len(c.Assignees) == 0:
		return problem.New(problem.Invalid, "Isi dulu siapa yang ditugaskan.", "Say first who is being sent.", nil)
	case len(c.Body) == 0:
		return problem.New(problem.Invalid, "Tulis dulu isi suratnya.", "Write the text of the letter first.", nil)
	case len(c.Body) > MaxBlocks || textSize(c.Body) > MaxText:
		return problem.New(problem.TooLarge, "Isi surat terlalu panjang. Pindahkan sebagian ke lampiran berkas.", "The text is too long. Move a part of it to an attached file.", nil)
	}
	return nil
}

// Canonical is the JSON that a version's digest is made over.
func (c Content) Canonical() ([]byte, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("letter content to JSON: %w", err)
	}
	return b, nil
}

// Digest is the SHA-256 of Canonical.
func (c Content) Digest() ([32]byte, error) {
	b, err := c.Canonical()
	if err != nil {
		return [32]byte{}, err
	}
	return sha256.Sum256(b), nil
}

// Text is the letter's words without layout, for the index.
func (c Content) Text() string {
	var b strings.Builder
	fmt.Fprintln(&b, c.Subject)
	for _, to := range c.To {
		fmt.Fprintln(&b, to)
	}
	for _, s := range c.Basis {
		fmt.Fprintln(&b, s)
	}
	for _, a := range c.Assignees {
		fmt.Fprintln(&b, a.Name, a.Title)
	}
	writeBlocks(&b, c.Body)
	for _, a := range c.Attachments {
		fmt.Fprintln(&b, a.Title)
		writeBlocks(&b, a.Body)
	}
	return b.String()
}

func writeBlocks(b *strings.Builder, blocks []Block) {
	for _, block := range blocks {
		for _, r := range block.Runs {
			b.WriteString(r.Text)
		}
		for _, line := range append(append([][]Run{}, block.Items...), block.Rows...) {
			for _, r := range line {
				b.WriteString(r.Text)
				b.WriteByte(' ')
			}
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
}

func textSize(blocks []Block) int {
	var b strings.Builder
	writeBlocks(&b, blocks)
	return b.Len()
}
