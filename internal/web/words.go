package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed words/*.json
var wordFiles embed.FS

// The languages of the screen, the first being everybody's until they choose.
const (
	Indonesian = "id"
	English    = "en"
)

func languages() []string { return []string{Indonesian, English} }

// phrases are the words on screen in one language.
type phrases struct {
	lang string
	loc  *i18n.Localizer
}

func newPhrases() (map[string]phrases, error) {
	bundle := i18n.NewBundle(language.Indonesian)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	out := map[string]phrases{}
	for _, lang := range languages() {
		files, err := fs.Glob(wordFiles, "words/*."+lang+".json")
		if err != nil {
			return nil, fmt.Errorf("words of %s: %w", lang, err)
		}
		for _, file := range files {
			if _, err := bundle.LoadMessageFileFS(wordFiles, file); err != nil {
				return nil, fmt.Errorf("words in %s: %w", file, err)
			}
		}
		out[lang] = phrases{lang, i18n.NewLocalizer(bundle, lang)}
	}
	return out, nil
}

// t gives a phrase; pairs fill its places: t "home.late" "N" 3. A missing phrase
// is an error, because half a page of keys helps nobody.
func (p phrases) t(key string, pairs ...any) (string, error) {
	return p.say(&i18n.LocalizeConfig{MessageID: key}, key, pairs)
}

// n gives a phrase that counts: {{.N}} is the number as it is written.
func (p phrases) n(key string, count int, pairs ...any) (string, error) {
	return p.say(&i18n.LocalizeConfig{MessageID: key, PluralCount: count}, key, append([]any{"N", p.number(count)}, pairs...))
}

func (p phrases) say(cfg *i18n.LocalizeConfig, key string, pairs []any) (string, error) {
	data, err := dict(pairs...)
	if err != nil {
		return "", fmt.Errorf("phrase %s: %w", key, err)
	}
	cfg.TemplateData = data
	s, err := p.loc.Localize(cfg)
	if err != nil {
		return "", fmt.Errorf("phrase %s: %w", key, err)
	}
	return s, nil
}

// has says whether there is such a phrase, for words that come from data.
func (p phrases) has(key string) bool {
	_, err := p.loc.Localize(&i18n.LocalizeConfig{MessageID: key})
	var missing *i18n.MessageNotFoundErr
	return !errors.As(err, &missing)
}

// number writes 1250 as "1.250" (English "1,250").
func (p phrases) number(n int) string {
	s := fmt.Sprint(max(n, -n))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + p.pick(".", ",") + s[i:]
	}
	if n < 0 {
		return "−" + s
	}
	return s
}

func (p phrases) pick(id, en string) string {
	if p.lang == English {
		return en
	}
	return id
}

// size writes bytes as people say them: "1,4 MB".
func (p phrases) size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1000_000:
		return fmt.Sprintf("%d KB", (bytes+500)/1000)
	default:
		s := fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
		return strings.Replace(s, ".", p.pick(",", "."), 1)
	}
}

// percent writes 0.94 as "94 %".
func (p phrases) percent(share float64) string {
	return fmt.Sprintf("%d %%", int(share*100+0.5))
}

// The dates take times that are already in the office's zone.

func (p phrases) date(t time.Time) string {
	if t.IsZero() {
		return p.pick("Belum ada tanggal", "No date yet")
	}
	return fmt.Sprintf("%d %s %d", t.Day(), p.month(t), t.Year())
}

func (p phrases) longDate(t time.Time) string {
	if t.IsZero() {
		return p.date(t)
	}
	return p.day(t) + ", " + p.date(t)
}

func (p phrases) dateTime(t time.Time) string {
	if t.IsZero() {
		return p.date(t)
	}
	return p.longDate(t) + p.pick(" pukul ", " at ") + p.clock(t)
}

// zonedTime names the zone, for those who read it elsewhere.
func (p phrases) zonedTime(t time.Time) string {
	if t.IsZero() {
		return p.date(t)
	}
	name, offset := t.Zone()
	switch offset {
	case 7 * 3600:
		name = "WIB"
	case 8 * 3600:
		name = "WITA"
	case 9 * 3600:
		name = "WIT"
	}
	return p.dateTime(t) + " " + name
}

func (p phrases) clock(t time.Time) string { return t.Format(p.pick("15.04", "15:04")) }

func (p phrases) day(t time.Time) string {
	id := [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	return p.pick(id[t.Weekday()], t.Weekday().String())
}

func (p phrases) month(t time.Time) string {
	id := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	return p.pick(id[t.Month()-1], t.Month().String())
}
