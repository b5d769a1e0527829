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
	"fmt"
	"math/big"
	"os"
	"strings"
	"time"
	"unicode"

	"naskah/internal/problem"
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

// internalNote stands in every certificate.
const internalNote = "Sertifikat internal kantor, bukan BSrE"

// Open opens the authority in its folder, making it at first use. A making that
// was interrupted is done anew; files that are missing later are an error, never a
// second root.
func Open(o Options) (*Authority, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &Authority{o: o}
	if err := a.open(); err != nil {
		return nil, fmt.Errorf("office authority: %w", err)
	}
	return a, nil
}

func (a *Authority) open() error {
	if err := os.MkdirAll(a.o.Dir, 0o700); err != nil {
		return fmt.Errorf("folder of keys: %w", err)
	}
	release, err := hold(a.o.Dir)
	if err != nil {
		return fmt.Errorf("folder of keys: %w", err)
	}
	defer release()
	if err := closed(a.o.Dir); err != nil {
		return fmt.Errorf("folder of keys: %w", err)
	}
	fresh, err := a.fresh()
	if err != nil {
		return err
	}
	if fresh {
		return a.make()
	}
	return a.load()
}

func (a *Authority) make() error {
	rootKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return err
	}
	if a.key, err = NewKey(); err != nil {
		return err
	}
	if a.root, err = a.issueCA("Naskah Root "+a.o.OfficeName, rootYears, 1, rootKey.Public(), nil, rootKey); err != nil {
		return err
	}
	if a.issuing, err = a.issueCA("Naskah Penerbit "+a.o.OfficeName, issuingYears, 0, a.key.Public(), a.root, rootKey); err != nil {
		return err
	}
	return a.keep(rootKey)
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
		Subject: pkix.Name{Country: []string{"ID"}, Organization: named(a.o.OfficeName), OrganizationalUnit: []string{internalNote}, CommonName: short(name)},
	}
}

// named is a name as a certificate holds it: none at all when it is empty.
func named(s string) []string {
	if s == "" {
		return nil
	}
	return []string{short(s)}
}

// maxName is the upper bound of X.520 for a name, a title and an organisation.
const maxName = 64

func short(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName-1]) + "…"
	}
	return s
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
// certificate at the latest. A name or title that carries a personal number is
// refused: a certificate is public and cannot be called back.
func (a *Authority) Issue(ctx context.Context, p Person, pub crypto.PublicKey, life time.Duration) (*x509.Certificate, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	t := a.template(p.Name, life, pub)
	if t.NotAfter.After(a.issuing.NotAfter) {
		t.NotAfter = a.issuing.NotAfter
	}
	if !t.NotAfter.After(a.o.Now()) {
		return nil, problem.New(problem.Unavailable, "Masa berlaku sertifikat penerbit kantor sudah habis, jadi sertifikat baru tidak dapat dibuat. Hubungi admin.",
			"The office's issuing certificate has ended, so no new certificate can be made. Tell the administrator.", nil)
	}
	t.Subject.Organization = named(p.Office)
	t.Subject.SerialNumber = p.ID
	if p.Title != "" {
		t.Subject.ExtraNames = append(t.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: []int{2, 5, 4, 12}, Value: short(p.Title)})
	}
	t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	return create(t, a.issuing, pub, a.key)
}

// personalDigits is the length of a NIK; a NIP has 18.
const personalDigits = 16

func (p Person) check() error {
	if strings.TrimSpace(p.Name) == "" {
		return problem.New(problem.Invalid, "Sertifikat butuh nama pemiliknya.", "A certificate needs its owner's name.", nil)
	}
	for _, text := range []string{p.Name, p.Title, p.Office} {
		digits := 0
		for _, r := range text {
			switch {
			case unicode.IsDigit(r):
				digits++
			case !strings.ContainsRune(" .-", r): // numbers are printed in groups
				digits = 0
			}
			if digits >= personalDigits {
				return problem.New(problem.Invalid, "Nama dan jabatan di sertifikat tidak boleh memuat NIP atau NIK. Hapus nomornya, lalu coba lagi.",
					"Name and title in a certificate may not hold a personal number. Remove the number and try again.", nil)
			}
		}
	}
	return nil
}
