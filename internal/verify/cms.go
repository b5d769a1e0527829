package verify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // old signatures are judged by it, never accepted
	"crypto/sha256"
	_ "crypto/sha512" // its hashes
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"naskah/internal/revision"
)

// signedData is CMS (RFC 5652 5.1) as far as we judge it.
type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Encapsulated struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version int
	Issuer  struct {
		Name   asn1.RawValue
		Serial *big.Int
	}
	Digest     pkix.AlgorithmIdentifier
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm  pkix.AlgorithmIdentifier
	Value      []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

// message is a parsed CMS with what we draw from it.
type message struct {
	signer     signerInfo
	content    []byte // encapsulated; only adbe.pkcs7.sha1 may have it
	certs      []*x509.Certificate
	cert       *x509.Certificate // the signer's
	attributes map[string][]attribute
	hash       crypto.Hash
	sorted     bool
	timestamps int
}

const (
	oidContentType    = "1.2.840.113549.1.9.3"
	oidMessageDigest  = "1.2.840.113549.1.9.4"
	oidSigningTime    = "1.2.840.113549.1.9.5"
	oidSigningCert    = "1.2.840.113549.1.9.16.2.12"
	oidSigningCertV2  = "1.2.840.113549.1.9.16.2.47"
	oidTimestampToken = "1.2.840.113549.1.9.16.2.14"
	oidSignedData     = "1.2.840.113549.1.7.2"
	oidData           = "1.2.840.113549.1.7.1"
)

func hashOf(oid string) crypto.Hash {
	switch oid {
	case "2.16.840.1.101.3.4.2.1":
		return crypto.SHA256
	case "2.16.840.1.101.3.4.2.2":
		return crypto.SHA384
	case "2.16.840.1.101.3.4.2.3":
		return crypto.SHA512
	case "1.3.14.3.2.26":
		return crypto.SHA1
	}
	return 0
}

// parse reads Contents: one DER value and zeros (B3), one SignerInfo (C1).
func (j *judge) parse(s *Signature, d *revision.Dict, w span) (*message, bool) {
	contents, _ := d.Get("Contents").(revision.String)
	m, err := parseCMS(contents.Value)
	if err != nil {
		s.fail(FormatFailure, "Data tanda tangan di dalam PDF rusak.", "The signature's data in the PDF is damaged.")
		return nil, false
	}
	if m.cert == nil {
		s.doubt(NoSigningCertificate, "Sertifikat penanda tangan tidak ada di dalam berkas.", "The signer's certificate is not in the file.")
		return nil, false
	}
	s.Certificate, s.Signer = m.cert, m.cert.Subject.CommonName
	return m, true
}

func parseCMS(raw []byte) (*message, error) {
	inner, err := unwrap(raw)
	if err != nil {
		return nil, err
	}
	var sd signedData
	if rest, err := asn1.Unmarshal(inner, &sd); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("SignedData: %w", errors.Join(err))
	}
	if !consists(inner, sequence(casn1.INTEGER, casn1.SET, casn1.SEQUENCE, optional(0), optional(1), casn1.SET)) {
		return nil, errors.New("SignedData holds something else")
	}
	if len(sd.Signers) != 1 {
		return nil, fmt.Errorf("%d SignerInfos", len(sd.Signers))
	}
	if set := lastElement(inner); !consists(set, sequence(casn1.INTEGER, casn1.SEQUENCE, casn1.SEQUENCE, optional(0), casn1.SEQUENCE, casn1.OCTET_STRING, optional(1))) {
		return nil, errors.New("SignerInfo holds something else")
	}
	m := &message{signer: sd.Signers[0], content: sd.Encapsulated.Content.Bytes, hash: hashOf(sd.Signers[0].Digest.Algorithm.String())}
	if err := m.consistent(sd); err != nil {
		return nil, err
	}
	if m.certs, err = x509.ParseCertificates(sd.Certificates.Bytes); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	for _, c := range m.certs {
		if bytes.Equal(c.RawIssuer, m.signer.Issuer.Name.FullBytes) && c.SerialNumber.Cmp(m.signer.Issuer.Serial) == 0 {
			m.cert = c
		}
	}
	return m, m.readAttributes()
}

