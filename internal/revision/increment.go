package revision

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"sort"

	"naskah/internal/problem"
)

// Increment collects what is appended to a file.
type Increment struct {
	file *File
	next int
	objs map[int]pending
}

type pending struct {
	gen int
	o   Object
}

// NewIncrement begins an increment. Files that one cannot carry are refused:
// encrypted ones, by name.
func (f *File) NewIncrement() (*Increment, error) {
	if f.Encrypted() {
		return nil, problem.New(problem.Unsupported, "PDF ini terenkripsi, jadi tidak dapat ditandatangani. Simpan tanpa sandi, lalu coba lagi.",
			"This PDF is encrypted, so it cannot be signed. Save it without a password and try again.", nil)
	}
	if err := f.sound(); err != nil {
		return nil, problem.New(problem.Invalid, "Daftar isi PDF ini tidak cocok dengan isinya, sehingga tidak dapat ditandatangani. Simpan ulang PDF-nya, lalu coba lagi.",
			"This PDF's table of objects does not fit its content, so it cannot be signed. Save it anew and try again.", err)
	}
	size, ok := f.Trailer().Int("Size")
	if !ok || size < 1 || size > maxObject {
		return nil, malformed(fmt.Errorf("/Size is %v", f.Trailer().Get("Size")))
	}
	next := int(size)
	for _, r := range f.revisions {
		for num := range r.Objects {
			next = max(next, num+1)
		}
	}
	return &Increment{file: f, next: next, objs: map[int]pending{}}, nil
}

// maxSound is of how many objects the places are looked at before signing: above
// it, a sample of them, so that a large file costs no more.
const maxSound = 10_000

// sound refuses a file whose table has to be repaired by readers: an increment
// would point back at a table that each of them repairs in its own way. Nothing
// but white space may follow the last %%EOF either.
func (f *File) sound() error {
	blank, err := f.Blank(f.revisions[f.Last()].End, f.size)
	if err != nil || !blank {
		return errors.Join(err, errors.New("something stands after the end"))
	}
	seen := 0
	for rev := range f.revisions {
		for num, e := range f.revisions[rev].Objects {
			if e.Free || e.In != 0 || e.Offset == 0 {
				continue
			}
			if seen++; seen > maxSound {
				return nil
			}
			if err := f.headed(e.Offset, num); err != nil {
				return err
			}
		}
	}
	return nil
}

// headed checks that "num gen obj" stands at an offset.
func (f *File) headed(at int64, num int) error {
	if at < 0 || at >= f.size {
		return fmt.Errorf("object %d lies outside the file", num)
	}
	buf := make([]byte, min(32, f.size-at))
	if err := f.read(buf, at); err != nil {
		return err
	}
	p := parser{buf: buf, base: at, whole: true}
	got, err := p.integer()
	if err != nil || got != int64(num) {
		return fmt.Errorf("object %d is not at byte %d", num, at)
	}
	if _, err := p.integer(); err != nil {
		return err
	}
	p.skip()
	if !bytes.HasPrefix(p.buf[p.at:], []byte("obj")) {
		return fmt.Errorf("object %d is not at byte %d", num, at)
	}
	return nil
}

// Add gives a new object its number.
func (inc *Increment) Add(o Object) Ref {
	ref := Ref{Num: inc.next}
	inc.next++
	inc.objs[ref.Num] = pending{0, o}
	return ref
}

// Replace writes an object anew.
func (inc *Increment) Replace(ref Ref, o Object) { inc.objs[ref.Num] = pending{ref.Gen, o} }

// Built is an increment as bytes, to be written right after the file's own.
type Built struct {
	Bytes []byte
	// Values are the places in Bytes where the objects' values begin, by number.
	Values map[int]int
}

