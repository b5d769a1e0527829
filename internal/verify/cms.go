package verify

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
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
	content    []byte // encapsulated: in timestamps, and in adbe.pkcs7.sha1
	ber        bool   // written with lengths that DER does not allow
	certs      []*x509.Certificate
	cert       *x509.Certificate // the signer's
	attributes map[string][]attribute
	hash       crypto.Hash
	sorted     bool
	timestamps [][]byte // tokens over the signature's value
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
	oidTSTInfo        = "1.2.840.113549.1.9.16.1.4"
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

// parse reads Contents: one value and zeros (B3), one SignerInfo (C1).
func (j *judge) parse(s *Signature, d *revision.Dict) (*message, bool) {
	contents, _ := d.Get("Contents").(revision.String)
	want := oidData
	if d.Name("SubFilter") == subTimestamp {
		want = oidTSTInfo
	}
	m, err := parseCMS(contents.Value, want)
	if err != nil {
		s.fail(FormatFailure, "Data tanda tangan di dalam PDF rusak.", "The signature's data in the PDF is damaged.")
		return nil, false
	}
	if m.ber {
		s.note("Tanda tangan ditulis dalam bentuk lama (BER).", "The signature is written in an old form (BER).")
	}
	if m.cert == nil {
		s.doubt(NoSigningCertificate, "Sertifikat penanda tangan tidak ada di dalam berkas.", "The signer's certificate is not in the file.")
		return nil, false
	}
	s.Certificate, s.Signer = m.cert, signerName(m.cert)
	return m, true
}

func signerName(c *x509.Certificate) string {
	switch {
	case c.Subject.CommonName != "":
		return c.Subject.CommonName
	case len(c.Subject.Organization) > 0:
		return c.Subject.Organization[0]
	}
	return c.Subject.String()
}

// parseCMS reads a SignedData whose content is of the wanted type.
func parseCMS(raw []byte, want string) (*message, error) {
	m := &message{}
	inner, err := m.unwrap(raw)
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
	m.signer, m.hash = sd.Signers[0], hashOf(sd.Signers[0].Digest.Algorithm.String())
	if len(sd.Encapsulated.Content.Bytes) > 0 {
		if rest, err := asn1.Unmarshal(sd.Encapsulated.Content.Bytes, &m.content); err != nil || len(rest) > 0 {
			return nil, fmt.Errorf("content: %w", errors.Join(err))
		}
	}
	if err := m.consistent(sd, want); err != nil {
		return nil, err
	}
	if m.certs, err = certificates(sd.Certificates.Bytes); err != nil {
		return nil, err
	}
	m.cert = m.signerCertificate()
	return m, m.readAttributes()
}

// unwrap takes the SignedData out of what is DER, or else BER.
func (m *message) unwrap(raw []byte) ([]byte, error) {
	inner, err := unwrap(raw)
	if err == nil {
		return inner, nil
	}
	der, berErr := fromBER(raw)
	if berErr != nil {
		return nil, errors.Join(err, berErr)
	}
	m.ber = true
	return unwrap(der)
}

func (m *message) signerCertificate() *x509.Certificate {
	for _, c := range m.certs {
		if bytes.Equal(c.RawIssuer, m.signer.Issuer.Name.FullBytes) && c.SerialNumber.Cmp(m.signer.Issuer.Serial) == 0 {
			return c
		}
	}
	return nil
}

// maxCertificates bounds what a signature may bring along.
const maxCertificates = 50

// certificates reads the certificates of a SignedData. One that cannot be read is
// passed over: what needs it finds no path.
func certificates(der []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	in := cryptobyte.String(der)
	for !in.Empty() {
		var raw cryptobyte.String
		var tag casn1.Tag
		if !in.ReadAnyASN1Element(&raw, &tag) || len(out) >= maxCertificates {
			return nil, errors.New("certificates")
		}
		if c, err := x509.ParseCertificate(raw); err == nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// consistent checks what is not signed but must say the same everywhere: versions,
// content type, and the digest algorithm named at the top (RFC 5652 5.1, 5.3).
func (m *message) consistent(sd signedData, want string) error {
	switch {
	case sd.Version != 1 && sd.Version != 3, m.signer.Version != 1:
		return fmt.Errorf("versions %d and %d", sd.Version, m.signer.Version)
	case sd.Encapsulated.Type.String() != want && len(m.content) == 0:
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
		if err != nil || len(m.timestamps) > maxAttributes {
			return fmt.Errorf("unsigned attributes: %w", errors.Join(err))
		}
		if a.Type.String() == oidTimestampToken {
			m.timestamps = append(m.timestamps, a.Values.Bytes)
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

// The kinds of signature that are judged.
const (
	subCAdES     = "ETSI.CAdES.detached"
	subPKCS7     = "adbe.pkcs7.detached"
	subTimestamp = "ETSI.RFC3161"
)

// level names the format: PAdES-B when the baseline's marks are there (B1 to B5,
// C2 to C4), else the plain format. T is added when a timestamp proves to be one.
func (m *message) level(d *revision.Dict) string {
	if d.Name("SubFilter") == subTimestamp {
		return "RFC3161"
	}
	_, ess := m.only(oidSigningCertV2)
	_, dated := d.Get("M").(revision.String)
	switch sub := d.Name("SubFilter"); {
	case sub == subCAdES && ess && dated && !m.ber && !d.Has("Cert") && len(m.attributes[oidSigningTime]) == 0:
		return "PAdES-B-B"
	case sub == subCAdES:
		return "CAdES-B"
	default:
		return "PKCS7-B"
	}
}
