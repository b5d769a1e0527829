package revision

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Object is a PDF object: nil, bool, int64, float64, Name, String, Array, *Dict,
// Ref, *Stream or Raw.
type Object any

// Name is a PDF name without its slash, with its escapes resolved.
type Name string

// String is a PDF string. Start and End are where its token stands in the file,
// with its delimiters; both 0 for strings of our own and in object streams.
type String struct {
	Value      []byte
	Hex        bool
	Start, End int64
}

// Array is a PDF array.
type Array []Object

// Ref names an indirect object.
type Ref struct{ Num, Gen int }

// Raw is an object already in PDF's writing.
type Raw []byte

// Dict is a PDF dictionary in the order of its keys.
type Dict struct {
	keys []Name
	m    map[Name]Object
	// Repeated are keys that stand more than once; the first value is kept.
	Repeated []Name
}

// Stream is a stream's dictionary and where its bytes stand in the file.
type Stream struct {
	Dict          *Dict
	Start, Length int64
	data          []byte // of streams of our own
}

// NewDict makes a dictionary of keys and values in turn.
func NewDict(pairs ...any) *Dict {
	d := &Dict{m: map[Name]Object{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		d.Set(pairs[i].(Name), pairs[i+1]) //nolint:forcetypeassert // a mistake in our own code
	}
	return d
}

// NewStream makes an unfiltered stream; its Length is set here.
func NewStream(d *Dict, data []byte) *Stream {
	d.Set("Length", int64(len(data)))
	return &Stream{Dict: d, data: data}
}

// Get gives the value of a key; nil when it is not there or d is nil.
func (d *Dict) Get(key Name) Object {
	if d == nil {
		return nil
	}
	return d.m[key]
}

// Has says whether the key is there.
func (d *Dict) Has(key Name) bool {
	if d == nil {
		return false
	}
	_, ok := d.m[key]
	return ok
}

// Keys are the keys in their order.
func (d *Dict) Keys() []Name {
	if d == nil {
		return nil
	}
	return d.keys
}

// Set writes a key; nil removes it.
func (d *Dict) Set(key Name, value Object) {
	_, known := d.m[key]
	if value == nil {
		if known {
			delete(d.m, key)
			for i, k := range d.keys {
				if k == key {
					d.keys = append(d.keys[:i:i], d.keys[i+1:]...)
					break
				}
			}
		}
		return
	}
	if !known {
		d.keys = append(d.keys, key)
	}
	d.m[key] = value
}

// Clone copies the dictionary, not its values.
func (d *Dict) Clone() *Dict {
	out := &Dict{m: make(map[Name]Object, len(d.m)), keys: append([]Name(nil), d.keys...)}
	for k, v := range d.m {
		out.m[k] = v
	}
	return out
}

// Name reads a direct name; "" for anything else.
func (d *Dict) Name(key Name) Name { n, _ := d.Get(key).(Name); return n }

// Int reads a direct integer; ok is false for anything else.
func (d *Dict) Int(key Name) (n int64, ok bool) { n, ok = d.Get(key).(int64); return n, ok }

// Write writes an object in PDF's own writing. The same object always gives the
// same bytes.
func Write(b *bytes.Buffer, o Object) {
	switch v := o.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	case Name:
		writeName(b, v)
	case String:
		writeString(b, v)
	case Ref:
		fmt.Fprintf(b, "%d %d R", v.Num, v.Gen)
	case Raw:
		b.Write(v)
	case Array:
		writeArray(b, v)
	case *Dict:
		writeDict(b, v)
	case *Stream:
		Write(b, v.Dict)
		b.WriteString("\nstream\n")
		b.Write(v.data)
		b.WriteString("\nendstream")
	}
}

func writeArray(b *bytes.Buffer, a Array) {
	b.WriteByte('[')
	for i, e := range a {
		if i > 0 {
			b.WriteByte(' ')
		}
		Write(b, e)
	}
	b.WriteByte(']')
}

func writeDict(b *bytes.Buffer, d *Dict) {
	b.WriteString("<<")
	for _, k := range d.keys {
		writeName(b, k)
		b.WriteByte(' ')
		Write(b, d.m[k])
	}
	b.WriteString(">>")
}

func writeName(b *bytes.Buffer, n Name) {
	b.WriteByte('/')
	for i := range len(n) {
		c := n[i]
		if c <= ' ' || c >= 0x7f || isDelimiter(c) || c == '#' {
			fmt.Fprintf(b, "#%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
}

func writeString(b *bytes.Buffer, s String) {
	if s.Hex {
		b.WriteByte('<')
		b.WriteString(hex.EncodeToString(s.Value))
		b.WriteByte('>')
		return
	}
	b.WriteByte('(')
	for _, c := range s.Value {
		switch c {
		case '(', ')', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\r':
			b.WriteString("\\r")
		case '\n':
			b.WriteString("\\n")
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
}
