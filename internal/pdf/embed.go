package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/unicode/norm"
)

// usedFace is a font and what was written with it.
type usedFace struct {
	*typeface
	chars map[uint16]rune // glyph → the character it stands for
}

// encode gives glyph codes in hex and the width in thousandths.
func (f *usedFace) encode(s string) (codes string, width float64) {
	var b strings.Builder
	for _, r := range s {
		g := f.glyph(r)
		if _, ok := f.chars[g]; !ok {
			f.chars[g] = r
		}
		fmt.Fprintf(&b, "%04X", g)
		width += f.width(g)
	}
	return b.String(), width
}

func (f *usedFace) measure(s string) (width float64) {
	for _, r := range s {
		width += f.width(f.glyph(r))
	}
	return width
}

// wrap breaks text at blanks, and inside a word that is wider than a line.
func (f *usedFace) wrap(text string, width float64) []string {
	var rows []string
	row := ""
	for _, word := range strings.Fields(norm.NFC.String(cleanText(text))) {
		if joined := strings.TrimSpace(row + " " + word); f.measure(joined) <= width {
			row = joined
			continue
		}
		if row != "" {
			rows = append(rows, row)
		}
		row = ""
		for _, r := range word {
			if f.measure(row+string(r)) > width && row != "" {
				rows = append(rows, row)
				row = ""
			}
			row += string(r)
		}
	}
	return append(rows, row)
}

// embed writes the font with the glyphs that were used.
func (f *usedFace) embed(put func(types.Object) types.IndirectRef) types.IndirectRef {
	used := map[uint16]bool{}
	var glyphs []uint16
	for g := range f.chars {
		used[g] = true
		glyphs = append(glyphs, g)
	}
	slices.Sort(glyphs)
	var widths types.Array
	cmap := []byte(cmapHead)
	for _, g := range glyphs {
		widths = append(widths, types.Integer(g), numbers(math.Round(f.width(g)*1000)/1000))
		cmap = fmt.Appendf(cmap, "1 beginbfchar\n<%04X> <%04X>\nendbfchar\n", g, f.chars[g])
	}
	file := f.subset(used)
	name := types.Name("NASKAH+" + f.name)
	box := f.bounds()
	descriptor := put(types.Dict{
		"Type": types.Name("FontDescriptor"), "FontName": name, "Flags": types.Integer(4), "FontBBox": numbers(box[:]...), "ItalicAngle": types.Integer(0),
		"Ascent": types.Integer(905), "Descent": types.Integer(-212), "CapHeight": types.Integer(688), "StemV": types.Integer(80),
		"FontFile2": put(deflated(types.Dict{"Length1": types.Integer(len(file))}, file)),
	})
	child := put(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("CIDFontType2"), "BaseFont": name, "CIDSystemInfo": systemInfo(),
		"FontDescriptor": descriptor, "DW": types.Integer(0), "W": widths, "CIDToGIDMap": types.Name("Identity"),
	})
	return put(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("Type0"), "BaseFont": name, "Encoding": types.Name("Identity-H"),
		"DescendantFonts": types.Array{child}, "ToUnicode": put(deflated(types.Dict{}, append(cmap, cmapTail...))),
	})
}
