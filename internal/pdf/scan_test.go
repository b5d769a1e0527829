package pdf

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"naskah/internal/problem"
)

func words() []Word {
	return []Word{
		{"Undangan", 0.1, 0.1, 0.4, 0.13}, {"rapat", 0.42, 0.1, 0.55, 0.13}, {"Cicaléngka", 0.1, 0.2, 0.4, 0.23}, {"😀字", 0.1, 0.3, 0.2, 0.33},
	}
}

func TestScanKeepsJPEGByteForByte(t *testing.T) {
	t.Parallel()
	raw := encodeJPEG(t, gradient(300, 400))
	out := scans(t, ScanPage{Picture: raw, Media: JPEG, DPI: 100, Words: words()})
	if !bytes.Contains(out, raw) {
		t.Fatal("the JPEG's bytes are not in the file")
	}
	onDisk(t, out)
}

func TestScanKeepsPlainPNGData(t *testing.T) {
	t.Parallel()
	bilevel := image.NewPaletted(image.Rect(0, 0, 33, 21), color.Palette{color.White, color.Black})
	bilevel.Pix[5] = 1
	grey := image.NewGray(image.Rect(0, 0, 40, 30))
	deep := image.NewGray16(image.Rect(0, 0, 12, 9))
	for name, img := range map[string]image.Image{"rgb": gradient(50, 40), "palette": bilevel, "grey": grey, "grey 16 bit": deep} {
		raw := encodePNG(t, img)
		out := scans(t, ScanPage{Picture: raw, Media: PNG, DPI: 100})
		if !bytes.Contains(out, readPNG(raw).data) {
			t.Errorf("%s: the PNG's compressed data is not in the file", name)
		}
		onDisk(t, out)
	}
}

func TestTransparentScanStandsOnWhite(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 10, 10)) // all transparent
	path := onDisk(t, scans(t, ScanPage{Picture: encodePNG(t, img), Media: PNG, DPI: 72}))
	ppm := run(t, "pdftoppm", "-r", "72", path)
	if !strings.HasSuffix(ppm, strings.Repeat("\xff", 300)) {
		t.Fatal("not white")
	}
}

var wordBox = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>`)

// boxes are the words and places as poppler finds them.
func boxes(t *testing.T, path string) map[string][4]float64 {
	t.Helper()
	out := map[string][4]float64{}
	for _, m := range wordBox.FindAllStringSubmatch(run(t, "pdftotext", "-cropbox", "-bbox", path, "-"), -1) {
		var r [4]float64
		for i := range r {
			r[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		out[m[5]] = r
	}
	return out
}

func TestWordsAreSelectableAtTheirPlaces(t *testing.T) {
	t.Parallel()
	for _, turn := range []int{0, 90, 180, 270} {
		// 300 × 400 at 72 dpi; a quarter turn shows 400 × 300.
		w, h := 300.0, 400.0
		if turn%180 != 0 {
			w, h = h, w
		}
		path := onDisk(t, scans(t, ScanPage{Picture: encodeJPEG(t, gradient(300, 400)), Media: JPEG, DPI: 72, Turn: turn, Words: words()}))
		got := boxes(t, path)
		for _, word := range words()[:3] {
			r, ok := got[word.Text]
			want := [4]float64{word.X0 * w, word.Y0 * h, word.X1 * w, word.Y1 * h}
			for i := range r {
				if d := r[i] - want[i]; !ok || d < -1.5 || d > 1.5 {
					t.Fatalf("turn %d: %q is at %v, wanted %v (all: %v)", turn, word.Text, r, want, got)
				}
			}
		}
	}
}

func TestTurnedScanIsShownUpright(t *testing.T) {
	t.Parallel()
	for turn, want := range map[int][2]bool{0: {false, false}, 90: {false, true}, 180: {true, true}, 270: {true, false}} {
		path := onDisk(t, scans(t, ScanPage{Picture: encodePNG(t, gradient(60, 80)), Media: PNG, DPI: 72, Turn: turn}))
		ppm := run(t, "pdftoppm", "-r", "72", path)
		// The top left pixel of the shown page: red tells left from right of the
		// picture, green top from bottom.
		first := ppm[len(ppm)-60*80*3:]
		if got := [2]bool{first[0] > 128, first[1] > 128}; got != want {
			t.Errorf("turn %d: top left shows right=%v bottom=%v, wanted %v", turn, got[0], got[1], want)
		}
	}
}

func TestSameScanGivesSameBytes(t *testing.T) {
	t.Parallel()
	p := ScanPage{Picture: encodeJPEG(t, gradient(30, 40)), Media: JPEG, DPI: 100, Words: words()}
	if !bytes.Equal(scans(t, p, p), scans(t, p, p)) {
		t.Fatal("two writings differ")
	}
}

func TestBadScanIsASentence(t *testing.T) {
	t.Parallel()
	huge := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x4e\x20\x00\x00\x4e\x20\x01\x00\x00\x00\x00")
	huge = append(huge, 0x0e, 0x25, 0x36, 0x9d, 0, 0, 0, 0)
	for name, raw := range map[string][]byte{"empty": nil, "text": []byte("bukan gambar"), "cut": encodePNG(t, gradient(50, 50))[:120], "20,000 × 20,000": huge} {
		err := FromScans(&bytes.Buffer{}, testMeta(), each(ScanPage{Picture: raw, Media: PNG}))
		if k := problem.KindOf(err); k != problem.Invalid && k != problem.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := FromScans(&bytes.Buffer{}, testMeta(), each()); !errors.Is(err, problem.Invalid) {
		t.Errorf("no pages: %v", err)
	}
}

func TestReadingStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk")
	var seq iter.Seq2[ScanPage, error] = func(yield func(ScanPage, error) bool) { yield(ScanPage{}, broken) }
	if err := FromScans(&bytes.Buffer{}, testMeta(), seq); !errors.Is(err, broken) {
		t.Fatal(err)
	}
}
