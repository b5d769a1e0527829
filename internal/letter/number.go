package letter

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"regexp"
	"strings"
	"time"

	"naskah/internal/problem"
)

// NumberParts fill a number format.
type NumberParts struct {
	Classification string // {kode}
	Seq            int    // {urut}, {urut:3} pads with zeros
	Unit           string // {unit}
	Kind           string // {jenis}
	ClassMark      string // {sifat}
	Date           time.Time
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)(?::([1-9]))?\}`)

// FormatNumber fills the format's placeholders {kode} {urut} {urut:3} {unit}
// {jenis} {sifat} {bulan} {bulan_romawi} {tahun}. An unknown placeholder is
// problem.Invalid: an administrator sees it when saving, not a reader later.
func FormatNumber(format string, p NumberParts) (string, error) {
	var unknown string
	out := placeholder.ReplaceAllStringFunc(format, func(m string) string {
		parts := placeholder.FindStringSubmatch(m)
		value, ok := p.value(parts[1], parts[2])
		if !ok {
			unknown = m
		}
		return value
	})
	if unknown != "" {
		return "", problem.New(problem.Invalid,
			fmt.Sprintf("Format nomor memakai %s yang tidak dikenal.", unknown),
			fmt.Sprintf("The number format uses %s, which is not known.", unknown), nil)
	}
	return out, nil
}

func (p NumberParts) value(name, width string) (string, bool) {
	switch name {
	case "kode":
		return p.Classification, true
	case "urut":
		if width == "" {
			return fmt.Sprint(p.Seq), true
		}
		return fmt.Sprintf("%0"+width+"d", p.Seq), true
	case "unit":
		return p.Unit, true
	case "jenis":
		return p.Kind, true
	case "sifat":
		return p.ClassMark, true
	case "bulan":
		return p.Date.Format("01"), true
	case "bulan_romawi":
		return Roman(int(p.Date.Month())), true
	case "tahun":
		return p.Date.Format("2006"), true
	}
	return "", false
}

// Roman writes 1…3999 in Roman figures; anything else is empty.
func Roman(n int) string {
	if n < 1 || n > 3999 {
		return ""
	}
	figures := []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}
	var b strings.Builder
	for _, f := range figures {
		for n >= f.value {
			b.WriteString(f.sign)
			n -= f.value
		}
	}
	return b.String()
}

// NewVerifyToken is the secret of a letter's public address: 130 random bits in
// 26 lower-case letters and digits, never sequential.
func NewVerifyToken() string {
	raw := make([]byte, 17)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))[:26]
}

// codeAlphabet leaves out 0 O 1 I L U, which people misread on paper.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// CodeLength is the number of characters of a short code.
const CodeLength = 10

// NewShortCode is a code that a person can type from paper: 10 characters of an
// alphabet of 30 (49 bits). It opens less than the token and is rate-limited.
func NewShortCode() string {
	out := make([]byte, 0, CodeLength)
	raw := make([]byte, 1)
	for len(out) < CodeLength {
		_, _ = rand.Read(raw)
		if int(raw[0]) < 256/len(codeAlphabet)*len(codeAlphabet) { // no favoured characters
			out = append(out, codeAlphabet[int(raw[0])%len(codeAlphabet)])
		}
	}
	return string(out)
}

// ParseShortCode reads a typed code: case, blanks and hyphens do not matter. ""
// means that it is no code.
func ParseShortCode(typed string) string {
	s := strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(typed))
	if len(s) != CodeLength || strings.Trim(s, codeAlphabet) != "" {
		return ""
	}
	return s
}

// ShowShortCode groups a code for reading: "ABCDE-FGHJK".
func ShowShortCode(code string) string {
	if len(code) != CodeLength {
		return code
	}
	return code[:5] + "-" + code[5:]
}
