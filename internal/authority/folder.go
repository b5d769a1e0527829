package authority

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// The files of an authority. RootKeyFile is for the administrator to take away:
// daily work does not need it.
const (
	rootFile    = "root.pem"
	issuingFile = "issuing.pem"
	issuingKey  = "issuing-key.pem"
	// RootKeyFile is written once, when the authority is made.
	RootKeyFile = "root-key-TAKE-AWAY.pem"
	// makingFile stands in the folder as long as the authority is being made:
	// nobody has seen what lies beside it, so it may be made anew.
	makingFile = "making"
	newFiles   = "new-" // temporary names; what a crash left may hold a key
)

// hold keeps other processes out of the folder until the returned function is
// called: two that start together would each make a root.
func hold(dir string) (release func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(d.Fd()), unix.LOCK_EX); err != nil { //nolint:gosec // a descriptor is small
		return nil, errors.Join(err, d.Close())
	}
	return func() { _ = d.Close() }, nil // closing releases; it was only read
}

// closed shuts the folder to others, whoever made it.
func closed(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(dir, 0o700) //nolint:gosec // a folder needs its x
}

// fresh says whether there is an authority to make. Files that are only partly there, without the
// mark of an interrupted making, were lost: a second root would make every
// certificate issued so far a stranger's.
func (a *Authority) fresh() (bool, error) {
	entries, err := os.ReadDir(a.o.Dir)
	if err != nil {
		return false, err
	}
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = true
		if strings.HasPrefix(e.Name(), newFiles) {
			if err := os.Remove(a.path(e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, err
			}
		}
	}
	if there[makingFile] {
		return true, nil
	}
	var lost []string
	for _, name := range []string{rootFile, issuingFile, issuingKey} {
		if !there[name] {
			lost = append(lost, name)
		}
	}
	if len(lost) == 3 && !there[RootKeyFile] {
		return true, nil
	}
	if len(lost) > 0 {
		return false, fmt.Errorf("%s is missing: put it back from a backup", strings.Join(lost, ", "))
	}
	return false, nil
}

func (a *Authority) path(name string) string { return filepath.Join(a.o.Dir, name) }

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
	defer clear(raw)
	if a.key, err = parseKey(raw); err != nil {
		return fmt.Errorf("%s: %w", issuingKey, err)
	}
	if err := a.issuing.CheckSignatureFrom(a.root); err != nil {
		return fmt.Errorf("%s is not of %s: %w", issuingFile, rootFile, err)
	}
	if pub, ok := a.key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !pub.Equal(a.issuing.PublicKey) {
		return fmt.Errorf("%s is not the key of %s", issuingKey, issuingFile)
	}
	return nil
}

func parseKey(der []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("not a signing key")
	}
	return signer, nil
}

func (a *Authority) read(name, kind string) ([]byte, error) {
	raw, err := os.ReadFile(a.path(name))
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

// keep writes what was made, all of it or, as far as anybody can tell, nothing:
// the mark goes last, when everything else is durable.
func (a *Authority) keep(rootKey crypto.Signer) error {
	rootDER, errR := x509.MarshalPKCS8PrivateKey(rootKey)
	keyDER, errK := x509.MarshalPKCS8PrivateKey(a.key)
	if err := errors.Join(errR, errK); err != nil {
		return err
	}
	defer clear(rootDER)
	defer clear(keyDER)
	if err := errors.Join(os.WriteFile(a.path(makingFile), nil, 0o600), a.syncFolder()); err != nil {
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
	if err := a.syncFolder(); err != nil {
		return err
	}
	return errors.Join(os.Remove(a.path(makingFile)), a.syncFolder())
}

// write makes a file under its name or not at all. CreateTemp gives mode 0600.
func (a *Authority) write(name, kind string, der []byte) error {
	tmp, err := os.CreateTemp(a.o.Dir, newFiles+"*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when it was renamed
	err = pem.Encode(tmp, &pem.Block{Type: kind, Bytes: der})
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), a.path(name))
}

func (a *Authority) syncFolder() error {
	d, err := os.Open(a.o.Dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
