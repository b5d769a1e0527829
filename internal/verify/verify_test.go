package verify_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"naskah/internal/authority"
	"naskah/internal/revision"
	"naskah/internal/sign"
	"naskah/internal/verify"
)

type office struct {
	auth *authority.Authority
	key  sign.Key
}

func newOffice(t testing.TB, now time.Time) office {
	t.Helper()
	a, err := authority.Open(authority.Options{Dir: t.TempDir(), OfficeName: "Kecamatan Cicalengka", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := authority.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Issue(context.Background(), authority.Person{Name: "Rahmat Suganda", Office: "Kecamatan Cicalengka"}, signer.Public(), 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return office{a, sign.Key{Signer: signer, Chain: []*x509.Certificate{c, a.Issuing()}}}
}

func letterPDF(t testing.TB) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.SetCompression(false)
	p.SetFont("Helvetica", "", 12)
	p.AddPage()
	p.Text(100, 100, "Surat undangan")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (o office) sign(t testing.TB, doc []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sign.Sign(context.Background(), bytes.NewReader(doc), int64(len(doc)), &b, o.key, sign.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func judge(t testing.TB, doc []byte, o verify.Options) verify.Report {
	t.Helper()
	r, err := verify.Verify(context.Background(), bytes.NewReader(doc), int64(len(doc)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (o office) trusted() verify.Options {
	return verify.Options{Roots: []*x509.Certificate{o.auth.Root()}}
}

func TestTrustIsToldApartFromIntegrity(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := o.sign(t, letterPDF(t))
	for name, c := range map[string]struct {
		opts              verify.Options
		conclusion, sub   string
		trusted, internal bool
		exit              int
	}{
		"chosen root":   {o.trusted(), verify.TotalPassed, "", true, false, 0},
		"own authority": {verify.Options{Own: []*x509.Certificate{o.auth.Root()}}, verify.TotalPassed, "", false, true, 0},
		"unknown":       {verify.Options{}, verify.Indeterminate, verify.NoCertificateChainFound, false, false, 2},
		"another root":  {newOffice(t, time.Now()).trusted(), verify.Indeterminate, verify.NoCertificateChainFound, false, false, 2},
		"expired":       {verify.Options{Roots: o.trusted().Roots, At: time.Now().Add(48 * time.Hour)}, verify.Indeterminate, verify.Expired, false, false, 2},
		"not yet":       {verify.Options{Roots: o.trusted().Roots, At: time.Now().Add(-48 * time.Hour)}, verify.Indeterminate, verify.NotYetValid, false, false, 2},
	} {
		r := judge(t, doc, c.opts)
		s := r.Signatures[0]
		if r.Conclusion != c.conclusion || s.SubIndication != c.sub || s.Trusted != c.trusted || s.Internal != c.internal || r.Exit() != c.exit {
			t.Errorf("%s: %s %+v", name, r.Conclusion, s)
		}
		if !s.Intact() || s.Signer != "Rahmat Suganda" || s.Level != "PAdES-B-B" || s.Coverage != verify.CoverEntireFile || s.Changes != verify.ChangesNone || s.ClaimedTime.IsZero() {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestSecondSignatureLeavesTheFirstValid(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	r := judge(t, o.sign(t, o.sign(t, o.sign(t, letterPDF(t)))), o.trusted())
	if r.Conclusion != verify.TotalPassed || len(r.Signatures) != 3 || r.Revisions != 4 {
		t.Fatalf("%+v", r)
	}
	if s := r.Signatures[0]; s.Coverage != verify.CoverEntireRevision || s.Changes != verify.ChangesForm || s.Revision != 2 {
		t.Errorf("%+v", s)
	}
}

func TestNoByteCanBeChangedUnnoticed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := o.sign(t, letterPDF(t))
	contents := bytes.Index(doc, []byte("/Contents<"))
	end := contents + bytes.Index(doc[contents:], []byte("000000")) // zeros after the CMS prove nothing
	rest := contents + bytes.IndexByte(doc[contents:], '>')
	for at := 0; at < len(doc); at++ {
		if at == end {
			at = rest
		}
		if at%3 != 0 && at < contents { // a sample; every byte of what was added
			continue
		}
		broken := bytes.Clone(doc)
		broken[at] ^= 1
		if at > contents+10 && at < end && lowerHexEqual(doc[at], broken[at]) {
			continue
		}
		if r := judge(t, broken, o.trusted()); r.Conclusion == verify.TotalPassed {
			t.Fatalf("byte %d of %d (%q): passed", at, len(doc), doc[max(at-10, 0):min(at+10, len(doc))])
		}
	}
}

func lowerHexEqual(a, b byte) bool { return strings.EqualFold(string(a), string(b)) }

// attack appends an increment that replaces objects.
func attack(t testing.TB, doc []byte, change func(f *revision.File, inc *revision.Increment)) []byte {
	t.Helper()
	f, err := revision.Open(bytes.NewReader(doc), int64(len(doc)))
	if err != nil {
		t.Fatal(err)
	}
	inc, err := f.NewIncrement()
	if err != nil {
		t.Fatal(err)
	}
	change(f, inc)
	b, err := inc.Build()
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(doc), b.Bytes...)
}

func name(s string) revision.Name { return revision.Name(s) }

func pageOf(t testing.TB, f *revision.File) (revision.Ref, *revision.Dict) {
	t.Helper()
	pages := f.DictAt(f.Last(), f.Catalog().Get("Pages"))
	ref, ok := f.ArrayAt(f.Last(), pages.Get("Kids"))[0].(revision.Ref)
	if !ok {
		t.Fatal("no page")
	}
	return ref, f.DictAt(f.Last(), ref)
}

func TestChangesAfterSigningFail(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := o.sign(t, letterPDF(t))
	text := revision.NewStream(revision.NewDict(), []byte("BT /F1 12 Tf 100 700 Td (Palsu) Tj ET"))
	for what, c := range map[string]struct {
		doc     []byte
		changes string
	}{
		"page content replaced": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			_, p := pageOf(t, f)
			inc.Replace(p.Get("Contents").(revision.Ref), text)
		}), verify.ChangesOther},
		"page points at other content": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			ref, p := pageOf(t, f)
			p = p.Clone()
			p.Set("Contents", inc.Add(text))
			inc.Replace(ref, p)
		}), verify.ChangesOther},
		"annotation over the text": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			ref, p := pageOf(t, f)
			p = p.Clone()
			note := inc.Add(revision.NewDict(name("Type"), name("Annot"), name("Subtype"), name("FreeText"), name("Rect"), revision.Array{int64(0), int64(0), int64(500), int64(800)}))
			p.Set("Annots", append(append(revision.Array{}, f.ArrayAt(f.Last(), p.Get("Annots"))...), note))
			inc.Replace(ref, p)
		}), verify.ChangesAnnotations},
		"catalog opens something": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			c := f.Catalog().Clone()
			c.Set("OpenAction", revision.NewDict(name("S"), name("JavaScript"), name("JS"), revision.String{Value: []byte("app.alert(1)")}))
			inc.Replace(f.Trailer().Get("Root").(revision.Ref), c)
		}), verify.ChangesOther},
		"page removed": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			ref := f.Catalog().Get("Pages").(revision.Ref)
			p := f.DictAt(f.Last(), ref).Clone()
			p.Set("Kids", revision.Array{})
			p.Set("Count", int64(0))
			inc.Replace(ref, p)
		}), verify.ChangesOther},
		"field moved": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			form := f.DictAt(f.Last(), f.Catalog().Get("AcroForm"))
			ref := f.ArrayAt(f.Last(), form.Get("Fields"))[0].(revision.Ref)
			d := f.DictAt(f.Last(), ref).Clone()
			d.Set("Rect", revision.Array{int64(0), int64(0), int64(600), int64(800)})
			inc.Replace(ref, d)
		}), verify.ChangesOther},
		"identical rewrite": {attack(t, doc, func(f *revision.File, inc *revision.Increment) {
			ref, p := pageOf(t, f)
			inc.Replace(ref, p)
		}), verify.ChangesNone},
	} {
		r := judge(t, c.doc, o.trusted())
		s := r.Signatures[0]
		wantPass := c.changes == verify.ChangesNone
		if s.Changes != c.changes || (r.Conclusion == verify.TotalPassed) != wantPass || s.Coverage != verify.CoverEntireRevision {
			t.Errorf("%s: %s, changes %s, coverage %s, %v", what, r.Conclusion, s.Changes, s.Coverage, s.Reasons)
		}
	}
}

