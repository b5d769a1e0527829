package verify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"naskah/internal/problem"
	"naskah/internal/revision"
)

// Verify judges every signature of a PDF. A file that cannot be read is a report
// with Unreadable, not an error; the error is for reading that failed or was
// cancelled.
func Verify(ctx context.Context, r io.ReaderAt, size int64, o Options) (Report, error) {
	at := o.At
	if at.IsZero() {
		at = time.Now()
	}
	report := Report{At: at}
	f, err := revision.Open(r, size)
	if err != nil {
		var p *problem.Error
		if !errors.As(err, &p) {
			return report, err
		}
		report.Conclusion, report.Error = Unreadable, Reason{p.ID, p.EN}
		return report, nil
	}
	report.Revisions = len(f.Revisions())
	j := judge{f: f, r: r, o: o, at: at, increments: map[int]*comparison{}}
	if report.Signatures, err = j.all(ctx); err == nil {
		err = f.Err() // no verdict on bytes that could not be read
	}
	if err != nil {
		return Report{At: at}, err
	}
	report.Conclusion = conclude(report.Signatures)
	if f.Exhausted() {
		report.Conclusion, report.Signatures = Unreadable, nil
		report.Error = Reason{"Susunan PDF ini terlalu rumit untuk diperiksa. Mintalah salinan baru dari pengirimnya.", "This PDF's structure is too complicated to be checked. Ask its sender for a new copy."}
	}
	return report, nil
}

// all judges every signature: first what each is by itself, then whose time is
// proven, then whom to trust.
func (j *judge) all(ctx context.Context) ([]Signature, error) {
	fields := signatureFields(j.f)
	j.tail = j.knownTail(fields)
	all := make([]Signature, len(fields))
	messages := make([]*message, len(fields))
	for i, field := range fields {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if all[i], messages[i], err = j.signature(ctx, field); err != nil {
			return nil, err
		}
	}
	sharedValues(fields, all)
	for _, stamps := range []bool{true, false} { // the clocks first
		for i := range all {
			if messages[i] != nil && (all[i].Level == "RFC3161") == stamps {
				j.trust(&all[i], messages[i])
			}
		}
		inherit(all)
	}
	return all, nil
}

// knownTail says whether the file ends where its last revision ends. White space
// after it is known when a signature covers it.
func (j *judge) knownTail(fields []sigField) bool {
	end := j.f.Revisions()[j.f.Last()].End
	if end == j.f.Size() {
		return true
	}
	blank, err := j.f.Blank(end, j.f.Size())
	if err != nil || !blank {
		return false
	}
	for _, field := range fields {
		if a := j.f.ArrayAt(j.f.Last(), field.dict.Get("ByteRange")); len(a) == 4 {
			from, okF := a[2].(int64)
			n, okN := a[3].(int64)
			if okF && okN && from+n == j.f.Size() {
				return true
			}
		}
	}
	return false
}

// conclude is the worst of all signatures: one that failed fails the file.
func conclude(all []Signature) string {
	if len(all) == 0 {
		return NoSignature
	}
	out := TotalPassed
	for _, s := range all {
		switch {
		case s.Indication == TotalFailed:
			return TotalFailed
		case s.Indication == Indeterminate:
			out = Indeterminate
		}
	}
	return out
}

type judge struct {
	f          *revision.File
	r          io.ReaderAt
	o          Options
	at         time.Time
	tail       bool // nothing unknown follows the last revision
	increments map[int]*comparison
	buf        []byte // of digest
}

type sigField struct {
	name  string
	value revision.Object // a Ref, as it should be, or the dictionary itself
	dict  *revision.Dict
}

// Bounds of the walk through the form; nobody signs more often.
const (
	maxFields     = 100_000
	maxSignatures = 2_000
)

// signatureFields are the filled signature fields in the order of the form. Empty
// ones are no signatures; a value that is no dictionary is one that fails.
func signatureFields(f *revision.File) []sigField {
	w := fieldWalk{f: f, seen: map[int]bool{}}
	form := f.DictAt(f.Last(), f.Catalog().Get("AcroForm"))
	for _, o := range f.ArrayAt(f.Last(), form.Get("Fields")) {
		w.visit(o, sigField{}, "", 0)
	}
	return w.out
}

type fieldWalk struct {
	f    *revision.File
	seen map[int]bool
	out  []sigField
}

// visit takes what a field inherits from above: name, value and kind.
func (w *fieldWalk) visit(o revision.Object, above sigField, kind revision.Name, depth int) {
	if ref, ok := o.(revision.Ref); ok {
		if w.seen[ref.Num] {
			return
		}
		w.seen[ref.Num] = true
	}
	d := w.f.DictAt(w.f.Last(), o)
	if d == nil || len(w.seen) > maxFields || len(w.out) >= maxSignatures || depth > 50 {
		return
	}
	if t, ok := d.Get("T").(revision.String); ok {
		above.name = strings.TrimPrefix(above.name+"."+text(t.Value), ".")
	}
	if n := d.Name("FT"); n != "" {
		kind = n
	}
	if d.Has("V") {
		above.value = d.Get("V")
	}
	named := false
	for _, kid := range w.f.ArrayAt(w.f.Last(), d.Get("Kids")) {
		named = named || w.f.DictAt(w.f.Last(), kid).Has("T")
		w.visit(kid, above, kind, depth+1)
	}
	if kind == "Sig" && d.Get("V") != nil && !named {
		above.dict = w.f.DictAt(w.f.Last(), above.value)
		w.out = append(w.out, above)
	}
}

