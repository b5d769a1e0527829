package ocr

import "testing"

func FuzzForeignTSVGivesOnlyPossibleWords(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t10\t10\t50\t20\t96.5\tSurat\n5\t2\t1\t1\t1\t1\t10\t10\t50\t20\t-1\t \n")
	f.Add("5\t1\t1\t1\t1\t1\tNaN\t1\t1\t1\t1e400\tx\n")
	f.Fuzz(func(t *testing.T, out string) {
		for _, words := range parseTSV([]byte(out), 2) {
			for _, w := range words {
				if w.text == "" || w.confidence < unlikely || w.confidence > 1 {
					t.Fatalf("impossible word %+v", w)
				}
			}
		}
	})
}
