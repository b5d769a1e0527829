package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// writer writes one PDF front to back: objects as they come, then a classic
// cross-reference table without holes (signatures.md I4, I8).
type writer struct {
	w       io.Writer
	at      int64
	offsets []int64 // offsets[i] is where object i+1 begins; 0: not written yet
	err     error   // the first failure; all later writes do nothing
	buf     []byte
}

// newWriter begins a file. The header says 1.7 because PDF/A-2 forbids 2.0; the
// four bytes after it tell old mailers that the file is binary.
func newWriter(w io.Writer) *writer {
	out := &writer{w: w}
	out.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	return out
}

func (w *writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.w.Write(b)
	w.at += int64(n)
	w.err = err
}

// alloc takes the next object number.
func (w *writer) alloc() types.IndirectRef {
	w.offsets = append(w.offsets, 0)
	return types.IndirectRef{ObjectNumber: types.Integer(len(w.offsets))}
}

// put writes an object under a number taken with alloc.
func (w *writer) put(ref types.IndirectRef, obj types.Object) {
	n := int(ref.ObjectNumber)
	w.offsets[n-1] = w.at
	b := append(strconv.AppendInt(w.buf[:0], int64(n), 10), " 0 obj\n"...)
	if s, ok := asStream(obj); ok {
		d := s.Dict.Clone().(types.Dict) //nolint:forcetypeassert // Dict.Clone gives a Dict
		d["Length"] = types.Integer(len(s.Raw))
		w.buf = append(appendObject(b, d), "\nstream\n"...)
		w.write(w.buf)
		w.write(s.Raw)
		w.write([]byte("\nendstream\nendobj\n"))
		return
	}
	w.buf = append(appendObject(b, obj), "\nendobj\n"...)
	w.write(w.buf)
}

// add is alloc and put.
func (w *writer) add(obj types.Object) types.IndirectRef {
	ref := w.alloc()
	w.put(ref, obj)
	return ref
}

// finish writes the cross-reference table and the trailer. Both halves of /ID
// are the same in a first revision.
func (w *writer) finish(root types.IndirectRef, info *types.IndirectRef, id [16]byte) error {
	start := w.at
	b := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for i, off := range w.offsets {
		if off == 0 && w.err == nil {
			w.err = fmt.Errorf("object %d was promised and not written", i+1)
		}
		b = fmt.Appendf(b, "%010d 00000 n \n", off)
	}
	both := types.HexLiteral(hex.EncodeToString(id[:]))
	trailer := types.Dict{"Size": types.Integer(len(w.offsets) + 1), "Root": root, "ID": types.Array{both, both}}
	if info != nil {
		trailer["Info"] = *info
	}
	b = appendObject(append(b, "trailer\n"...), trailer)
	w.write(fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", start))
	if w.err != nil {
		return fmt.Errorf("write PDF: %w", w.err)
	}
	return nil
}

func asStream(obj types.Object) (types.StreamDict, bool) {
	switch s := obj.(type) {
	case types.StreamDict:
		return s, true
	case *types.StreamDict:
		return *s, true
	}
	return types.StreamDict{}, false
}

// appendObject writes an object that is no stream. Dictionary keys are sorted,
// so that the same object is always the same bytes.
func appendObject(b []byte, obj types.Object) []byte {
	switch o := obj.(type) {
	case types.Dict:
		keys := make([]string, 0, len(o))
		for k := range o {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b = append(b, "<<"...)
		for _, k := range keys {
			b = append(appendName(b, k), ' ')
			b = append(appendObject(b, o[k]), '\n')
		}
		return append(b, ">>"...)
	case types.Array:
		b = append(b, '[')
		for i, e := range o {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendObject(b, e)
		}
		return append(b, ']')
	case types.IndirectRef:
		return fmt.Appendf(b, "%d %d R", o.ObjectNumber, o.GenerationNumber)
	case types.Name:
		return appendName(b, string(o))
	case types.Float:
		return appendNumber(b, float64(o))
	case types.StringLiteral:
		return append(append(append(b, '('), o...), ')') // the parser keeps the escapes
	case nil:
		return append(b, "null"...)
	default: // Integer, Boolean, HexLiteral
		return append(b, obj.PDFString()...)
	}
}

func appendName(b []byte, name string) []byte {
	b = append(b, '/')
	odd := keyword(name)
	for i := range len(name) {
		if c := name[i]; odd || c <= ' ' || c > '~' || strings.IndexByte("()<>[]{}/%#", c) >= 0 {
			b = fmt.Appendf(b, "#%02X", c)
		} else {
			b = append(b, c)
		}
	}
	return b
}

// keyword: a name with one of these in it is lawful, yet readers that repair
// files by looking for keywords stumble over it, so it is written in hex.
func keyword(name string) bool {
	return strings.Contains(name, "stream") || strings.Contains(name, "obj") || strings.Contains(name, "xref") || strings.Contains(name, "trailer")
}

// appendNumber writes a real without exponent, which PDF does not know.
func appendNumber(b []byte, f float64) []byte {
	s := strconv.FormatFloat(f, 'f', 5, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "" || s == "-0" {
		s = "0"
	}
	return append(b, s...)
}

// textString is a string for people: UTF-16 with its mark.
func textString(s string) types.HexLiteral {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u)) //nolint:gosec // the two bytes of it
	}
	return types.HexLiteral(hex.EncodeToString(b))
}

// dateString is a PDF date in UTC.
func dateString(t time.Time) types.StringLiteral {
	return types.StringLiteral(t.UTC().Format("D:20060102150405Z"))
}

// deflated makes a stream of data, compressed.
func deflated(d types.Dict, data []byte) types.StreamDict {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := z.Write(data)
	if err = firstOf(err, z.Close()); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	d["Filter"] = types.Name("FlateDecode")
	return types.StreamDict{Dict: d, Raw: b.Bytes()}
}

// plain makes a stream of data as it is.
func plain(d types.Dict, data []byte) types.StreamDict {
	return types.StreamDict{Dict: d, Raw: data}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func numbers(fs ...float64) types.Array {
	out := make(types.Array, len(fs))
	for i, f := range fs {
		out[i] = types.Float(f)
	}
	return out
}
