package revision

import (
	"bytes"
	"errors"
	"fmt"
)

// window is how much of the file is read at first for one object.
const window = 4096

// parseAt parses at an offset, reading more of the file until the object is
// whole, but never more than limit.
func (f *File) parseAt(at, limit int64, parse func(p *parser) error) error {
	if at < 0 || at >= f.size {
		return fmt.Errorf("offset %d lies outside the file", at)
	}
	for n := int64(window); ; n *= 8 {
		n = min(n, f.size-at, limit)
		buf := make([]byte, n)
		if err := f.read(buf, at); err != nil {
			return err
		}
		p := parser{buf: buf, base: at, whole: at+n == f.size}
		err := parse(&p)
		if tired := f.spend(int64(p.at) + 256); tired != nil { // reading costs, too
			return tired
		}
		if !errors.Is(err, errShort) {
			return err
		}
		if n == limit || at+n == f.size {
			return fmt.Errorf("the object at byte %d has no end", at)
		}
	}
}

// indirect reads "num gen obj … endobj" and where it ends: a stream's bytes
// belong to it.
func (f *File) indirect(at int64, want int) (o Object, end int64, err error) {
	if k, ok := f.kept[at]; ok && (want < 0 || k.num == want) {
		return k.o, k.end, nil
	}
	before := f.parsed
	num, o, end, err := f.body(at, want)
	if err != nil {
		return nil, 0, err
	}
	if s, ok := o.(*Stream); ok {
		if err := f.measure(s); err != nil {
			return nil, 0, err
		}
		end = s.Start + s.Length
	}
	if cost := f.parsed - before; cost <= window && f.keeping+cost <= maxKept {
		f.kept[at] = parsed{num, o, end}
		f.keeping += cost
	}
	return o, end, nil
}

// body is indirect but for a stream's length.
func (f *File) body(at int64, want int) (num int, o Object, end int64, err error) {
	err = f.parseAt(at, maxToken, func(p *parser) error {
		if num, o, err = p.header(want); err != nil {
			return err
		}
		p.skip()
		d, isDict := o.(*Dict)
		switch {
		case p.at+margin > len(p.buf) && !p.whole:
			return errShort
		case isDict && bytes.HasPrefix(p.buf[p.at:], []byte("stream")):
			p.at += len("stream")
			if p.at < len(p.buf) && p.buf[p.at] == '\r' {
				p.at++
			}
			if p.at < len(p.buf) && p.buf[p.at] == '\n' {
				p.at++
			}
			o = &Stream{Dict: d, Start: p.base + int64(p.at), Length: -1}
		case !bytes.HasPrefix(p.buf[p.at:], []byte("endobj")):
			return p.bad("endobj is missing")
		default:
			p.at += len("endobj")
		}
		end = p.base + int64(p.at)
		return nil
	})
	return num, o, end, err
}

func (p *parser) header(want int) (int, Object, error) {
	num, err := p.object(0)
	if err != nil {
		return 0, nil, err
	}
	if _, err := p.object(0); err != nil {
		return 0, nil, err
	}
	p.skip()
	if p.at+3 > len(p.buf) {
		return 0, nil, p.bad("obj is missing")
	}
	n, ok := num.(int64)
	if !ok || n < 0 || n > maxObject || string(p.buf[p.at:p.at+3]) != "obj" || want >= 0 && n != int64(want) {
		return 0, nil, p.bad(fmt.Sprintf("not object %d", want))
	}
	p.at += 3
	o, err := p.object(0)
	return int(n), o, err
}

// measure finds a stream's length, which may be an object of its own: a plain
// number, never another stream.
func (f *File) measure(s *Stream) error {
	length := s.Dict.Get("Length")
	if ref, ok := length.(Ref); ok {
		var err error
		if length, err = f.lengthObject(ref.Num); err != nil {
			return err
		}
	}
	n, ok := length.(int64)
	if !ok || n < 0 || n > f.size-s.Start {
		return fmt.Errorf("a stream's length is %v", length)
	}
	s.Length = n
	return f.endOfStream(s)
}

func (f *File) lengthObject(num int) (Object, error) {
	if len(f.revisions) == 0 {
		return nil, errors.New("a cross-reference stream's length is no number")
	}
	e, by, known := f.entryAt(f.Last(), num)
	if !known || e.In != 0 {
		return nil, errors.New("a stream's length is not there")
	}
	_, o, end, err := f.body(e.Offset, num)
	if err == nil && end > f.revisions[by].End {
		return nil, errors.New("a stream's length stands outside its revision")
	}
	return o, err
}

// endOfStream holds a stream to its length: readers that look for endstream
// instead would see other bytes.
func (f *File) endOfStream(s *Stream) error {
	buf := make([]byte, min(2+len("endstream"), int(min(f.size-s.Start-s.Length, margin))))
	if err := f.read(buf, s.Start+s.Length); err != nil {
		return err
	}
	buf = bytes.TrimPrefix(bytes.TrimPrefix(buf, []byte("\r")), []byte("\n"))
	if !bytes.HasPrefix(buf, []byte("endstream")) {
		return fmt.Errorf("the stream at byte %d is not as long as it says", s.Start)
	}
	return nil
}
