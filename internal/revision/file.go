package revision

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"naskah/internal/problem"
)

// Bounds: of what a file may make us do.
const (
	maxObject   = 8_388_607 // object numbers (ISO 32000-1 annex C)
	maxSections = 2_000     // cross-reference sections: as many signatures as nobody gives
	maxEntries  = 1_000_000 // cross-reference entries of all sections: about 100 MB of memory
	maxToken    = 4 << 20   // bytes of one object without its stream
	maxTable    = 24 << 20  // bytes of one cross-reference table
	maxDecoded  = 64 << 20  // bytes of one decoded stream
	maxUnpacked = 128 << 20 // bytes of all object streams together
	maxParsed   = 512 << 20 // bytes parsed, all together: seconds, not hours
	maxKept     = 4 << 20   // bytes of small objects remembered, so that walking again costs little
)

// XrefKind is how a cross-reference section is written.
type XrefKind string

// The kinds of section. A hybrid is a table that points at a stream besides.
const (
	XrefTable  XrefKind = "table"
	XrefStream XrefKind = "stream"
	XrefHybrid XrefKind = "hybrid"
)

// Revision is one state of the file: what was written at once.
type Revision struct {
	Start, End int64 // its bytes; End is after %%EOF and its line end
	Xref       int64 // offset of its (newest) cross-reference section
	Kind       XrefKind
	Trailer    *Dict
	Objects    map[int]Entry // what this revision wrote or freed
}

// Entry is where an object stands.
type Entry struct {
	Free   bool
	Offset int64 // of a plain object
	Gen    int
	In     int // number of the object stream that holds it; 0 for a plain object
	Index  int
}

// File is an open PDF. It is for one goroutine. Objects that it gives are not to be
// changed: the same one may be given again.
type File struct {
	r         io.ReaderAt
	size      int64
	revisions []Revision
	streams   map[int64]*objectStream // by offset
	kept      map[int64]parsed        // by offset
	unpacked  int64                   // bytes of the object streams so far
	keeping   int64                   // bytes of the objects in kept
	parsed    int64                   // bytes parsed so far
	err       error                   // the first failure to read, which is not the file's fault
}

// spend counts what parsing costs, so that no file makes us work for ever.
func (f *File) spend(n int64) error {
	if f.parsed += n; f.parsed > maxParsed {
		return errors.New("reading this file takes too much")
	}
	return nil
}

// Exhausted says that the file asked for more work than any honest one: what was
// found in it is not the whole truth.
func (f *File) Exhausted() bool { return f.parsed > maxParsed }

// parsed is an indirect object and where it ends.
type parsed struct {
	num int
	o   Object
	end int64
}

// read fills buf. That the source fails is not a property of the file: it is
// remembered, so that no verdict rests on it (see Err).
func (f *File) read(buf []byte, at int64) error {
	n, err := f.r.ReadAt(buf, at)
	if n == len(buf) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if f.err == nil {
		f.err = fmt.Errorf("read pdf at %d: %w", at, err)
	}
	return f.err
}

// Err is the first failure to read the file's bytes, if there was one. Whoever
// judges a file asks here before the judgement is believed.
func (f *File) Err() error { return f.err }

func malformed(cause error) error {
	return problem.New(problem.Invalid, "Susunan PDF ini rusak, sehingga tidak dapat diperiksa atau ditandatangani. Simpan ulang PDF-nya, lalu coba lagi.",
		"This PDF's structure is damaged, so it cannot be checked or signed. Save it anew and try again.", cause)
}

// Open reads the trailer and the chain of cross-reference sections.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, streams: map[int64]*objectStream{}, kept: map[int64]parsed{}}
	err := f.open()
	if f.err != nil {
		return nil, f.err
	}
	return f, err
}

