package ocr_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"naskah/internal/ocr"
	"naskah/internal/problem"
)

const letterText = `Dalam rangka persiapan pelaksanaan Musyawarah Perencanaan
Pembangunan Tingkat Kecamatan Cicalengka Tahun 2027 bersama ini
kami mengundang Saudara untuk hadir pada rapat persiapan yang akan
dilaksanakan pada hari Kamis tanggal 19 November 2026 pukul 09.00
bertempat di Aula Kantor Kecamatan Cicalengka dengan acara
penyampaian jadwal dan inventarisasi usulan prioritas desa
Mengingat pentingnya acara tersebut dimohon hadir tepat waktu`

type truth struct {
	text           string
	x0, y0, x1, y1 float64
}

// render draws the letter at 200 dpi and says where its words stand.
func render(t testing.TB, skew float64, noise int) (*image.Gray, []truth) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	face := face(t, 12, 200)
	var words []truth
	for i, line := range strings.Split(letterText, "\n") {
		d := font.Drawer{Dst: img, Src: image.Black, Face: face, Dot: fixed.P(200, 400+i*55)}
		for _, w := range strings.Fields(line) {
			x0 := float64(d.Dot.X) / 64
			d.DrawString(w)
			words = append(words, truth{w, x0, float64(400 + i*55 - 28), float64(d.Dot.X) / 64, float64(400 + i*55 + 8)})
			d.DrawString(" ")
		}
	}
	if skew != 0 {
		img = turn(img, skew)
		for i := range words {
			words[i] = turnWord(words[i], skew, 1654, 2339)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range noise {
		img.SetGray(r.IntN(1654), r.IntN(2339), color.Gray{Y: uint8(r.IntN(256))})
	}
	return img, words
}

func face(t testing.TB, points, dpi float64) font.Face {
	t.Helper()
	raw, err := os.ReadFile("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
	if err != nil {
		t.Skip("the Liberation fonts are not installed: make test installs them")
	}
	f, err := opentype.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: dpi})
	if err != nil {
		t.Fatal(err)
	}
	return face
}

func turn(img *image.Gray, degrees float64) *image.Gray {
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(img.Bounds().Dx())/2, float64(img.Bounds().Dy())/2
	draw.CatmullRom.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, img, img.Bounds(), draw.Over, nil)
	return out
}

func turnWord(w truth, degrees, width, height float64) truth {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := width/2, height/2
	mx, my := (w.x0+w.x1)/2, (w.y0+w.y1)/2
	x := cos*(mx-cx) - sin*(my-cy) + cx
	y := sin*(mx-cx) + cos*(my-cy) + cy
	return truth{w.text, x - (w.x1-w.x0)/2, y - 18, x + (w.x1-w.x0)/2, y + 18}
}

func engine(t testing.TB) *ocr.Engine {
	t.Helper()
	e := ocr.New(ocr.Options{Command: "tesseract", Languages: "ind+eng", Workers: 2, TempDir: t.TempDir()})
	if err := e.Ready(context.Background()); err != nil {
		t.Skip("Tesseract with ind and eng is not installed: make test installs it")
	}
	return e
}

func TestSkewedNoisyPageIsReadWithItsPlaces(t *testing.T) {
	t.Parallel()
	e := engine(t)
	for _, skew := range []float64{0, 2, -3.5} {
		img, words := render(t, skew, 3000)
		results, err := e.Read(context.Background(), []ocr.Picture{{Image: img, DPI: 200}})
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results[0].Err)
		}
		r := results[0]
		if math.Abs(r.Skew-skew) > 0.3 {
			t.Errorf("skew %v was measured as %v", skew, r.Skew)
		}
		found := 0
		for _, w := range words {
			if inPlace(r, w) {
				found++
			}
		}
		if share := float64(found) / float64(len(words)); share < 0.97 {
			t.Errorf("skew %v: %d of %d words found in their place", skew, found, len(words))
		}
		if r.Confidence < 0.7 || !strings.Contains(r.Text, "Cicalengka") {
			t.Errorf("skew %v: confidence %v, text %q", skew, r.Confidence, r.Text)
		}
	}
}

