package searchtest

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"naskah/search"
)

// The reader words of an archive's letters. A tenth of them is for one unit
// only, one in a hundred for the head alone.
const (
	Office = "office:ccl"
	Head   = "head:ccl"
)

// UnitReader is the reader word of a unit of the archive.
func UnitReader(unit string) string { return "unit:" + unit }

// Letters are n letters of an invented sub-district office over twelve years: one
// to three pages of 150 to 300 words, a fifth of them with the mistakes of OCR. The
// same seed gives the same letters, and letter i does not depend on n.
func Letters(seed uint64, n int) iter.Seq[search.Document] {
	return func(yield func(search.Document) bool) {
		for i := range n {
			if !yield(Letter(seed, i)) {
				return
			}
		}
	}
}

// Letter is letter i of the archive of the seed.
func Letter(seed uint64, i int) search.Document {
	r := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // a generator that repeats, not a secret
	w := writer{r}
	village, unit, matter := pick(r, villages()), pick(r, units()), pick(r, matters())
	day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(12*365))
	f := search.Fields{
		Subject: matter.subject + " Desa " + village, Classification: matter.code, ClassificationName: matter.name,
		Unit: unit, Class: "biasa", Date: day, Summary: w.sentence(matter, village),
	}
	if r.IntN(3) == 0 {
		f.Direction, f.Kind, f.State = "outgoing", pick(r, kinds()), pick(r, []string{"signed", "sent", "sent", "draft", "cancelled"})
		f.Sender, f.Recipient = "Kecamatan Cicalengka", "Kepala Desa "+village
		f.Number = fmt.Sprintf("%s/%d/Kec.Ccl/%s/%d", matter.code, 1+i%1999, roman(day.Month()), day.Year())
	} else {
		sender := pick(r, senders())
		f.Direction, f.Kind, f.State = "incoming", "surat-masuk", pick(r, []string{"registered", "disposed", "done", "done", "filed"})
		f.Sender, f.Recipient, f.Agenda = sender.name+" "+village, "Camat Cicalengka", fmt.Sprintf("%04d/%d", 1+i%3999, day.Year())
		f.Number = fmt.Sprintf("%s/%d/%s/%s/%d", matter.code, 1+i%1999, sender.code, roman(day.Month()), day.Year())
	}
	d := search.Document{ID: fmt.Sprintf("letter-%07d", i), Office: "ccl", Fields: f, Readers: readers(r, unit)}
	noisy := r.IntN(5) == 0
	for range 1 + r.IntN(3) {
		text := w.page(matter, village)
		if noisy {
			text = misread(r, text)
		}
		d.Pages = append(d.Pages, text)
	}
	return d
}

func readers(r *rand.Rand, unit string) []string {
	switch n := r.IntN(100); {
	case n == 0:
		return []string{Head}
	case n <= 10:
		return []string{Head, UnitReader(unit)}
	default:
		return []string{Head, Office, UnitReader(unit)}
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// common picks the nth of the list about n times less often than the first, as
// language does (Zipf).
func common[T any](r *rand.Rand, from []T) T {
	return from[int(math.Pow(float64(len(from)), r.Float64()))-1]
}

// writer writes sentences.
type writer struct{ r *rand.Rand }

func (w writer) page(m matter, village string) string {
	var b strings.Builder
	for words := 150 + w.r.IntN(151); words > 0; {
		s := w.sentence(m, village)
		words -= strings.Count(s, " ") + 1
		b.WriteString(s)
		b.WriteString(pick(w.r, []string{" ", " ", " ", "\n"}))
	}
	return b.String()
}

func (w writer) sentence(m matter, village string) string {
	r := w.r
	switch r.IntN(12) {
	case 0:
		return fmt.Sprintf("Disampaikan dengan hormat, %s di Desa %s akan dilaksanakan pada hari %s tanggal %d %s %d pukul %02d.00 WIB bertempat di %s.",
			m.words, village, pick(r, days()), 1+r.IntN(28), pick(r, months()), 2015+r.IntN(12), 7+r.IntN(9), pick(r, places()))
	case 1:
		return fmt.Sprintf("Saudara %s, NIP %d, jabatan %s pada %s.", w.name(), 196001011985031000+r.Int64N(40_000_000_000_000), pick(r, posts()), pick(r, units()))
	case 2:
		return fmt.Sprintf("Menindaklanjuti surat %s Nomor %s/%d tanggal %d %s %d, bersama ini kami sampaikan %s.",
			pick(r, senders()).name, pick(r, matters()).code, 1+r.IntN(1999), 1+r.IntN(28), pick(r, months()), 2015+r.IntN(12), m.words)
	case 3:
		return fmt.Sprintf("Warga %s, Kp. %s RT %02d RW %02d Desa %s, telah mengajukan permohonan.", w.name(), w.invented(), 1+r.IntN(9), 1+r.IntN(19), pick(r, villages()))
	default:
		n := 7 + r.IntN(14)
		words := make([]string, n)
		for i := range words {
			words[i] = common(r, vocabulary())
		}
		if r.IntN(3) == 0 {
			words[r.IntN(n)] = common(r, strings.Fields(m.words))
		}
		s := strings.Join(words, " ")
		return strings.ToUpper(s[:1]) + s[1:] + "."
	}
}

func (w writer) name() string {
	if w.r.IntN(3) == 0 {
		return pick(w.r, forenames()) + " " + w.invented()
	}
	return pick(w.r, forenames()) + " " + pick(w.r, surnames())
}

// invented is a name that few letters share: an archive has tens of thousands.
func (w writer) invented() string {
	var b strings.Builder
	for range 2 + w.r.IntN(2) {
		b.WriteString(pick(w.r, syllables()))
	}
	s := b.String()
	return strings.ToUpper(s[:1]) + s[1:]
}

// misread makes the mistakes of OCR in about one word of ten.
func misread(r *rand.Rand, text string) string {
	out := []byte(text)
	for i, c := range out {
		if r.IntN(60) > 0 || c == ' ' || c == '\n' {
			continue
		}
		switch c {
		case 'm':
			out[i] = 'n'
		case 'i':
			out[i] = 'l'
		case 'o':
			out[i] = '0'
		case 'e':
			out[i] = 'c'
		default:
			out[i] = "abdhklnrtu"[r.IntN(10)]
		}
	}
	return string(out)
}

func roman(m time.Month) string {
	return [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}[m-1]
}
