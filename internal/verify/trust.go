package verify

import (
	"crypto/x509"
	"errors"
)

// trust looks for a path from the signer to a root: first one that the asker
// trusts, then the office's own.
func (j *judge) trust(s *Signature, m *message) {
	if m.cert.KeyUsage != 0 && m.cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		s.doubt(ChainConstraintsFailure, "Sertifikat ini bukan untuk menandatangani.", "This certificate is not for signing.")
		return
	}
	errRoots := j.path(m, j.o.Roots)
	errOwn := j.path(m, j.o.Own)
	s.Trusted, s.Internal = errRoots == nil, errRoots != nil && errOwn == nil
	switch {
	case s.Trusted:
	case s.Internal:
		s.note("Sertifikat internal kantor, bukan BSrE.", "The office's own certificate, not one of BSrE.")
	case j.outsideValidity(m.cert, s):
	default:
		s.doubt(NoCertificateChainFound, "Penerbit sertifikat ini belum dikenal di sini.", "The issuer of this certificate is not known here.")
	}
}

// outsideValidity tells an expired certificate from an unknown one, when its path
// would be good at another time.
func (j *judge) outsideValidity(c *x509.Certificate, s *Signature) bool {
	switch {
	case j.at.After(c.NotAfter):
		s.doubt(Expired, "Masa berlaku sertifikat penanda tangan sudah habis, dan waktu tanda tangan tidak terbukti.", "The signer's certificate has expired, and the time of signing is not proven.")
	case j.at.Before(c.NotBefore):
		s.doubt(NotYetValid, "Sertifikat penanda tangan belum berlaku.", "The signer's certificate is not valid yet.")
	default:
		return false
	}
	return true
}

func (j *judge) path(m *message, roots []*x509.Certificate) error {
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
	_, err := m.cert.Verify(x509.VerifyOptions{Roots: pool, Intermediates: between, CurrentTime: j.at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}
