package authority

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAuthorityIsMadeOnceAndFoundAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Open(Options{Dir: dir, OfficeName: "Kecamatan Cicalengka"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, RootKeyFile)); err != nil {
		t.Fatal("the root key was not left for the administrator:", err)
	}
	again, err := Open(Options{Dir: dir, OfficeName: "Kecamatan Cicalengka"})
	if err != nil || !again.Root().Equal(first.Root()) || !again.Issuing().Equal(first.Issuing()) {
		t.Fatal("daily work needs the root key, or there are two roots:", err)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if info, ierr := e.Info(); ierr == nil && !e.IsDir() && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedMakingIsBegunAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Open(Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, rootFile)); err != nil { // written last
		t.Fatal(err)
	}
	a, err := Open(Options{Dir: dir})
	if err != nil || a.issuing.CheckSignatureFrom(a.root) != nil {
		t.Fatal(err)
	}
}

func TestCertificateNamesItselfInternalAndHoldsNoNumber(t *testing.T) {
	t.Parallel()
	a, err := Open(Options{Dir: t.TempDir(), OfficeName: "Kecamatan Cicalengka"})
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Issue(context.Background(), Person{Name: "Drs. Rahmat Suganda, M.Si.", Title: "Camat", Office: "Kecamatan Cicalengka", ID: "0192"}, key.Public(), 100*365*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(a.Root())
	between.AddCert(a.Issuing())
	if _, err := c.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Error(err)
	}
	if c.IsCA || c.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment || c.NotAfter.After(a.Issuing().NotAfter) || c.SerialNumber.BitLen() < 100 {
		t.Errorf("%+v", c)
	}
	if s := strings.Join(a.Issuing().Subject.OrganizationalUnit, ""); !strings.Contains(s, "bukan BSrE") {
		t.Errorf("the issuer says %q", s)
	}
}

func TestSealedKeyOpensWithItsPassphraseAlone(t *testing.T) {
	t.Parallel()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal(key, []byte("tiga kata mudah"))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Unseal(sealed, []byte("tiga kata mudah"))
	if err != nil || !key.Public().(*ecdsa.PublicKey).Equal(opened.Public()) {
		t.Fatal("another key came out:", err)
	}
	if _, err := Unseal(sealed, []byte("Tiga kata mudah")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	for _, at := range []int{0, 4, 8, len(sealed) - 1} {
		broken := bytes.Clone(sealed)
		broken[at] ^= 0xff
		if _, err := Unseal(broken, []byte("tiga kata mudah")); err == nil {
			t.Errorf("damage at %d was not noticed", at)
		}
	}
	if bytes.Contains(sealed, []byte("tiga")) {
		t.Error("the passphrase stands in the blob")
	}
}