// consistent checks what is not signed but must say the same everywhere: versions,
// content type, and the digest algorithm named at the top (RFC 5652 5.1, 5.3).
func (m *message) consistent(sd signedData) error {
	switch {
	case sd.Version != 1 && sd.Version != 3, m.signer.Version != 1:
		return fmt.Errorf("versions %d and %d", sd.Version, m.signer.Version)
	case sd.Encapsulated.Type.String() != oidData && len(m.content) == 0:
		return fmt.Errorf("content type %s", sd.Encapsulated.Type)
	}
	for _, d := range sd.Digests {
		if d.Algorithm.Equal(m.signer.Digest.Algorithm) && plainParameters(d) && plainParameters(m.signer.Digest) {
			return nil
		}
	}
	return errors.New("the digest algorithm is not among those named")
}

// plainParameters: a digest algorithm has none, or NULL.
func plainParameters(a pkix.AlgorithmIdentifier) bool {
	return len(a.Parameters.FullBytes) == 0 || bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes)
}

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

// unwrap takes the SignedData out of its ContentInfo: one DER value and zeros
// after it, nothing else in it (B3). encoding/asn1 passes over what follows inside
// a sequence, so these checks are made with cryptobyte.
func unwrap(raw []byte) ([]byte, error) {
	in := cryptobyte.String(raw)
	var outer, inner, content cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&outer, casn1.SEQUENCE) || !outer.ReadASN1ObjectIdentifier(&oid) || oid.String() != oidSignedData ||
		!outer.ReadASN1(&inner, casn1.Tag(0).ContextSpecific().Constructed()) || !outer.Empty() || !inner.ReadASN1Element(&content, casn1.SEQUENCE) || !inner.Empty() {
		return nil, errors.New("no SignedData")
	}
	if len(bytes.Trim(in, "\x00")) > 0 {
		return nil, errors.New("something stands after the SignedData")
	}
	return content, nil
}

type element struct {
	tag      casn1.Tag
	optional bool
}

func optional(n uint8) element {
	return element{casn1.Tag(n).ContextSpecific().Constructed(), true}
}

func sequence(all ...any) []element {
	out := make([]element, 0, len(all))
	for _, a := range all {
		switch v := a.(type) {
		case element:
			out = append(out, v)
		case casn1.Tag:
			out = append(out, element{v, false})
		}
	}
	return out
}

// consists says whether a DER sequence holds these elements and no more.
func consists(der []byte, want []element) bool {
	in := cryptobyte.String(der)
	var body cryptobyte.String
	if !in.ReadASN1(&body, casn1.SEQUENCE) || !in.Empty() {
		return false
	}
	for _, e := range want {
		if e.optional && !body.PeekASN1Tag(e.tag) {
			continue
		}
		if !body.SkipASN1(e.tag) {
			return false
		}
	}
	return body.Empty()
}

// lastElement is the content of the last element of a sequence: of a SignedData,
// its SignerInfos.
func lastElement(der []byte) []byte {
	in := cryptobyte.String(der)
	var body, last cryptobyte.String
	if !in.ReadASN1(&body, casn1.SEQUENCE) {
		return nil
	}
	for !body.Empty() {
		var tag casn1.Tag
		if !body.ReadAnyASN1(&last, &tag) {
			return nil
		}
	}
	return last
}

// maxAttributes bounds what one signature may carry.
const maxAttributes = 100

func (m *message) readAttributes() error {
	m.attributes = map[string][]attribute{}
	m.sorted = true
	var previous []byte
	for rest := m.signer.Attributes.Bytes; len(rest) > 0; {
		var a attribute
		next, err := asn1.Unmarshal(rest, &a)
		if err != nil || len(m.attributes) > maxAttributes {
			return fmt.Errorf("signed attributes: %w", errors.Join(err))
		}
		raw := rest[:len(rest)-len(next)]
		m.sorted = m.sorted && bytes.Compare(previous, raw) <= 0
		previous, rest = raw, next
		m.attributes[a.Type.String()] = append(m.attributes[a.Type.String()], a)
	}
	for rest := m.signer.Unsigned.Bytes; len(rest) > 0; {
		var a attribute
		next, err := asn1.Unmarshal(rest, &a)
		if err != nil {
			return fmt.Errorf("unsigned attributes: %w", err)
		}
		if a.Type.String() == oidTimestampToken {
			m.timestamps++
		}
		rest = next
	}
	return nil
}

// only gives the value of an attribute that must stand exactly once.
func (m *message) only(oid string) ([]byte, bool) {
	all := m.attributes[oid]
	if len(all) != 1 {
		return nil, false
	}
	return all[0].Values.Bytes, true
}