func (f *File) open() error {
	head := make([]byte, min(f.size, 1024))
	if err := f.read(head, 0); err != nil {
		return err
	}
	if !bytes.Contains(head, []byte("%PDF-")) {
		return problem.New(problem.Unsupported, "Berkas ini bukan PDF.", "This file is no PDF.", nil)
	}
	start, err := f.lastStartxref()
	if err != nil {
		return malformed(err)
	}
	sections, err := f.chain(start)
	if err != nil {
		return malformed(err)
	}
	if err := f.group(sections); err != nil {
		return malformed(err)
	}
	if f.Catalog() != nil {
		return nil
	}
	if f.Encrypted() {
		return problem.New(problem.Unsupported, "PDF ini terkunci dengan sandi, sehingga tidak dapat diperiksa. Simpan tanpa sandi, lalu coba lagi.",
			"This PDF is locked with a password, so it cannot be checked. Save it without one and try again.", nil)
	}
	return malformed(errors.New("no catalog"))
}

// tail is how far from the end startxref is looked for: bytes after the last
// %%EOF are reported by verify, not searched through.
const tail = 4096

func (f *File) lastStartxref() (int64, error) {
	n := min(f.size, tail)
	buf := make([]byte, n)
	if err := f.read(buf, f.size-n); err != nil {
		return 0, err
	}
	i := bytes.LastIndex(buf, []byte("startxref"))
	if i < 0 {
		return 0, errors.New("no startxref")
	}
	return f.readStartxref(buf[i:])
}

func (f *File) readStartxref(buf []byte) (int64, error) {
	p := parser{buf: buf, at: len("startxref"), whole: true}
	o, err := p.object(0)
	at, ok := o.(int64)
	if err != nil || !ok || at <= 0 || at >= f.size {
		return 0, fmt.Errorf("startxref points at %v: %w", o, errors.Join(err))
	}
	return at, nil
}

// section is one cross-reference section as it stands.
type section struct {
	at, end int64 // its own bytes
	kind    XrefKind
	trailer *Dict
	entries map[int]Entry
}

// chain follows /Prev from the newest section to the oldest.
func (f *File) chain(at int64) ([]section, error) {
	var out []section
	seen := map[int64]bool{}
	entries := 0
	for {
		if seen[at] || len(out) >= maxSections {
			return nil, errors.New("the chain of cross-reference sections has no end")
		}
		seen[at] = true
		s, err := f.section(at, maxEntries-entries)
		if err != nil {
			return nil, err
		}
		entries += len(s.entries)
		out = append(out, s)
		prev := s.trailer.Get("Prev")
		if prev == nil {
			return out, nil
		}
		next, ok := prev.(int64)
		if !ok || next <= 0 || next >= f.size {
			return nil, fmt.Errorf("/Prev is %v", prev)
		}
		at = next
	}
}

// group makes revisions of sections. The two sections of a linearized file are
// one revision: the newer one ends before the older one.
func (f *File) group(sections []section) error {
	for _, s := range sections {
		end, err := f.eofAfter(s.end)
		if err != nil {
			return err
		}
		if n := len(f.revisions); n > 0 && end >= f.revisions[n-1].End {
			last := &f.revisions[n-1]
			last.End = end
			for num, e := range s.entries {
				if _, known := last.Objects[num]; !known {
					last.Objects[num] = e
				}
			}
			continue
		}
		f.revisions = append(f.revisions, Revision{End: end, Xref: s.at, Kind: s.kind, Trailer: s.trailer, Objects: s.entries})
	}
	for i, j := 0, len(f.revisions)-1; i < j; i, j = i+1, j-1 {
		f.revisions[i], f.revisions[j] = f.revisions[j], f.revisions[i]
	}
	for i := 1; i < len(f.revisions); i++ {
		if f.revisions[i].End <= f.revisions[i-1].End {
			return errors.New("the revisions do not follow one another")
		}
		f.revisions[i].Start = f.revisions[i-1].End
	}
	return nil
}

