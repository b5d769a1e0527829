package verify

import (
	"crypto/x509"
	"errors"
	"time"
)

// trust looks for a path from the signer to a root: first one that the asker
// trusts, then the office's own. A proven time before now is when the certificate
// had to be valid; what the signer claims proves nothing.
func (j *judge) trust(s *Signature, m *message) {
	if m.cert.KeyUsage != 0 && m.cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		s.doubt(ChainConstraintsFailure, "Sertifikat ini bukan untuk menandatangani.", "This certificate is not for signing.")
		return
	}
	at := j.at
	if !s.ProvenTime.IsZero() && s.ProvenTime.Before(at) {
		at = s.ProvenTime
	}
	s.Trusted = j.path(m, j.o.Roots, at) == nil
	s.Internal = !s.Trusted && j.path(m, j.o.Own, at) == nil
	switch {
	case s.Trusted:
	case s.Internal:
		s.note("Sertifikat internal kantor, bukan BSrE.", "The office's own certificate, not one of BSrE.")
	case !j.wouldHold(m):
		s.doubt(NoCertificateChainFound, "Penerbit sertifikat ini belum dikenal di sini.", "The issuer of this certificate is not known here.")
	case at.Before(m.cert.NotBefore):
		s.doubt(NotYetValid, "Sertifikat penanda tangan belum berlaku.", "The signer's certificate is not valid yet.")
	default:
		s.doubt(Expired, "Masa berlaku sertifikat penanda tangan atau penerbitnya sudah habis, dan waktu tanda tangan tidak terbukti.",
			"The certificate of the signer or its issuer has expired, and the time of signing is not proven.")
	}
}

// wouldHold says whether there is a path at some time in the certificate's life:
// that tells an expired one from one of an unknown issuer.
func (j *judge) wouldHold(m *message) bool {
	for _, at := range []time.Time{m.cert.NotBefore.Add(time.Second), m.cert.NotAfter.Add(-time.Second)} {
		if j.path(m, j.o.Roots, at) == nil || j.path(m, j.o.Own, at) == nil {
			return true
		}
	}
	return false
}

func (j *judge) path(m *message, roots []*x509.Certificate, at time.Time) error {
	if len(roots) == 0 {
		return errors.New("no roots")
	}
	pool, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range roots {
		pool.AddCert(c)
	}
	for _, c := range m.certs {
		between.AddCert(c)
	}
	_, err := m.cert.Verify(x509.VerifyOptions{Roots: pool, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}
