package authority

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// Options of an Authority.
type Options struct {
	Dir        string // DIR/keys
	OfficeName string
	Now        func() time.Time // nil is time.Now
}

// Authority issues the office's internal certificates. What it says is trusted by
// the office alone: certificates name themselves internal, and no personal number
// stands in them.
type Authority struct {
	o       Options
	root    *x509.Certificate
	issuing *x509.Certificate
	key     crypto.Signer // of the issuing certificate
}

// How long certificates live. The root must outlive what it vouches for.
const (
	rootYears    = 20
	issuingYears = 10
)

// The files of an authority. RootKeyFile is for the administrator to take away:
// daily work does not need it.
const (
	rootFile    = "root.pem"
	issuingFile = "issuing.pem"
	issuingKey  = "issuing-key.pem"
	// RootKeyFile is written once, when the authority is made.
	RootKeyFile = "root-key-TAKE-AWAY.pem"
)

// internalNote stands in every certificate.
const internalNote = "Sertifikat internal kantor, bukan BSrE"

// Open opens the authority in its folder, making it at first use. The certificate
// of the root is written last: an authority whose making was interrupted has none
// and is made anew.
func Open(o Options) (*Authority, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of keys: %w", err)
	}
	a := &Authority{o: o}
	err := a.load()
	if errors.Is(err, fs.ErrNotExist) && !exists(filepath.Join(o.Dir, rootFile)) {
		err = a.make()
	}
	if err != nil {
		return nil, fmt.Errorf("office authority: %w", err)
	}
	return a, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (a *Authority) load() error {
	var err error
	if a.root, err = a.readCertificate(rootFile); err != nil {
		return err
	}
	if a.issuing, err = a.readCertificate(issuingFile); err != nil {
		return err
	}
	raw, err := a.read(issuingKey, "PRIVATE KEY")
	if err != nil {
		return err
	}
	key, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", issuingKey, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return fmt.Errorf("%s: not a signing key", issuingKey)
	}
	a.key = signer
	return nil
}

func (a *Authority) read(name, kind string) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(a.o.Dir, name))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: no %s in it", name, kind)
	}
	return block.Bytes, nil
}

func (a *Authority) readCertificate(name string) (*x509.Certificate, error) {
	raw, err := a.read(name, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// write makes a file durable under its name or not at all.
func (a *Authority) write(name, kind string, der []byte) error {
	tmp, err := os.CreateTemp(a.o.Dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when it was renamed
	err = pem.Encode(tmp, &pem.Block{Type: kind, Bytes: der})
	if err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(a.o.Dir, name))
}

func (a *Authority) make() error {
	rootKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := NewKey()
	if err != nil {
		return err
	}
	if a.root, err = a.issueCA("Naskah Root "+a.o.OfficeName, rootYears, 1, rootKey.Public(), nil, rootKey); err != nil {
		return err
	}
	if a.issuing, err = a.issueCA("Naskah Penerbit "+a.o.OfficeName, issuingYears, 0, key.Public(), a.root, rootKey); err != nil {
		return err
	}
	a.key = key
	rootDER, errR := x509.MarshalPKCS8PrivateKey(rootKey)
	keyDER, errK := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(errR, errK); err != nil {
		return err
	}
	for _, f := range []struct {
		name, kind string
		der        []byte
	}{{RootKeyFile, "PRIVATE KEY", rootDER}, {issuingKey, "PRIVATE KEY", keyDER}, {issuingFile, "CERTIFICATE", a.issuing.Raw}, {rootFile, "CERTIFICATE", a.root.Raw}} {
		if err := a.write(f.name, f.kind, f.der); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

func (a *Authority) issueCA(name string, years, pathLen int, pub crypto.PublicKey, parent *x509.Certificate, signer crypto.Signer) (*x509.Certificate, error) {
	t := a.template(name, time.Duration(years)*365*24*time.Hour, pub)
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLen, t.MaxPathLenZero = true, true, pathLen, pathLen == 0
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	if parent == nil {
		parent = t
	}
	return create(t, parent, pub, signer)
}

func (a *Authority) template(name string, life time.Duration, pub crypto.PublicKey) *x509.Certificate {
	now := a.o.Now().UTC()
	return &x509.Certificate{
		SerialNumber: serial(), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life), SubjectKeyId: keyID(pub),
		Subject: pkix.Name{Country: []string{"ID"}, Organization: []string{a.o.OfficeName}, OrganizationalUnit: []string{internalNote}, CommonName: name},
	}
}

func create(t, parent *x509.Certificate, pub crypto.PublicKey, signer crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, pub, signer)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// serial is 127 random bits, positive.
func serial() *big.Int {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	raw[0] = raw[0]&0x7f | 0x40
	return new(big.Int).SetBytes(raw)
}

func keyID(pub crypto.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil // CreateCertificate refuses such a key with a better word
	}
	sum := sha256.Sum256(der)
	return sum[:20]
}

// Root and Issuing are the authority's own certificates.
func (a *Authority) Root() *x509.Certificate { return a.root }

// Issuing is the certificate that vouches for people.
func (a *Authority) Issuing() *x509.Certificate { return a.issuing }

// Person is who a certificate speaks of. Personal numbers have no place in it.
type Person struct {
	Name, Title, Office string
	ID                  string // opaque; tells two people of one name apart
}

// Issue makes a person's certificate for a key. It ends with the issuing
// certificate at the latest.
func (a *Authority) Issue(_ context.Context, p Person, pub crypto.PublicKey, life time.Duration) (*x509.Certificate, error) {
	t := a.template(p.Name, life, pub)
	if t.NotAfter.After(a.issuing.NotAfter) {
		t.NotAfter = a.issuing.NotAfter
	}
	t.Subject.Organization = []string{p.Office}
	t.Subject.SerialNumber = p.ID
	if p.Title != "" {
		t.Subject.ExtraNames = append(t.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: []int{2, 5, 4, 12}, Value: p.Title})
	}
	t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	return create(t, a.issuing, pub, a.key)
}
