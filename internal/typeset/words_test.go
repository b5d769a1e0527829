package typeset

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"naskah/internal/letter"
)

// shown renders the first page.
func shown(t *testing.T, raw []byte, dpi string) image.Image {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skip("pdftoppm is not installed")
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftoppm", "-r", dpi, "-png", "-gray", "-f", "1", "-l", "1", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestQROnThePageLeadsToTheLetterAndIsLargeEnough(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]Letter{"undangan": invitation(t), "nota dinas": memo(t), "surat tugas": assignment(t)} {
		img := shown(t, set(t, l, nil).PDF, "150")
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		res, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
		if err != nil || res.GetText() != l.VerifyURL {
			t.Fatalf("%s: %v %v", name, res, err)
		}
		// The finders' centres are 3.5 modules inside the code.
		points := res.GetResultPoints()
		if mm := (points[2].GetX() - points[1].GetX()) * 25.4 / 150; mm < 20*0.8 {
			t.Errorf("%s: the code is only about %.1f mm wide", name, mm/0.8)
		}
	}
}

func TestSifatSaysClassAndUrgency(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]letter.Content{
		"Biasa":                  {Class: letter.Open, Urgency: letter.Normal},
		"Segera":                 {Class: letter.Open, Urgency: letter.Urgent},
		"Rahasia":                {Class: letter.Secret, Urgency: letter.Normal},
		"Terbatas":               {Class: letter.Restricted},
		"Rahasia, Sangat Segera": {Class: letter.Secret, Urgency: letter.VeryUrgent},
	} {
		if got := (Letter{Content: c}).sifat(); got != want {
			t.Errorf("%q, wanted %q", got, want)
		}
	}
}

func TestNumbersAreSpelledAsLettersDo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "satu", 11: "sebelas", 12: "dua belas", 20: "dua puluh", 46: "empat puluh enam", 100: "100"} {
		if got := spell(n); got != want {
			t.Errorf("%d: %q, wanted %q", n, got, want)
		}
	}
}

func TestDateIsTheOfficesDay(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*3600)
	if got := longDate(time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC).In(wib)); got != "1 Januari 2027" {
		t.Fatal(got)
	}
}

func TestTitleIsWrittenSmallInRunningText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"CAMAT CICALENGKA": "Camat Cicalengka", "KEPALA SEKSI KETENTERAMAN DAN KETERTIBAN": "Kepala Seksi Ketenteraman dan Ketertiban", "Kasi PM": "Kasi PM", "": ""} {
		if got := titleCase(in); got != want {
			t.Errorf("%q, wanted %q", got, want)
		}
	}
}

func TestTemplateSlipsStillGiveALetter(t *testing.T) {
	t.Parallel()
	for name, tpl := range map[string]Template{
		"empty": {}, "too wide": {MarginLeft: 500, MarginRight: 500, MarginTop: 900, MarginBottom: 900, FontSize: 200, LineHeight: 50}, "negative": {MarginLeft: -5, FontSize: -1},
		"paper": {Paper: "A0"}, "long footer": {Footer: []string{strings.Repeat("panjang ", 90), "b", "c", "d", "e", "f"}},
	} {
		l := assignment(t)
		l.Template = tpl
		if res := set(t, l, nil); res.Field.Page == 0 {
			t.Errorf("%s: no signature", name)
		}
	}
}

func TestTextIsCleanedForTheFont(t *testing.T) {
	t.Parallel()
	s, err := newSheet(Letter{Template: DefaultTemplate()})
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"e\u0301": "é", "a\tb\nc": "a b c", "a\u200bb\u00adc\ufe0f": "abc", "字": "□", "\U0001f600": "□", "a\x00b": "ab", "x\u00a0y": "x\u00a0y", "\xff": "□", "pasal\u2011satu": "pasal-satu",
	} {
		if got := s.clean(in); got != want {
			t.Errorf("%q: %q, wanted %q", in, got, want)
		}
	}
}

func TestFooterSaysWhereToCheck(t *testing.T) {
	t.Parallel()
	l := invitation(t)
	for url, want := range map[string]string{"https://a.example/v/x": "a.example/periksa", "http://127.0.0.1:8080/v/x": "127.0.0.1:8080/periksa", "": "/periksa"} {
		l.VerifyURL = url
		if got := l.footer()[1]; !strings.Contains(got, "buka "+want+" dan ketik kode ABCDE-FGHJK") {
			t.Error(got)
		}
	}
}
