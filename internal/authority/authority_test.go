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
	"sync"
	"testing"
	"time"

	"naskah/internal/problem"
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

// files are what a complete authority keeps, in the order they are written.
var files = []string{RootKeyFile, issuingKey, issuingFile, rootFile} //nolint:gochecknoglobals // never changed

func TestInterruptedMakingIsBegunAnew(t *testing.T) {
	t.Parallel()
	for written := range len(files) + 1 {
		dir := t.TempDir()
		made, err := Open(Options{Dir: dir, OfficeName: "Cicalengka"})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files[written:] {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{makingFile, newFiles + "123"} { // as a crash leaves them
			if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		a, err := Open(Options{Dir: dir, OfficeName: "Cicalengka"})
		if err != nil || a.issuing.CheckSignatureFrom(a.root) != nil || a.Root().Equal(made.Root()) {
			t.Fatalf("after %d files: %v", written, err)
		}
		again, err := Open(Options{Dir: dir, OfficeName: "Cicalengka"})
		if err != nil || !again.Root().Equal(a.Root()) {
			t.Fatalf("after %d files there are two roots: %v", written, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != len(files) {
			t.Errorf("after %d files, left over: %v %v", written, entries, err)
		}
	}
}

func TestLostFileIsAnErrorAndNeverASecondRoot(t *testing.T) {
	t.Parallel()
	for _, lost := range files[1:] {
		dir := t.TempDir()
		if _, err := Open(Options{Dir: dir}); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, lost)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), lost) {
			t.Errorf("%s is gone: %v", lost, err)
		}
	}
}

func TestFilesOfTwoAuthoritiesAreNotMixed(t *testing.T) {
	t.Parallel()
	for _, name := range files[1:] {
		one, two := t.TempDir(), t.TempDir()
		for _, dir := range []string{one, two} {
			if _, err := Open(Options{Dir: dir}); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Rename(filepath.Join(two, name), filepath.Join(one, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Dir: one}); err == nil {
			t.Errorf("%s of another authority was taken", name)
		}
	}
}

func TestManyWhoOpenAtOnceGetOneRoot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roots := make([]*x509.Certificate, 8)
	var all sync.WaitGroup
	for i := range roots {
		all.Go(func() {
			if a, err := Open(Options{Dir: dir}); err == nil {
				roots[i] = a.Root()
			}
		})
	}
	all.Wait()
	for _, r := range roots {
		if r == nil || !r.Equal(roots[0]) {
			t.Fatal("not one root for all")
		}
	}
}

func TestFolderOfKeysIsShutToOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // as somebody else may have made it
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
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
	for _, each := range []*x509.Certificate{a.Root(), a.Issuing(), c} {
		if s := strings.Join(each.Subject.OrganizationalUnit, ""); !strings.Contains(s, "bukan BSrE") {
			t.Errorf("%s says %q", each.Subject.CommonName, s)
		}
	}
}

func TestCertificateWithPersonalNumberOrNoNameIsRefused(t *testing.T) {
	t.Parallel()
	a, err := Open(Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Person{{Name: " "}, {Name: "Rahmat NIP 19700101 199503 1 002"}, {Name: "Rahmat", Title: "3204123456780001"}, {Name: "Rahmat", Office: "197001011995031002"}} {
		if _, err := a.Issue(context.Background(), p, key.Public(), time.Hour); !errors.Is(err, problem.Invalid) || strings.Contains(err.Error(), "1970") {
			t.Errorf("%q: %v", p, err)
		}
	}
	long := strings.Repeat("Kepala Seksi ", 10)
	c, err := a.Issue(context.Background(), Person{Name: long, Title: long, Office: "Kantor 2026"}, key.Public(), time.Hour)
	if err != nil || len([]rune(c.Subject.CommonName)) != maxName {
		t.Errorf("a long name: %v %v", c, err)
	}
}

func TestNothingIsIssuedAfterTheIssuerEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a, err := Open(Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(issuingYears+1, 0, 0)
	if _, err := a.Issue(context.Background(), Person{Name: "Rahmat"}, key.Public(), time.Hour); !errors.Is(err, problem.Unavailable) {
		t.Error(err)
	}
}

func TestEasyPassphrasesAreRefused(t *testing.T) {
	t.Parallel()
	for p, good := range map[string]bool{"": false, "pendek": false, "        ": false, "aaaaaaaaaaaa": false, "12121212": false, "tiga kata mudah": true, "rahasia1": true, "kata sandi panjang sekali": true} {
		if err := CheckPassphrase(p); (err == nil) != good || err != nil && (!errors.Is(err, problem.Invalid) || p != "" && strings.Contains(err.Error(), p)) {
			t.Errorf("%q: %v", p, err)
		}
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
	for at := range sealed {
		broken := bytes.Clone(sealed)
		broken[at] ^= 0xff
		if _, err := Unseal(broken, []byte("tiga kata mudah")); !errors.Is(err, problem.Internal) || errors.Is(err, ErrPassphrase) {
			t.Errorf("damage at %d: %v", at, err)
		}
		if _, err := Unseal(sealed[:at], []byte("tiga kata mudah")); !errors.Is(err, problem.Internal) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
	if bytes.Contains(sealed, []byte("tiga")) {
		t.Error("the passphrase stands in the blob")
	}
}

func TestImpossibleCostIsNotPaid(t *testing.T) {
	t.Parallel()
	head := append([]byte(sealMagic), bytes.Repeat([]byte{0xff}, sealHead)...)
	if _, err := Unseal(withSum(head), []byte("x")); !errors.Is(err, problem.Internal) {
		t.Error(err)
	}
}

func FuzzUnseal(f *testing.F) {
	f.Add([]byte("NSK2"))
	f.Add(bytes.Repeat([]byte("NSK2"), 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Unseal(b, []byte("kata")); err == nil {
			t.Error("foreign bytes are a key")
		}
	})
}
