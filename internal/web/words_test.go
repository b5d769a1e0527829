package web

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// raw are the phrases as the files hold them: a text, or texts by plural. A key
// stands in one file.
func raw(t *testing.T, lang string) map[string]any {
	t.Helper()
	files, err := fs.Glob(wordFiles, "words/*."+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, file := range files {
		b, err := wordFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some map[string]any
		if err := json.Unmarshal(b, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, v := range some {
			if out[key] != nil {
				t.Errorf("%s: %s stands in another file too", file, key)
			}
			out[key] = v
		}
	}
	return out
}

func forms(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case map[string]any:
		var out []string
		for _, f := range x {
			out = append(out, f.(string))
		}
		return out
	}
	return nil
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	id, en := raw(t, Indonesian), raw(t, English)
	place := regexp.MustCompile(`\{\{\.\w+\}\}`)
	places := func(v any) []string {
		found := place.FindAllString(strings.Join(forms(v), " "), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key := range id {
		if _, ok := en[key]; !ok {
			t.Errorf("%s has no English", key)
			continue
		}
		if a, b := places(id[key]), places(en[key]); !slices.Equal(a, b) {
			t.Errorf("%s: Indonesian has %v, English %v", key, a, b)
		}
	}
	for key := range en {
		if _, ok := id[key]; !ok {
			t.Errorf("%s has no Indonesian", key)
		}
	}
}

func TestEveryPhraseInTemplatesExists(t *testing.T) {
	t.Parallel()
	id := raw(t, Indonesian)
	use := regexp.MustCompile(`\b[tn] "([^"]+)"|"(?:hint|empty|key)" "([^"]+)"|input "[^"]+" \S+ "([^"]+)"`)
	group := regexp.MustCompile(`print "([^"]+)"`)
	err := fs.WalkDir(pageFiles, "pages", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := pageFiles.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range use.FindAllStringSubmatch(string(b), -1) {
			if key := m[1] + m[2] + m[3]; id[key] == nil {
				t.Errorf("%s uses %q, which nobody wrote", name, key)
			}
		}
		for _, m := range group.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasPrefix(m[1], "/") && !anyKey(id, m[1]) { // the others are addresses
				t.Errorf("%s uses phrases below %q; there are none", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range badges() {
		if id[key] == nil {
			t.Errorf("badge %s has no word", key)
		}
	}
}

func anyKey(phrases map[string]any, prefix string) bool {
	for key := range phrases {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func TestIndonesianIsIndonesian(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`(?i)\b(submit|approve|upload|download|dashboard|inbox|login|logout|password|error( 500)?|file|draft|filter|tag|deadline|passphrase|server)\b`)
	for key, v := range raw(t, Indonesian) {
		for _, text := range forms(v) {
			if word := foreign.FindString(text); word != "" {
				t.Errorf("%s says %q: %s", key, word, text)
			}
		}
	}
}

func TestDatesAndNumbersReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	words, err := newPhrases()
	if err != nil {
		t.Fatal(err)
	}
	id, en := words[Indonesian], words[English]
	when := time.Date(2026, time.November, 23, 14, 5, 0, 0, time.FixedZone("", 7*3600))
	for got, want := range map[string]string{
		id.dateTime(when): "Senin, 23 November 2026 pukul 14.05", en.dateTime(when): "Monday, 23 November 2026 at 14:05",
		id.zonedTime(when): "Senin, 23 November 2026 pukul 14.05 WIB", id.date(when.AddDate(0, 3, 0)): "23 Februari 2027",
		id.number(1250): "1.250", en.number(1_250_000): "1,250,000", id.number(999): "999", id.number(-1250): "−1.250",
		id.size(1_440_000): "1,4 MB", en.size(1_440_000): "1.4 MB", id.size(12): "12 B", id.percent(.936): "94 %",
		id.date(time.Time{}): "Belum ada tanggal",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for count, want := range map[int]string{1: "1 letter found", 1250: "1,250 letters found"} {
		if got, err := en.n("archive.found", count); err != nil || got != want {
			t.Errorf("got %q %v, want %q", got, err, want)
		}
	}
}
