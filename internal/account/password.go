package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"naskah/internal/problem"
)

// The cost of one sign-in: OWASP's argon2id floor for interactive use (19 MiB,
// two passes) — about 30 ms of one core, so that many wrong tries do not stop
// the service. Signing keys are sealed with a higher cost by authority.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLength = 32
)

// MinPassword is the least number of characters of a password.
const MinPassword = 8

// CheckNewPassword says in plain words why a password will not do.
func CheckNewPassword(password string) error {
	if utf8.RuneCountInString(password) < MinPassword {
		return problem.New(problem.Invalid,
			fmt.Sprintf("Kata sandi terlalu pendek. Pakai paling sedikit %d huruf atau angka, misalnya tiga kata yang mudah Anda ingat.", MinPassword),
			fmt.Sprintf("The password is too short. Use at least %d letters or figures, for example three words you remember easily.", MinPassword), nil)
	}
	return nil
}

// HashPassword gives the text that is kept: argon2id with its cost and salt.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, hashLength)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses, enc.EncodeToString(salt), enc.EncodeToString(sum))
}

// CheckPassword says whether the password is the one behind the kept text. For
// an empty or unreadable text it spends the same time and answers no, so that
// nobody learns from the clock which sign-in names exist.
func CheckPassword(kept, password string) bool {
	memory, passes, salt, want, ok := readHash(kept)
	if !ok {
		memory, passes, salt, want = hashMemory, hashPasses, make([]byte, 16), make([]byte, hashLength)
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, 1, uint32(len(want))) //nolint:gosec // readHash bounds it
	return subtle.ConstantTimeCompare(got, want) == 1 && ok
}

func readHash(kept string) (memory, passes uint32, salt, sum []byte, ok bool) {
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return 0, 0, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &passes); err != nil || memory > 1<<20 || passes > 16 || passes == 0 {
		return 0, 0, nil, nil, false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	sum, errSum := base64.RawStdEncoding.DecodeString(parts[5])
	return memory, passes, salt, sum, errSalt == nil && errSum == nil && len(sum) == hashLength
}

// NewToken is a secret for the JSON API and one-use signing: 256 random bits in
// hex. Only HashToken of it is kept.
func NewToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}

// HashToken is what is kept of a token.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
