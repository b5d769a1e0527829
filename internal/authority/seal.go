package authority

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"naskah/internal/problem"
)

// NewKey makes a person's key: P-256 signs in microseconds and every judge knows
// it.
func NewKey() (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, nil
}

// ErrPassphrase says that the passphrase does not open the key.
var ErrPassphrase = problem.New(problem.Invalid, "Kata sandi tanda tangan salah. Periksa huruf besar dan kecil.", "The passphrase is wrong. Check capital and small letters.", nil)

// A sealed key: magic, cost, salt, nonce, ciphertext of the PKCS#8 key. The cost
// is argon2id's second recommended option of RFC 9106 (64 MiB, 3 passes): about a
// tenth of a second to open once, and that for every guess.
const (
	sealMagic  = "NSK1"
	sealMemory = 64 * 1024 // KiB
	sealPasses = 3
	saltLength = 16
	sealHead   = len(sealMagic) + 8 + saltLength + chacha20poly1305.NonceSizeX
)

// MinPassphrase is the least number of characters of a signing passphrase.
const MinPassphrase = 8

// CheckPassphrase says in plain words why a new passphrase will not do.
func CheckPassphrase(p string) error {
	if utf8.RuneCountInString(p) < MinPassphrase {
		return problem.New(problem.Invalid, fmt.Sprintf("Kata sandi tanda tangan terlalu pendek. Pakai paling sedikit %d huruf atau angka.", MinPassphrase),
			fmt.Sprintf("The passphrase is too short. Use at least %d letters or figures.", MinPassphrase), nil)
	}
	return nil
}

// Seal locks a key under a passphrase.
func Seal(key crypto.Signer, passphrase []byte) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	defer clear(der)
	head := make([]byte, 0, sealHead)
	head = append(head, sealMagic...)
	head = binary.BigEndian.AppendUint32(head, sealMemory)
	head = binary.BigEndian.AppendUint32(head, sealPasses)
	random := make([]byte, saltLength+chacha20poly1305.NonceSizeX)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	head = append(head, random...)
	box, err := cipherOf(head, passphrase)
	if err != nil {
		return nil, err
	}
	return box.Seal(head, nonceOf(head), der, head), nil
}

// Unseal opens a sealed key: ErrPassphrase when the passphrase is wrong, another
// error when the bytes are damaged beyond that question.
func Unseal(sealed, passphrase []byte) (crypto.Signer, error) {
	if len(sealed) < sealHead || !bytes.HasPrefix(sealed, []byte(sealMagic)) {
		return nil, errors.New("sealed key: damaged")
	}
	head := sealed[:sealHead:sealHead]
	box, err := cipherOf(head, passphrase)
	if err != nil {
		return nil, err
	}
	der, err := box.Open(nil, nonceOf(head), sealed[sealHead:], head)
	if err != nil {
		return nil, ErrPassphrase
	}
	defer clear(der)
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("sealed key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("sealed key: not a signing key")
	}
	return signer, nil
}

// maxSealMemory and maxSealPasses bound what a damaged head can cost.
const (
	maxSealMemory = 1 << 20 // KiB
	maxSealPasses = 16
)

type aead interface {
	Seal(dst, nonce, plaintext, additionalData []byte) []byte
	Open(dst, nonce, ciphertext, additionalData []byte) ([]byte, error)
}

func cipherOf(head, passphrase []byte) (aead, error) {
	memory, passes := binary.BigEndian.Uint32(head[len(sealMagic):]), binary.BigEndian.Uint32(head[len(sealMagic)+4:])
	if memory == 0 || memory > maxSealMemory || passes == 0 || passes > maxSealPasses {
		return nil, errors.New("sealed key: damaged")
	}
	salt := head[len(sealMagic)+8:][:saltLength]
	key := argon2.IDKey(passphrase, salt, passes, memory, 1, chacha20poly1305.KeySize)
	defer clear(key)
	box, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("sealed key: %w", err)
	}
	return box, nil
}

func nonceOf(head []byte) []byte { return head[sealHead-chacha20poly1305.NonceSizeX:] }
