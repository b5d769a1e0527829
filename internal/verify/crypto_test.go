package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"naskah/internal/verify"
)

// indefinite rewrites the outer lengths as BER's indefinite ones.
func indefinite(t testing.TB, der []byte) []byte {
	t.Helper()
	var outer struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	var all asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		t.Fatal(err)
	}
	if _, err := asn1.Unmarshal(outer.Content.Bytes, &all); err != nil {
		t.Fatal(err)
	}
	kind, err := asn1.Marshal(outer.Type)
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte{0x30, 0x80}, kind...)
	out = append(out, 0xa0, 0x80, 0x30, 0x80)
	out = append(out, all.Bytes...)
	return append(out, 0, 0, 0, 0, 0, 0)
}

func rsaKey(t testing.TB, bits int) crypto.Signer {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestEachDepartureFromAGoodSignatureIsNamed(t *testing.T) {
	t.Parallel()
	good := certify(t, ecKey(t), "Rahmat", nil, nil)
	twin := certify(t, good.key, "Rahmat", nil, nil)
	rsa2048 := certify(t, rsaKey(t, 2048), "Rahmat", nil, nil)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edwards := certify(t, ed, "Rahmat", nil, nil)
	notForSigning := certify(t, ecKey(t), "Rahmat", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
	type want struct{ conclusion, sub, level string }
	passed := func(level string) want { return want{verify.TotalPassed, "", level} }
	for what, c := range map[string]struct {
		s    *signer
		r    recipe
		want want
	}{
		"good":                         {good, recipe{}, passed("PAdES-B-B")},
		"rsa":                          {rsa2048, recipe{}, passed("PAdES-B-B")},
		"rsa pss":                      {rsa2048, recipe{pss: true}, passed("PAdES-B-B")},
		"ed25519":                      {edwards, recipe{}, passed("PAdES-B-B")},
		"signing time":                 {good, recipe{signingTime: true}, passed("CAdES-B")},
		"no ess":                       {good, recipe{noESS: true}, passed("CAdES-B")},
		"plain pkcs7":                  {good, recipe{noESS: true, subFilter: "adbe.pkcs7.detached"}, passed("PKCS7-B")},
		"ber":                          {good, recipe{wrap: func(der []byte) []byte { return indefinite(t, der) }}, passed("CAdES-B")},
		"unsorted attributes":          {good, recipe{unsorted: true}, passed("PAdES-B-B")},
		"same key, other certificate":  {good, recipe{essOf: twin.cert}, want{verify.TotalFailed, verify.SigCryptoFailure, "PAdES-B-B"}},
		"two ess":                      {good, recipe{twoESS: true}, want{verify.TotalFailed, verify.SigCryptoFailure, "CAdES-B"}},
		"content of its own":           {good, recipe{content: []byte("halo")}, want{verify.TotalFailed, verify.FormatFailure, "PAdES-B-B"}},
		"something after the cms":      {good, recipe{wrap: func(der []byte) []byte { return append(der, 1) }}, want{verify.TotalFailed, verify.FormatFailure, ""}},
		"empty cms":                    {good, recipe{wrap: func([]byte) []byte { return nil }}, want{verify.TotalFailed, verify.FormatFailure, ""}},
		"null cms":                     {good, recipe{wrap: func([]byte) []byte { return []byte{5, 0} }}, want{verify.TotalFailed, verify.FormatFailure, ""}},
		"sha-1":                        {good, recipe{hash: crypto.SHA1}, want{verify.TotalFailed, verify.SigCryptoFailure, "PAdES-B-B"}},
		"sha-1 with rsa":               {rsa2048, recipe{hash: crypto.SHA1}, want{verify.Indeterminate, verify.CryptoConstraintsFailure, "PAdES-B-B"}},
		"certificate for other things": {notForSigning, recipe{}, want{verify.Indeterminate, verify.ChainConstraintsFailure, "PAdES-B-B"}},
		"unknown kind":                 {good, recipe{subFilter: "adbe.x509.rsa_sha1"}, want{verify.Indeterminate, verify.SigConstraintsFailure, "PKCS7-B"}},
		"second Contents":              {good, recipe{after: "/Contents<00>"}, want{verify.TotalFailed, verify.FormatFailure, ""}},
		"second ByteRange":             {good, recipe{after: "/ByteRange[0 1 2 3]"}, want{verify.TotalFailed, verify.FormatFailure, ""}},
	} {
		r := judge(t, c.s.whole(t, c.r, nil), verify.Options{Roots: c.s.chain})
		if len(r.Signatures) != 1 {
			t.Errorf("%s: %+v", what, r)
			continue
		}
		s := r.Signatures[0]
		if got := (want{r.Conclusion, s.SubIndication, s.Level}); got != c.want {
			t.Errorf("%s: %+v, want %+v: %v", what, got, c.want, s.Reasons)
		}
		if (c.want.conclusion == verify.TotalFailed) != (s.Integrity() == verify.Changed) {
			t.Errorf("%s: integrity %s", what, s.Integrity())
		}
	}
}

func TestShortKeysAreDoubted(t *testing.T) {
	t.Parallel()
	s := certify(t, rsaKey(t, 1024), "Rahmat", nil, nil)
	if r := judge(t, s.whole(t, recipe{}, nil), verify.Options{Roots: s.chain}); r.Conclusion != verify.Indeterminate || r.Signatures[0].SubIndication != verify.CryptoConstraintsFailure {
		t.Errorf("%+v", r)
	}
}

func TestChainsAreHeldToTheirRules(t *testing.T) {
	t.Parallel()
	root := certify(t, ecKey(t), "Akar", nil, isCA)
	middle := certify(t, ecKey(t), "Antara", root, isCA)
	noCA := certify(t, ecKey(t), "Bukan penerbit", root, nil)
	oldIssuer := certify(t, ecKey(t), "Antara lama", root, func(c *x509.Certificate) {
		isCA(c)
		c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	})
	leaf := func(parent *signer, change func(c *x509.Certificate)) *signer {
		s := certify(t, ecKey(t), "Rahmat", parent, change)
		s.chain = append(s.chain, parent.cert)
		return s
	}
	for what, c := range map[string]struct {
		s    *signer
		sub  string
		pass bool
	}{
		"through an issuer":      {leaf(middle, nil), "", true},
		"issuer that is no CA":   {leaf(noCA, nil), verify.NoCertificateChainFound, false},
		"issuer not in the file": {certify(t, ecKey(t), "Rahmat", middle, nil), verify.NoCertificateChainFound, false},
		"signs for itself":       {certify(t, ecKey(t), "Akar", nil, isCA), verify.ChainConstraintsFailure, false},
		"expired": {leaf(middle, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-59*time.Minute), time.Now().Add(-time.Minute)
		}), verify.Expired, false},
		"issuer expired long ago": {leaf(oldIssuer, nil), verify.NoCertificateChainFound, false},
		"expired and unknown": {certify(t, ecKey(t), "Rahmat", nil, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		}), verify.NoCertificateChainFound, false},
	} {
		r := judge(t, c.s.whole(t, recipe{}, nil), verify.Options{Roots: root.chain})
		if s := r.Signatures[0]; (r.Conclusion == verify.TotalPassed) != c.pass || s.SubIndication != c.sub || s.Trusted != c.pass || r.Conclusion == verify.TotalFailed {
			t.Errorf("%s: %s %+v", what, r.Conclusion, s)
		}
	}
}

