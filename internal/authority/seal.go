package authority

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
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

// A sealed key: magic, cost, salt, nonce, ciphertext of the PKCS#8 key, and a
// checksum over all of that. The checksum keeps no secret: it tells damage from a
// wrong passphrase, which would cost the person a try. The cost is argon2id's
// second recommended option of RFC 9106 (64 MiB, 3 passes) in one lane: about a
// tenth of a second to open once, and that for every guess.
const (
	sealMagic  = "NSK2"
	sealMemory = 64 * 1024 // KiB
	sealPasses = 3
	saltLength = 16
	sealHead   = len(sealMagic) + 8 + saltLength + chacha20poly1305.NonceSizeX
	sealSum    = 8
)

// MinPassphrase is the least number of characters of a signing passphrase.
const MinPassphrase = 8

// minDifferent is of how many different characters a passphrase has to be.
const minDifferent = 4

// CheckPassphrase says in plain words why a new passphrase will not do.
func CheckPassphrase(p string) error {
	if utf8.RuneCountInString(strings.TrimSpace(p)) < MinPassphrase {
		return problem.New(problem.Invalid, fmt.Sprintf("Kata sandi tanda tangan terlalu pendek. Pakai paling sedikit %d huruf atau angka.", MinPassphrase),
			fmt.Sprintf("The passphrase is too short. Use at least %d letters or figures.", MinPassphrase), nil)
	}
	different := map[rune]bool{}
	for _, r := range p {
		different[r] = true
	}
	if len(different) < minDifferent {
		return problem.New(problem.Invalid, "Kata sandi tanda tangan terlalu mudah ditebak. Pakai beberapa kata yang hanya Anda ingat.",
			"The passphrase is too easy to guess. Use a few words that only you remember.", nil)
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
	return withSum(box.Seal(head, nonceOf(head), der, head)), nil
}

func withSum(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append(b, sum[:sealSum]...)
}

func damaged(cause error) error {
	return problem.New(problem.Internal, "Kunci tanda tangan yang tersimpan rusak, jadi tidak dapat dibuka. Kata sandi Anda tidak salah; hubungi admin.",
		"The stored signing key is damaged, so it cannot be opened. Your passphrase is not at fault; tell the administrator.", cause)
}

// Unseal opens a sealed key: ErrPassphrase when the passphrase is wrong, another
// error when the bytes are damaged; that is seen before any work is done.
func Unseal(sealed, passphrase []byte) (crypto.Signer, error) {
	if len(sealed) < sealHead+sealSum || !bytes.HasPrefix(sealed, []byte(sealMagic)) {
		return nil, damaged(errors.New("sealed key: not one"))
	}
	body := sealed[:len(sealed)-sealSum]
	if !bytes.Equal(withSum(bytes.Clone(body)), sealed) {
		return nil, damaged(errors.New("sealed key: wrong checksum"))
	}
	head := body[:sealHead:sealHead]
	box, err := cipherOf(head, passphrase)
	if err != nil {
		return nil, damaged(err)
	}
	der, err := box.Open(nil, nonceOf(head), body[sealHead:], head)
	if err != nil {
		return nil, ErrPassphrase
	}
	defer clear(der)
	key, err := parseKey(der)
	if err != nil {
		return nil, damaged(fmt.Errorf("sealed key: %w", err))
	}
	return key, nil
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
		return nil, errors.New("sealed key: impossible cost")
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
