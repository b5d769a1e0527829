package local

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"naskah/search"
)

// format changes whenever the fields or the analysis do: an index of another format
// is built anew.
const format = 4

// The fields of a letter in the index.
const (
	fieldID      = "_id"     // Bleve's own
	fieldText    = "text"    // words of the short fields and the pages
	fieldSubject = "subject" // words of the subject
	fieldShort   = "short"   // words of all short fields
	fieldStarts  = "starts"  // beginnings of words, one to shortStart letters
	fieldOften   = "often"   // words that stand there several times
	fieldStored  = "stored"  // the short fields and the pages themselves, packed
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

// shortFields is how many entries of fieldStored come before the pages.
const shortFields = 9

func shorts(f search.Fields) [shortFields]string {
	return [shortFields]string{f.Subject, f.Number, f.Agenda, f.Sender, f.Recipient, f.Summary, f.Notes, f.Classification, f.ClassificationName}
}

func numbers(f search.Fields) []string { return []string{f.Number, f.Agenda, f.Classification} }

// entries makes letters into what Bleve holds.
type entries struct {
	packers sync.Pool // of *flate.Writer: each takes more memory than a letter
}

// of goes around Bleve's mapping, which finds fields by reflection and knows analyzers
// by names in a global registry.
func (n *entries) of(d search.Document) (*document.Document, error) {
	const set = index.IndexField | index.SkipFreqNorm // a set of letters a term, no more
	e := document.NewDocument(d.ID)
	add := func(field, value string, position int, a tokens) {
		if value != "" {
			e.AddField(document.NewTextFieldCustom(field, []uint64{uint64(position)}, []byte(value), set, a)) //nolint:gosec // a small index
		}
	}
	short := shorts(d.Fields)
	pieces := append(short[:], d.Pages...)
	for i, p := range pieces {
		pieces[i] = strings.ReplaceAll(p, between, " ")
	}
	all := strings.Join(pieces, between)
	packed, err := n.pack(all)
	if err != nil {
		return nil, err
	}
	e.AddField(document.NewTextFieldCustom(fieldStored, nil, packed, index.StoreField, nil))
	add(fieldText, all, 0, tokenize)
	add(fieldOften, all, 0, often)
	add(fieldStarts, all, 0, starts)
	add(fieldPairs, all, 0, pairs)
	add(fieldShort, strings.Join(pieces[:shortFields], between), 0, tokenize)
	add(fieldSubject, d.Fields.Subject, 0, tokenize)
	for i, s := range numbers(d.Fields) {
		add(fieldNumber, s, i, numberParts)
	}
	for i, r := range d.Readers {
		add(fieldReaders, r, i, whole)
	}
	day, year := dayAndYear(d.Fields.Date)
	for field, value := range map[string]string{
		fieldDate: day, fieldYear: year, fieldKind: d.Fields.Kind, fieldUnit: d.Fields.Unit, fieldWay: d.Fields.Direction, fieldState: d.Fields.State,
	} {
		add(field, value, 0, whole)
	}
	return e, nil
}

// add puts a letter into a batch.
func (n *entries) add(batch *bleve.Batch, d search.Document) error {
	e, err := n.of(d)
	if err == nil {
		err = batch.IndexAdvanced(e)
	}
	if err != nil {
		return fmt.Errorf("index letter %q: %w", d.ID, err)
	}
	return nil
}

// pack makes the text small: text is most of the index, and what of it was read lately
// stays in memory.
func (n *entries) pack(text string) ([]byte, error) {
	var out bytes.Buffer
	w, ok := n.packers.Get().(*flate.Writer)
	if !ok {
		var err error
		if w, err = flate.NewWriter(&out, flate.DefaultCompression); err != nil {
			return nil, err
		}
	}
	w.Reset(&out)
	defer n.packers.Put(w)
	if _, err := io.WriteString(w, text); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// unpacker unpacks letters, one after the other.
type unpacker struct{ reader io.ReadCloser }

// pieces gives back the short fields and the pages.
func (u *unpacker) pieces(packed []byte) ([]string, error) {
	from := bytes.NewReader(packed)
	if u.reader == nil {
		u.reader = flate.NewReader(from)
	} else if err := u.reader.(flate.Resetter).Reset(from, nil); err != nil { //nolint:errcheck // flate promises it
		return nil, err
	}
	var text strings.Builder
	text.Grow(4 * len(packed))
	_, err := io.Copy(&text, u.reader) //nolint:gosec // our own text, bounded when it was packed
	return strings.Split(text.String(), between), err
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