func TestForgeriesNeverPass(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := o.sign(t, letterPDF(t))
	replace := func(old, with string) []byte {
		if !bytes.Contains(doc, []byte(old)) {
			t.Fatalf("%q is not there", old)
		}
		return bytes.Replace(doc, []byte(old), []byte(with), 1)
	}
	at := bytes.Index(doc, []byte("/ByteRange["))
	rng := string(doc[at : at+bytes.IndexByte(doc[at:], ']')+1])
	for what, forged := range map[string][]byte{
		"no ByteRange":        replace("/ByteRange[", "/ByteRangx["),
		"negative":            replace(rng, strings.Replace(rng, "[0 ", "[-1 ", 1)),
		"three numbers":       replace(rng, "/ByteRange[0 10 20"+strings.Repeat(" ", len(rng)-len("/ByteRange[0 10 20]"))+"]"),
		"all of nothing":      replace(rng, "/ByteRange[0 0 0 0"+strings.Repeat(" ", len(rng)-len("/ByteRange[0 0 0 0]"))+"]"),
		"no Contents":         replace("/Contents<", "/Contentx<"),
		"bytes after the end": append(bytes.Clone(doc), "%PDF-1.4 lagi"...),
		"line after the end":  append(bytes.Clone(doc), "\n\nhalo\n"...),
		"other subfilter":     replace("ETSI.CAdES.detached", "ETSI.CAdES.detachex"),
	} {
		if r := judge(t, forged, o.trusted()); r.Conclusion == verify.TotalPassed {
			t.Errorf("%s: passed: %+v", what, r.Signatures)
		}
	}
}

