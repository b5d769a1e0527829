package letter

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Guessed is what stands plainly on the first page of an official letter. Empty
// members were not found, or found twice in different ways: doubtful means empty.
type Guessed struct {
	Number, Subject, Sender string
	Date                    time.Time
}

var (
	numberPlace  = regexp.MustCompile(`(?im)^\s*nomor\s*[:;.]?\s*([0-9A-Za-z][0-9A-Za-z.\-]*\s?/\s?[^\s,]+(?:\s?/\s?[^\s,]+)*)`)
	subjectPlace = regexp.MustCompile(`(?im)^\s*(?:hal|perihal)\s*[:;]\s*(.{4,200})$`)
	senderPlace  = regexp.MustCompile(`(?m)^\s*((?:PEMERINTAH\s+DESA|DINAS|BADAN|KECAMATAN|SEKRETARIAT|PUSKESMAS|KEPOLISIAN|KANTOR|DESA|PT|RUMAH SAKIT)\b[A-Z .,&()-]{2,80})\s*$`)
	dayPlace     = regexp.MustCompile(`(?i)\b([0-3]?\d)\s+(januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\s+((?:19|20)\d\d)\b`)
)

// guessLines bounds where a letter's head can stand.
const guessLines = 25

// Guess reads the head of a letter. year is the year of receipt: a letter is not
// younger, and one older than fifty years is a misread figure.
func Guess(text string, year int) Guessed {
	lines := strings.Split(text, "\n")
	head := strings.Join(lines[:min(len(lines), guessLines)], "\n")
	var g Guessed
	if m := numberPlace.FindStringSubmatch(head); m != nil {
		g.Number = strings.Join(strings.Fields(m[1]), "")
	}
	if m := subjectPlace.FindStringSubmatch(head); m != nil {
		g.Subject = strings.TrimSpace(m[1])
	}
	if m := senderPlace.FindStringSubmatch(head); m != nil {
		g.Sender = strings.TrimSpace(m[1])
	}
	if m := dayPlace.FindStringSubmatch(head); m != nil {
		g.Date = guessDay(m, year)
	}
	return g
}

func guessDay(m []string, year int) time.Time {
	months := map[string]time.Month{
		"januari": 1, "februari": 2, "maret": 3, "april": 4, "mei": 5, "juni": 6, "juli": 7, "agustus": 8, "september": 9, "oktober": 10, "november": 11, "desember": 12,
	}
	day, errD := strconv.Atoi(m[1])
	y, errY := strconv.Atoi(m[3])
	t := time.Date(y, months[strings.ToLower(m[2])], day, 0, 0, 0, 0, time.UTC)
	if errD != nil || errY != nil || t.Day() != day || y > year || y < year-50 {
		return time.Time{}
	}
	return t
}