// inPlace says whether the word was read with its middle inside its true place.
func inPlace(r ocr.Result, w truth) bool {
	for _, got := range r.Words {
		x, y := (got.Box.X0+got.Box.X1)/2*1654, (got.Box.Y0+got.Box.Y1)/2*2339
		if strings.Trim(got.Text, ".,") == strings.Trim(w.text, ".,") && x > w.x0-3 && x < w.x1+3 && y > w.y0-5 && y < w.y1+5 {
			return true
		}
	}
	return false
}

func TestManyPagesComeBackInTheirOrder(t *testing.T) {
	t.Parallel()
	e := engine(t)
	full, _ := render(t, 0, 0)
	empty := image.NewGray(image.Rect(0, 0, 400, 400))
	draw.Draw(empty, empty.Bounds(), image.White, image.Point{}, draw.Src)
	results, err := e.Read(context.Background(), []ocr.Picture{{Image: empty, DPI: 200}, {Image: full, DPI: 200}, {Image: empty, DPI: 200}})
	if err != nil {
		t.Fatal(err)
	}
	for i, wantWords := range []bool{false, true, false} {
		if got := len(results[i].Words) > 0; got != wantWords || results[i].Err != nil {
			t.Errorf("page %d: words %v, error %v", i+1, got, results[i].Err)
		}
	}
}

func TestMissingProgramSaysWhatToType(t *testing.T) {
	t.Parallel()
	e := ocr.New(ocr.Options{Command: "/no/such/program", Languages: "ind+eng", Workers: 1, TempDir: t.TempDir()})
	err := e.Ready(context.Background())
	if !errors.Is(err, problem.Unavailable) || !strings.Contains(problem.Sentence(err, "id"), "sudo apt install tesseract-ocr tesseract-ocr-ind tesseract-ocr-eng") {
		t.Fatalf("got %v", err)
	}
}

func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	const languages = `if [ "$1" = --list-langs ]; then echo ind; exit; fi` + "\n"
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+languages+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

const oneWord = `printf '5\t1\t1\t1\t1\t1\t1\t1\t5\t5\t90\tada\n'`

func blank() *image.Gray { return image.NewGray(image.Rect(0, 0, 100, 100)) }

func TestHangingProgramIsEndedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	// Hangs on every list with a dark picture in it, children included.
	hang := script(t, `while read f; do if tail -c 1 "$f" | grep -q A; then sleep 1000 & wait; fi; done < "$1"`+"\n"+oneWord)
	dark := blank()
	for i := range dark.Pix {
		dark.Pix[i] = 'A'
	}
	dir := t.TempDir()
	e := ocr.New(ocr.Options{Command: hang, Languages: "ind", Workers: 1, PageTime: 200 * time.Millisecond, TempDir: dir})
	results, err := e.Read(context.Background(), []ocr.Picture{{Image: blank(), DPI: 100}, {Image: dark, DPI: 100}, {Image: blank(), DPI: 100}})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Text != "ada" || !errors.Is(results[1].Err, problem.Invalid) || results[2].Text != "ada" {
		t.Fatalf("got %+v", results)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Fatalf("working files were left: %v %v", left, err)
	}
}

func TestKilledProgramLosesOnlyThePageItDiedOn(t *testing.T) {
	t.Parallel()
	// Dies on its third picture, with the words of the others written; of single
	// pictures it dies only of the third (its name is 2.pgm).
	die := script(t, `n=0; while read f; do n=$((n+1)); case "$f" in *2.pgm) kill -9 $$;; esac
printf "5\t$n\t1\t1\t1\t1\t1\t1\t5\t5\t90\tkata\n"; done < "$1"`)
	pictures := make([]ocr.Picture, 10)
	for i := range pictures {
		pictures[i] = ocr.Picture{Image: blank(), DPI: 100}
	}
	results, err := ocr.New(ocr.Options{Command: die, Languages: "ind", Workers: 1, TempDir: t.TempDir()}).Read(context.Background(), pictures)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results { // lists are 5 and 5 pages long
		if lost := i == 2 || i == 7; (r.Err != nil) != lost || (r.Text == "kata") == lost {
			t.Errorf("page %d: %+v", i+1, r)
		}
	}
}