func TestTwoFieldsWithOneValueFail(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := attack(t, o.sign(t, letterPDF(t)), func(f *revision.File, inc *revision.Increment) {
		form := f.DictAt(f.Last(), f.Catalog().Get("AcroForm")).Clone()
		fields := f.ArrayAt(f.Last(), form.Get("Fields"))
		first := f.DictAt(f.Last(), fields[0]).Clone()
		first.Set("T", revision.String{Value: []byte("palsu")})
		form.Set("Fields", append(append(revision.Array{}, fields...), inc.Add(first)))
		c := f.Catalog().Clone()
		c.Set("AcroForm", form)
		inc.Replace(f.Trailer().Get("Root").(revision.Ref), c)
	})
	if r := judge(t, doc, o.trusted()); r.Conclusion != verify.TotalFailed {
		t.Fatalf("%+v", r)
	}
}

func TestFilesWithoutSignatureAreNamed(t *testing.T) {
	t.Parallel()
	whole := letterPDF(t)
	for _, c := range []struct {
		doc        []byte
		conclusion string
		exit       int
	}{{whole, verify.NoSignature, 3}, {whole[:len(whole)/2], verify.Unreadable, 4}, {[]byte("halo"), verify.Unreadable, 4}, {nil, verify.Unreadable, 4}} {
		r := judge(t, c.doc, verify.Options{})
		if r.Conclusion != c.conclusion || r.Exit() != c.exit {
			t.Errorf("%s, exit %d; want %s", r.Conclusion, r.Exit(), c.conclusion)
		}
		j := r.JSON("x.pdf", "id")
		if j.Signatures == nil || (j.Error != nil) != (c.conclusion == verify.Unreadable) {
			t.Errorf("%+v", j)
		}
	}
	if got := verify.WorstExit(0, 3, 2, 4); got != 4 {
		t.Errorf("worst of 0 3 2 4 is %d", got)
	}
	if got := verify.WorstExit(0, 3, 4, 1); got != 1 {
		t.Errorf("worst of 0 3 4 1 is %d", got)
	}
}

func FuzzForeignPDFIsJudgedNotPanicked(f *testing.F) {
	o := newOffice(f, time.Now())
	f.Add(o.sign(f, letterPDF(f)))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/AcroForm<</Fields[1 0 R]>>>>endobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer<</Root 1 0 R/Size 2>>\nstartxref\n70\n%%EOF"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if r := judge(t, doc, verify.Options{}); r.Conclusion == verify.TotalPassed {
			t.Fatal(fmt.Sprint("passed without roots: ", r))
		}
	})
}
