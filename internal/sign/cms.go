package sign

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"sort"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func oidData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }

func oidSignedData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2} }

func oidContentType() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
}

func oidMessageDigest() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
}

func oidSigningCertificateV2() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
}

func oidHash(h crypto.Hash) asn1.ObjectIdentifier {
	if h == crypto.SHA384 {
		return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	}
	return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
}

// signedAttributes is the DER SET OF that is signed: content-type, message-digest
// and signing-certificate-v2, each once, sorted (C2, C3, C7). signing-time is
// absent (C4): the claimed time is /M.
func signedAttributes(a algorithm, digest []byte, cert *x509.Certificate) ([]byte, error) {
	attributes := [][]byte{
		attribute(oidContentType(), func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData()) }),
		attribute(oidMessageDigest(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest) }),
		attribute(oidSigningCertificateV2(), func(b *cryptobyte.Builder) { addESS(b, cert) }),
	}
	for _, at := range attributes {
		if at == nil {
			return nil, fmt.Errorf("signed attributes: certificate of %s", cert.Subject)
		}
	}
	sort.Slice(attributes, func(i, j int) bool { return bytes.Compare(attributes[i], attributes[j]) < 0 })
	var b cryptobyte.Builder
	b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
		for _, at := range attributes {
			b.AddBytes(at)
		}
	})
	return b.Bytes()
}

func attribute(oid asn1.ObjectIdentifier, value func(b *cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(casn1.SET, value)
	})
	out, err := b.Bytes()
	if err != nil {
		return nil
	}
	return out
}

// addESS writes SigningCertificateV2 with one ESSCertIDv2: SHA-256, so its hash
// algorithm is left out (RFC 5035).
func addESS(b *cryptobyte.Builder, cert *x509.Certificate) {
	sum := sha256.Sum256(cert.Raw)
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(sum[:])
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { // issuerSerial
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(casn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(cert.RawIssuer) })
					})
					b.AddASN1BigInt(cert.SerialNumber)
				})
			})
		})
	})
}

// signedData writes the CMS SignedData: one SignerInfo, no content (C1), the
// chain (C5).
func signedData(a algorithm, chain []*x509.Certificate, attributes, signature []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData())
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) { addAlgorithm(b, oidHash(a.hash), false) })
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData()) })
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
					for _, c := range chain {
						b.AddBytes(c.Raw)
					}
				})
				b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { addSigner(b, a, chain[0], attributes, signature) })
				})
			})
		})
	})
	return b.Bytes()
}

func explicit(n uint8) casn1.Tag { return casn1.Tag(n).ContextSpecific().Constructed() }

func addSigner(b *cryptobyte.Builder, a algorithm, cert *x509.Certificate, attributes, signature []byte) {
	b.AddASN1Int64(1)
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(cert.RawIssuer)
		b.AddASN1BigInt(cert.SerialNumber)
	})
	addAlgorithm(b, oidHash(a.hash), false)
	implicit := bytes.Clone(attributes)
	implicit[0] = byte(explicit(0)) // signed as SET OF, stored as [0] (RFC 5652 5.4)
	b.AddBytes(implicit)
	switch {
	case !a.ecdsa:
		addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, true) // sha256WithRSAEncryption
	case a.hash == crypto.SHA384:
		addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, false)
	default:
		addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, false)
	}
	b.AddASN1OctetString(signature)
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}
