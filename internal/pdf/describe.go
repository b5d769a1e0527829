package pdf

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// producer is the name in the file; no version, so that an update of Naskah does
// not change the bytes of a letter that is made again.
const producer = "Naskah"

// describe gives a catalog all that PDF/A-2b asks of it, and makes the
// information dictionary that says the same. put writes one object.
func describe(root types.Dict, m Meta, put func(types.Object) types.IndirectRef) types.IndirectRef {
	root["Metadata"] = put(plain(types.Dict{"Type": types.Name("Metadata"), "Subtype": types.Name("XML")}, xmp(m)))
	profile := put(deflated(types.Dict{"N": types.Integer(3), "Alternate": types.Name("DeviceRGB")}, sRGB()))
	root["OutputIntents"] = types.Array{put(types.Dict{
		"Type": types.Name("OutputIntent"), "S": types.Name("GTS_PDFA1"), "OutputConditionIdentifier": types.StringLiteral("sRGB IEC61966-2.1"),
		"Info": types.StringLiteral("sRGB IEC61966-2.1"), "DestOutputProfile": profile,
	})}
	// Declared before the first signature (signatures.md X1): what PAdES uses
	// beyond PDF 1.7 may not be added under a signature.
	level := func(n int) types.Dict {
		return types.Dict{"Type": types.Name("DeveloperExtensions"), "BaseVersion": types.Name("1.7"), "ExtensionLevel": types.Integer(n)}
	}
	root["Extensions"] = types.Dict{"ADBE": level(8), "ESIC": level(1)}
	root["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	if m.Language != "" {
		root["Lang"] = textString(m.Language)
	}
	info := types.Dict{"Producer": textString(producer)}
	for key, value := range map[string]string{"Title": m.Title, "Author": m.Author, "Creator": m.Creator} {
		if value = cleanText(value); value != "" {
			info[key] = textString(value)
		}
	}
	if !m.Created.IsZero() {
		info["CreationDate"], info["ModDate"] = dateString(m.Created), dateString(m.Created)
	}
	return put(info)
}

// xmp is the metadata packet. Its members must say what the information
// dictionary says.
func xmp(m Meta) []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n")
	b.WriteString(`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` + "\n")
	if !m.NoClaim {
		b.WriteString("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n")
	}
	b.WriteString("<dc:format>application/pdf</dc:format>\n")
	wrap(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", m.Title)
	wrap(&b, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", m.Author)
	wrap(&b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", m.Language)
	wrap(&b, "<xmp:CreatorTool>%s</xmp:CreatorTool>\n", m.Creator)
	if !m.Created.IsZero() {
		at := m.Created.UTC().Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(&b, "<xmp:CreateDate>%[1]s</xmp:CreateDate><xmp:ModifyDate>%[1]s</xmp:ModifyDate>\n", at)
	}
	wrap(&b, "<pdf:Producer>%s</pdf:Producer>\n", producer)
	fmt.Fprintf(&b, "</rdf:Description>\n</rdf:RDF></x:xmpmeta>\n%s<?xpacket end=\"w\"?>", strings.Repeat(strings.Repeat(" ", 99)+"\n", 4))
	return []byte(b.String())
}

func wrap(b *strings.Builder, format, value string) {
	if value = cleanText(value); value == "" {
		return
	}
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(value)) // a strings.Builder takes everything
	fmt.Fprintf(b, format, escaped.String())
}

// cleanText is text without what XML cannot hold, the same in both places.
func cleanText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == 0xFFFD || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}
