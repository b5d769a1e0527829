package ocr

import "testing"

func FuzzForeignTSVGivesOnlyPossibleWords(f *testing.F) {
	f.Add("5\t1\t1\t1\t1\t1\t10\t10\t50\t20\t96.5\tSurat\n5\t2\t1\t1\t1\t1\t10\t10\t50\t20\t-1\t \n")
	f.Add("5\t1\t1\t1\t1\t1\tNaN\t1\t1\t1\t1e400\tx\n")
	f.Fuzz(func(t *testing.T, out string) {
		pages, whole := parseTSV([]byte(out), 2)
		if whole < 0 || whole > 1 {
			t.Fatalf("%d whole pages of 2", whole)
		}
		for _, words := range pages {
			for _, w := range words {
				if box := (sheet{width: 100, height: 100}).back(w.x, w.y, w.x+w.w, w.y+w.h); box.X0 < 0 || box.Y1 > 1 || box.X0 != box.X0 { //nolint:gocritic // not a number
					t.Fatalf("impossible place %+v of %+v", box, w)
				}
				if w.text == "" || w.confidence < unlikely || w.confidence > 1 {
					t.Fatalf("impossible word %+v", w)
				}
			}
		}
	})
}