func stamper(t testing.TB, name string) *signer {
	t.Helper()
	return certify(t, ecKey(t), name, nil, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}
	})
}

func TestTimestampsProveTimeOnlyWhenTheirClockIsTrusted(t *testing.T) {
	t.Parallel()
	s, tsa := certify(t, ecKey(t), "Rahmat", nil, nil), stamper(t, "Jam")
	at := time.Now().Add(-time.Minute).Truncate(time.Second).UTC()
	over := func(value []byte) []byte { return tsa.token(t, value, at) }
	doc := s.whole(t, recipe{stamp: over}, nil)
	for what, c := range map[string]struct {
		o           verify.Options
		proven, own bool
	}{
		"trusted":    {verify.Options{Roots: []*x509.Certificate{s.cert, tsa.cert}}, true, false},
		"own":        {verify.Options{Roots: s.chain, Own: tsa.chain}, false, true},
		"unknown":    {verify.Options{Roots: s.chain}, false, false},
		"much later": {verify.Options{Roots: []*x509.Certificate{s.cert, tsa.cert}, At: at.Add(1000 * time.Hour)}, true, false},
	} {
		r := judge(t, doc, c.o)
		g := r.Signatures[0]
		if r.Conclusion != verify.TotalPassed || g.Level != "PAdES-B-T" || g.ProvenTime.Equal(at) != c.proven || g.OwnTime.Equal(at) != c.own {
			t.Errorf("%s: %s %+v", what, r.Conclusion, g)
		}
	}
	for what, stamp := range map[string]func(value []byte) []byte{
		"of another signature": func([]byte) []byte { return tsa.token(t, []byte("lain"), at) },
		"by one who may not":   func(value []byte) []byte { return s.token(t, value, at) },
		"outside its life":     func(value []byte) []byte { return tsa.token(t, value, at.Add(100*time.Hour)) },
		"damaged": func(value []byte) []byte {
			out := tsa.token(t, value, at)
			out[len(out)-1] ^= 1
			return out
		},
		"empty": func([]byte) []byte { return []byte{0x30, 0} },
	} {
		r := judge(t, s.whole(t, recipe{stamp: stamp}, nil), verify.Options{Roots: []*x509.Certificate{s.cert, tsa.cert}})
		if g := r.Signatures[0]; r.Conclusion != verify.Indeterminate || g.Level != "PAdES-B-B" || !g.ProvenTime.IsZero() {
			t.Errorf("%s: %s %+v", what, r.Conclusion, g)
		}
	}
}