func TestPictureThatCannotBeDrawnIsItsOwnFault(t *testing.T) {
	t.Parallel()
	e := ocr.New(ocr.Options{Command: script(t, oneWord), Languages: "ind", Workers: 1, TempDir: t.TempDir()})
	broken := func(context.Context) (image.Image, error) { return nil, errors.New("broken") }
	good := func(context.Context) (image.Image, error) { return blank(), nil }
	results, err := e.Read(context.Background(), []ocr.Picture{{Load: broken, DPI: 100}, {Load: good, DPI: 100}, {DPI: 100}})
	if err != nil || results[0].Err == nil || results[1].Text != "ada" || results[2].Err == nil {
		t.Fatalf("%+v, %v", results, err)
	}
}

func TestProgramThatVanishesMakesTheLetterWait(t *testing.T) {
	t.Parallel()
	program := script(t, oneWord)
	e := ocr.New(ocr.Options{Command: program, Languages: "ind", Workers: 1, TempDir: t.TempDir()})
	if err := errors.Join(e.Ready(context.Background()), os.Remove(program)); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Read(context.Background(), []ocr.Picture{{Image: blank(), DPI: 100}}); !errors.Is(err, problem.Unavailable) {
		t.Fatalf("got %v", err)
	}
}

func TestEachRunIsToldTheResolutionOfItsPages(t *testing.T) {
	t.Parallel()
	tell := script(t, `while [ $# -gt 1 ]; do [ "$1" = --dpi ] && dpi=$2; [ -z "$list" ] && list=$1; shift; done
n=0; while read f; do n=$((n+1)); printf "5\t$n\t1\t1\t1\t1\t1\t1\t5\t5\t90\t$dpi\n"; done < "$list"`)
	pictures := make([]ocr.Picture, 9)
	for i := range pictures {
		pictures[i] = ocr.Picture{Image: blank(), DPI: 200 + 100*(i/4%2)}
	}
	results, err := ocr.New(ocr.Options{Command: tell, Languages: "ind", Workers: 2, TempDir: t.TempDir()}).Read(context.Background(), pictures)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Text != strconv.Itoa(pictures[i].DPI) {
			t.Errorf("page %d at %d dpi was read at %q", i+1, pictures[i].DPI, r.Text)
		}
	}
}

func TestPageWithoutLinesIsNotTurned(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	noise, photo := image.NewGray(image.Rect(0, 0, 800, 1100)), image.NewGray(image.Rect(0, 0, 800, 1100))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.IntN(256))
		photo.Pix[i] = uint8(128 + 100*math.Sin(float64(i%800)/90)*math.Cos(float64(i/800)/70))
	}
	for name, img := range map[string]*image.Gray{"noise": noise, "photo": photo, "blank": blank()} {
		if angle := ocr.Skew(img); angle != 0 {
			t.Errorf("%s: %v", name, angle)
		}
	}
}

func TestSkewIsMeasuredToATenthOfADegree(t *testing.T) {
	t.Parallel()
	for _, skew := range []float64{-6.5, -0.4, 0.3, 1, 5} {
		if img, _ := render(t, skew, 3000); math.Abs(ocr.Skew(img)-skew) > 0.1 {
			t.Errorf("%v was measured as %v", skew, ocr.Skew(img))
		}
	}
}

func TestStoppedReadingEndsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e := ocr.New(ocr.Options{Command: script(t, "sleep 1000"), Languages: "ind", Workers: 1, TempDir: t.TempDir()})
	if _, err := e.Read(ctx, []ocr.Picture{{Image: image.NewGray(image.Rect(0, 0, 10, 10)), DPI: 100}}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}
