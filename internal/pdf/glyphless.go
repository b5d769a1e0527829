package pdf

import (
	"encoding/binary"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// The invisible text needs a font that is embedded (PDF/A asks for it) and knows
// every character, yet draws nothing. It has two empty glyphs; every character
// code, which is its UTF-16 unit, is mapped to the second one, half an em wide.
const glyphWidth = 500 // thousandths of the font size

// addGlyphless writes that font and gives its reference. put writes one object.
func addGlyphless(put func(types.Object) types.IndirectRef) types.IndirectRef {
	file := glyphlessFile()
	fd := deflated(types.Dict{"Length1": types.Integer(len(file))}, file)
	gids := make([]byte, 2*65536)
	for i := 1; i < len(gids); i += 2 {
		gids[i] = 1
	}
	name := types.Name("NASKAH+Glyphless")
	descriptor := put(types.Dict{
		"Type": types.Name("FontDescriptor"), "FontName": name, "Flags": types.Integer(5), "FontBBox": numbers(0, 0, glyphWidth, 1000),
		"ItalicAngle": types.Integer(0), "Ascent": types.Integer(1000), "Descent": types.Integer(-1), "CapHeight": types.Integer(1000), "StemV": types.Integer(80),
		"FontFile2": put(fd),
	})
	child := put(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("CIDFontType2"), "BaseFont": name, "CIDSystemInfo": systemInfo(),
		"FontDescriptor": descriptor, "DW": types.Integer(glyphWidth), "CIDToGIDMap": put(deflated(types.Dict{}, gids)),
	})
	return put(types.Dict{
		"Type": types.Name("Font"), "Subtype": types.Name("Type0"), "BaseFont": name, "Encoding": types.Name("Identity-H"),
		"DescendantFonts": types.Array{child}, "ToUnicode": put(deflated(types.Dict{}, []byte(identityCMap))),
	})
}

func systemInfo() types.Dict {
	return types.Dict{"Registry": types.StringLiteral("Adobe"), "Ordering": types.StringLiteral("Identity"), "Supplement": types.Integer(0)}
}

// cmapHead and cmapTail stand around the mappings of a ToUnicode map.
const (
	cmapHead = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
`
	cmapTail = `endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
	// identityCMap maps each code to the same UTF-16 unit.
	identityCMap = cmapHead + "1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n" + cmapTail
)

// glyphlessFile is the TrueType file: the smallest that readers accept.
func glyphlessFile() []byte {
	be := binary.BigEndian
	head := make([]byte, 54)
	be.PutUint32(head, 0x00010000)
	be.PutUint32(head[12:], 0x5F0F3CF5) // the magic number of every TrueType head
	be.PutUint16(head[18:], 1000)       // units per em
	be.PutUint16(head[40:], glyphWidth) // xMax
	be.PutUint16(head[42:], 1000)       // yMax
	be.PutUint16(head[46:], 8)          // smallest readable size
	be.PutUint16(head[48:], 2)
	hhea := make([]byte, 36)
	be.PutUint32(hhea, 0x00010000)
	be.PutUint16(hhea[4:], 1000)  // ascent
	be.PutUint16(hhea[6:], 65535) // descent -1
	be.PutUint16(hhea[10:], glyphWidth)
	be.PutUint16(hhea[34:], 2) // both glyphs have a width
	maxp := make([]byte, 32)
	be.PutUint32(maxp, 0x00010000)
	be.PutUint16(maxp[4:], 2)
	be.PutUint16(maxp[14:], 2) // zones
	hmtx := make([]byte, 8)
	be.PutUint16(hmtx, glyphWidth)
	be.PutUint16(hmtx[4:], glyphWidth)
	return trueType(map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": make([]byte, 6), "glyf": {0, 0, 0, 0}})
}
