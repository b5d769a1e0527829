package revision

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// maxDepth bounds nesting; real files have a dozen levels.
const maxDepth = 100

// errShort says that the bytes ended inside an object: with more of the file it
// may be whole.
var errShort = errors.New("object is cut off")

// parser reads objects from buf, whose first byte stands at base in the file.
type parser struct {
	buf  []byte
	at   int
	base int64
	// whole says that nothing follows buf: the end of the file, or of an object
	// stream.
	whole bool
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (p *parser) skip() {
	for p.at < len(p.buf) {
		switch c := p.buf[p.at]; {
		case isSpace(c):
			p.at++
		case c == '%':
			for p.at < len(p.buf) && p.buf[p.at] != '\n' && p.buf[p.at] != '\r' {
				p.at++
			}
		default:
			return
		}
	}
}

// word reads a run of regular characters.
func (p *parser) word() string {
	from := p.at
	for p.at < len(p.buf) && !isSpace(p.buf[p.at]) && !isDelimiter(p.buf[p.at]) {
		p.at++
	}
	return string(p.buf[from:p.at])
}

// margin is the longest thing that is looked at in one piece ("endobj", ">>" and
// the like): what seems wrong that close to the end of a window may be cut off.
const margin = 16

func (p *parser) bad(what string) error {
	if !p.whole && p.at+margin > len(p.buf) {
		return errShort
	}
	return fmt.Errorf("at byte %d: %s", p.base+int64(p.at), what)
}

// object reads one object; a number may turn out to be a reference.
func (p *parser) object(depth int) (Object, error) {
	p.skip()
	if p.at >= len(p.buf) {
		return nil, p.bad("no object")
	}
	if depth > maxDepth {
		return nil, p.bad("nested too deeply")
	}
	switch c := p.buf[p.at]; {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literal()
	case c == '[':
		return p.array(depth)
	case c == '<':
		if p.at+1 >= len(p.buf) {
			return nil, p.bad("cut off")
		}
		if p.buf[p.at+1] == '<' {
			return p.dict(depth)
		}
		return p.hex()
	case isDelimiter(c):
		return nil, p.bad(fmt.Sprintf("unexpected %q", c))
	}
	return p.atom()
}

func (p *parser) atom() (Object, error) {
	w := p.word()
	if p.at >= len(p.buf) && !p.whole {
		return nil, errShort
	}
	switch w {
	case "null":
		return nil, nil //nolint:nilnil // null is an object
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, p.bad(fmt.Sprintf("%.20q is no object", w))
		}
		return f, nil
	}
	if ref, ok, err := p.reference(n); ok || err != nil {
		return ref, err
	}
	return n, nil
}

// reference looks whether "G R" follows a number.
func (p *parser) reference(num int64) (Ref, bool, error) {
	back := p.at
	p.skip()
	gen, err := strconv.ParseUint(p.word(), 10, 16)
	p.skip()
	if p.at >= len(p.buf) && !p.whole {
		return Ref{}, false, errShort
	}
	if err == nil && num >= 0 && num <= maxObject && p.at < len(p.buf) && p.buf[p.at] == 'R' && (p.at+1 == len(p.buf) || isSpace(p.buf[p.at+1]) || isDelimiter(p.buf[p.at+1])) {
		p.at++
		return Ref{int(num), int(gen)}, true, nil //nolint:gosec // 16 bits
	}
	p.at = back
	return Ref{}, false, nil
}

func (p *parser) name() (Object, error) {
	p.at++
	w := p.word()
	if p.at >= len(p.buf) && !p.whole {
		return nil, errShort
	}
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) {
			if v, err := strconv.ParseUint(w[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, w[i])
	}
	return Name(out), nil
}

func (p *parser) array(depth int) (Object, error) {
	p.at++
	out := Array{}
	for {
		p.skip()
		if p.at < len(p.buf) && p.buf[p.at] == ']' {
			p.at++
			return out, nil
		}
		o, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
}

func (p *parser) dict(depth int) (Object, error) {
	p.at += 2
	d := NewDict()
	for {
		p.skip()
		if p.at+1 < len(p.buf) && p.buf[p.at] == '>' && p.buf[p.at+1] == '>' {
			p.at += 2
			return d, nil
		}
		if p.at >= len(p.buf) || p.buf[p.at] != '/' {
			return nil, p.bad("a dictionary's key is missing")
		}
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		value, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		name, _ := key.(Name)
		if d.Has(name) {
			d.Repeated = append(d.Repeated, name)
		} else if value == nil {
			d.keys, d.m[name] = append(d.keys, name), nil
		} else {
			d.Set(name, value)
		}
	}
}

func (p *parser) hex() (Object, error) {
	from := p.at
	p.at++
	var out []byte
	high, half := byte(0), false
	for ; p.at < len(p.buf); p.at++ {
		c := p.buf[p.at]
		if c == '>' {
			if half {
				out = append(out, high)
			}
			p.at++
			return String{Value: out, Hex: true, Start: p.base + int64(from), End: p.base + int64(p.at)}, nil
		}
		v, ok := hexDigit(c)
		if !ok {
			if isSpace(c) {
				continue
			}
			return nil, p.bad("a hex string holds something else")
		}
		if half {
			out = append(out, high|v)
		} else {
			high = v << 4
		}
		half = !half
	}
	return nil, p.bad("a hex string has no end")
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func (p *parser) literal() (Object, error) {
	from := p.at
	p.at++
	var out []byte
	for depth := 1; p.at < len(p.buf); p.at++ {
		switch c := p.buf[p.at]; c {
		case '\\':
			p.at++
			if p.at < len(p.buf) {
				out = p.escape(out)
			}
			continue
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.at++
				return String{Value: out, Start: p.base + int64(from), End: p.base + int64(p.at)}, nil
			}
		}
		out = append(out, p.buf[p.at])
	}
	return nil, p.bad("a string has no end")
}

// escape reads what follows a backslash; p.at is left on its last byte.
func (p *parser) escape(out []byte) []byte {
	switch c := p.buf[p.at]; c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if p.at+1 < len(p.buf) && p.buf[p.at+1] == '\n' {
			p.at++
		}
		return out
	}
	v, digits := 0, 0
	for digits < 3 && p.at+digits < len(p.buf) && p.buf[p.at+digits] >= '0' && p.buf[p.at+digits] <= '7' {
		v = v*8 + int(p.buf[p.at+digits]-'0')
		digits++
	}
	if digits == 0 {
		return append(out, p.buf[p.at])
	}
	p.at += digits - 1
	return append(out, byte(v)) //nolint:gosec // PDF drops the ninth bit
}