// eofAfter finds the end of the %%EOF line that follows a section.
func (f *File) eofAfter(at int64) (int64, error) {
	buf := make([]byte, min(tail, f.size-at))
	if err := f.read(buf, at); err != nil {
		return 0, err
	}
	i := bytes.Index(buf, []byte("%%EOF"))
	if i < 0 {
		return 0, fmt.Errorf("no %%%%EOF after byte %d", at)
	}
	i += len("%%EOF")
	if i < len(buf) && buf[i] == '\r' {
		i++
	}
	if i < len(buf) && buf[i] == '\n' {
		i++
	}
	return at + int64(i), nil
}

// Blank says whether only white space stands between two offsets; more than a
// few thousand bytes are not blank whatever they are.
func (f *File) Blank(from, to int64) (bool, error) {
	if from >= to {
		return true, nil
	}
	if to-from > tail {
		return false, nil
	}
	buf := make([]byte, to-from)
	err := f.read(buf, from)
	return err == nil && len(bytes.Trim(buf, "\x00\t\n\f\r ")) == 0, err
}

// Size is the number of bytes of the file.
func (f *File) Size() int64 { return f.size }

// Revisions are the file's states, oldest first.
func (f *File) Revisions() []Revision { return f.revisions }

// Trailer is the newest trailer.
func (f *File) Trailer() *Dict { return f.revisions[len(f.revisions)-1].Trailer }

// Encrypted says whether the file is encrypted.
func (f *File) Encrypted() bool { return f.Trailer().Has("Encrypt") }

// Last is the index of the newest revision.
func (f *File) Last() int { return len(f.revisions) - 1 }

// Catalog is the newest catalog, nil when there is none.
func (f *File) Catalog() *Dict { return f.CatalogAt(f.Last()) }

// CatalogAt is the catalog as of a revision, nil when there is none.
func (f *File) CatalogAt(rev int) *Dict { return f.DictAt(rev, f.revisions[rev].Trailer.Get("Root")) }

// entryAt finds where an object stood as of a revision, and which revision wrote
// it there. An entry at offset 0, where the header stands, is an object that is
// not there: some producers write it so.
func (f *File) entryAt(rev, num int) (e Entry, by int, ok bool) {
	for i := rev; i >= 0; i-- {
		if e, known := f.revisions[i].Objects[num]; known {
			return e, i, !e.Free && (e.In != 0 || e.Offset != 0)
		}
	}
	return Entry{}, 0, false
}

// Exists says whether an object was there as of a revision.
func (f *File) Exists(rev, num int) bool {
	_, _, ok := f.entryAt(rev, num)
	return ok
}

// ObjectAt gives an object as of a revision; nil when it is not there. An object
// that does not end within the revision that lists it is an error: what fills it
// would be written later.
func (f *File) ObjectAt(rev, num int) (Object, error) {
	e, by, ok := f.entryAt(rev, num)
	if !ok {
		return nil, nil //nolint:nilnil // an object that is not there is null (ISO 32000 7.3.10)
	}
	if e.In != 0 {
		return f.compressed(rev, e, num)
	}
	return f.plain(e.Offset, by, num)
}

func (f *File) plain(at int64, by, num int) (Object, error) {
	o, end, err := f.indirect(at, num)
	if err == nil && end > f.revisions[by].End {
		return nil, fmt.Errorf("object %d does not end within its revision", num)
	}
	return o, err
}

// Resolve follows references, a few deep, as of a revision.
func (f *File) Resolve(rev int, o Object) (Object, error) {
	for range 16 {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.ObjectAt(rev, ref.Num); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("a reference leads in a circle")
}

// DictAt resolves to a dictionary (also a stream's), nil for anything else.
func (f *File) DictAt(rev int, o Object) *Dict {
	o, err := f.Resolve(rev, o)
	if err != nil {
		return nil
	}
	switch v := o.(type) {
	case *Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}

// ArrayAt resolves to an array, nil for anything else.
func (f *File) ArrayAt(rev int, o Object) Array {
	o, err := f.Resolve(rev, o)
	if err != nil {
		return nil
	}
	a, _ := o.(Array)
	return a
}
