package local

import (
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"naskah/search"
)

// format changes whenever the fields or the analysis do: an index of another format
// is built anew.
const format = 3

// The fields of a letter in the index.
const (
	fieldText    = "text"    // the short fields, then the pages: stored, for phrases and snippets
	fieldSubject = "subject" // words of the subject
	fieldShort   = "short"   // words of all short fields
	fieldStarts  = "starts"  // beginnings of words, one to shortStart letters
	fieldPairs   = "pairs"   // neighbouring words, for phrases
	fieldNumber  = "number"  // numbers without their punctuation: from each part on, and beginnings
	fieldReaders = "readers"
	fieldDate    = "date"
	fieldYear    = "year"
	fieldKind    = "kind"
	fieldUnit    = "unit"
	fieldWay     = "direction"
	fieldState   = "state"
)

// shortFields is how many entries of fieldText come before the pages.
const shortFields = 9

func shorts(f search.Fields) [shortFields]string {
	return [shortFields]string{f.Subject, f.Number, f.Agenda, f.Sender, f.Recipient, f.Summary, f.Notes, f.Classification, f.ClassificationName}
}

func numbers(f search.Fields) []string { return []string{f.Number, f.Agenda, f.Classification} }

// newEntry is the letter as Bleve holds it. It goes around Bleve's mapping, which
// finds fields by reflection and knows analyzers by names in a global registry.
func newEntry(d search.Document) *document.Document {
	const set = index.IndexField | index.SkipFreqNorm // a set of letters a term, no more
	e := document.NewDocument(d.ID)
	add := func(field, value string, position int, options index.FieldIndexingOptions, a tokens) {
		if value != "" {
			e.AddField(document.NewTextFieldCustom(field, []uint64{uint64(position)}, []byte(value), options, a)) //nolint:gosec // a small index
		}
	}
	short := shorts(d.Fields)
	text := append(short[:], d.Pages...)
	for i, s := range text {
		add(fieldText, s, i, index.IndexField|index.StoreField, tokenize)
	}
	all := strings.Join(text, between)
	add(fieldStarts, all, 0, set, starts)
	add(fieldPairs, all, 0, set, pairs)
	add(fieldShort, strings.Join(short[:], between), 0, set, tokenize)
	add(fieldSubject, d.Fields.Subject, 0, set, tokenize)
	for i, s := range numbers(d.Fields) {
		add(fieldNumber, s, i, set, numberParts)
	}
	for i, r := range d.Readers {
		add(fieldReaders, r, i, set, whole)
	}
	day, year := dayAndYear(d.Fields.Date)
	for field, value := range map[string]string{
		fieldDate: day, fieldYear: year, fieldKind: d.Fields.Kind, fieldUnit: d.Fields.Unit, fieldWay: d.Fields.Direction, fieldState: d.Fields.State,
	} {
		add(field, value, 0, set, whole)
	}
	return e
}

func dayAndYear(t time.Time) (day, year string) {
	if t.IsZero() {
		return "", ""
	}
	return t.Format(time.DateOnly), strconv.Itoa(t.Year())
}

// tokens is an analyzer made of one function.
type tokens func(text []byte) analysis.TokenStream

// Analyze implements analysis.Analyzer.
func (f tokens) Analyze(text []byte) analysis.TokenStream { return f(text) }
