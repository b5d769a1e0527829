package pdf

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// Finish makes a PDF that we set ourselves into PDF/A-2b, ready to be signed: the
// claims, the colour profile, one description of itself, header 1.7 with its
// extensions, a classic cross-reference table without holes, and the empty
// signature fields, which must all be there before the first signature
// (signatures.md I8, I11). What the pages show is the caller's to have right:
// every font embedded, colours in RGB or grey.
func Finish(in []byte, m Meta) ([]byte, error) {
	d, err := open(bytes.NewReader(in))
	if err != nil {
		return nil, err
	}
	root := types.Dict{"Type": types.Name("Catalog"), "Pages": d.root["Pages"]}
	d.root = root
	if err := d.addFields(m.Fields); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	buf.Grow(len(in) + 16<<10)
	out := newWriter(&buf)
	c := newCopier(out, d)
	at := out.alloc()
	catalog := c.renumberDict(root)
	c.drain()
	info := describe(catalog, m, out.add)
	out.put(at, catalog)
	err = out.finish(at, &info, m.ID)
	return buf.Bytes(), err
}

// addFields makes the empty signature fields with their places on the pages.
func (d *document) addFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	var refs types.Array
	for _, f := range fields {
		ref, err := d.addField(f)
		if err != nil {
			return err
		}
		refs = append(refs, ref)
	}
	// Each its own object, so that a signature rewrites a few bytes and the places
	// where /Fields and /Annots stood stay (I7). Flags 3: there are signatures, and
	// only increments may follow them.
	d.root["AcroForm"] = d.add(types.Dict{"Fields": d.add(refs), "SigFlags": types.Integer(3)})
	return nil
}

func (d *document) addField(f Field) (types.IndirectRef, error) {
	p, err := d.page(f.Page)
	if err != nil {
		return types.IndirectRef{}, err
	}
	v := d.viewOf(p)
	r := v.toPage(f.Rect)
	if f.Name == "" || r[2] <= r[0] || r[3] <= r[1] {
		return types.IndirectRef{}, problem.New(problem.Internal, "Tempat tanda tangan tidak dapat dibuat.", "The place of the signature cannot be made.", fmt.Errorf("field %q at %v", f.Name, f.Rect))
	}
	empty := d.add(plain(types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": numbers(0, 0, r[2]-r[0], r[3]-r[1]), "Resources": types.Dict{},
	}, nil))
	ref := d.add(types.Dict{
		"Type": types.Name("Annot"), "Subtype": types.Name("Widget"), "FT": types.Name("Sig"), "T": textString(f.Name), "F": types.Integer(132),
		"P": d.pages[f.Page-1], "Rect": numbers(r[:]...), "AP": types.Dict{"N": empty},
	})
	p["Annots"] = d.add(append(append(types.Array{}, d.array(p["Annots"])...), ref))
	return ref, nil
}

// Claim says whether a file claims to be PDF/A of part 1 or 2, whose pages may
// stand in a PDF/A-2b. A claim is not a proof; it is what its maker vouched for.
func Claim(in io.ReadSeeker) (bool, error) {
	d, err := open(in)
	if err != nil {
		return false, err
	}
	s, ok := d.get(d.root["Metadata"]).(types.StreamDict)
	if !ok {
		return false, nil
	}
	packet := s.Raw // PDF/A forbids compressing it
	for _, form := range []string{"<pdfaid:part>%d<", `pdfaid:part="%d"`, `pdfaid:part='%d'`} {
		for part := 1; part <= 2; part++ {
			if bytes.Contains(packet, fmt.Appendf(nil, form, part)) {
				return true, nil
			}
		}
	}
	return false, nil
}
