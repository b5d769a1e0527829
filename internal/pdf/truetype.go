package pdf

import (
	"encoding/binary"
	"errors"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// trueType puts tables together into a font file with its directory and sums.
func trueType(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for n := range tables {
		names = append(names, n)
	}
	slices.Sort(names)
	be := binary.BigEndian
	selector := 0
	for 2<<selector <= len(names) {
		selector++
	}
	out := be.AppendUint32(nil, 0x00010000)
	out = be.AppendUint16(out, uint16(len(names)))                   //nolint:gosec // a handful
	out = be.AppendUint16(out, uint16(16<<selector))                 //nolint:gosec // a handful
	out = be.AppendUint16(out, uint16(selector))                     //nolint:gosec // a handful
	out = be.AppendUint16(out, uint16(16*len(names)-(16<<selector))) //nolint:gosec // a handful
	at := len(out) + 16*len(names)
	var body []byte
	for _, n := range names {
		t := tables[n]
		out = append(out, n...)
		out = be.AppendUint32(out, tableSum(t))
		out = be.AppendUint32(out, uint32(at+len(body))) //nolint:gosec // fonts are below 1 MB
		out = be.AppendUint32(out, uint32(len(t)))       //nolint:gosec // fonts are below 1 MB
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(out, body...)
}

func tableSum(t []byte) (sum uint32) {
	for i := 0; i < len(t); i += 4 {
		var word [4]byte
		copy(word[:], t[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}

// typeface is one of our fonts, opened to write with.
type typeface struct {
	name   string
	tables map[string][]byte
	font   *sfnt.Font
	units  int
	long   bool // loca has 4-byte offsets
	hMs    int  // glyphs with a width of their own
}

// openFace opens an embedded font. Its bytes are ours, so an error is a fault of ours.
func openFace(face Face) (*typeface, error) {
	raw, err := FontFile(face)
	if err != nil {
		return nil, err
	}
	font, err := sfnt.Parse(raw)
	if err != nil {
		return nil, errors.New("embedded font cannot be parsed")
	}
	be := binary.BigEndian
	t := &typeface{name: "LiberationSans-" + string(face), tables: map[string][]byte{}, font: font}
	for i := range int(be.Uint16(raw[4:])) {
		e := raw[12+16*i:]
		off, n := be.Uint32(e[8:]), be.Uint32(e[12:])
		t.tables[string(e[:4])] = raw[off : off+n]
	}
	t.units = int(be.Uint16(t.tables["head"][18:]))
	t.long = be.Uint16(t.tables["head"][50:]) == 1
	t.hMs = int(be.Uint16(t.tables["hhea"][34:]))
	return t, nil
}

// replacement stands where the font lacks a character: a visible empty box.
const replacement = '□'

// glyph is a character's number in the font; a missing one gives the box.
func (t *typeface) glyph(r rune) uint16 {
	var buf sfnt.Buffer
	for _, c := range []rune{r, replacement, '?'} {
		if g, err := t.font.GlyphIndex(&buf, c); err == nil && g != 0 {
			return uint16(g)
		}
	}
	return 0
}

// width is a glyph's advance in thousandths of the font size.
func (t *typeface) width(g uint16) float64 {
	i := min(int(g), t.hMs-1)
	return float64(binary.BigEndian.Uint16(t.tables["hmtx"][4*i:])) * 1000 / float64(t.units)
}

// bounds is the font's box in thousandths.
func (t *typeface) bounds() [4]float64 {
	var buf sfnt.Buffer
	b, err := t.font.Bounds(&buf, fixed.I(1000), 0)
	if err != nil {
		return [4]float64{-200, -300, 1200, 1000}
	}
	return [4]float64{float64(b.Min.X.Floor()), float64(-b.Max.Y.Ceil()), float64(b.Max.X.Ceil()), float64(-b.Min.Y.Floor())}
}

func (t *typeface) offset(g int) int {
	loca := t.tables["loca"]
	if t.long {
		return int(binary.BigEndian.Uint32(loca[4*g:]))
	}
	return 2 * int(binary.BigEndian.Uint16(loca[2*g:]))
}

// subset is the font with the outlines of the used glyphs only. Glyph numbers
// stay, so that composites still find their parts.
func (t *typeface) subset(used map[uint16]bool) []byte {
	be := binary.BigEndian
	keep := t.withParts(used)
	last := 0
	for g := range keep {
		last = max(last, int(g))
	}
	var glyf, loca []byte
	for g := 0; g <= last; g++ {
		loca = be.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // fonts are below 1 MB
		if keep[uint16(g)] {                            //nolint:gosec // glyph numbers have 16 bits
			glyf = append(glyf, t.tables["glyf"][t.offset(g):t.offset(g+1)]...)
			for len(glyf)%4 != 0 {
				glyf = append(glyf, 0)
			}
		}
	}
	loca = be.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // fonts are below 1 MB
	head, hhea, maxp := slices.Clone(t.tables["head"]), slices.Clone(t.tables["hhea"]), slices.Clone(t.tables["maxp"])
	be.PutUint16(head[50:], 1)
	be.PutUint16(maxp[4:], uint16(last+1))              //nolint:gosec // glyph numbers have 16 bits
	be.PutUint16(hhea[34:], uint16(min(last+1, t.hMs))) //nolint:gosec // glyph numbers have 16 bits
	hmtx := t.tables["hmtx"][:min(4*(last+1), len(t.tables["hmtx"]))]
	out := map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	for _, n := range []string{"cvt ", "fpgm", "prep"} {
		if b, ok := t.tables[n]; ok {
			out[n] = b
		}
	}
	return trueType(out)
}

// withParts adds .notdef and the parts of composite glyphs.
func (t *typeface) withParts(used map[uint16]bool) map[uint16]bool {
	keep := map[uint16]bool{}
	queue := []uint16{0}
	for g := range used {
		queue = append(queue, g)
	}
	for len(queue) > 0 {
		g := queue[0]
		queue = queue[1:]
		if !keep[g] {
			keep[g] = true
			queue = append(queue, parts(t.tables["glyf"][t.offset(int(g)):t.offset(int(g)+1)])...)
		}
	}
	return keep
}

// parts lists the glyphs that a composite glyph is made of.
func parts(glyph []byte) (out []uint16) {
	be := binary.BigEndian
	if len(glyph) < 10 || int16(be.Uint16(glyph)) >= 0 { //nolint:gosec // the sign is the mark of a composite
		return nil
	}
	for at := 10; at+4 <= len(glyph); {
		flags := be.Uint16(glyph[at:])
		out = append(out, be.Uint16(glyph[at+2:]))
		at += 6
		if flags&1 != 0 {
			at += 2
		}
		switch {
		case flags&8 != 0:
			at += 2
		case flags&0x40 != 0:
			at += 4
		case flags&0x80 != 0:
			at += 8
		}
		if flags&0x20 == 0 {
			break
		}
	}
	return out
}
