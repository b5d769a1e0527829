package verify_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// signer is a small signer of the tests' own: it writes what ours never would.
type signer struct {
	key   crypto.Signer
	cert  *x509.Certificate
	chain []*x509.Certificate
}

func certify(t testing.TB, key crypto.Signer, name string, parent *signer, change func(c *x509.Certificate)) *signer {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if change != nil {
		change(c)
	}
	up, by := c, key
	if parent != nil {
		up, by = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, up, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{key, cert, []*x509.Certificate{cert}}
}

func isCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

func ecKey(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// recipe is how a CMS departs from a good one.
type recipe struct {
	subFilter   string
	hash        crypto.Hash // 0: SHA-256
	essOf       *x509.Certificate
	noESS, pss  bool
	twoESS      bool
	content     []byte // encapsulated
	contentType asn1.ObjectIdentifier
	unsorted    bool
	signingTime bool
	stamp       func(value []byte) []byte // a timestamp token over the signature's value
	wrap        func(der []byte) []byte   // the last word over the CMS
	page        string
	after       string // in the signature dictionary
}

func oid(s string) asn1.ObjectIdentifier {
	var out asn1.ObjectIdentifier
	for _, p := range strings.Split(s, ".") {
		n, err := strconv.Atoi(p)
		if err != nil {
			panic(err) // a mistake in the test itself
		}
		out = append(out, n)
	}
	return out
}

func tag(n uint8) casn1.Tag { return casn1.Tag(n).ContextSpecific().Constructed() }

func algo(b *cryptobyte.Builder, id string, null bool) {
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid(id))
		if null {
			b.AddASN1NULL()
		}
	})
}

func attr(id string, value func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid(id))
		b.AddASN1(casn1.SET, value)
	})
	return b.BytesOrPanic()
}

const sha256OID = "2.16.840.1.101.3.4.2.1"

// cms signs a digest of the content.
func (s *signer) cms(t testing.TB, digest []byte, r recipe) []byte {
	t.Helper()
	h, hOID := crypto.SHA256, sha256OID
	if r.hash == crypto.SHA1 {
		h, hOID = crypto.SHA1, "1.3.14.3.2.26"
	}
	if _, ok := s.key.(ed25519.PrivateKey); ok {
		h, hOID = crypto.SHA512, "2.16.840.1.101.3.4.2.3"
	}
	if r.contentType == nil {
		r.contentType = oid("1.2.840.113549.1.7.1")
	}
	named := s.cert
	if r.essOf != nil {
		named = r.essOf
	}
	ess := attr("1.2.840.113549.1.9.16.2.47", func(b *cryptobyte.Builder) {
		sum := sha256.Sum256(named.Raw)
		seq := func(f func(b *cryptobyte.Builder)) func(b *cryptobyte.Builder) {
			return func(b *cryptobyte.Builder) { b.AddASN1(casn1.SEQUENCE, f) }
		}
		seq(seq(seq(func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:]) })))(b)
	})
	attrs := [][]byte{
		attr("1.2.840.113549.1.9.3", func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(r.contentType) }),
		attr("1.2.840.113549.1.9.4", func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }),
	}
	if !r.noESS {
		attrs = append(attrs, ess)
	}
	if r.twoESS {
		attrs = append(attrs, ess)
	}
	if r.signingTime {
		attrs = append(attrs, attr("1.2.840.113549.1.9.5", func(b *cryptobyte.Builder) { b.AddASN1UTCTime(time.Now()) }))
	}
	slices.SortFunc(attrs, bytes.Compare)
	if r.unsorted {
		slices.Reverse(attrs)
	}
	body := bytes.Join(attrs, nil)
	var set cryptobyte.Builder
	set.AddASN1(casn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(body) })
	value, alg := s.value(t, set.BytesOrPanic(), h, r)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid("1.2.840.113549.1.7.2"))
		b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) { algo(b, hOID, true) })
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(r.contentType)
					if r.content != nil {
						b.AddASN1(tag(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(r.content) })
					}
				})
				b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
					for _, c := range s.chain {
						b.AddBytes(c.Raw)
					}
				})
				b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1Int64(1)
						b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddBytes(s.cert.RawIssuer)
							b.AddASN1BigInt(s.cert.SerialNumber)
						})
						algo(b, hOID, true)
						b.AddASN1(tag(0), func(b *cryptobyte.Builder) { b.AddBytes(body) })
						b.AddBytes(alg)
						b.AddASN1OctetString(value)
						if r.stamp != nil {
							b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
								b.AddBytes(attr("1.2.840.113549.1.9.16.2.14", func(b *cryptobyte.Builder) { b.AddBytes(r.stamp(value)) }))
							})
						}
					})
				})
			})
		})
	})
	out := b.BytesOrPanic()
	if r.wrap != nil {
		out = r.wrap(out)
	}
	return out
}

