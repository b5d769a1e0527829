package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/search"
)

func TestSnippetIsCutAtItsMarks(t *testing.T) {
	t.Parallel()
	s := search.Snippet{Text: "hajat lembur desa", Marks: []search.Span{{Start: 0, End: 5}, {Start: 3, End: 9}, {Start: 6, End: 12}, {Start: 15, End: 99}}}
	want := []Piece{{"hajat", true}, {" ", false}, {"lembur", true}, {" desa", false}}
	if diff := cmp.Diff(want, pieces(s)); diff != "" {
		t.Error(diff)
	}
}

func FuzzSnippetLosesNoText(f *testing.F) {
	f.Add("hajat lembur", 0, 5, 6, 12)
	f.Add("é", 1, 2, 0, 1)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		var all strings.Builder
		for _, p := range pieces(search.Snippet{Text: text, Marks: []search.Span{{Start: a, End: b}, {Start: c, End: d}}}) {
			all.WriteString(p.Text)
		}
		if strings.ToValidUTF8(text, "") == text && len(all.String()) > len(text) {
			t.Errorf("%q grew to %q", text, all.String())
		}
	})
}

func TestTextSizesStopAtTheirEnds(t *testing.T) {
	t.Parallel()
	for size, want := range map[int][2]int{16: {16, 18}, 18: {16, 20}, 24: {22, 24}, 0: {16, 20}} {
		f := Frame{TextSize: size}
		if got := [2]int{f.Smaller(), f.Larger()}; got != want {
			t.Errorf("at %d: %v, want %v", size, got, want)
		}
	}
}

func TestFailedFormKeepsItsInputButNoPassword(t *testing.T) {
	t.Parallel()
	form := Form{Values: url.Values{"nama": {"asep"}, "kata_sandi": {"rahasia"}}}.Fail("nama", "salah")
	f, err := input("nama", form, "signin.name", "hint", "signin.name.hint")
	if err != nil || f.Value != "asep" || f.Error != "salah" || f.Describe() != "f-nama-hint f-nama-salah" {
		t.Errorf("got %+v %v", f, err)
	}
	if f, err = input("kata_sandi", form, "signin.secret", "type", "password"); err != nil || f.Value != "" {
		t.Errorf("password came back: %q %v", f.Value, err)
	}
	if _, err = input("nama", form, "signin.name", "colour", "red"); err == nil {
		t.Error("an unknown setting was taken")
	}
}

func TestBoxStaysOnThePage(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Box{0, 10_000, 5000, 1234}, boxOf(-1, 2, .5, .12341)); diff != "" {
		t.Error(diff)
	}
}

func TestGreetingFollowsTheOfficesClock(t *testing.T) {
	t.Parallel()
	for hour, want := range map[int]string{2: "home.evening", 8: "home.morning", 12: "home.noon", 16: "home.afternoon", 19: "home.evening"} {
		if got := (homeView{Now: at(23, hour, 0)}).Greeting(); got != want {
			t.Errorf("%d h: %s, want %s", hour, got, want)
		}
	}
}

func TestTrustIsGreenOnlyForAKnownBody(t *testing.T) {
	t.Parallel()
	for _, trust := range []string{"trusted", "internal", "unknown", "revoked", "expired"} {
		got := Signature{Trust: trust, Integrity: "unchanged", Signer: "x"}.Answers()[2].Tone
		if (got == "good") != (trust == "trusted") {
			t.Errorf("%s is %s", trust, got)
		}
	}
}
