package verify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha1"   //nolint:gosec // old signatures are judged by it, never accepted
	_ "crypto/sha256" // its hash
	_ "crypto/sha512" // its hashes
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"strconv"

	"naskah/internal/revision"
)

// rightAlgorithm says whether the named signature algorithm fits key and hash
// (C8).
func (m *message) rightAlgorithm() bool {
	oid := m.signer.Algorithm.Algorithm.String()
	switch m.cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return oid == oidPSS || (oid == "1.2.840.113549.1.1.1" || oid == map[crypto.Hash]string{
			crypto.SHA1: "1.2.840.113549.1.1.5", crypto.SHA256: "1.2.840.113549.1.1.11", crypto.SHA384: "1.2.840.113549.1.1.12", crypto.SHA512: "1.2.840.113549.1.1.13",
		}[m.hash]) && plainParameters(m.signer.Algorithm)
	case *ecdsa.PublicKey:
		return oid == map[crypto.Hash]string{crypto.SHA256: "1.2.840.10045.4.3.2", crypto.SHA384: "1.2.840.10045.4.3.3", crypto.SHA512: "1.2.840.10045.4.3.4"}[m.hash] &&
			len(m.signer.Algorithm.Parameters.FullBytes) == 0
	case ed25519.PublicKey:
		return oid == "1.3.101.112"
	}
	return false
}

// crypto judges digest and signature value over the stored bytes, and binds the
// certificate.
func (j *judge) crypto(ctx context.Context, s *Signature, m *message, w span, d *revision.Dict) error {
	sub := d.Name("SubFilter")
	if sub != subCAdES && sub != subPKCS7 && sub != subTimestamp {
		s.doubt(SigConstraintsFailure, "Jenis tanda tangan "+string(sub)+" belum dapat diperiksa.", "Signatures of the kind "+string(sub)+" cannot be checked yet.")
		return nil
	}
	if len(m.content) > 0 && sub != subTimestamp {
		s.fail(FormatFailure, "Tanda tangan membawa isi sendiri, bukan isi PDF ini.", "The signature carries content of its own, not this PDF's.")
		return nil
	}
	if m.hash == 0 || !m.hash.Available() {
		s.doubt(SigConstraintsFailure, "Cara hitung tanda tangan tidak dikenal.", "The signature's digest algorithm is unknown.")
		return nil
	}
	if sub == subTimestamp {
		return j.documentTimestamp(ctx, s, m, w)
	}
	digest, err := j.digest(ctx, w, m.hash)
	if err != nil {
		return err
	}
	stored, ok := m.storedDigest(oidData)
	if !ok {
		s.fail(FormatFailure, "Tanda tangan tidak lengkap: sidik isi tidak ada.", "The signature is incomplete: the digest of the content is missing.")
		return nil
	}
	if !bytes.Equal(stored, digest) {
		s.fail(HashFailure, "Isi PDF BERUBAH setelah ditandatangani.", "The PDF's content CHANGED after it was signed.")
		return nil
	}
	if err := m.checkValue(); err != nil {
		s.fail(SigCryptoFailure, "Nilai tanda tangan tidak cocok dengan sertifikatnya.", "The signature's value does not fit its certificate.")
		return nil //nolint:nilerr // it is the verdict
	}
	if !m.bound() {
		s.fail(SigCryptoFailure, "Tanda tangan menunjuk sertifikat lain daripada yang disertakan.", "The signature names another certificate than the one it carries.")
	}
	s.Algorithm = m.describe()
	weak(s, m)
	j.timestamps(s, m)
	return nil
}

func (m *message) storedDigest(want string) ([]byte, bool) {
	kind, ok := m.only(oidContentType)
	if !ok {
		return nil, false
	}
	var oid asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(kind, &oid); err != nil || len(rest) > 0 || oid.String() != want {
		return nil, false
	}
	raw, ok := m.only(oidMessageDigest)
	if !ok {
		return nil, false
	}
	var digest []byte
	rest, err := asn1.Unmarshal(raw, &digest)
	return digest, err == nil && len(rest) == 0
}

// digestBlock is how much is read at once: it stays in the processor's cache.
const digestBlock = 64 << 10

