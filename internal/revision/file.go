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
	maxEntries  = 4_000_000 // cross-reference entries of all sections
	maxToken    = 16 << 20  // bytes of one object without its stream
	maxDecoded  = 64 << 20  // bytes of one decoded stream
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

// File is an open PDF.
type File struct {
	r         io.ReaderAt
	size      int64
	revisions []Revision
	streams   map[int64]*objectStream // by offset
}

func malformed(cause error) error {
	return problem.New(problem.Invalid, "Susunan PDF ini rusak, sehingga tidak dapat diperiksa atau ditandatangani. Simpan ulang PDF-nya, lalu coba lagi.",
		"This PDF's structure is damaged, so it cannot be checked or signed. Save it anew and try again.", cause)
}

// Open reads the trailer and the chain of cross-reference sections.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, streams: map[int64]*objectStream{}}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, malformed(err)
	}
	if !bytes.Contains(head, []byte("%PDF-")) {
		return nil, problem.New(problem.Unsupported, "Berkas ini bukan PDF.", "This file is no PDF.", nil)
	}
	start, err := f.lastStartxref()
	if err != nil {
		return nil, malformed(err)
	}
	sections, err := f.chain(start)
	if err != nil {
		return nil, malformed(err)
	}
	if err := f.group(sections); err != nil {
		return nil, malformed(err)
	}
	if f.Catalog() == nil {
		return nil, malformed(errors.New("no catalog"))
	}
	return f, nil
}

// tail is how far from the end startxref is looked for: bytes after the last
// %%EOF are reported by verify, not searched through.
const tail = 4096

func (f *File) lastStartxref() (int64, error) {
	n := min(f.size, tail)
	buf := make([]byte, n)
	if _, err := f.r.ReadAt(buf, f.size-n); err != nil && !errors.Is(err, io.EOF) {
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
		s, err := f.section(at)
		if err != nil {
			return nil, err
		}
		if entries += len(s.entries); entries > maxEntries {
			return nil, errors.New("too many objects")
		}
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
		f.revisions[i].Start = f.revisions[i-1].End
	}
	return nil
}

// eofAfter finds the end of the %%EOF line that follows a section.
func (f *File) eofAfter(at int64) (int64, error) {
	buf := make([]byte, min(tail, f.size-at))
	if _, err := f.r.ReadAt(buf, at); err != nil && !errors.Is(err, io.EOF) {
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

// entryAt finds where an object stood as of a revision.
func (f *File) entryAt(rev, num int) (Entry, bool) {
	for i := rev; i >= 0; i-- {
		if e, ok := f.revisions[i].Objects[num]; ok {
			return e, !e.Free
		}
	}
	return Entry{}, false
}

// Exists says whether an object was there as of a revision.
func (f *File) Exists(rev, num int) bool {
	_, ok := f.entryAt(rev, num)
	return ok
}

// ObjectAt gives an object as of a revision; nil when it is not there.
func (f *File) ObjectAt(rev, num int) (Object, error) {
	e, ok := f.entryAt(rev, num)
	if !ok {
		return nil, nil //nolint:nilnil // an object that is not there is null (ISO 32000 7.3.10)
	}
	if e.In != 0 {
		return f.compressed(rev, e, num)
	}
	o, _, err := f.indirect(e.Offset, num)
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

// parseAt parses at an offset, reading more of the file until the object is
// whole.
func (f *File) parseAt(at int64, parse func(p *parser) error) error {
	if at < 0 || at >= f.size {
		return fmt.Errorf("offset %d lies outside the file", at)
	}
	for n := int64(4096); ; n *= 8 {
		n = min(n, f.size-at, maxToken)
		buf := make([]byte, n)
		if _, err := f.r.ReadAt(buf, at); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		p := parser{buf: buf, base: at, whole: at+n == f.size}
		err := parse(&p)
		if !errors.Is(err, errShort) {
			return err
		}
		if n == maxToken || at+n == f.size {
			return fmt.Errorf("the object at byte %d has no end", at)
		}
	}
}

// indirect reads "num gen obj … endobj" and where it ends (before a stream's
// bytes).
func (f *File) indirect(at int64, want int) (o Object, end int64, err error) {
	err = f.parseAt(at, func(p *parser) error {
		if o, err = p.header(want); err != nil {
			return err
		}
		p.skip()
		d, isDict := o.(*Dict)
		if p.at+6 > len(p.buf) && !p.whole {
			return errShort
		}
		if isDict && bytes.HasPrefix(p.buf[p.at:], []byte("stream")) {
			p.at += len("stream")
			if p.at < len(p.buf) && p.buf[p.at] == '\r' {
				p.at++
			}
			if p.at < len(p.buf) && p.buf[p.at] == '\n' {
				p.at++
			}
			o = &Stream{Dict: d, Start: p.base + int64(p.at), Length: -1}
		} else if !bytes.HasPrefix(p.buf[p.at:], []byte("endobj")) {
			return p.bad("endobj is missing")
		}
		end = p.base + int64(p.at)
		return nil
	})
	if s, ok := o.(*Stream); ok && err == nil {
		err = f.measure(s)
	}
	return o, end, err
}

func (p *parser) header(want int) (Object, error) {
	num, err := p.object(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.object(0); err != nil {
		return nil, err
	}
	p.skip()
	if p.at+3 > len(p.buf) {
		return nil, p.bad("obj is missing")
	}
	if n, ok := num.(int64); !ok || string(p.buf[p.at:p.at+3]) != "obj" || want >= 0 && n != int64(want) {
		return nil, fmt.Errorf("at byte %d: not object %d", p.base, want)
	}
	p.at += 3
	return p.object(0)
}

// measure finds a stream's length, which may be an object of its own.
func (f *File) measure(s *Stream) error {
	length := s.Dict.Get("Length")
	if ref, ok := length.(Ref); ok {
		e, known := f.entryAt(f.Last(), ref.Num)
		if !known || e.In != 0 {
			return errors.New("a stream's length is not there")
		}
		var err error
		if length, _, err = f.indirect(e.Offset, ref.Num); err != nil {
			return err
		}
	}
	n, ok := length.(int64)
	if !ok || n < 0 || n > f.size-s.Start {
		return fmt.Errorf("a stream's length is %v", length)
	}
	s.Length = n
	return nil
}
