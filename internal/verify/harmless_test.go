package verify_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"naskah/internal/revision"
	"naskah/internal/verify"
)

func TestHarmlessChangesAreNamedAndPass(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	plain := o.sign(t, prepared("/Contents 4 0 R", ""))
	root := revision.Ref{Num: 1}
	field := "<</Type/Annot/Subtype/Widget/FT/Sig/T(kosong)/F 132/P 3 0 R/Rect[0 0 10 10]>>"
	two := prepared("/Contents 4 0 R/Annots[5 0 R 6 0 R]", "/AcroForm<</Fields[5 0 R 6 0 R]/SigFlags 3>>", strings.Replace(field, "kosong", "a", 1), field)
	lists := prepared("/Contents 4 0 R/Annots 6 0 R", "/AcroForm 5 0 R", "<</Fields 7 0 R>>", "[]", "[]")
	for what, c := range map[string]struct {
		doc     []byte
		changes string
	}{
		"validation data added": {attack(t, plain, func(f *revision.File, inc *revision.Increment) {
			c := f.Catalog().Clone()
			c.Set("DSS", inc.Add(revision.NewDict(name("Type"), name("DSS"), name("Certs"), revision.Array{inc.Add(revision.NewStream(revision.NewDict(), []byte("x")))})))
			inc.Replace(root, c)
		}), verify.ChangesLTA},
		"validation data renewed": {attack(t, o.sign(t, prepared("/Contents 4 0 R", "/DSS 5 0 R", "<</Certs 6 0 R/VRI<</AA 7 0 R>>>>", "[]", "<<>>")), func(_ *revision.File, inc *revision.Increment) {
			x := inc.Add(revision.NewStream(revision.NewDict(), []byte("x")))
			inc.Replace(revision.Ref{Num: 6}, revision.Array{x})
			inc.Replace(revision.Ref{Num: 7}, revision.NewDict(name("Cert"), revision.Array{x}))
		}), verify.ChangesLTA},
		"date of the description": {attack(t, o.sign(t, withInfo(prepared("/Contents 4 0 R", "", "<</Title(a)/ModDate(D:2026)>>"))), func(_ *revision.File, inc *revision.Increment) {
			inc.Replace(revision.Ref{Num: 5}, revision.NewDict(name("Title"), revision.String{Value: []byte("a")}, name("ModDate"), revision.String{Value: []byte("D:2027")}))
		}), verify.ChangesLTA},
		"objects that nothing leads to": {attack(t, plain, func(_ *revision.File, inc *revision.Increment) { inc.Add(forgedStream()) }), verify.ChangesNone},
		"second signature":              {o.sign(t, plain), verify.ChangesForm},
		"empty field filled":            {o.sign(t, o.sign(t, two)), verify.ChangesForm},
		"lists in objects of their own": {o.sign(t, o.sign(t, lists)), verify.ChangesForm},
	} {
		r := judge(t, c.doc, o.trusted())
		if r.Conclusion != verify.TotalPassed || r.Signatures[0].Changes != c.changes {
			t.Errorf("%s: %s %s %v", what, r.Conclusion, r.Signatures[0].Changes, r.Signatures[0].Reasons)
		}
	}
	title := attack(t, o.sign(t, withInfo(prepared("/Contents 4 0 R", "", "<</Title(a)>>"))), func(_ *revision.File, inc *revision.Increment) {
		inc.Replace(revision.Ref{Num: 5}, revision.NewDict(name("Title"), revision.String{Value: []byte("b")}))
	})
	if r := judge(t, title, o.trusted()); r.Conclusion != verify.TotalFailed {
		t.Errorf("new title: %s", r.Conclusion)
	}
}

// withInfo names object 5 in the trailer; the table does not move.
func withInfo(doc []byte) []byte {
	return bytes.Replace(doc, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Info 5 0 R"), 1)
}

func TestCertificationWithoutChangesHoldsAgainstFillingIn(t *testing.T) {
	t.Parallel()
	s := certify(t, ecKey(t), "Rahmat", nil, nil)
	o := newOffice(t, time.Now())
	for p, want := range map[string]string{"1": verify.TotalFailed, "2": verify.TotalPassed} {
		doc := s.whole(t, recipe{after: "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P " + p + "/V/1.2>>>>]"}, nil)
		doc = o.sign(t, doc) // our signer heeds only certifications that the catalog names
		if r := judge(t, doc, verify.Options{Roots: append(s.chain, o.auth.Root())}); r.Conclusion != want {
			t.Errorf("P=%s: %s %v", p, r.Conclusion, r.Signatures)
		}
	}
}

func TestWhiteSpaceAfterTheEndIsKnownOnlyWhenSigned(t *testing.T) {
	t.Parallel()
	s := certify(t, ecKey(t), "Rahmat", nil, nil)
	doc := s.whole(t, recipe{}, nil)
	if r := judge(t, append(bytes.Clone(doc), "\n\n  \n"...), verify.Options{Roots: s.chain}); r.Conclusion != verify.TotalFailed {
		t.Errorf("unsigned: %s", r.Conclusion)
	}
	o := newOffice(t, time.Now())
	r := judge(t, o.sign(t, append(letterPDF(t), "\n\n  \n"...)), o.trusted())
	if r.Conclusion != verify.TotalPassed {
		t.Errorf("before the signature: %s %v", r.Conclusion, r.Signatures)
	}
}

func TestManySignaturesAreAllJudged(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := letterPDF(t)
	for range 51 {
		doc = o.sign(t, doc)
	}
	r := judge(t, doc, o.trusted())
	if r.Conclusion != verify.TotalPassed || len(r.Signatures) != 51 || r.Revisions != 52 {
		t.Errorf("%s, %d signatures, %d revisions", r.Conclusion, len(r.Signatures), r.Revisions)
	}
}

func TestPdfsigAgreesOnIntegrity(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pdfsig"); err != nil {
		t.Skip("pdfsig is not installed: make test installs it")
	}
	s := certify(t, ecKey(t), "Rahmat", nil, nil)
	good := s.whole(t, recipe{}, nil)
	for what, c := range map[string]struct {
		doc    []byte
		says   string
		intact bool
	}{
		"good":   {good, "Signature is Valid.", true},
		"broken": {bytes.Replace(good, []byte("BT ET"), []byte("BT  T"), 1), "Digest Mismatch", false},
	} {
		path := filepath.Join(t.TempDir(), "surat.pdf")
		if err := os.WriteFile(path, c.doc, 0o600); err != nil {
			t.Fatal(err)
		}
		said, _ := exec.CommandContext(context.Background(), "pdfsig", "-nocert", path).CombinedOutput() //nolint:errcheck // its exit code is part of its opinion
		r := judge(t, c.doc, verify.Options{Roots: s.chain})
		if !strings.Contains(string(said), c.says) || r.Signatures[0].Intact() != c.intact {
			t.Errorf("%s: pdfsig says %s; we say %+v", what, said, r.Signatures[0])
		}
	}
}
