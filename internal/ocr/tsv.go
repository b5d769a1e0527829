package ocr

import (
	"math"
	"strconv"
	"strings"
)

type tsvWord struct {
	text        string
	x, y, w, h  float64
	line, block int
	confidence  float64 // 0 to 1
}

// The columns of Tesseract's TSV.
const (
	tsvLevel = iota
	tsvPage
	tsvBlock
	tsvPar
	tsvLine
	tsvWordNo
	tsvLeft
	tsvTop
	tsvWidth
	tsvHeight
	tsvConf
	tsvText
	tsvColumns
)

const wordLevel = 5

// maxPlace is beyond any picture: what lies there is no place.
const maxPlace = 1 << 24

// unlikely is the confidence under which a word is more often a stain, a stamp or
// handwriting than print: it is left out rather than invented.
const unlikely = 0.2

// parseTSV gives the words of each of n pages, and how many pages are whole when
// the program was cut off: those before the last that it wrote of. Rows that are
// no words, or not as they should be, are passed over: the program is foreign.
func parseTSV(out []byte, n int) (pages [][]tsvWord, whole int) {
	pages = make([][]tsvWord, n)
	lines, last, at := 0, "", 0
	for row := range strings.SplitSeq(string(out), "\n") {
		c := strings.Split(strings.TrimSuffix(row, "\r"), "\t")
		if len(c) != tsvColumns {
			continue
		}
		number, err := strconv.Atoi(c[tsvPage])
		if err != nil || number < 1 || number > n {
			continue
		}
		if number != at {
			lines, last, at = 0, "", number
			whole = max(whole, number-1)
		}
		word, ok := readTSVWord(c)
		if !ok {
			continue
		}
		if line := strings.Join(c[tsvPage:tsvWordNo], " "); line != last {
			last = line
			lines++
		}
		word.line = lines
		pages[number-1] = append(pages[number-1], word)
	}
	return pages, whole
}

func readTSVWord(c []string) (tsvWord, bool) {
	if c[tsvLevel] != strconv.Itoa(wordLevel) {
		return tsvWord{}, false
	}
	var v [tsvColumns]float64
	for i := tsvBlock; i < tsvText; i++ {
		f, err := strconv.ParseFloat(c[i], 64)
		if err != nil || math.IsNaN(f) || math.Abs(f) > maxPlace {
			return tsvWord{}, false
		}
		v[i] = f
	}
	text := strings.TrimSpace(strings.ToValidUTF8(c[tsvText], ""))
	w := tsvWord{text: text, x: v[tsvLeft], y: v[tsvTop], w: v[tsvWidth], h: v[tsvHeight], block: int(v[tsvBlock]), confidence: v[tsvConf] / 100}
	return w, text != "" && w.confidence >= unlikely && w.confidence <= 1
}
