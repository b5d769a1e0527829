package revision_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/problem"
	"naskah/internal/revision"
)

// writer writes PDFs object by object, with the places of what it wrote.
type writer struct {
	bytes.Buffer
	offsets map[int]int
}

func newWriter() *writer {
	w := &writer{offsets: map[int]int{}}
	w.WriteString("%PDF-1.7\n")
	return w
}

func (w *writer) object(num int, body string) {
	w.offsets[num] = w.Len()
	fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", num, body)
}

// table writes a section for these objects; negative ones are freed.
func (w *writer) table(trailer string, nums ...int) int {
	at := w.Len()
	w.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for _, n := range nums {
		if n < 0 {
			fmt.Fprintf(w, "%d 1\n0000000000 00001 f \n", -n)
			continue
		}
		fmt.Fprintf(w, "%d 1\n%010d 00000 n \n", n, w.offsets[n])
	}
	fmt.Fprintf(w, "trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n", trailer, at)
	return at
}

func simple() *writer {
	w := newWriter()
	w.object(1, "<</Type/Catalog/Pages 2 0 R/Note(a\\)b)>>")
	w.object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	w.object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>")
	w.object(4, "<</Length 5>>\nstream\nBT ET\nendstream")
	return w
}

func open(t testing.TB, doc []byte) *revision.File {
	t.Helper()
	f, err := revision.Open(bytes.NewReader(doc), int64(len(doc)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func packed(t testing.TB, raw []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err1 := z.Write(raw)
	if err := errors.Join(err1, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// streams is the same letter with object and cross-reference streams; w widths are
// 1 4 2, rows filtered upwards.
func streams(t testing.TB) []byte {
	t.Helper()
	w := newWriter()
	w.object(4, "<</Length 5>>\nstream\nBT ET\nendstream")
	parts := []string{"<</Type/Catalog/Pages 2 0 R/Note(x)>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"}
	head, body := "", ""
	for i, p := range parts {
		head += fmt.Sprintf("%d %d ", i+1, len(body))
		body += p + " "
	}
	data := packed(t, []byte(head+body))
	w.object(5, fmt.Sprintf("<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(head), len(data), data))
	at := w.Len()
	rows := [][]byte{{0, 0, 0, 0, 0, 255, 255}, {2, 0, 0, 0, 5, 0, 0}, {2, 0, 0, 0, 5, 0, 1}, {2, 0, 0, 0, 5, 0, 2}, place(w.offsets[4]), place(w.offsets[5]), place(at)}
	var filtered []byte
	above := make([]byte, 7)
	for _, row := range rows {
		filtered = append(filtered, 2)
		for i := range row {
			filtered = append(filtered, row[i]-above[i])
		}
		above = row
	}
	x := packed(t, filtered)
	w.object(6, fmt.Sprintf("<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>/Length %d>>\nstream\n%s\nendstream", len(x), x))
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", at)
	return w.Bytes()
}

func place(at int) []byte {
	return []byte{1, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), 0, 0}
}

// hybrid hides its page from readers that know tables alone.
func hybrid(t testing.TB) []byte {
	t.Helper()
	w := simple()
	stm := w.Len()
	row := place(w.offsets[3])
	w.object(7, fmt.Sprintf("<</Type/XRef/Size 8/W[1 4 2]/Index[3 1]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream", len(row), row))
	w.table(fmt.Sprintf("/Size 8/Root 1 0 R/XRefStm %d", stm), 1, 2, -3, 4)
	return w.Bytes()
}

func TestEachKindOfSectionIsRead(t *testing.T) {
	t.Parallel()
	table := simple()
	table.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	for kind, doc := range map[revision.XrefKind][]byte{revision.XrefTable: table.Bytes(), revision.XrefStream: streams(t), revision.XrefHybrid: hybrid(t)} {
		f := open(t, doc)
		r := f.Revisions()
		if len(r) != 1 || r[0].Kind != kind || r[0].End != int64(len(doc)) {
			t.Errorf("%s: %+v", kind, r)
		}
		page := f.DictAt(f.Last(), revision.Ref{Num: 3})
		o, err := f.Resolve(f.Last(), page.Get("Contents"))
		s, ok := o.(*revision.Stream)
		if err != nil || !ok {
			t.Fatalf("%s: %v %v", kind, o, err)
		}
		if data, err := f.Decode(s, 10); err != nil || string(data) != "BT ET" {
			t.Errorf("%s: %q %v", kind, data, err)
		}
		if _, err := f.Decode(s, 4); kind == revision.XrefTable && err != nil {
			t.Errorf("an unfiltered stream is as long as it is: %v", err)
		}
	}
}

func TestEachRevisionIsGivenAsItStood(t *testing.T) {
	t.Parallel()
	w := simple()
	first := w.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	end := int64(w.Len())
	w.object(4, "<</Length 2>>\nstream\nET\nendstream")
	w.object(5, "(baru)")
	second := w.table(fmt.Sprintf("/Size 6/Root 1 0 R/Prev %d", first), 4, 5)
	w.table(fmt.Sprintf("/Size 6/Root 1 0 R/Prev %d", second), -5)
	f := open(t, w.Bytes())
	if n := len(f.Revisions()); n != 3 || f.Revisions()[0].End != end || f.Revisions()[1].Start != end {
		t.Fatalf("%d revisions: %+v", n, f.Revisions())
	}
	var there []bool
	for rev := range 3 {
		there = append(there, f.Exists(rev, 5))
	}
	if diff := cmp.Diff([]bool{false, true, false}, there); diff != "" {
		t.Error(diff)
	}
	for rev, want := range []string{"BT ET", "ET", "ET"} {
		o, err := f.ObjectAt(rev, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Data(o.(*revision.Stream)); err != nil || string(got) != want {
			t.Errorf("revision %d: %q %v", rev, got, err)
		}
	}
}

func TestStringsKnowWhereTheyStand(t *testing.T) {
	t.Parallel()
	w := simple()
	w.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	s, ok := open(t, w.Bytes()).Catalog().Get("Note").(revision.String)
	if !ok || string(s.Value) != "a)b" || string(w.Bytes()[s.Start:s.End]) != `(a\)b)` {
		t.Errorf("%+v", s)
	}
	if s, _ := open(t, streams(t)).Catalog().Get("Note").(revision.String); s.Start != 0 || s.End != 0 {
		t.Errorf("inside an object stream: %+v", s)
	}
}

// Everything around the edge of a reading window has to be read as if there were none.
func TestObjectsAcrossAReadingWindowAreWhole(t *testing.T) {
	t.Parallel()
	for pad := 4000; pad < 4110; pad++ {
		w := newWriter()
		w.object(1, "<</Type/Catalog/Pages 2 0 R>>")
		w.object(2, "<</Type/Pages/Kids[]/Count 0>>")
		w.object(3, "<</A("+strings.Repeat("x", pad)+")/B<</C<41>>>/D[1 0 R 7]/Length 3>>\nstream\r\nabc\nendstream")
		w.table("/Size 4/Root 1 0 R", 1, 2, 3)
		f := open(t, w.Bytes())
		o, err := f.ObjectAt(0, 3)
		if err != nil {
			t.Fatalf("%d: %v", pad, err)
		}
		s, ok := o.(*revision.Stream)
		if !ok {
			t.Fatalf("%d: %T", pad, o)
		}
		if data, err := f.Data(s); err != nil || string(data) != "abc" {
			t.Fatalf("%d: %q %v", pad, data, err)
		}
		if diff := cmp.Diff(revision.Array{revision.Ref{Num: 1}, int64(7)}, s.Dict.Get("D")); diff != "" {
			t.Fatalf("%d: %s", pad, diff)
		}
	}
}

func TestDamagedFilesAreRefusedInASentence(t *testing.T) {
	t.Parallel()
	good := simple()
	at := good.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	doc := good.String()
	circle := simple()
	circle.table(fmt.Sprintf("/Size 5/Root 1 0 R/Prev %d", circle.Len()), 1, 2, 3, 4)
	locked := simple()
	locked.table("/Size 5/Root 99 0 R/Encrypt 4 0 R", 1, 2, 3, 4)
	bomb := newWriter()
	bomb.object(1, "<</Type/Catalog>>")
	zeros := packed(t, make([]byte, 20<<20))
	bombAt := bomb.Len()
	bomb.object(2, fmt.Sprintf("<</Type/XRef/Size 8000000/W[1 0 0]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(zeros), zeros))
	fmt.Fprintf(bomb, "startxref\n%d\n%%%%EOF\n", bombAt)
	for what, c := range map[string]struct {
		doc  string
		kind problem.Kind
	}{
		"empty":             {"", problem.Unsupported},
		"no pdf":            {"halo", problem.Unsupported},
		"zeros":             {strings.Repeat("\x00", 1<<20), problem.Unsupported},
		"cut off":           {doc[:len(doc)/2], problem.Invalid},
		"wrong startxref":   {strings.Replace(doc, fmt.Sprintf("startxref\n%d", at), fmt.Sprintf("startxref\n%d", at+1), 1), problem.Invalid},
		"startxref outside": {strings.Replace(doc, fmt.Sprintf("startxref\n%d", at), "startxref\n99999999", 1), problem.Invalid},
		"circular":          {circle.String(), problem.Invalid},
		"no catalog":        {strings.Replace(doc, "/Root 1 0 R", "/Root 9 0 R", 1), problem.Invalid},
		"locked":            {locked.String(), problem.Unsupported},
		"bomb":              {bomb.String(), problem.Invalid},
	} {
		_, err := revision.Open(strings.NewReader(c.doc), int64(len(c.doc)))
		var p *problem.Error
		if !errors.As(err, &p) || p.Kind != c.kind || p.ID == "" || p.EN == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCirclesInsideEnd(t *testing.T) {
	t.Parallel()
	w := newWriter()
	w.object(1, "<</Type/Catalog/Pages 1 0 R/A 2 0 R>>")
	w.object(2, "3 0 R")
	w.object(3, "2 0 R")
	w.object(4, "<</Length 4 0 R>>\nstream\nabc\nendstream") // its own length
	w.object(5, "<</Length 6 0 R>>\nstream\nabc\nendstream")
	w.object(6, "<</Length 5 0 R>>\nstream\nabc\nendstream")
	w.table("/Size 7/Root 1 0 R", 1, 2, 3, 4, 5, 6)
	f := open(t, w.Bytes())
	if o, err := f.Resolve(0, revision.Ref{Num: 2}); err == nil {
		t.Errorf("circle of references gives %v", o)
	}
	for _, num := range []int{4, 5, 6} {
		if o, err := f.ObjectAt(0, num); err == nil {
			t.Errorf("object %d gives %v", num, o)
		}
	}
}

func TestStreamsThatLieAboutTheirLengthAreErrors(t *testing.T) {
	t.Parallel()
	for length, ok := range map[string]bool{"5": true, "4": false, "7": false, "-1": false, "999999": false, "2 0 R": false, "9 0 R": false, "(5)": false} {
		w := newWriter()
		w.object(1, "<</Type/Catalog>>")
		w.object(2, "<<>>")
		w.object(3, "<</Length "+length+">>\nstream\nBT ET\nendstream")
		w.table("/Size 4/Root 1 0 R", 1, 2, 3)
		if _, err := open(t, w.Bytes()).ObjectAt(0, 3); (err == nil) != ok {
			t.Errorf("length %s: %v", length, err)
		}
	}
}

func TestObjectsBehindTheirRevisionAreErrors(t *testing.T) {
	t.Parallel()
	w := simple()
	w.offsets[5] = 2000
	first := w.table("/Size 6/Root 1 0 R", 1, 2, 3, 4, 5)
	w.WriteString(strings.Repeat("\n", 2000-w.Len()) + "5 0 obj\n(palsu)\nendobj\n")
	w.table(fmt.Sprintf("/Size 6/Root 1 0 R/Prev %d", first))
	if o, err := open(t, w.Bytes()).ObjectAt(1, 5); err == nil {
		t.Errorf("%v", o)
	}
}

// counting is a file that says what was read of it.
type counting struct {
	io.ReaderAt
	read int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	c.read += int64(len(p))
	return c.ReaderAt.ReadAt(p, at)
}

func TestOpeningALargeFileReadsLittle(t *testing.T) {
	t.Parallel()
	const size = 100 << 20
	w := newWriter()
	w.object(1, "<</Type/Catalog/Pages 2 0 R>>")
	w.object(2, "<</Type/Pages/Kids[]/Count 0>>")
	w.offsets[3] = w.Len()
	fmt.Fprintf(w, "3 0 obj\n<</Length %d>>\nstream\n", size)
	head := bytes.Clone(w.Bytes())
	w.Reset()
	w.WriteString("\nendstream\nendobj\n")
	at := int64(len(head)) + size + int64(w.Len())
	fmt.Fprintf(w, "xref\n0 4\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", w.offsets[1], w.offsets[2], w.offsets[3], at)
	path := filepath.Join(t.TempDir(), "besar.pdf")
	file, err := os.Create(path) // sparse: 100 MB of holes
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	_, err1 := file.WriteAt(head, 0)
	_, err2 := file.WriteAt(w.Bytes(), int64(len(head))+size)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	c := &counting{ReaderAt: file}
	f, err := revision.Open(c, int64(len(head))+size+int64(w.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewIncrement(); err != nil {
		t.Fatal(err)
	}
	if c.read > 64<<10 {
		t.Errorf("read %d bytes", c.read)
	}
}

func TestIncrementsKeepTheirRules(t *testing.T) {
	t.Parallel()
	table := simple()
	table.object(5, "<</Producer(x)>>")
	table.table("/Size 6/Root 1 0 R/Info 5 0 R/ID[<aa><bb>]", 1, 2, 3, 4, 5)
	for kind, doc := range map[revision.XrefKind][]byte{
		revision.XrefTable: table.Bytes(), revision.XrefStream: streams(t), revision.XrefHybrid: hybrid(t),
		"no line end": bytes.TrimRight(table.Bytes(), "\n"),
	} {
		f := open(t, doc)
		inc, err := f.NewIncrement()
		if err != nil {
			t.Fatal(err)
		}
		added := inc.Add(revision.NewDict(revision.Name("Aneh #/()"), revision.String{Value: []byte("(\\\r\n\x00é")}))
		inc.Replace(revision.Ref{Num: 4}, revision.NewStream(revision.NewDict(), []byte("q Q")))
		b, err := inc.Build()
		if err != nil {
			t.Fatal(err)
		}
		out := append(bytes.Clone(doc), b.Bytes...)
		g := open(t, out)
		rev := g.Revisions()[g.Last()]
		want := kind
		if kind != revision.XrefStream {
			want = revision.XrefTable // I3; a table follows a hybrid
		}
		if len(g.Revisions()) != 2 || rev.Kind != want || rev.End != int64(len(out)) {
			t.Errorf("%s: %+v", kind, g.Revisions())
		}
		size, _ := g.Trailer().Int("Size")
		prev, _ := g.Trailer().Int("Prev")
		if int(size) <= added.Num || prev != f.Revisions()[0].Xref || g.Trailer().Get("Root") != f.Trailer().Get("Root") || g.Trailer().Get("Info") != f.Trailer().Get("Info") {
			t.Errorf("%s: trailer %v", kind, g.Trailer())
		}
		id := g.ArrayAt(g.Last(), g.Trailer().Get("ID"))
		if len(id) != 2 || kind == revision.XrefTable && string(id[0].(revision.String).Value) != "\xaa" || kind == revision.XrefTable && string(id[1].(revision.String).Value) == "\xbb" {
			t.Errorf("%s: ID %v", kind, id)
		}
		d := g.DictAt(g.Last(), added)
		if s, ok := d.Get("Aneh #/()").(revision.String); !ok || string(s.Value) != "(\\\r\n\x00é" {
			t.Errorf("%s: %v", kind, d)
		}
		if at := len(doc) + b.Values[added.Num]; !bytes.HasPrefix(out[at:], []byte("<<")) {
			t.Errorf("%s: the value is not where it is said to be", kind)
		}
		if _, err := exec.LookPath("qpdf"); err != nil {
			t.Log("qpdf is not installed: make test installs it")
			continue
		}
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), "qpdf", "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%s: qpdf: %s", kind, said)
		}
	}
}

func TestFilesThatNeedRepairAreNotAppendedTo(t *testing.T) {
	t.Parallel()
	moved := simple()
	moved.offsets[3] += 2
	moved.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	swapped := simple()
	swapped.offsets[3], swapped.offsets[4] = swapped.offsets[4], swapped.offsets[3]
	swapped.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	junk := simple()
	junk.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	junk.WriteString("halo")
	locked := simple()
	locked.table("/Size 5/Root 1 0 R/Encrypt 4 0 R", 1, 2, 3, 4)
	noSize := simple()
	noSize.table("/Root 1 0 R", 1, 2, 3, 4)
	for what, w := range map[string]*writer{"moved": moved, "swapped": swapped, "junk": junk, "locked": locked, "no size": noSize} {
		_, err := open(t, w.Bytes()).NewIncrement()
		if k := problem.KindOf(err); err == nil || k != problem.Invalid && k != problem.Unsupported {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestFilesOfOtherProgramsAreRead(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed: make test installs it")
	}
	w := simple()
	w.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(in, w.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--object-streams=generate"}, {"--object-streams=disable"}, {"--linearize"}, {"--linearize", "--object-streams=generate"}, {"--qdf"}} {
		out := filepath.Join(dir, strings.Join(args, "")+".pdf")
		if said, err := exec.CommandContext(t.Context(), "qpdf", append(args, in, out)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", args, said)
		}
		doc, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		f := open(t, doc)
		if len(f.Revisions()) != 1 || f.Revisions()[0].End != int64(len(doc)) || f.ArrayAt(0, f.DictAt(0, f.Catalog().Get("Pages")).Get("Kids")) == nil {
			t.Errorf("%v: %+v", args, f.Revisions())
		}
		if _, err := f.NewIncrement(); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func FuzzForeignFileIsReadWithinBounds(f *testing.F) {
	w := simple()
	first := w.table("/Size 5/Root 1 0 R", 1, 2, 3, 4)
	f.Add(bytes.Clone(w.Bytes()))
	w.table(fmt.Sprintf("/Size 6/Root 1 0 R/Prev %d", first), -4)
	f.Add(w.Bytes())
	f.Add(streams(f))
	f.Add(hybrid(f))
	f.Fuzz(func(_ *testing.T, doc []byte) {
		file, err := revision.Open(bytes.NewReader(doc), int64(len(doc)))
		if err != nil {
			return
		}
		for rev := range file.Revisions() {
			for num := range file.Revisions()[rev].Objects {
				o, err := file.ObjectAt(rev, num)
				if s, ok := o.(*revision.Stream); ok && err == nil {
					_, _ = file.Decode(s, 1<<20) //nolint:errcheck // that it ends is what is asked
				}
			}
		}
		if inc, err := file.NewIncrement(); err == nil {
			inc.Add(revision.NewDict())
			b, err := inc.Build()
			if err != nil {
				panic(err)
			}
			if _, err := revision.Open(bytes.NewReader(append(bytes.Clone(doc), b.Bytes...)), int64(len(doc)+len(b.Bytes))); err != nil {
				panic(err)
			}
		}
	})
}
