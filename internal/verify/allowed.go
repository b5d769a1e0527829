package verify

import (
	"slices"

	"naskah/internal/revision"
)

type objectKind int

const (
	kindOther objectKind = iota
	kindCatalog
	kindForm
	kindFields
	kindPage
	kindField
	kindInfo
	kindDSS
)

// kind says what part an object plays in the state before, by where it is reached
// from, never by what it calls itself.
func (c *comparison) kind(num int, before revision.Object) objectKind {
	g, rev := c.graph(), c.rev-1
	catalog := c.f.CatalogAt(rev)
	d, _ := before.(*revision.Dict)
	_, isArray := before.(revision.Array)
	switch {
	case g.only(num, "Root"):
		return kindCatalog
	case g.only(num, "Info"):
		return kindInfo
	case g.only(num, "AcroForm") && refTo(catalog.Get("AcroForm"), num):
		return kindForm
	case isArray && g.only(num, "Fields", "Annots"):
		return kindFields
	case g.dss[num] && !g.reached(num) && (d != nil || isArray): // its streams are only added
		return kindDSS
	case d == nil:
	case slices.Contains(signatureFieldsAt(c.f, rev), num):
		return kindField
	case d.Name("Type") == "Page" && slices.Contains(g.keys[num], "Kids"):
		return kindPage
	}
	return kindOther
}

func refTo(o revision.Object, num int) bool {
	r, ok := o.(revision.Ref)
	return ok && r.Num == num
}

// onlyKeys says whether two dictionaries differ in the named keys alone.
func onlyKeys(before, after *revision.Dict, allowed ...revision.Name) bool {
	for _, d := range []*revision.Dict{before, after} {
		for _, k := range d.Keys() {
			if !slices.Contains(allowed, k) && written(before.Get(k)) != written(after.Get(k)) {
				return false
			}
		}
	}
	return len(after.Repeated) == 0
}

func (c *comparison) catalog(num int, b, a *revision.Dict) {
	grown := !b.Has("Extensions") || !b.Has("DSS") && a.Has("DSS") // extensions may come with a DSS
	if !onlyKeys(b, a, "AcroForm", "DSS", "Extensions") || !grown && written(b.Get("Extensions")) != written(a.Get("Extensions")) || b.Has("DSS") && !a.Has("DSS") {
		c.deny(num, "Pengaturan dokumen diubah, misalnya apa yang terjadi saat dibuka.", "The document's settings were changed, such as what happens when it is opened.")
		return
	}
	if written(b.Get("DSS")) != written(a.Get("DSS")) {
		c.lta = true
	}
	if written(b.Get("AcroForm")) != written(a.Get("AcroForm")) {
		c.form(num, orEmpty(c.f.DictAt(c.rev-1, b.Get("AcroForm"))), orEmpty(c.f.DictAt(c.rev, a.Get("AcroForm"))))
	}
}

func orEmpty(d *revision.Dict) *revision.Dict {
	if d == nil {
		return revision.NewDict()
	}
	return d
}

func (c *comparison) form(num int, b, a *revision.Dict) {
	if !onlyKeys(b, a, "Fields", "SigFlags") {
		c.deny(num, "Formulir dokumen diubah.", "The document's form was changed.")
		return
	}
	if written(b.Get("SigFlags")) != written(a.Get("SigFlags")) {
		c.forms = true
	}
	c.list(num, c.f.ArrayAt(c.rev-1, b.Get("Fields")), c.f.ArrayAt(c.rev, a.Get("Fields")))
}

// list allows a list of fields or annotations to grow by filled signature fields.
func (c *comparison) list(num int, before, after revision.Object) {
	b, _ := before.(revision.Array)
	a, okA := after.(revision.Array)
	if !okA && after != nil || len(a) < len(b) || written(a[:len(b)]) != written(b) {
		c.deny(num, "Kolom atau catatan dihapus atau ditukar.", "Fields or notes were removed or exchanged.")
		return
	}
	for _, added := range a[len(b):] {
		ref, ok := added.(revision.Ref)
		if !ok || !c.newSignatureField(ref) {
			c.notes = true
			return
		}
	}
}

