package office

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/authority"
	"naskah/internal/db"
	"naskah/internal/problem"
	"naskah/internal/sign"
)

// triesForPassphrase is how often a passphrase may be wrong before signing is
// locked; a right one sets the count back.
const triesForPassphrase = 5

// keyYears is how long a person's internal certificate is valid.
const keyYears = 2

// KeyStatus says whether the actor can sign.
type KeyStatus struct {
	Has       bool
	TriesLeft int
	NotAfter  time.Time
}

// Key gives the state of the actor's signing key.
func (o *Office) Key(ctx context.Context, actor account.Actor) (KeyStatus, error) {
	k, err := o.DB.KeyOf(ctx, actor.PersonID, o.Now())
	if problem.KindOf(err) == problem.NotFound {
		return KeyStatus{}, nil
	}
	return KeyStatus{Has: err == nil, TriesLeft: k.TriesLeft, NotAfter: k.NotAfter}, err
}

// MakeKey makes the actor's signing key and certificate, sealed under the
// passphrase. It is made once; a forgotten passphrase needs a new certificate
// (RenewKey), because nobody else can open the old key.
func (o *Office) MakeKey(ctx context.Context, actor account.Actor, passphrase []byte) error {
	defer clear(passphrase)
	status, err := o.Key(ctx, actor)
	if err != nil {
		return err
	}
	if status.Has {
		return problem.New(problem.Conflict, "Anda sudah punya sertifikat tanda tangan.", "You already have a signing certificate.", nil)
	}
	if err := authority.CheckPassphrase(string(passphrase)); err != nil {
		return err
	}
	return o.issueKey(ctx, actor, passphrase)
}

func (o *Office) issueKey(ctx context.Context, actor account.Actor, passphrase []byte) error {
	office, err := o.DB.Office(ctx, actor.OfficeID)
	if err != nil {
		return err
	}
	key, err := authority.NewKey()
	if err != nil {
		return err
	}
	sealed, err := authority.Seal(key, passphrase)
	if err != nil {
		return err
	}
	who := authority.Person{Name: actor.Name, Title: actor.Title(), Office: office.Name, ID: actor.PersonID}
	cert, err := o.Authority.Issue(ctx, who, key.Public(), keyYears*365*24*time.Hour)
	if err != nil {
		return err
	}
	row := db.Key{
		ID: db.NewID(), PersonID: actor.PersonID, OfficeID: actor.OfficeID, Certificate: toPEM(cert), Chain: toPEM(o.Authority.Issuing()),
		Sealed: base64.StdEncoding.EncodeToString(sealed), NotAfter: cert.NotAfter.UTC(), TriesLeft: triesForPassphrase, CreatedAt: o.Now().UTC(),
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return errors.Join(tx.Insert(ctx, &row), tx.AppendAudit(ctx, audit.Entry{
			OfficeID: actor.OfficeID, At: o.Now().UTC(), PersonID: actor.PersonID, Actor: actor.Name, Title: actor.Title(),
			Action: "certificate-issued", Kind: "person", ObjectID: actor.PersonID, Detail: fmt.Sprintf(`{"serial":"%x"}`, cert.SerialNumber),
		}))
	})
}

func toPEM(certs ...*x509.Certificate) string {
	var b bytes.Buffer
	for _, c := range certs {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}) // a buffer takes everything
	}
	return b.String()
}

func fromPEM(text string) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for rest := []byte(text); ; {
		block, more := pem.Decode(rest)
		if block == nil {
			return out, nil
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		out, rest = append(out, c), more
	}
}

// openKey opens the actor's key for one request. A try is taken before the
// passphrase is looked at and given back when it was right.
func (o *Office) openKey(ctx context.Context, actor account.Actor, passphrase []byte) (sign.Key, error) {
	row, err := o.DB.KeyOf(ctx, actor.PersonID, o.Now())
	if problem.KindOf(err) == problem.NotFound {
		return sign.Key{}, problem.New(problem.Conflict, "Anda belum punya sertifikat tanda tangan yang berlaku. Buat dulu di halaman Akun.",
			"You have no valid signing certificate yet. Make one on the account page first.", err)
	}
	if err != nil {
		return sign.Key{}, err
	}
	left := 0
	if err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		left, err = tx.TakeTry(ctx, row.ID)
		return err
	}); err != nil {
		return sign.Key{}, err
	}
	signer, err := unseal(row, passphrase)
	if errors.Is(err, authority.ErrPassphrase) {
		return sign.Key{}, wrongPassphrase(left)
	}
	if err != nil {
		return sign.Key{}, err
	}
	if err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.GiveTries(ctx, row.ID, triesForPassphrase) }); err != nil {
		return sign.Key{}, err
	}
	chain, err := fromPEM(row.Certificate + row.Chain)
	return sign.Key{Signer: signer, Chain: chain}, err
}

func unseal(row db.Key, passphrase []byte) (crypto.Signer, error) {
	sealed, err := base64.StdEncoding.DecodeString(row.Sealed)
	if err != nil {
		return nil, fmt.Errorf("sealed key %s: %w", row.ID, err)
	}
	return authority.Unseal(sealed, passphrase)
}

func wrongPassphrase(left int) error {
	if left == 0 {
		return problem.New(problem.RateLimited, "Kata sandi tanda tangan salah lima kali, jadi tanda tangan dikunci. Hubungi Kasubag Umum untuk membuat sertifikat baru.",
			"The passphrase was wrong five times, so signing is locked. Ask the head of general affairs for a new certificate.", nil)
	}
	return problem.New(problem.Invalid, fmt.Sprintf("Kata sandi tanda tangan salah. Periksa huruf besar dan kecil. Masih %d kali.", left),
		fmt.Sprintf("The passphrase is wrong. Check capital and small letters. %d tries left.", left), nil)
}
