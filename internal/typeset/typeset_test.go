package typeset

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/letter"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

var update = flag.Bool("update", false, "write the golden files anew")

// record is the layout in words: what stands where on which page.
func record(l Letter) (string, error) {
	l.Template = l.Template.within()
	_, pages, err := arrange(l)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&b, "halaman %d\n", i+1)
		for _, m := range p.marks {
			switch m.kind {
			case ruleMark:
				if m.h == 0 {
					fmt.Fprintf(&b, "%6.1f %6.1f  garis %.1f\n", m.y, m.x, m.w)
				}
			case logoMark:
				fmt.Fprintf(&b, "%6.1f %6.1f  logo\n", m.y, m.x)
			case sealMark:
				fmt.Fprintf(&b, "%6.1f %6.1f  tanda tangan %.0f mm\n", m.y, m.x, m.w)
			default:
				mark := " "
				if m.bold {
					mark = "*"
				}
				fmt.Fprintf(&b, "%6.1f %6.1f %s%s\n", m.y, m.x, mark, m.text)
			}
		}
	}
	return b.String(), nil
}

func TestLayoutIsAsRecorded(t *testing.T) {
	t.Parallel()
	for name, l := range samples(t) {
		got, err := record(l)
		if err != nil {
			t.Fatal(name, err)
		}
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// lateMarks are the texts that only the final letter has, and its code.
func lateMarks(l Letter) []string {
	return []string{l.number(), l.date(), l.place() + ", " + l.date(), "NOMOR " + l.number(), "Kode: " + l.Code}
}

func TestPreviewDiffersOnlyInNumberDateAndCode(t *testing.T) {
	t.Parallel()
	for name, l := range samples(t) {
		final, draft := l, l
		final.Preview, draft.Preview = false, true
		draft.Number, draft.Code, draft.VerifyURL = "", "", ""
		a, b := arranged(t, final), arranged(t, draft)
		if len(a) != len(b) {
			t.Fatalf("%s: %d pages became %d", name, len(b), len(a))
		}
		for i := range a {
			if diff := cmp.Diff(fixed(b[i], draft), fixed(a[i], final)); diff != "" {
				t.Errorf("%s, page %d: %s", name, i+1, diff)
			}
		}
	}
}

func arranged(t *testing.T, l Letter) []sheetPage {
	t.Helper()
	l.Template = l.Template.within()
	_, pages, err := arrange(l)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// fixed is everything on a page that must not move.
func fixed(p sheetPage, l Letter) []string {
	var out []string
	late := map[string]bool{}
	for _, s := range lateMarks(l) {
		late[strings.TrimSpace(s)] = true
	}
	for _, m := range p.marks {
		if m.kind == textMark && late[m.text] {
			out = append(out, fmt.Sprintf("late at %.3f", m.y))
		} else if m.kind != noteMark {
			out = append(out, fmt.Sprintf("%+v", m))
		}
	}
	return out
}

func set(t testing.TB, l Letter, files map[string][]byte) Result {
	t.Helper()
	res, err := Set(t.Context(), l, files)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// program gives a program's output; without the program the test is one skipped line.
func program(t *testing.T, stdin []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, stdin, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = path
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestSameLetterGivesSameBytes(t *testing.T) {
	t.Parallel()
	for name, l := range samples(t) {
		a, b := set(t, l, nil), set(t, l, nil)
		if !bytes.Equal(a.PDF, b.PDF) {
			t.Errorf("%s: two settings differ", name)
		}
		if l.Number += "x"; bytes.Equal(a.PDF, set(t, l, nil).PDF) && !l.Preview {
			t.Errorf("%s: the number makes no difference", name)
		}
	}
}

func TestEveryLetterIsSoundAndReadsInOrder(t *testing.T) {
	t.Parallel()
	for name, l := range samples(t) {
		res := set(t, l, nil)
		if out := program(t, res.PDF, "qpdf", "--check", "FILE"); strings.Contains(out, "WARNING") {
			t.Errorf("%s: %s", name, out)
		}
		text := program(t, res.PDF, "pdftotext", "-layout", "FILE", "-")
		if n := strings.Count(text, "\f"); n != res.Pages {
			t.Errorf("%s: %d pages, said %d", name, n, res.Pages)
		}
		wanted := []string{"KECAMATAN CICALENGKA", "NIP"}
		if !l.Preview {
			wanted = append(wanted, "Kode: ABCDE-FGHJK", "sertifikat internal kantor, bukan BSrE", "ketik kode ABCDE-FGHJK")
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing in\n%s", name, want, text)
			}
		}
	}
}

func TestPreviewShowsNoNumberDateOrCode(t *testing.T) {
	t.Parallel()
	l := invitation(t)
	l.Preview = true
	text := program(t, set(t, l, nil).PDF, "pdftotext", "-layout", "FILE", "-")
	for _, never := range []string{l.Number, "16 November 2026", l.Code, "Ditandatangani secara elektronik"} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in the preview", never)
		}
	}
	if !strings.Contains(text, "KONSEP") || !strings.Contains(text, "……") {
		t.Errorf("blanks and KONSEP are missing in\n%s", text)
	}
}

func TestSignatureNeverStandsWithoutTwoLinesOfText(t *testing.T) {
	t.Parallel()
	for extra := range 45 {
		l := memo(t)
		var body []letter.Block
		for i := range 8 + extra {
			body = append(body, letter.Block{Type: letter.Paragraph, Runs: []letter.Run{{Text: fmt.Sprintf("Kalimat %d.", i)}}})
		}
		l.Content.Body = body
		for _, p := range arranged(t, l) {
			before, signed := 0, false
			for _, m := range p.marks {
				if m.kind == sealMark {
					signed = true
				} else if strings.HasPrefix(m.text, "Kalimat") {
					before++
				}
			}
			if signed && before < 2 {
				t.Fatalf("%d paragraphs: %d lines before the signature", 8+extra, before)
			}
			if signed != strings.Contains(fmt.Sprint(p.marks), l.Signer.NIP) || signed != strings.Contains(fmt.Sprint(p.marks), "Yayan") {
				t.Fatal("the block is torn")
			}
		}
	}
}

func TestNothingLeavesThePaper(t *testing.T) {
	t.Parallel()
	for name, l := range samples(t) {
		l.Template = l.Template.within()
		w, h := l.Template.size()
		for i, p := range arranged(t, l) {
			for _, m := range p.marks {
				if m.x < l.Template.MarginLeft-0.1 || m.x+m.w > w-l.Template.MarginRight+0.5 || m.y < 0 || m.y+m.h > h-l.Template.MarginBottom+0.5 {
					t.Errorf("%s page %d: %+v", name, i+1, m)
				}
			}
		}
	}
}

func TestTableHeadComesAgainOnEveryPage(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range arranged(t, long(t)) {
		text := fmt.Sprint(p.marks)
		if regexp.MustCompile(`Desa \d`).MatchString(text) {
			if !strings.Contains(text, "Pagu") {
				t.Fatal("a page of the table has no head")
			}
			seen++
		}
	}
	if seen < 2 {
		t.Fatal("the table is not over two pages, so this shows nothing")
	}
}

func TestCapacityStandsBeforeTheTitle(t *testing.T) {
	t.Parallel()
	title := "CAMAT CICALENGKA"
	for want, s := range map[string]Signer{
		"CAMAT CICALENGKA,":                           {Title: title},
		"Plt. CAMAT CICALENGKA,":                      {Title: title, Capacity: "Plt."},
		"Plh. CAMAT CICALENGKA,":                      {Title: title, Capacity: "Plh."},
		"a.n. CAMAT CICALENGKA|Sekretaris Kecamatan,": {Title: title, Capacity: "a.n.", ActingTitle: "Sekretaris Kecamatan"},
		"u.b. CAMAT CICALENGKA|Kasi Pemerintahan,":    {Title: title, Capacity: "u.b.", ActingTitle: "Kasi Pemerintahan"},
	} {
		if got := strings.Join(s.signTitle(), "|"); got != want {
			t.Errorf("%q, wanted %q", got, want)
		}
	}
}

func TestAttachedFilesStandWhereTheirNumberSays(t *testing.T) {
	t.Parallel()
	l := invitation(t)
	written := l.Content.Attachments[0]
	l.Content.Attachments = []letter.Attachment{{Title: "Peta", Ref: "a"}, written, {Title: "Foto", Ref: "a"}}
	res := set(t, l, map[string][]byte{"a": scanFile(t)})
	pages := strings.Split(program(t, res.PDF, "pdftotext", "FILE", "-"), "\f")
	for i, want := range []string{"CAMAT CICALENGKA,", "TERLAMPIR", "TERLAMPIR", "Lampiran II", "TERLAMPIR", "TERLAMPIR"} {
		if !strings.Contains(pages[i], want) {
			t.Errorf("page %d has no %q: %q", i+1, want, pages[i])
		}
	}
	if !res.Archival || res.Pages != 6 || res.Field.Page != 1 {
		t.Fatalf("%v %d %v", res.Archival, res.Pages, res.Field)
	}
}

func TestForeignAttachmentTakesTheClaimAway(t *testing.T) {
	t.Parallel()
	var foreign bytes.Buffer
	if err := pdf.Merge(&foreign, bytes.NewReader(scanFile(t))); err != nil { // Merge claims nothing
		t.Fatal(err)
	}
	l := memo(t)
	l.Content.Attachments = []letter.Attachment{{Title: "Berkas", Ref: "a"}}
	res := set(t, l, map[string][]byte{"a": foreign.Bytes()})
	if res.Archival || bytes.Contains(res.PDF, []byte("pdfaid:part")) {
		t.Fatal("the letter claims for pages nobody vouched for")
	}
}

func TestUnusableLetterIsASentence(t *testing.T) {
	t.Parallel()
	noFile, badFile, noLogo, noURL := memo(t), memo(t), memo(t), memo(t)
	noFile.Content.Attachments = []letter.Attachment{{Title: "Berkas", Ref: "a"}}
	badFile.Content.Attachments = []letter.Attachment{{Title: "Berkas", Ref: "b"}}
	noLogo.Letterhead.Logo = []byte("bukan gambar")
	noURL.VerifyURL = ""
	for name, test := range map[string]struct {
		l    Letter
		kind problem.Kind
	}{"no file": {noFile, problem.NotFound}, "bad file": {badFile, problem.Invalid}, "logo": {noLogo, problem.Invalid}, "no address": {noURL, problem.Internal}} {
		_, err := Set(t.Context(), test.l, map[string][]byte{"b": []byte("%PDF-1.4 rusak")})
		if !errors.Is(err, test.kind) || problem.Sentence(err, "id") == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAlmostEmptyLetterCanBeSet(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{letter.KindInvitation, letter.KindAssignment, letter.KindMemo, "lain", ""} {
		res := set(t, Letter{Content: letter.Content{Kind: kind}, Preview: true}, nil)
		if res.Pages != 1 {
			t.Errorf("%q: %d pages", kind, res.Pages)
		}
	}
}

func TestBoldFontHasWhatRegularHas(t *testing.T) {
	t.Parallel()
	s, err := newSheet(Letter{Template: DefaultTemplate()})
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(0x20); r < 0xffff; r++ {
		if c := s.clean(string(r)); c == string(r) && s.width(c, false, 10) > 0 && s.width(c, true, 10) == 0 {
			t.Fatalf("%q is missing in bold", r)
		}
	}
}

func FuzzSet(f *testing.F) {
	f.Add("Undangan", "hari : Kamis\n\n1. satu\n\n| a | b |\n| c | d |", "undangan")
	f.Add("x", strings.Repeat("**w", 300), "surat-tugas")
	f.Fuzz(func(t *testing.T, subject, body, kind string) {
		if len(body) > 4000 {
			return
		}
		l := Letter{Preview: true, Content: letter.Content{Kind: kind, Subject: subject, To: []string{subject}, Body: letter.ParseBody(body), Basis: []string{body}}}
		if _, err := Set(t.Context(), l, nil); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkSet(b *testing.B) {
	for name, l := range map[string]Letter{"undangan": invitation(b), "surat-tugas": assignment(b), "nota-dinas": memo(b), "lima-halaman": long(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				set(b, l, nil)
			}
		})
	}
}
