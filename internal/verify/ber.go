package verify

import "errors"

// maxBERDepth bounds nesting; a SignedData with its certificates has about 15.
const maxBERDepth = 40

var errBER = errors.New("not BER")

// fromBER writes a value with indefinite or overlong lengths, and strings in
// pieces, as DER would. Signers of the 1990s stored signatures so. What follows the
// value stays as it is. Order within sets is not touched: signed attributes are
// verified as they are stored.
func fromBER(raw []byte) ([]byte, error) {
	out, rest, err := berValue(raw, 0)
	if err != nil {
		return nil, err
	}
	return append(out, rest...), nil
}

func berValue(in []byte, depth int) (out, rest []byte, err error) {
	if depth > maxBERDepth || len(in) < 2 || in[0]&0x1f == 0x1f {
		return nil, nil, errBER
	}
	tag := in[0]
	n, indefinite, body, err := berLength(in[1:])
	if err != nil {
		return nil, nil, err
	}
	if tag&0x20 == 0 {
		if indefinite {
			return nil, nil, errBER
		}
		return berWrap(tag, body[:n]), body[n:], nil
	}
	content := body
	if !indefinite {
		content, rest = body[:n], body[n:]
	}
	whole, after, err := berParts(tag, content, indefinite, depth)
	if indefinite {
		rest = after
	}
	if tag == berPieces {
		tag = 0x04
	}
	return berWrap(tag, whole), rest, err
}

// berPieces is the tag of an octet string in pieces.
const berPieces = 0x24

// berParts rewrites what a constructed value holds, to its end or to the mark that
// ends an indefinite one.
func berParts(tag byte, content []byte, indefinite bool, depth int) (whole, rest []byte, err error) {
	for {
		switch {
		case indefinite && len(content) >= 2 && content[0] == 0 && content[1] == 0:
			return whole, content[2:], nil
		case len(content) == 0 && indefinite:
			return nil, nil, errBER
		case len(content) == 0:
			return whole, nil, nil
		}
		var part []byte
		if part, content, err = berValue(content, depth+1); err != nil {
			return nil, nil, err
		}
		if tag == berPieces {
			if part, err = berContent(part); err != nil {
				return nil, nil, err
			}
		}
		whole = append(whole, part...)
	}
}

// berLength reads a length; the body it speaks of begins what is returned.
func berLength(in []byte) (n int, indefinite bool, body []byte, err error) {
	first := int(in[0])
	in = in[1:]
	switch {
	case first == 0x80:
		return 0, true, in, nil
	case first < 0x80:
		n = first
	default:
		digits := first & 0x7f
		if digits > 4 || digits > len(in) {
			return 0, false, nil, errBER
		}
		for _, b := range in[:digits] {
			n = n<<8 | int(b)
		}
		in = in[digits:]
	}
	if n > len(in) {
		return 0, false, nil, errBER
	}
	return n, false, in, nil
}

// berContent takes the content out of an octet string that berValue wrote.
func berContent(der []byte) ([]byte, error) {
	if der[0] != 0x04 {
		return nil, errBER
	}
	n, _, body, err := berLength(der[1:])
	if err != nil {
		return nil, err
	}
	return body[:n], nil
}

func berWrap(tag byte, content []byte) []byte {
	n := len(content)
	out := make([]byte, 0, n+6)
	out = append(out, tag)
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 1<<8:
		out = append(out, 0x81, byte(n))
	case n < 1<<16:
		out = append(out, 0x82, byte(n>>8), byte(n)) //nolint:gosec // two bytes of it
	default:
		out = append(out, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)) //nolint:gosec // four bytes of it
		if n < 1<<24 {
			out = append(out[:1], 0x83, byte(n>>16), byte(n>>8), byte(n)) //nolint:gosec // three bytes of it
		}
	}
	return append(out, content...)
}
