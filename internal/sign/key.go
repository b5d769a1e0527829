package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"software.sslmate.com/src/go-pkcs12"

	"naskah/internal/problem"
)

// Key is what a person signs with. Chain[0] is the signer's certificate, then its
// issuers; the root is not needed (C5).
type Key struct {
	Signer crypto.Signer
	Chain  []*x509.Certificate
}

// LoadP12 opens a PKCS#12 file (.p12, .pfx).
func LoadP12(data []byte, passphrase string) (Key, error) {
	private, cert, issuers, err := pkcs12.DecodeChain(data, passphrase)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return Key{}, problem.New(problem.Invalid, "Kata sandi berkas sertifikat salah. Periksa huruf besar dan kecil.", "The passphrase of the certificate file is wrong. Check capital and small letters.", err)
	}
	if err != nil {
		return Key{}, problem.New(problem.Invalid, "Berkas sertifikat (.p12) tidak dapat dibaca.", "The certificate file (.p12) cannot be read.", err)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return Key{}, problem.New(problem.Unsupported, "Jenis kunci dalam berkas sertifikat belum didukung.", "The kind of key in the certificate file is not supported.", nil)
	}
	return Key{Signer: signer, Chain: append([]*x509.Certificate{cert}, issuers...)}, nil
}

// algorithm is how a key signs.
type algorithm struct {
	hash      crypto.Hash
	ecdsa     bool
	signature int // longest signature in bytes
}

// minRSA is the shortest RSA key that any judge still accepts.
const minRSA = 2048

// algorithmOf chooses by the key (C8): the hash is as strong as the curve.
func algorithmOf(pub crypto.PublicKey) (algorithm, error) {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSA {
			return algorithm{}, weakKey(fmt.Errorf("RSA %d", k.N.BitLen()))
		}
		return algorithm{hash: crypto.SHA256, signature: k.Size()}, nil
	case *ecdsa.PublicKey:
		switch k.Curve.Params().BitSize {
		case 256:
			return algorithm{hash: crypto.SHA256, ecdsa: true, signature: 72}, nil
		case 384:
			return algorithm{hash: crypto.SHA384, ecdsa: true, signature: 104}, nil
		}
	}
	return algorithm{}, weakKey(fmt.Errorf("%T", pub))
}

func weakKey(cause error) error {
	return problem.New(problem.Unsupported, "Kunci ini terlalu lemah atau jenisnya belum didukung. Pakai RSA 2048 bit ke atas, P-256 atau P-384.",
		"This key is too weak or of an unsupported kind. Use RSA of 2048 bits or more, P-256 or P-384.", cause)
}