// newSignatureField says whether a new object is a signature field that a further
// signature fills, and carries nothing that could do or show anything else. An
// empty field is none: its appearance would be drawn over the page.
func (c *comparison) newSignatureField(ref revision.Ref) bool {
	d, ok := c.object(ref).(*revision.Dict)
	if !ok || c.f.Exists(c.rev-1, ref.Num) || !slices.Contains(signatureFieldsAt(c.f, c.rev), ref.Num) {
		return false
	}
	if sub := d.Name("Subtype"); sub != "" && sub != "Widget" {
		return false
	}
	allowed := []revision.Name{"Type", "Subtype", "FT", "T", "TU", "TM", "V", "F", "Ff", "P", "Rect", "AP", "MK", "DA", "Border", "BS", "Lock", "SV", "M", "NM"}
	for _, k := range d.Keys() {
		if !slices.Contains(allowed, k) {
			return false
		}
	}
	return c.filled(d)
}

func (c *comparison) object(ref revision.Ref) revision.Object {
	o, err := c.f.ObjectAt(c.rev, ref.Num)
	if err != nil {
		return nil
	}
	return o
}

// filled says whether a field has a signature as its value, and notes of which
// kind. The signature itself is judged for its own sake.
func (c *comparison) filled(field *revision.Dict) bool {
	v := c.f.DictAt(c.rev, field.Get("V"))
	if !v.Has("ByteRange") || !v.Has("Contents") {
		return false
	}
	if v.Name("SubFilter") == subTimestamp {
		c.lta = true
	} else {
		c.forms = true
	}
	return true
}

func (c *comparison) page(num int, b, a *revision.Dict) {
	if !onlyKeys(b, a, "Annots") {
		c.deny(num, "Halaman diubah.", "A page was changed.")
		return
	}
	c.list(num, orEmptyArray(c.f.ArrayAt(c.rev-1, b.Get("Annots"))), orEmptyArray(c.f.ArrayAt(c.rev, a.Get("Annots"))))
}

func orEmptyArray(a revision.Array) revision.Array {
	if a == nil {
		return revision.Array{}
	}
	return a
}

// field allows an empty signature field to be filled, once; its place stays.
func (c *comparison) field(num int, b, a *revision.Dict) {
	if b.Has("V") || !onlyKeys(b, a, "V", "AP", "M") || !c.filled(a) {
		c.deny(num, "Kolom tanda tangan diubah.", "A signature field was changed.")
	}
}

// info allows the dates and the producer of the document's description.
func (c *comparison) info(num int, b, a *revision.Dict) {
	if !onlyKeys(b, a, "ModDate", "CreationDate", "Producer") {
		c.deny(num, "Keterangan dokumen (judul, pembuat) diubah.", "The document's description (title, author) was changed.")
		return
	}
	c.lta = true
}

// signatureFieldsAt are the object numbers of signature fields (merged with their
// widgets) as of a revision.
func signatureFieldsAt(f *revision.File, rev int) []int {
	var out []int
	seen := map[int]bool{}
	var walk func(o revision.Object, kind revision.Name)
	walk = func(o revision.Object, kind revision.Name) {
		ref, ok := o.(revision.Ref)
		if !ok || seen[ref.Num] || len(seen) > maxFields {
			return
		}
		seen[ref.Num] = true
		d := f.DictAt(rev, ref)
		if n := d.Name("FT"); n != "" {
			kind = n
		}
		if kind == "Sig" {
			out = append(out, ref.Num)
		}
		for _, kid := range f.ArrayAt(rev, d.Get("Kids")) {
			walk(kid, kind)
		}
	}
	form := f.DictAt(rev, f.CatalogAt(rev).Get("AcroForm"))
	for _, o := range f.ArrayAt(rev, form.Get("Fields")) {
		walk(o, "")
	}
	return out
}
