package revision

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Data gives a stream's stored bytes.
func (f *File) Data(s *Stream) ([]byte, error) {
	if s.data != nil {
		return s.data, nil
	}
	if s.Length > maxDecoded {
		return nil, errors.New("a stream is too long")
	}
	buf := make([]byte, s.Length)
	return buf, f.read(buf, s.Start)
}

// Decode gives a stream's bytes without its filter: none, or Flate with or
// without a predictor. More than limit bytes are an error, not an allocation.
func (f *File) Decode(s *Stream, limit int64) ([]byte, error) {
	raw, err := f.Data(s)
	if err != nil {
		return nil, err
	}
	filter, parms := s.Dict.Get("Filter"), s.Dict.Get("DecodeParms")
	if a, ok := filter.(Array); ok {
		if len(a) == 0 {
			return raw, nil
		}
		if len(a) > 1 {
			return nil, errors.New("several filters on one stream")
		}
		filter = a[0]
		if pa, ok := parms.(Array); ok && len(pa) == 1 {
			parms = pa[0]
		}
	}
	if filter == nil {
		return raw, nil
	}
	if filter != Name("FlateDecode") {
		return nil, fmt.Errorf("filter %v", filter)
	}
	plain, err := inflate(raw, limit)
	if err != nil {
		return nil, err
	}
	d, _ := parms.(*Dict)
	return unpredict(plain, d)
}

func inflate(raw []byte, limit int64) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("flate: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, fmt.Errorf("flate: %w", err)
	}
	if int64(len(out)) > limit {
		return nil, errors.New("a stream grows too long")
	}
	return out, nil
}

// unpredict undoes PNG predictors (10 and above); others are not used by
// cross-reference and object streams.
func unpredict(data []byte, parms *Dict) ([]byte, error) {
	predictor := parms.IntOr("Predictor", 1)
	if predictor == 1 {
		return data, nil
	}
	columns := parms.IntOr("Columns", 1)
	colors := parms.IntOr("Colors", 1)
	bits := parms.IntOr("BitsPerComponent", 8)
	if predictor < 10 || columns < 1 || columns > 1<<16 || colors != 1 || bits != 8 {
		return nil, fmt.Errorf("predictor %d", predictor)
	}
	width := int(columns)
	out := make([]byte, 0, len(data))
	above := make([]byte, width)
	for len(data) > width {
		row := bytes.Clone(data[1 : 1+width])
		if err := unfilter(data[0], row, above); err != nil {
			return nil, err
		}
		out = append(out, row...)
		above, data = row, data[1+width:]
	}
	return out, nil
}

// IntOr reads an integer or its default; it bears a nil dictionary.
func (d *Dict) IntOr(key Name, otherwise int64) int64 {
	if n, ok := d.Get(key).(int64); ok {
		return n
	}
	return otherwise
}

func unfilter(kind byte, row, above []byte) error {
	for i := range row {
		var left, corner byte
		if i > 0 {
			left, corner = row[i-1], above[i-1]
		}
		switch kind {
		case 0:
		case 1:
			row[i] += left
		case 2:
			row[i] += above[i]
		case 3:
			row[i] += byte((int(left) + int(above[i])) / 2) //nolint:gosec // mean of two bytes
		case 4:
			row[i] += paeth(left, above[i], corner)
		default:
			return fmt.Errorf("row filter %d", kind)
		}
	}
	return nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// objectStream is a decoded object stream.
type objectStream struct {
	data []byte
	nums []int
	offs []int
}

func (f *File) compressed(rev int, e Entry, num int) (Object, error) {
	holder, by, ok := f.entryAt(rev, e.In)
	if !ok || holder.In != 0 {
		return nil, fmt.Errorf("object %d: its object stream is not there", num)
	}
	s, err := f.objectStream(holder.Offset, by, e.In)
	if err != nil {
		return nil, err
	}
	if e.Index < 0 || e.Index >= len(s.nums) || s.nums[e.Index] != num {
		return nil, fmt.Errorf("object %d is not where the table says", num)
	}
	p := parser{buf: s.data, at: s.offs[e.Index], base: 0, whole: true}
	o, err := p.object(0)
	if tired := f.spend(int64(p.at - s.offs[e.Index])); tired != nil {
		return nil, tired
	}
	return withoutPlaces(o), err
}

// withoutPlaces drops the places of strings: in an object stream they are no
// places of the file.
func withoutPlaces(o Object) Object {
	switch v := o.(type) {
	case String:
		v.Start, v.End = 0, 0
		return v
	case Array:
		for i := range v {
			v[i] = withoutPlaces(v[i])
		}
	case *Dict:
		for k, e := range v.m {
			v.m[k] = withoutPlaces(e)
		}
	}
	return o
}

func (f *File) objectStream(at int64, by, num int) (*objectStream, error) {
	if s, ok := f.streams[at]; ok {
		return s, nil
	}
	o, err := f.plain(at, by, num)
	if err != nil {
		return nil, err
	}
	stream, ok := o.(*Stream)
	if !ok || stream.Dict.Name("Type") != "ObjStm" {
		return nil, fmt.Errorf("object %d is no object stream", num)
	}
	data, err := f.Decode(stream, min(maxDecoded, maxUnpacked-f.unpacked))
	if err != nil {
		return nil, err
	}
	f.unpacked += int64(len(data))
	n, _ := stream.Dict.Int("N")
	first, _ := stream.Dict.Int("First")
	if n < 0 || n > maxObject || first < 0 || first > int64(len(data)) {
		return nil, fmt.Errorf("object stream %d is impossible", num)
	}
	s := &objectStream{data: data}
	p := parser{buf: data[:first], whole: true}
	for range n {
		number, errN := p.integer()
		offset, errO := p.integer()
		if errN != nil || errO != nil || first+offset > int64(len(data)) {
			return nil, fmt.Errorf("object stream %d is impossible", num)
		}
		s.nums, s.offs = append(s.nums, int(number)), append(s.offs, int(first+offset))
	}
	f.streams[at] = s
	return s, nil
}