// level names the format: PAdES-B-B when the baseline's marks are there (B1, C2 to
// C4), else the plain format. A timestamp inside makes it a T, whose time is
// judged elsewhere.
func (m *message) level(d *revision.Dict) string {
	t := "B"
	if m.timestamps > 0 {
		t = "T"
	}
	_, ess := m.only(oidSigningCertV2)
	_, essOld := m.only(oidSigningCert)
	switch sub := d.Name("SubFilter"); {
	case sub == "ETSI.CAdES.detached" && (ess || essOld) && len(m.attributes[oidSigningTime]) == 0:
		return "PAdES-B-" + t
	case sub == "ETSI.CAdES.detached":
		return "CAdES-" + t
	default:
		return "PKCS7-" + t
	}
}

// crypto judges digest and signature value over the stored bytes, and binds the
// certificate.
func (j *judge) crypto(ctx context.Context, s *Signature, m *message, w span, d *revision.Dict) error {
	if sub := d.Name("SubFilter"); sub != "ETSI.CAdES.detached" && sub != "adbe.pkcs7.detached" {
		s.doubt(FormatFailure, "Jenis tanda tangan "+string(sub)+" belum dapat diperiksa.", "Signatures of the kind "+string(sub)+" cannot be checked yet.")
		return nil
	}
	if len(m.content) > 0 {
		s.fail(FormatFailure, "Tanda tangan membawa isi sendiri, bukan isi PDF ini.", "The signature carries content of its own, not this PDF's.")
		return nil
	}
	if m.hash == 0 || !m.hash.Available() {
		s.doubt(CryptoConstraintsFailure, "Cara hitung tanda tangan tidak dikenal.", "The signature's digest algorithm is unknown.")
		return nil
	}
	digest, err := j.digest(ctx, w, m.hash)
	if err != nil {
		return err
	}
	stored, ok := m.storedDigest()
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
		return nil
	}
	j.bind(s, m)
	weak(s, m)
	return nil
}

func (m *message) storedDigest() ([]byte, bool) {
	kind, ok := m.only(oidContentType)
	if !ok {
		return nil, false
	}
	var oid asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(kind, &oid); err != nil || oid.String() != oidData {
		return nil, false
	}
	raw, ok := m.only(oidMessageDigest)
	if !ok {
		return nil, false
	}
	var digest []byte
	_, err := asn1.Unmarshal(raw, &digest)
	return digest, err == nil
}

// digest hashes the file but the gap.
func (j *judge) digest(ctx context.Context, w span, h crypto.Hash) ([]byte, error) {
	sum := h.New()
	for _, part := range [2][2]int64{{0, w.gapStart}, {w.gapEnd, w.end - w.gapEnd}} {
		src := io.NewSectionReader(j.r, part[0], part[1])
		buf := make([]byte, 256<<10)
		for {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			n, err := src.Read(buf)
			sum.Write(buf[:n])
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

const oidPSS = "1.2.840.113549.1.1.10"

func (m *message) checkRSA(key *rsa.PublicKey, digest []byte) error {
	if m.signer.Algorithm.Algorithm.String() == oidPSS {
		return rsa.VerifyPSS(key, m.hash, digest, m.signer.Value, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto})
	}
	return rsa.VerifyPKCS1v15(key, m.hash, digest, m.signer.Value)
}

// bind checks that the signed attributes name this very certificate (C3): the same
// key under another certificate is a mismatch.
func (j *judge) bind(s *Signature, m *message) {
	raw, ok := m.only(oidSigningCertV2)
	if !ok {
		return // adbe.pkcs7.detached need not have it
	}
	var ess struct {
		Certs []struct {
			Hash   pkix.AlgorithmIdentifier `asn1:"optional"`
			Digest []byte
			Issuer asn1.RawValue `asn1:"optional"`
		}
		Policies asn1.RawValue `asn1:"optional"`
	}
	sum := sha256.Sum256(m.cert.Raw)
	want := sum[:]
	_, err := asn1.Unmarshal(raw, &ess)
	if err == nil && len(ess.Certs) > 0 && len(ess.Certs[0].Hash.Algorithm) > 0 {
		if h := hashOf(ess.Certs[0].Hash.Algorithm.String()); h != 0 && h.Available() {
			sum := h.New()
			sum.Write(m.cert.Raw)
			want = sum.Sum(nil)
		}
	}
	if err != nil || len(ess.Certs) == 0 || !bytes.Equal(ess.Certs[0].Digest, want) {
		s.fail(SigCryptoFailure, "Tanda tangan menunjuk sertifikat lain daripada yang disertakan.", "The signature names another certificate than the one it carries.")
	}
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
