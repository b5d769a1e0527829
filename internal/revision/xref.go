package revision

import (
	"bytes"
	"errors"
	"fmt"
)

// section reads the cross-reference section at an offset, table or stream.
// It may have as many entries as are left.
func (f *File) section(at int64, left int) (section, error) {
	head := make([]byte, min(4, f.size-at))
	if err := f.read(head, at); err != nil {
		return section{}, err
	}
	if string(head) == "xref" {
		return f.table(at, left)
	}
	return f.xrefStream(at, left)
}

var errTooMany = errors.New("too many objects")

func (f *File) table(at int64, left int) (section, error) {
	s := section{at: at, kind: XrefTable}
	err := f.parseAt(at, maxTable, func(p *parser) error {
		s.entries = map[int]Entry{}
		p.at += len("xref")
		for {
			p.skip()
			if bytes.HasPrefix(p.buf[p.at:], []byte("trailer")) {
				p.at += len("trailer")
				break
			}
			if err := p.subsection(s.entries, left); err != nil {
				return err
			}
		}
		o, err := p.object(0)
		if err != nil {
			return err
		}
		d, ok := o.(*Dict)
		if !ok {
			return errors.New("the trailer is no dictionary")
		}
		s.trailer, s.end = d, p.base+int64(p.at)
		return nil
	})
	if err != nil {
		return s, err
	}
	stm, hybrid := s.trailer.Int("XRefStm")
	if !hybrid {
		return s, nil
	}
	s.kind = XrefHybrid
	extra, err := f.xrefStream(stm, left-len(s.entries))
	if err != nil {
		return s, err
	}
	for num, e := range extra.entries { // the table's own entries hide objects; the stream shows them
		if old, known := s.entries[num]; !known || old.Free {
			s.entries[num] = e
		}
	}
	return s, nil
}

func (p *parser) subsection(entries map[int]Entry, left int) error {
	first, err := p.integer()
	if err != nil {
		return err
	}
	count, err := p.integer()
	if err != nil {
		return err
	}
	if first < 0 || count < 0 || first+count > maxObject {
		return errors.New("a cross-reference subsection is impossible")
	}
	for i := range count {
		if len(entries) > left {
			return errTooMany
		}
		offset, err := p.integer()
		if err != nil {
			return err
		}
		gen, err := p.integer()
		if err != nil {
			return err
		}
		p.skip()
		kind := p.word()
		if kind != "n" && kind != "f" {
			return p.bad("a cross-reference entry is neither n nor f")
		}
		if _, known := entries[int(first+i)]; !known {
			entries[int(first+i)] = Entry{Free: kind == "f", Offset: offset, Gen: int(gen)}
		}
	}
	return nil
}

// integer reads a plain number (no reference can stand here).
func (p *parser) integer() (int64, error) {
	p.skip()
	w := p.word()
	if p.at >= len(p.buf) && !p.whole {
		return 0, errShort
	}
	if len(w) == 0 || len(w) > 15 {
		return 0, p.bad("a number is missing")
	}
	var n int64
	for _, c := range []byte(w) {
		if c < '0' || c > '9' {
			return 0, p.bad(fmt.Sprintf("%q is no number", w))
		}
		n = n*10 + int64(c-'0')
	}
	return n, nil
}

func (f *File) xrefStream(at int64, left int) (section, error) {
	s := section{at: at, kind: XrefStream, entries: map[int]Entry{}}
	o, _, err := f.indirect(at, -1)
	if err != nil {
		return s, err
	}
	stream, ok := o.(*Stream)
	if !ok || stream.Dict.Name("Type") != "XRef" {
		return s, fmt.Errorf("at byte %d stands no cross-reference section", at)
	}
	s.trailer, s.end = stream.Dict, stream.Start+stream.Length
	data, err := f.Decode(stream, maxDecoded)
	if err != nil {
		return s, err
	}
	return s, s.fill(data, left)
}

func (s *section) fill(data []byte, left int) error {
	widths, err := s.widths()
	if err != nil {
		return err
	}
	row := widths[0] + widths[1] + widths[2]
	size, _ := s.trailer.Int("Size")
	index, ok := s.trailer.Get("Index").(Array)
	if !ok {
		index = Array{int64(0), size}
	}
	if row == 0 || len(index)%2 != 0 {
		return errors.New("/Index is impossible")
	}
	for i := 0; i < len(index); i += 2 {
		first, okF := index[i].(int64)
		count, okC := index[i+1].(int64)
		if !okF || !okC || first < 0 || count < 0 || first+count > maxObject || count*int64(row) > int64(len(data)) {
			return errors.New("/Index is impossible")
		}
		for n := range count {
			if len(s.entries) > left {
				return errTooMany
			}
			if _, known := s.entries[int(first+n)]; !known {
				s.entries[int(first+n)] = readEntry(data[:row], widths)
			}
			data = data[row:]
		}
	}
	return nil
}

// widths are the bytes of the three members of an entry.
func (s *section) widths() (out [3]int, err error) {
	w, ok := s.trailer.Get("W").(Array)
	if !ok || len(w) != 3 {
		return out, errors.New("/W is missing")
	}
	for i, o := range w {
		n, ok := o.(int64)
		if !ok || n < 0 || n > 8 {
			return out, errors.New("/W is impossible")
		}
		out[i] = int(n)
	}
	return out, nil
}

func readEntry(row []byte, widths [3]int) Entry {
	var v [3]int64
	v[0] = 1 // the default type
	for i, w := range widths {
		if w > 0 {
			v[i] = 0
		}
		for _, b := range row[:w] {
			v[i] = v[i]<<8 | int64(b)
		}
		row = row[w:]
	}
	switch v[0] {
	case 1:
		return Entry{Offset: v[1], Gen: int(v[2])}
	case 2:
		return Entry{In: int(v[1]), Index: int(v[2])}
	}
	return Entry{Free: true}
}
