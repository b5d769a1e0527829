package web

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Pages that explain themselves, or show a picture or file instead of words.
func withoutHelp() []string { return []string{"/bantuan", "/d/:id", "/kode", "/masuk", "/sehat"} }

func TestEveryPageSaysThreeThingsThatOneCanDoHere(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	phrases, err := newPhrases()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\b(?:get|e\.GET)\("([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		topic := helpTopic(m[1])
		if topic == "" && !slices.Contains(withoutHelp(), m[1]) {
			t.Errorf("%s has no help", m[1])
		}
		if topic != "" && !slices.Contains(helpTopics(), topic) {
			t.Errorf("the help page does not explain %s of %s", topic, m[1])
		}
	}
	for _, topic := range helpTopics() {
		for _, part := range []string{"", ".1", ".2", ".3"} {
			for lang, p := range phrases {
				if !p.has("help." + topic + part) {
					t.Errorf("%s: help.%s%s is missing", lang, topic, part)
				}
			}
		}
	}
}

func TestAPageShowsItsOwnHelp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if r := h.visitor().get("/periksa"); !strings.Contains(r.body, "Memeriksa keaslian surat") {
		t.Error("a visitor is not told how to check a letter")
	}
	if r := h.visitor().get("/bantuan"); r.code != http.StatusOK {
		t.Errorf("a visitor gets no help: %d", r.code)
	}
	g := h.signedIn("pencatat")
	for path, want := range map[string]string{"/": "Pekerjaan saya hari ini", "/surat-masuk/baru": "Mencatat surat masuk", "/arsip": "Mencari surat lama", "/bantuan": "Mengatur kantor"} {
		if r := g.get(path); r.code != http.StatusOK || !strings.Contains(r.body, want) {
			t.Errorf("%s does not explain %q: %d", path, want, r.code)
		}
	}
}