func TestDocumentTimestampIsJudged(t *testing.T) {
	t.Parallel()
	tsa := stamper(t, "Jam")
	doc := tsa.whole(t, recipe{subFilter: "ETSI.RFC3161"}, nil)
	r := judge(t, doc, verify.Options{Roots: tsa.chain})
	if s := r.Signatures[0]; r.Conclusion != verify.TotalPassed || s.Level != "RFC3161" || s.ProvenTime.IsZero() {
		t.Errorf("%s %+v", r.Conclusion, s)
	}
	broken := bytes.Replace(doc, []byte("BT ET"), []byte("BT  T"), 1)
	if r := judge(t, broken, verify.Options{Roots: tsa.chain}); r.Conclusion != verify.TotalFailed || r.Signatures[0].SubIndication != verify.HashFailure {
		t.Errorf("%+v", r)
	}
}

// OpenSSL writes adbe.pkcs7.detached with a signing time, as most software did.
func TestSignaturesOfOpenSSLAreJudged(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: make test installs it")
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	openssl := func(args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), "openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at("key.pem"), "-out", at("cert.pem"), "-subj", "/CN=Tuan OpenSSL", "-days", "2", "-addext", "keyUsage=digitalSignature")
	raw, err := os.ReadFile(at("cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for name, extra := range map[string][]string{"plain": nil, "pss": {"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32"}, "cades": {"-cades"}} {
		other := certify(t, ecKey(t), "x", nil, nil)
		doc := other.whole(t, recipe{subFilter: "adbe.pkcs7.detached"}, nil)
		gap := bytes.Index(doc, []byte("/Contents<")) + len("/Contents")
		rest := gap + bytes.IndexByte(doc[gap:], '>') + 1
		if err := os.WriteFile(at("signed"), append(bytes.Clone(doc[:gap]), doc[rest:]...), 0o600); err != nil {
			t.Fatal(err)
		}
		openssl(append([]string{"cms", "-sign", "-binary", "-in", at("signed"), "-signer", at("cert.pem"), "-inkey", at("key.pem"), "-outform", "DER", "-out", at("cms"), "-md", "sha256"}, extra...)...)
		cms, err := os.ReadFile(at("cms"))
		if err != nil {
			t.Fatal(err)
		}
		copy(doc[gap+1:], strings.Repeat("0", rest-gap-2))
		hex.Encode(doc[gap+1:], cms)
		r := judge(t, doc, verify.Options{Roots: []*x509.Certificate{cert}})
		if s := r.Signatures[0]; r.Conclusion != verify.TotalPassed || s.Signer != "Tuan OpenSSL" || s.Level != "PKCS7-B" {
			t.Errorf("%s: %s %+v", name, r.Conclusion, s)
		}
		broken := bytes.Replace(doc, []byte("BT ET"), []byte("BT  T"), 1)
		if r := judge(t, broken, verify.Options{Roots: []*x509.Certificate{cert}}); r.Signatures[0].SubIndication != verify.HashFailure {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// failing is a store that stops answering.
type failing struct {
	io.ReaderAt
	left int
}

var errStore = errors.New("store is gone")

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errStore
	}
	return f.ReaderAt.ReadAt(p, at)
}

func TestFailureToReadIsNoVerdict(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Now())
	doc := o.sign(t, o.sign(t, letterPDF(t)))
	for n := range 1000 {
		r, err := verify.Verify(context.Background(), &failing{bytes.NewReader(doc), n}, int64(len(doc)), o.trusted())
		if err == nil {
			if r.Conclusion != verify.TotalPassed {
				t.Errorf("%d reads: %s", n, r.Conclusion)
			}
			return
		}
		if !errors.Is(err, errStore) || len(r.Signatures) > 0 || r.Conclusion != "" {
			t.Fatalf("%d reads: %v %+v", n, err, r)
		}
	}
	t.Fatal("verifying never ends")
}

func FuzzForeignCMSIsJudgedNotPanicked(f *testing.F) {
	s := certify(f, ecKey(f), "Rahmat", nil, nil)
	var base []byte
	doc := s.whole(f, recipe{wrap: func(der []byte) []byte { base = der; return der }}, nil)
	f.Add(base)
	f.Add(indefinite(f, base))
	f.Add([]byte{0x24, 0x80, 0x04, 0x01, 0x41, 0, 0})
	gap := bytes.Index(doc, []byte("/Contents<")) + len("/Contents<")
	room := bytes.IndexByte(doc[gap:], '>')
	f.Fuzz(func(t *testing.T, cms []byte) {
		if 2*len(cms) > room {
			return
		}
		forged := bytes.Clone(doc)
		copy(forged[gap:], strings.Repeat("0", room))
		hex.Encode(forged[gap:], cms)
		if r := judge(t, forged, verify.Options{}); r.Conclusion == verify.TotalPassed {
			t.Fatal(fmt.Sprint("passed without roots: ", r))
		}
	})
}