// text reads a text string: UTF-16 with its mark, UTF-8 with its mark, else Latin.
func text(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(b[3:]), "")
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// fail makes the signature failed, for good: a later finding does not mend it.
func (s *Signature) fail(sub string, id, en string) {
	s.Reasons = append(s.Reasons, Reason{id, en})
	if s.Indication != TotalFailed {
		s.Indication, s.SubIndication = TotalFailed, sub
	}
}

// doubt makes a signature that has not failed indeterminate; the first doubt names
// the sub-indication.
func (s *Signature) doubt(sub string, id, en string) {
	s.Reasons = append(s.Reasons, Reason{id, en})
	if s.Indication == TotalPassed {
		s.Indication, s.SubIndication = Indeterminate, sub
	}
}

func (s *Signature) note(id, en string) { s.Reasons = append(s.Reasons, Reason{id, en}) }

// sharedValues fails signatures whose value serves two fields.
func sharedValues(fields []sigField, all []Signature) {
	uses := map[int]int{}
	for _, f := range fields {
		if ref, ok := f.value.(revision.Ref); ok {
			uses[ref.Num]++
		}
	}
	for i, f := range fields {
		if ref, ok := f.value.(revision.Ref); ok && uses[ref.Num] > 1 && i < len(all) {
			all[i].fail(FormatFailure, "Satu tanda tangan dipakai oleh dua kolom.", "One signature serves two fields.")
		}
	}
}

// signature judges one: structure, coverage, cryptography, changes, trust.
func (j *judge) signature(ctx context.Context, field sigField) (Signature, *message, error) {
	s := Signature{Field: field.name, Indication: TotalPassed, Coverage: CoverUnclear, Changes: ChangesNone}
	if field.dict == nil {
		s.fail(FormatFailure, "Isi kolom tanda tangan ini tidak ada.", "The value of this signature field is missing.")
		return s, nil, nil
	}
	s.ClaimedTime = claimedTime(field.dict)
	if s.ClaimedTime.After(j.at.Add(24 * time.Hour)) {
		s.note("Waktu yang ditulis penanda tangan ada di masa depan.", "The time that the signer wrote lies in the future.")
	}
	where, ok := j.ranges(&s, field.dict)
	if !ok {
		return s, nil, nil
	}
	m, ok := j.parse(&s, field.dict)
	if !ok {
		return s, nil, nil
	}
	s.Level = m.level(field.dict)
	if err := j.crypto(ctx, &s, m, where, field.dict); err != nil {
		return s, nil, err
	}
	j.changes(&s, where, field)
	return s, m, nil
}

// claimedTime reads /M; zero when it is not there or no date.
func claimedTime(d *revision.Dict) time.Time {
	m, ok := d.Get("M").(revision.String)
	if !ok {
		return time.Time{}
	}
	raw := strings.NewReplacer("'", "", "D:", "").Replace(text(m.Value))
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z", "20060102150405"} {
		if t, err := time.Parse(layout, strings.TrimSuffix(raw, "0000Z")); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// span is where a signature's signed bytes stand.
type span struct {
	gapStart, gapEnd, end int64
	revision              int // the one it ends; -1 when it ends none
}

// ranges judges the ByteRange (B4) and its gap, and says what is covered. ok is
// false when there is nothing to go on with.
func (j *judge) ranges(s *Signature, d *revision.Dict) (span, bool) {
	w, ok := j.span(d)
	if !ok {
		s.fail(FormatFailure, "Rentang byte tanda tangan (ByteRange) tidak benar, sehingga tidak jelas apa yang ditandatangani.",
			"The signature's byte range is wrong, so it is not clear what was signed.")
		return span{}, false
	}
	w.revision = j.revisionEnding(w.end)
	switch {
	case w.end == j.f.Size():
		s.Coverage = CoverEntireFile
	case w.revision >= 0:
		s.Coverage = CoverEntireRevision
	default:
		s.Coverage = CoverBlock
	}
	s.Revision = w.revision + 1
	return w, true
}

// span reads four plain numbers, the first 0, whose gap is exactly the Contents
// token. A dictionary with a key twice is read differently by different readers.
func (j *judge) span(d *revision.Dict) (span, bool) {
	a, ok := d.Get("ByteRange").(revision.Array)
	if !ok || len(a) != 4 || len(d.Repeated) > 0 {
		return span{}, false
	}
	var n [4]int64
	for i, o := range a {
		if n[i], ok = o.(int64); !ok || n[i] < 0 || n[i] > j.f.Size() {
			return span{}, false
		}
	}
	w := span{gapStart: n[1], gapEnd: n[2], end: n[2] + n[3], revision: -1}
	contents, ok := d.Get("Contents").(revision.String)
	if !ok || !contents.Hex || n[0] != 0 || w.gapStart == 0 || w.end > j.f.Size() {
		return span{}, false
	}
	return w, contents.Start == w.gapStart && contents.End == w.gapEnd
}

// revisionEnding is the revision that a range ends, -1 when it ends none. The line
// end after %%EOF may be outside, white space after it inside.
func (j *judge) revisionEnding(end int64) int {
	all := j.f.Revisions()
	for i, r := range all {
		if end > r.End && i < len(all)-1 && end >= all[i+1].End-2 {
			continue
		}
		if end < r.End-2 {
			return -1
		}
		if blank, err := j.f.Blank(min(end, r.End), max(end, r.End)); err == nil && blank {
			return i
		}
		return -1
	}
	return -1
}

func count(n int, id, en string) (string, string) {
	return strconv.Itoa(n) + " " + id, strconv.Itoa(n) + " " + en
}
