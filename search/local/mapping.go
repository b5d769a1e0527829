package local

import (
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"

	"naskah/search"
)

// format changes whenever the mapping or the analysis does: an index of another
// format is built anew.
const format = "1"

// The fields of a Bleve document.
const (
	fieldSubject = "subject"
	fieldMeta    = "meta"   // all short fields together
	fieldStart   = "start"  // the same, as beginnings of words
	fieldNumber  = "number" // numbers without their punctuation, as beginnings
	fieldPages   = "pages"
	fieldReaders = "readers"
	fieldDate    = "date"
	fieldYear    = "year"
	fieldKind    = "kind"
	fieldUnit    = "unit"
	fieldWay     = "direction"
	fieldState   = "state"
)

// entry is a letter as Bleve holds it.
type entry struct {
	Subject   string   `json:"subject"`
	Meta      []string `json:"meta"`
	Start     []string `json:"start"`
	Number    []string `json:"number"`
	Pages     []string `json:"pages"`
	Readers   []string `json:"readers"`
	Date      float64  `json:"date"` // days since 1970
	Year      string   `json:"year"`
	Kind      string   `json:"kind"`
	Unit      string   `json:"unit"`
	Direction string   `json:"direction"`
	State     string   `json:"state"`
}

func newEntry(d search.Document) entry {
	f := d.Fields
	short := []string{f.Subject, f.Number, f.Agenda, f.Sender, f.Recipient, f.Summary, f.Notes, f.Classification, f.ClassificationName}
	e := entry{
		Subject: f.Subject, Meta: short, Start: []string{f.Subject, f.Number, f.Agenda, f.Sender, f.Recipient, f.ClassificationName},
		Number: []string{f.Number, f.Agenda, f.Classification}, Pages: d.Pages, Readers: d.Readers,
		Kind: f.Kind, Unit: f.Unit, Direction: f.Direction, State: f.State,
	}
	if !f.Date.IsZero() {
		e.Date, e.Year = float64(f.Date.Unix()/86400), strconv.Itoa(f.Date.Year())
	}
	return e
}

func newMapping() mapping.IndexMapping {
	register()
	text := func(analyzer string, store bool) *mapping.FieldMapping {
		m := bleve.NewTextFieldMapping()
		m.Analyzer, m.Store, m.IncludeTermVectors, m.IncludeInAll, m.DocValues = analyzer, store, store, false, false
		return m
	}
	keyword := func(values bool) *mapping.FieldMapping {
		m := bleve.NewKeywordFieldMapping()
		m.Store, m.IncludeTermVectors, m.IncludeInAll, m.DocValues = false, false, false, values
		return m
	}
	date := bleve.NewNumericFieldMapping()
	date.Store, date.IncludeInAll, date.DocValues = false, false, true
	doc := bleve.NewDocumentStaticMapping()
	for name, m := range map[string]*mapping.FieldMapping{
		fieldSubject: text(wordAnalyzer, true), fieldMeta: text(wordAnalyzer, true), fieldPages: text(wordAnalyzer, true),
		fieldStart: text(prefixAnalyzer, false), fieldNumber: text(numberAnalyzer, false), fieldReaders: keyword(false), fieldDate: date,
		fieldYear: keyword(true), fieldKind: keyword(true), fieldUnit: keyword(true), fieldWay: keyword(true), fieldState: keyword(true),
	} {
		doc.AddFieldMappingsAt(name, m)
	}
	im := bleve.NewIndexMapping()
	im.DefaultMapping, im.DefaultAnalyzer, im.StoreDynamic, im.IndexDynamic, im.DocValuesDynamic = doc, wordAnalyzer, false, false, false
	return im
}