func (s *signer) value(t testing.TB, signed []byte, h crypto.Hash, r recipe) (value, alg []byte) {
	t.Helper()
	sum := h.New()
	sum.Write(signed)
	message, opts := sum.Sum(nil), crypto.SignerOpts(h)
	var b cryptobyte.Builder
	switch s.key.(type) {
	case *ecdsa.PrivateKey:
		algo(&b, "1.2.840.10045.4.3.2", false)
	case ed25519.PrivateKey:
		message, opts = signed, crypto.Hash(0)
		algo(&b, "1.3.101.112", false)
	default:
		if !r.pss {
			algo(&b, "1.2.840.113549.1.1.1", true)
			break
		}
		opts = &rsa.PSSOptions{SaltLength: 32, Hash: h}
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid("1.2.840.113549.1.1.10"))
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(tag(0), func(b *cryptobyte.Builder) { algo(b, sha256OID, true) })
				b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(oid("1.2.840.113549.1.1.8"))
						algo(b, sha256OID, true)
					})
				})
				b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(32) })
			})
		})
	}
	value, err := s.key.Sign(rand.Reader, message, opts)
	if err != nil {
		t.Fatal(err)
	}
	return value, b.BytesOrPanic()
}

// token is an RFC 3161 timestamp over a message.
func (s *signer) token(t testing.TB, message []byte, at time.Time) []byte {
	t.Helper()
	sum := sha256.Sum256(message)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1ObjectIdentifier(oid("1.2.3.4"))
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			algo(b, sha256OID, true)
			b.AddASN1OctetString(sum[:])
		})
		b.AddASN1Int64(7)
		b.AddASN1GeneralizedTime(at.UTC())
	})
	info := b.BytesOrPanic()
	digest := sha256.Sum256(info)
	out := s.cms(t, digest[:], recipe{content: info, contentType: oid("1.2.840.113549.1.9.16.1.4")})
	// RFC 5652 5.1 asks for version 3 with such content; our reader takes both.
	return out
}

// whole writes a letter and its signature in one revision. extra are further
// entries of its table.
func (s *signer) whole(t testing.TB, r recipe, extra map[int]int64) []byte {
	t.Helper()
	if r.subFilter == "" {
		r.subFilter = "ETSI.CAdES.detached"
	}
	if r.page == "" {
		r.page = "/Contents 4 0 R"
	}
	const room, places = 12000, 50
	doc := rawPDF([]string{
		"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[5 0 R]" + r.page + ">>",
		stream("BT ET"),
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/F 132/P 3 0 R/Rect[0 0 0 0]/V 6 0 R>>",
		"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/" + r.subFilter + "/M(D:20260102030405+07'00')/ByteRange[" + strings.Repeat(" ", places) + "]/Contents<" + strings.Repeat("0", room) + ">" + r.after + ">>",
	}, extra)
	gap := bytes.Index(doc, []byte("/Contents<0")) + len("/Contents")
	rest := gap + room + 2
	copy(doc[bytes.Index(doc, []byte("/ByteRange["))+len("/ByteRange["):], fmt.Sprintf("0 %d %d %d", gap, rest, len(doc)-rest))
	signed := slices.Concat(doc[:gap], doc[rest:])
	var cms []byte
	switch {
	case r.subFilter == "ETSI.RFC3161":
		cms = s.token(t, signed, time.Now())
	default:
		h := sha256.New()
		if r.hash == crypto.SHA1 {
			h = crypto.SHA1.New()
		}
		if _, ok := s.key.(ed25519.PrivateKey); ok {
			h = crypto.SHA512.New()
		}
		h.Write(signed)
		cms = s.cms(t, h.Sum(nil), r)
	}
	hex.Encode(doc[gap+1:], cms)
	return doc
}
