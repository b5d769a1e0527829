package verify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// tstInfo is what a timestamp says (RFC 3161 2.4.2).
type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Hash   pkix.AlgorithmIdentifier
		Digest []byte
	}
	Serial   *big.Int
	Time     time.Time     `asn1:"generalized"`
	Accuracy asn1.RawValue `asn1:"optional"`
	Ordering bool          `asn1:"optional"`
	Nonce    *big.Int      `asn1:"optional"`
	TSA      asn1.RawValue `asn1:"optional,tag:0"`
	More     asn1.RawValue `asn1:"optional,tag:1"`
}

// token is a timestamp that proved to be one: its signature holds and its
// certificate is for timestamps alone. Whether its clock is trusted is another
// question.
type token struct {
	m    *message
	info tstInfo
	hash crypto.Hash // of the imprint
}

func readToken(der []byte) (*token, error) {
	m, err := parseCMS(der, oidTSTInfo)
	if err != nil {
		return nil, err
	}
	return m.token()
}

func (m *message) token() (*token, error) {
	if m.cert == nil || m.hash == 0 || len(m.content) == 0 {
		return nil, errors.New("timestamp: incomplete")
	}
	if err := m.checkToken(); err != nil {
		return nil, err
	}
	t := &token{m: m}
	if rest, err := asn1.Unmarshal(m.content, &t.info); err != nil || len(rest) > 0 || t.info.Version != 1 {
		return nil, fmt.Errorf("timestamp: %w", errors.Join(err))
	}
	t.hash = hashOf(t.info.Imprint.Hash.Algorithm.String())
	if t.hash == 0 || t.hash == crypto.SHA1 || m.hash == crypto.SHA1 {
		return nil, errors.New("timestamp: weak or unknown hash")
	}
	if t.info.Time.Before(m.cert.NotBefore) || t.info.Time.After(m.cert.NotAfter) {
		return nil, errors.New("timestamp: outside its certificate's time")
	}
	return t, nil
}

// checkToken checks a timestamp's own signature, and that its certificate is for
// timestamps alone.
func (m *message) checkToken() error {
	stored, ok := m.storedDigest(oidTSTInfo)
	h := m.hash.New()
	h.Write(m.content)
	if !ok || !bytes.Equal(stored, h.Sum(nil)) {
		return errors.New("timestamp: content differs")
	}
	if err := m.checkValue(); err != nil {
		return fmt.Errorf("timestamp: %w", err)
	}
	if len(m.attributes[oidSigningCert])+len(m.attributes[oidSigningCertV2]) == 0 || !m.bound() {
		return errors.New("timestamp: names another certificate")
	}
	if e := m.cert.ExtKeyUsage; len(e) != 1 || e[0] != x509.ExtKeyUsageTimeStamping || len(m.cert.UnknownExtKeyUsage) > 0 {
		return errors.New("timestamp: the certificate is not for timestamps alone")
	}
	return nil
}

// timestamps judges the timestamps over the signature's value (T1). One that is
// there and does not hold makes the signature doubtful: somebody damaged it, or
// took it from elsewhere.
func (j *judge) timestamps(s *Signature, m *message) {
	for _, raw := range m.timestamps {
		t, err := readToken(raw)
		if err == nil {
			h := t.hash.New()
			h.Write(m.signer.Value)
			if !bytes.Equal(h.Sum(nil), t.info.Imprint.Digest) {
				err = errors.New("of another signature")
			}
		}
		if err != nil {
			s.doubt(SigConstraintsFailure, "Cap waktu pada tanda tangan ini rusak atau milik tanda tangan lain.", "The timestamp on this signature is damaged or belongs to another one.")
			continue
		}
		s.reachT()
		j.clock(s, t)
	}
}

// reachT raises a basic level to T.
func (s *Signature) reachT() {
	switch s.Level {
	case "PAdES-B-B", "CAdES-B", "PKCS7-B":
		s.Level = s.Level[:len(s.Level)-1] + "T"
	}
}

// clock says whose time it is: a trusted authority's proves it, the office's own
// does not.
func (j *judge) clock(s *Signature, t *token) {
	at := t.info.Time
	switch {
	case j.path(t.m, j.o.Roots, at) == nil:
		if s.ProvenTime.IsZero() || at.Before(s.ProvenTime) {
			s.ProvenTime = at.UTC()
		}
	case j.path(t.m, j.o.Own, at) == nil:
		s.OwnTime = at.UTC()
		s.note("Waktunya menurut jam kantor sendiri.", "Its time is that of the office's own clock.")
	default:
		s.note("Cap waktunya utuh, tetapi penerbitnya belum dikenal di sini.", "Its timestamp is intact, but the issuer is not known here.")
	}
}

// documentTimestamp judges a timestamp over the whole file so far.
func (j *judge) documentTimestamp(ctx context.Context, s *Signature, m *message, w span) error {
	t, err := m.token()
	if err != nil {
		s.fail(SigCryptoFailure, "Cap waktu dokumen rusak.", "The document's timestamp is damaged.")
		return nil //nolint:nilerr // it is the verdict
	}
	digest, err := j.digest(ctx, w, t.hash)
	if err != nil {
		return err
	}
	if !bytes.Equal(digest, t.info.Imprint.Digest) {
		s.fail(HashFailure, "Isi PDF BERUBAH setelah diberi cap waktu.", "The PDF's content CHANGED after it was timestamped.")
		return nil
	}
	s.Algorithm = m.describe()
	weak(s, m)
	j.clock(s, t)
	return nil
}

// inherit lets a trusted document timestamp prove the time of what it covers.
func inherit(all []Signature) {
	for _, t := range all {
		if t.Level != "RFC3161" || t.Indication != TotalPassed || t.ProvenTime.IsZero() {
			continue
		}
		for i := range all {
			s := &all[i]
			if s.Level == "RFC3161" || s.Revision == 0 || s.Revision >= t.Revision || !s.Intact() {
				continue
			}
			s.reachT()
			if s.ProvenTime.IsZero() || t.ProvenTime.Before(s.ProvenTime) {
				s.ProvenTime = t.ProvenTime
			}
		}
	}
}
