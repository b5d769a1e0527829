package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"naskah/internal/revision"
	"naskah/internal/verify"
)

// rawPDF writes a PDF with a classic table of these objects (from 1; 1 is the
// catalog) and, for shadow attacks, table entries of its own making.
func rawPDF(objects []string, extra map[int]int64) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int64, len(objects))
	for i, o := range objects {
		offsets[i] = int64(b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	for num, o := range extra {
		fmt.Fprintf(&b, "%d 1\n%010d 00000 n \n", num, o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

func stream(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

// prepared is a letter whose author left a door open: page is what its page says
// beside its content, catalog what its catalog says beside its pages.
func prepared(page, catalog string, more ...string) []byte {
	return rawPDF(append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + page + ">>",
		stream("BT ET"),
	}, more...), nil)
}

const fake = "BT /F1 40 Tf 100 700 Td (Palsu) Tj ET"

func forgedStream(pairs ...any) *revision.Stream {
	return revision.NewStream(revision.NewDict(pairs...), []byte(fake))
}

func fieldDict(pairs ...any) *revision.Dict {
	return revision.NewDict(append([]any{
		name("Type"), name("Annot"), name("Subtype"), name("Widget"), name("FT"), name("Sig"), name("F"), int64(4),
		name("T"),
		revision.String{Value: []byte("kosong")},
		name("Rect"),
		revision.Array{int64(0), int64(0), int64(595), int64(842)},
	}, pairs...)...)
}

// addField adds a field to the form and to the page, as a signer does.
func addField(t testing.TB, f *revision.File, inc *revision.Increment, d *revision.Dict) {
	t.Helper()
	ref, p := pageOf(t, f)
	field := inc.Add(d)
	p = p.Clone()
	p.Set("Annots", append(append(revision.Array{}, f.ArrayAt(f.Last(), p.Get("Annots"))...), field))
	inc.Replace(ref, p)
	c := f.Catalog().Clone()
	form := f.DictAt(f.Last(), c.Get("AcroForm")).Clone()
	form.Set("Fields", append(append(revision.Array{}, f.ArrayAt(f.Last(), form.Get("Fields"))...), field))
	if at, ok := c.Get("AcroForm").(revision.Ref); ok {
		inc.Replace(at, form)
		return
	}
	c.Set("AcroForm", form)
	inc.Replace(f.Trailer().Get("Root").(revision.Ref), c)
}

func TestPreparedAndDisguisedChangesNeverPass(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	plain := o.sign(t, prepared("/Contents 4 0 R", ""))
	type forge func(f *revision.File, inc *revision.Increment)
	for what, c := range map[string]struct {
		doc []byte
		do  forge
	}{
		"page content disguised as an object stream": {plain, func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 4}, forgedStream(name("Type"), name("ObjStm"), name("N"), int64(0), name("First"), int64(0)))
		}},
		"page content disguised as a cross-reference stream": {plain, func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 4}, forgedStream(name("Type"), name("XRef")))
		}},
		"a reference to nothing is given content": {o.sign(t, prepared("/Contents[4 0 R 90 0 R]", "")), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 90}, forgedStream())
		}},
		"a reference to nothing inside resources": {o.sign(t, prepared("/Contents 4 0 R/Resources<</XObject<</X 90 0 R>>>>", "")), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 90}, forgedStream(name("Subtype"), name("Form")))
		}},
		"empty field with an appearance over the page": {plain, func(f *revision.File, inc *revision.Increment) {
			addField(t, f, inc, fieldDict(name("AP"), revision.NewDict(name("N"), inc.Add(forgedStream(name("Subtype"), name("Form"))))))
		}},
		"free text that calls itself a signature field": {plain, func(f *revision.File, inc *revision.Increment) {
			d := fieldDict(name("Contents"), revision.String{Value: []byte("Palsu")})
			d.Set("Subtype", name("FreeText"))
			addField(t, f, inc, d)
		}},
		"field with an action": {plain, func(f *revision.File, inc *revision.Increment) {
			addField(t, f, inc, fieldDict(name("A"), revision.NewDict(name("S"), name("JavaScript"))))
		}},
		"validation data that is page content too": {o.sign(t, prepared("/Contents 4 0 R", "/DSS 4 0 R")), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 4}, forgedStream())
		}},
		"list of certificates that is a list of contents too": {o.sign(t, prepared("/Contents 5 0 R", "/DSS<</Certs 5 0 R>>", "[4 0 R]")), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 5}, revision.Array{revision.Ref{Num: 4}, inc.Add(forgedStream())})
		}},
		"length of the content changed": {o.sign(t, prepared("/Contents 6 0 R", "", "3", "<</Length 5 0 R>>\nstream\nBT \nendstream")), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 5}, int64(1))
		}},
		"document described anew": {o.sign(t, prepared("/Contents 4 0 R", "")), func(f *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 4}, nil)
		}},
	} {
		r := judge(t, attack(t, c.doc, func(f *revision.File, inc *revision.Increment) { c.do(f, inc) }), o.trusted())
		if before := judge(t, c.doc, o.trusted()); before.Conclusion != verify.TotalPassed {
			t.Errorf("%s: before: %s %v", what, before.Conclusion, before.Signatures)
		}
		if r.Conclusion != verify.TotalFailed {
			t.Errorf("%s: %s %+v", what, r.Conclusion, r.Signatures)
		}
	}
}

// The signed table points behind its own end; what stands there is written later.
func TestObjectsThatTheSignedTablePutsBehindItsEndAreNotRead(t *testing.T) {
	t.Parallel()
	s := certify(t, ecKey(t), "Rahmat", nil, nil)
	o := verify.Options{Roots: s.chain}
	const hole = 60_000
	doc := s.whole(t, recipe{page: "/Contents[4 0 R 9 0 R]"}, map[int]int64{9: hole})
	if r := judge(t, doc, o); r.Conclusion != verify.TotalPassed {
		t.Fatalf("before: %+v", r)
	}
	before := len(doc)
	doc = append(doc, strings.Repeat(" ", hole-len(doc))...)
	doc = append(doc, "9 0 obj\n"+stream(fake)+"\nendobj\n"...)
	at := len(doc)
	old := bytes.LastIndex(doc[:before], []byte("xref\n0 "))
	for what, trailer := range map[string]string{
		"new table":  fmt.Sprintf("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 20/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", old, at),
		"old table":  fmt.Sprintf("startxref\n%d\n%%%%EOF\n", old),
		"no trailer": "",
		"listed":     fmt.Sprintf("xref\n9 1\n%010d 00000 n \ntrailer\n<</Size 20/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", hole, old, at),
	} {
		forged := append(bytes.Clone(doc), trailer...)
		r := judge(t, forged, o)
		if r.Conclusion == verify.TotalPassed {
			t.Errorf("%s: %+v", what, r)
		}
	}
}
