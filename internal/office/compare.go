package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// Comparison is what changed between two submissions of a letter.
type Comparison struct {
	Versions []db.Version
	Authors  map[string]string // by person id
	Changes  []Change          // the parts that differ, in the letter's order
}

// Change is one part of a letter that differs. Part is "subject", "to", "copies",
// "body", "basis", "assignees", "attachments" or "class".
type Change struct {
	Part   string
	Pieces []Piece
}

// Piece is text that stayed ("same"), went ("gone") or came ("added").
type Piece struct{ Kind, Text string }

// Compare sets two submissions of a letter side by side, word by word. Both are
// numbered from 1.
func (o *Office) Compare(ctx context.Context, actor account.Actor, id string, old, newer int) (Comparison, error) {
	var out Comparison
	if _, err := o.seen(ctx, actor, id); err != nil {
		return out, err
	}
	var err error
	if out.Versions, err = o.DB.Versions(ctx, id); err != nil {
		return out, err
	}
	if old < 1 || newer < 1 || old > len(out.Versions) || newer > len(out.Versions) {
		return out, problem.New(problem.NotFound, "Surat ini belum punya dua versi untuk dibandingkan.", "This letter has no two versions to compare yet.", nil)
	}
	before, errB := contentOfVersion(out.Versions[old-1])
	after, errA := contentOfVersion(out.Versions[newer-1])
	if errB != nil || errA != nil {
		return out, fmt.Errorf("compare versions of %s: %w %w", id, errB, errA)
	}
	people := make([]string, 0, len(out.Versions))
	for _, v := range out.Versions {
		people = append(people, v.CreatedBy)
	}
	if out.Authors, err = o.DB.NamesOf(ctx, people); err != nil {
		return out, err
	}
	was, is := parts(before), parts(after)
	for i := range is {
		if was[i].text != is[i].text {
			out.Changes = append(out.Changes, Change{is[i].name, pieces(was[i].text, is[i].text)})
		}
	}
	return out, nil
}

func contentOfVersion(v db.Version) (letter.Content, error) {
	var c letter.Content
	err := json.Unmarshal([]byte(v.Content), &c)
	return c, err
}

type part struct{ name, text string }

// parts are a letter's texts in its order, as a person reads them.
func parts(c letter.Content) []part {
	var assignees, files []string
	for _, a := range c.Assignees {
		assignees = append(assignees, strings.Join(fullLines([]string{a.Name, a.Rank, a.NIP, a.Title}), ", "))
	}
	for _, a := range c.Attachments {
		files = append(files, a.Title+" "+shortRef(a.Ref))
	}
	lines := func(list []string) string { return strings.Join(list, "\n") }
	return []part{
		{"subject", c.Subject},
		{"to", lines(c.To)},
		{"class", c.Classification + " " + string(c.Class) + " " + string(c.Urgency)},
		{"basis", lines(c.Basis)},
		{"assignees", lines(assignees)},
		{"body", letter.FormatBody(c.Body)},
		{"attachments", lines(files)},
		{"copies", lines(c.Copies)},
	}
}

func shortRef(ref string) string { return ref[:min(8, len(ref))] }

// pieces compares word by word. Blanks belong to the word before them, so that the
// pieces together are the whole text.
func pieces(before, after string) []Piece {
	a, b := wordsOf(before), wordsOf(after)
	var out []Piece
	for _, op := range difflib.NewMatcherWithJunk(a, b, false, nil).GetOpCodes() {
		gone, added := strings.Join(a[op.I1:op.I2], ""), strings.Join(b[op.J1:op.J2], "")
		if op.Tag == 'e' {
			out = append(out, Piece{"same", gone})
			continue
		}
		out = append(out, Piece{"gone", gone}, Piece{"added", added})
	}
	return slices.DeleteFunc(out, func(p Piece) bool { return p.Text == "" })
}

func wordsOf(s string) []string { return strings.SplitAfter(strings.ReplaceAll(s, "\n", " \n"), " ") }