// digest hashes the file but the gap.
func (j *judge) digest(ctx context.Context, w span, h crypto.Hash) ([]byte, error) {
	sum := h.New()
	if j.buf == nil {
		j.buf = make([]byte, digestBlock)
	}
	for _, part := range [2][2]int64{{0, w.gapStart}, {w.gapEnd, w.end - w.gapEnd}} {
		src := io.NewSectionReader(j.r, part[0], part[1])
		for {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			n, err := src.Read(j.buf)
			sum.Write(j.buf[:n])
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return sum.Sum(nil), nil
}

// checkValue checks the signature over the attributes as they are stored, with the
// tag of a SET OF (C7).
func (m *message) checkValue() error {
	signed := bytes.Clone(m.signer.Attributes.FullBytes)
	if len(signed) == 0 || !m.rightAlgorithm() {
		return errors.New("no signed attributes, or another algorithm than the key's")
	}
	signed[0] = 0x31
	h := m.hash.New()
	h.Write(signed)
	switch key := m.cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return m.checkRSA(key, h.Sum(nil))
	case *ecdsa.PublicKey:
		if !ecdsa.VerifyASN1(key, h.Sum(nil), m.signer.Value) {
			return errors.New("ecdsa")
		}
		return nil
	case ed25519.PublicKey:
		if !ed25519.Verify(key, signed, m.signer.Value) {
			return errors.New("ed25519")
		}
		return nil
	}
	return fmt.Errorf("key %T", m.cert.PublicKey)
}

const (
	oidPSS  = "1.2.840.113549.1.1.10"
	oidMGF1 = "1.2.840.113549.1.1.8"
)

func (m *message) checkRSA(key *rsa.PublicKey, digest []byte) error {
	if m.signer.Algorithm.Algorithm.String() != oidPSS {
		return rsa.VerifyPKCS1v15(key, m.hash, digest, m.signer.Value)
	}
	var p struct {
		Hash    pkix.AlgorithmIdentifier `asn1:"explicit,optional,tag:0"`
		Mask    pkix.AlgorithmIdentifier `asn1:"explicit,optional,tag:1"`
		Salt    int                      `asn1:"explicit,optional,tag:2,default:20"`
		Trailer int                      `asn1:"explicit,optional,tag:3,default:1"`
	}
	rest, err := asn1.Unmarshal(m.signer.Algorithm.Parameters.FullBytes, &p)
	if err != nil || len(rest) > 0 || p.Trailer != 1 || p.Salt < 0 || p.Salt > 512 || !plainParameters(p.Hash) {
		return fmt.Errorf("pss parameters: %w", errors.Join(err))
	}
	var mask pkix.AlgorithmIdentifier // RFC 4055: the same hash everywhere, or SHA-1 by default, which we do not take
	rest, err = asn1.Unmarshal(p.Mask.Parameters.FullBytes, &mask)
	if err != nil || len(rest) > 0 || p.Mask.Algorithm.String() != oidMGF1 || hashOf(mask.Algorithm.String()) != m.hash || hashOf(p.Hash.Algorithm.String()) != m.hash || !plainParameters(mask) {
		return fmt.Errorf("pss parameters: %w", errors.Join(err))
	}
	salt := p.Salt
	if salt == 0 {
		return errors.New("pss without salt")
	}
	return rsa.VerifyPSS(key, m.hash, digest, m.signer.Value, &rsa.PSSOptions{SaltLength: salt})
}

// bound says whether the signed attributes name this very certificate (C3): the
// same key under another certificate does not. Only adbe.pkcs7.detached may do
// without.
func (m *message) bound() bool {
	v1, v2 := m.attributes[oidSigningCert], m.attributes[oidSigningCertV2]
	switch {
	case len(v1) > 1 || len(v2) > 1:
		return false
	case len(v2) == 1 && !m.named(v2[0].Values.Bytes, crypto.SHA256):
		return false
	case len(v1) == 1 && !m.named(v1[0].Values.Bytes, crypto.SHA1):
		return false
	}
	return true
}

// named reads SigningCertificate or its second version, which differ in how the
// hash is named; otherwise is the hash when it is not.
func (m *message) named(raw []byte, otherwise crypto.Hash) bool {
	var ess struct {
		Certs []struct {
			Hash   pkix.AlgorithmIdentifier `asn1:"optional"`
			Digest []byte
			Issuer asn1.RawValue `asn1:"optional"`
		}
		Policies asn1.RawValue `asn1:"optional"`
	}
	if rest, err := asn1.Unmarshal(raw, &ess); err != nil || len(rest) > 0 || len(ess.Certs) == 0 {
		return false
	}
	h := otherwise
	if named := ess.Certs[0].Hash.Algorithm; len(named) > 0 {
		h = hashOf(named.String())
	}
	if h == 0 || !h.Available() {
		return false
	}
	sum := h.New()
	sum.Write(m.cert.Raw)
	return bytes.Equal(ess.Certs[0].Digest, sum.Sum(nil))
}

// describe names key and hash, such as "ECDSA P-256, SHA-256".
func (m *message) describe() string {
	switch key := m.cert.PublicKey.(type) {
	case *rsa.PublicKey:
		kind := "RSA "
		if m.signer.Algorithm.Algorithm.String() == oidPSS {
			kind = "RSA-PSS "
		}
		return kind + strconv.Itoa(key.N.BitLen()) + ", " + m.hash.String()
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name + ", " + m.hash.String()
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return ""
}

// weak names algorithms that prove nothing any more.
func weak(s *Signature, m *message) {
	if m.hash == crypto.SHA1 {
		s.doubt(CryptoConstraintsFailure, "Tanda tangan memakai SHA-1 yang sudah tidak aman.", "The signature uses SHA-1, which is no longer safe.")
	}
	if key, ok := m.cert.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		s.doubt(CryptoConstraintsFailure, "Kunci tanda tangan terlalu pendek.", "The signing key is too short.")
	}
	if !m.sorted {
		s.note("Atribut tanda tangan tidak berurutan menurut aturan DER.", "The signed attributes are not in DER order.")
	}
}