// Build writes the increment: the objects, then a cross-reference section of the
// same kind as the file's last (I3), with /Prev, the first half of /ID kept and
// the second changed (I6).
func (inc *Increment) Build() (Built, error) {
	var b bytes.Buffer
	last := make([]byte, 1)
	if err := inc.file.read(last, inc.file.size-1); err != nil {
		return Built{}, err
	}
	if last[0] != '\n' && last[0] != '\r' {
		b.WriteByte('\n') // I5
	}
	out := Built{Values: map[int]int{}}
	offsets := map[int]int64{}
	for _, num := range inc.numbers() {
		offsets[num] = inc.file.size + int64(b.Len())
		fmt.Fprintf(&b, "%d %d obj\n", num, inc.objs[num].gen)
		out.Values[num] = b.Len()
		Write(&b, inc.objs[num].o)
		b.WriteString("\nendobj\n")
	}
	at := inc.file.size + int64(b.Len())
	revision := inc.file.revisions[inc.file.Last()]
	if revision.Kind == XrefStream {
		inc.writeStream(&b, offsets, at)
	} else {
		inc.writeTable(&b, offsets)
	}
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", at)
	out.Bytes = b.Bytes()
	return out, nil
}

func (inc *Increment) numbers() []int {
	nums := make([]int, 0, len(inc.objs))
	for n := range inc.objs {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	return nums
}

// trailer are the entries that both kinds of section carry.
func (inc *Increment) trailer(size int, written []byte) *Dict {
	old := inc.file.Trailer()
	d := NewDict(Name("Size"), int64(size), Name("Prev"), inc.file.revisions[inc.file.Last()].Xref)
	for _, key := range []Name{"Root", "Info", "Encrypt"} {
		if v := old.Get(key); v != nil {
			d.Set(key, v)
		}
	}
	sum := sha256.Sum256(written)
	fresh := String{Value: sum[:16], Hex: true}
	first := fresh
	if id := inc.file.ArrayAt(inc.file.Last(), old.Get("ID")); len(id) == 2 {
		if s, ok := id[0].(String); ok {
			first = String{Value: s.Value, Hex: true}
		}
	}
	d.Set("ID", Array{first, fresh})
	return d
}

func (inc *Increment) writeTable(b *bytes.Buffer, offsets map[int]int64) {
	trailer := inc.trailer(inc.next, b.Bytes())
	b.WriteString("xref\n")
	for _, run := range runs(inc.numbers()) {
		fmt.Fprintf(b, "%d %d\n", run[0], len(run))
		for _, num := range run {
			fmt.Fprintf(b, "%010d %05d n \n", offsets[num], inc.objs[num].gen) // exactly 20 bytes (I4)
		}
	}
	b.WriteString("trailer\n")
	Write(b, trailer)
	b.WriteByte('\n')
}

func (inc *Increment) writeStream(b *bytes.Buffer, offsets map[int]int64, at int64) {
	self := inc.next
	trailer := inc.trailer(self+1, b.Bytes())
	offsets[self] = at
	nums := append(inc.numbers(), self)
	var rows []byte
	var index Array
	for _, run := range runs(nums) {
		index = append(index, int64(run[0]), int64(len(run)))
		for _, num := range run {
			o, gen := offsets[num], inc.objs[num].gen
			rows = append(rows, 1, byte(o>>32), byte(o>>24), byte(o>>16), byte(o>>8), byte(o), byte(gen>>8), byte(gen)) //nolint:gosec // widths 1 5 2
		}
	}
	trailer.Set("Type", Name("XRef"))
	trailer.Set("W", Array{int64(1), int64(5), int64(2)})
	trailer.Set("Index", index)
	fmt.Fprintf(b, "%d 0 obj\n", self)
	Write(b, NewStream(trailer, rows))
	b.WriteString("\nendobj\n")
}

// runs cuts sorted numbers into runs without gaps.
func runs(nums []int) [][]int {
	var out [][]int
	for _, n := range nums {
		if last := len(out) - 1; last >= 0 && out[last][len(out[last])-1] == n-1 {
			out[last] = append(out[last], n)
			continue
		}
		out = append(out, []int{n})
	}
	return out
}
