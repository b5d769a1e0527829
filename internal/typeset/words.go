package typeset

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"naskah/internal/letter"
)

// blank stands for what a preview does not know yet.
const blank = "…………………………"

// longDate is "16 November 2026".
func longDate(t time.Time) string {
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

func (l Letter) number() string {
	if l.Preview || l.Number == "" {
		return blank
	}
	return l.Number
}

func (l Letter) date() string {
	if l.Preview || l.Date.IsZero() {
		return blank
	}
	return longDate(l.Date)
}

func (l Letter) place() string {
	if l.Content.Place != "" {
		return l.Content.Place
	}
	return l.Place
}

// sifat is the label of the Sifat line: a class that closes the letter comes
// first, else how urgent it is.
func (l Letter) sifat() string {
	class, urgency := l.Content.Class, l.Content.Urgency
	switch {
	case class == "" || class == letter.Open:
		return urgency.Label()
	case urgency == "" || urgency == letter.Normal:
		return class.Label()
	}
	return class.Label() + ", " + urgency.Label()
}

// lampiran is the value of the Lampiran line.
func (l Letter) lampiran() string {
	n := len(l.Content.Attachments)
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%d (%s) berkas", n, spell(n))
}

// spell writes 1…99 in Indonesian words; larger numbers in figures.
func spell(n int) string {
	ones := []string{"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"}
	switch {
	case n < 0 || n > 99:
		return fmt.Sprint(n)
	case n < 12:
		return ones[n]
	case n < 20:
		return ones[n-10] + " belas"
	case n%10 == 0:
		return ones[n/10] + " puluh"
	}
	return ones[n/10] + " puluh " + ones[n%10]
}

// titleCase turns "CAMAT CICALENGKA" into "Camat Cicalengka" for running text.
func titleCase(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		if i > 0 && (w == "dan" || w == "pada" || w == "di") {
			continue
		}
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// signTitle is the lines above the signature.
func (s Signer) signTitle() []string {
	switch {
	case (s.Capacity == "a.n." || s.Capacity == "u.b.") && s.ActingTitle != "":
		return []string{s.Capacity + " " + s.Title, s.ActingTitle + ","}
	case s.Capacity != "":
		return []string{s.Capacity + " " + s.Title + ","}
	}
	return []string{s.Title + ","}
}

// site is where a reader types the code: the host of the address in the QR.
func (l Letter) site() string {
	rest := l.VerifyURL
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	host, _, _ := strings.Cut(rest, "/")
	return host + "/periksa"
}

// footer is the lines at the bottom of every page.
func (l Letter) footer() []string {
	if l.Preview {
		return []string{"KONSEP — belum bernomor, belum bertanggal, belum ditandatangani."}
	}
	fill := strings.NewReplacer("{situs}", l.site(), "{kode}", l.Code)
	lines := l.Template.Footer
	if l.Ink {
		lines = l.Template.InkFooter
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = fill.Replace(line)
	}
	return out
}
