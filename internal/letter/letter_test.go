package letter

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/problem"
)

func TestNumberIsFilledFromItsFormat(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)
	parts := NumberParts{Classification: "000.7.1.4", Seq: 12, Unit: "Kec.Ccl", Kind: "UND", ClassMark: "B", Date: day}
	for format, want := range map[string]string{
		"{kode}/{urut}/{unit}/{bulan_romawi}/{tahun}": "000.7.1.4/12/Kec.Ccl/XI/2026",
		"{sifat}-{urut:3}/{jenis}/{bulan}/{tahun}":    "B-012/UND/11/2026",
		"tetap": "tetap",
	} {
		got, err := FormatNumber(format, parts)
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", format, got, err, want)
		}
	}
}

func TestUnknownPlaceholderIsToldBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	_, err := FormatNumber("{kode}/{hari}", NumberParts{})
	if !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), "{hari}") {
		t.Fatalf("got %v", err)
	}
}

func TestRomanFigures(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "", 1: "I", 4: "IV", 9: "IX", 11: "XI", 12: "XII", 1994: "MCMXCIV", 4000: ""} {
		if got := Roman(n); got != want {
			t.Errorf("%d: got %q want %q", n, got, want)
		}
	}
}

func TestTypedCodeIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	code := NewShortCode()
	for _, typed := range []string{code, strings.ToLower(code), ShowShortCode(code), code[:3] + " " + code[3:] + " "} {
		if got := ParseShortCode(typed); got != code {
			t.Errorf("%q: got %q want %q", typed, got, code)
		}
	}
	for _, typed := range []string{"", "ABC", code + "A", "0000000000", strings.Repeat("é", 10)} {
		if got := ParseShortCode(typed); got != "" {
			t.Errorf("%q was taken for a code: %q", typed, got)
		}
	}
}

func TestSecretsOfALetterAreLongAndNeverAlike(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		token, code := NewVerifyToken(), NewShortCode()
		if len(token) != 26 || len(code) != CodeLength || seen[token] || seen[code] {
			t.Fatalf("bad or repeated: %q %q", token, code)
		}
		seen[token], seen[code] = true, true
	}
}

func TestOnlyListedMovesAreAllowed(t *testing.T) {
	t.Parallel()
	states := []State{Received, Registered, Draft, InReview, Returned, Approved, Ready, Signed, Sent, Cancelled, Forwarded, Disposed, Completed, Filed, Bound, Printed, Revoked}
	allowed := map[Move][]State{}
	for move := range steps() {
		for _, s := range states {
			if _, err := Next(s, move); err == nil {
				allowed[move] = append(allowed[move], s)
			} else if !errors.Is(err, problem.Conflict) {
				t.Errorf("%s from %s: %v", move, s, err)
			}
		}
	}
	want := map[Move][]State{
		Register: {Received, Registered}, Submit: {Draft, Returned}, SendBack: {InReview, Ready, Printed}, Approve: {InReview},
		Finalize: {Approved}, Sign: {Ready}, Send: {Signed}, Cancel: {Draft, InReview, Returned, Approved, Ready, Printed}, Rewrite: {InReview},
		Forward: {Registered, Forwarded}, Dispose: {Registered, Forwarded, Disposed, Completed}, Complete: {Disposed}, Recall: {Disposed},
		File: {Registered, Signed, Sent, Forwarded, Completed}, Unfile: {Filed}, Print: {Ready, Printed}, BindInk: {Printed}, Bind: {Received}, Revoke: {Signed, Sent, Filed},
	}
	if diff := cmp.Diff(want, allowed); diff != "" {
		t.Fatal(diff)
	}
}

const invitation = `Dalam rangka persiapan **Musrenbang** kami mengundang Saudara pada:

hari/tanggal : Kamis, 19 November 2026
waktu : pukul 09.00 WIB

1. penyampaian jadwal;
2. inventarisasi usulan **prioritas**;

| Desa | Usulan |
| Nagrog | 3 |

# Penutup

Demikian disampaikan.`

func TestSimpleWritingBecomesBlocks(t *testing.T) {
	t.Parallel()
	want := []Block{
		{Type: Paragraph, Runs: []Run{{Text: "Dalam rangka persiapan "}, {Text: "Musrenbang", Bold: true}, {Text: " kami mengundang Saudara pada:"}}},
		{Type: Details, Rows: [][]Run{{{Text: "hari/tanggal"}, {Text: "Kamis, 19 November 2026"}}, {{Text: "waktu"}, {Text: "pukul 09.00 WIB"}}}},
		{Type: Numbered, Items: [][]Run{{{Text: "penyampaian jadwal;"}}, {{Text: "inventarisasi usulan "}, {Text: "prioritas", Bold: true}, {Text: ";"}}}},
		{Type: Table, Rows: [][]Run{{{Text: "Desa"}, {Text: "Usulan"}}, {{Text: "Nagrog"}, {Text: "3"}}}},
		{Type: Heading, Runs: []Run{{Text: "Penutup"}}},
		{Type: Paragraph, Runs: []Run{{Text: "Demikian disampaikan."}}},
	}
	if diff := cmp.Diff(want, ParseBody(invitation)); diff != "" {
		t.Fatal(diff)
	}
	if got := FormatBody(want); got != invitation {
		t.Fatalf("written back:\n%s", cmp.Diff(invitation, got))
	}
}

func FuzzSimpleWritingLosesNothing(f *testing.F) {
	f.Add(invitation)
	f.Add("a ** b\n\n| x |\n| y | z |\n1) satu")
	f.Fuzz(func(t *testing.T, text string) {
		blocks := ParseBody(text)
		again := ParseBody(FormatBody(blocks))
		if len(blocks) > 0 && len(again) == 0 {
			t.Fatalf("%q vanished", text)
		}
		for _, b := range blocks {
			if b.Type == Table && len(b.Rows) > 0 {
				for _, row := range b.Rows {
					if len(row) != len(b.Rows[0]) {
						t.Fatalf("ragged table from %q", text)
					}
				}
			}
		}
	})
}

func TestLetterSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	whole := Content{Kind: KindInvitation, Subject: "Rapat", To: []string{"Kepala Desa"}, Body: ParseBody("Isi")}
	if err := whole.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Content){
		"no subject":       func(c *Content) { c.Subject = " " },
		"long subject":     func(c *Content) { c.Subject = strings.Repeat("x", MaxSubject+1) },
		"nobody to":        func(c *Content) { c.To = nil },
		"nobody sent":      func(c *Content) { c.Kind = KindAssignment },
		"no text":          func(c *Content) { c.Body = nil },
		"text without end": func(c *Content) { c.Body = ParseBody(strings.Repeat("x", MaxText+1)) },
	} {
		c := whole
		spoil(&c)
		if err := c.Check(); err == nil {
			t.Errorf("%s was let through", name)
		}
	}
}

func TestDigestFollowsEveryWordOfTheLetter(t *testing.T) {
	t.Parallel()
	a := Content{Kind: KindInvitation, Subject: "Rapat", Body: ParseBody("Isi")}
	b := a
	b.Body = ParseBody("Isi lain")
	da, errA := a.Digest()
	db, errB := b.Digest()
	again, _ := a.Digest()
	if errA != nil || errB != nil || da == db || da != again {
		t.Fatal("digests do not tell the texts apart")
	}
	if !strings.Contains(b.Text(), "Isi lain") {
		t.Fatal("the text for the index misses the body")
	}
}
