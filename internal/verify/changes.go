package verify

import (
	"bytes"
	"slices"
	"sort"

	"naskah/internal/revision"
)

// changes compares what came after the signed revision with the list of what may
// come: a further signature filling or adding its field, and the data of
// long-term validation. Everything else is a change (deny by default).
func (j *judge) changes(s *Signature, w span, field sigField) {
	if w.revision < 0 {
		s.Changes = ChangesOther
		s.fail(FormatFailure, "Tanda tangan tidak berakhir di akhir sebuah versi berkas.", "The signature does not end where a revision of the file ends.")
		return
	}
	last := j.f.Revisions()[j.f.Last()]
	if j.f.Size() != last.End {
		s.Changes = ChangesOther
		s.fail(FormatFailure, "Ada data lain setelah akhir berkas.", "Something stands after the end of the file.")
		return
	}
	j.samevalue(s, w, field)
	c := comparison{f: j.f, old: w.revision}
	for rev := w.revision + 1; rev <= j.f.Last(); rev++ {
		c.increment(rev)
	}
	s.Changes, s.Changed = c.verdict()
	switch s.Changes {
	case ChangesOther:
		n, m := count(len(s.Changed), "objek diubah", "objects changed")
		s.fail(FormatFailure, "Isi dokumen BERUBAH setelah ditandatangani ("+n+").", "The document CHANGED after it was signed ("+m+").")
	case ChangesAnnotations:
		s.fail(FormatFailure, "Catatan atau gambar ditambahkan di atas halaman setelah ditandatangani.", "Notes or drawings were put on the pages after it was signed.")
	}
}

// samevalue fails a signature whose dictionary was written anew after it: what the
// field shows now is not what was signed.
func (j *judge) samevalue(s *Signature, w span, field sigField) {
	ref, ok := field.value.(revision.Ref)
	if !ok {
		return
	}
	for rev := w.revision + 1; rev <= j.f.Last(); rev++ {
		if _, rewritten := j.f.Revisions()[rev].Objects[ref.Num]; rewritten {
			s.fail(FormatFailure, "Data tanda tangan ditulis ulang setelah ditandatangani.", "The signature's data was written anew after signing.")
			return
		}
	}
}

// comparison collects what later revisions did to the signed one.
type comparison struct {
	f       *revision.File
	old     int
	allowed map[int]bool // objects that an allowed change brought
	lta     bool
	forms   bool
	notes   bool
	other   []int
}

func (c *comparison) verdict() (string, []int) {
	switch {
	case len(c.other) > 0:
		sort.Ints(c.other)
		return ChangesOther, slices.Compact(c.other)
	case c.notes:
		return ChangesAnnotations, nil
	case c.forms:
		return ChangesForm, nil
	case c.lta:
		return ChangesLTA, nil
	}
	return ChangesNone, nil
}

// increment judges each object that a revision wrote, against the state before.
func (c *comparison) increment(rev int) {
	if c.allowed == nil {
		c.allowed = map[int]bool{}
	}
	r := c.f.Revisions()[rev]
	if root, old := r.Trailer.Get("Root"), c.f.Revisions()[rev-1].Trailer.Get("Root"); root != old {
		c.other = append(c.other, -1) // another catalog altogether
		return
	}
	c.followAdditions(rev)
	for num, e := range r.Objects {
		switch {
		case num == 0, c.isContainer(rev, num):
		case e.Free:
			if c.f.Exists(rev-1, num) {
				c.other = append(c.other, num)
			}
		case !c.f.Exists(rev-1, num):
			// A new object counts for nothing until something leads to it, and what
			// leads to it is judged.
		default:
			c.rewritten(rev, num)
		}
	}
}

// isContainer says whether the object only carries others: cross-reference and
// object streams.
func (c *comparison) isContainer(rev, num int) bool {
	o, err := c.f.ObjectAt(rev, num)
	s, ok := o.(*revision.Stream)
	return err == nil && ok && (s.Dict.Name("Type") == "XRef" || s.Dict.Name("Type") == "ObjStm")
}

// followAdditions notes what the revision added to the form and the catalog in the
// allowed way.
func (c *comparison) followAdditions(rev int) {
	for _, f := range signatureFieldsAt(c.f, rev) {
		c.allowed[f] = true
	}
}

// rewritten judges an object that stood before.
func (c *comparison) rewritten(rev, num int) {
	before, errB := c.f.ObjectAt(rev-1, num)
	after, errA := c.f.ObjectAt(rev, num)
	if errA != nil || errB != nil {
		c.other = append(c.other, num)
		return
	}
	if c.same(before, after) {
		return
	}
	switch c.kind(rev, num, before) {
	case kindCatalog:
		c.catalog(rev, num, before, after)
	case kindForm:
		c.form(rev, num, before, after)
	case kindFields:
		c.list(rev, num, before, after)
	case kindPage:
		c.page(rev, num, before, after)
	case kindField:
		c.field(rev, num, before, after)
	case kindInfo:
		c.info(num, before, after)
	case kindDSS:
		c.lta = true
	default:
		c.other = append(c.other, num)
	}
}

func (c *comparison) same(a, b revision.Object) bool {
	sa, okA := a.(*revision.Stream)
	sb, okB := b.(*revision.Stream)
	if okA != okB {
		return false
	}
	if okA {
		da, errA := c.f.Data(sa)
		db, errB := c.f.Data(sb)
		return errA == nil && errB == nil && bytes.Equal(da, db) && written(sa.Dict) == written(sb.Dict)
	}
	return written(a) == written(b)
}

func written(o revision.Object) string {
	var b bytes.Buffer
	revision.Write(&b, o)
	return b.String()
}

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
func (c *comparison) kind(rev, num int, before revision.Object) objectKind {
	f := c.f
	trailer := f.Revisions()[rev-1].Trailer
	catalog := f.CatalogAt(rev - 1)
	switch {
	case refTo(trailer.Get("Root"), num):
		return kindCatalog
	case refTo(trailer.Get("Info"), num):
		return kindInfo
	case refTo(catalog.Get("AcroForm"), num):
		return kindForm
	case refTo(f.DictAt(rev-1, catalog.Get("AcroForm")).Get("Fields"), num):
		return kindFields
	case c.inDSS(rev-1, num):
		return kindDSS
	}
	d, ok := before.(*revision.Dict)
	if ok && slices.Contains(signatureFieldsAt(f, rev-1), num) {
		return kindField
	}
	if ok && d.Name("Type") == "Page" {
		return kindPage
	}
	if _, isArray := before.(revision.Array); isArray && c.isAnnots(rev-1, num) {
		return kindFields
	}
	return kindOther
}

func refTo(o revision.Object, num int) bool {
	r, ok := o.(revision.Ref)
	return ok && r.Num == num
}

// maxPages bounds the walk through the page tree.
const maxPages = 100_000

// isAnnots says whether the object is the annotation list of a page.
func (c *comparison) isAnnots(rev, num int) bool {
	seen := map[int]bool{}
	var walk func(o revision.Object) bool
	walk = func(o revision.Object) bool {
		ref, ok := o.(revision.Ref)
		if !ok || seen[ref.Num] || len(seen) > maxPages {
			return false
		}
		seen[ref.Num] = true
		d := c.f.DictAt(rev, ref)
		if refTo(d.Get("Annots"), num) {
			return true
		}
		for _, kid := range c.f.ArrayAt(rev, d.Get("Kids")) {
			if walk(kid) {
				return true
			}
		}
		return false
	}
	return walk(c.f.CatalogAt(rev).Get("Pages"))
}

// inDSS says whether the object is the document security store or one of its
// lists. Its certificates and answers are streams that are only added.
func (c *comparison) inDSS(rev, num int) bool {
	dss := c.f.CatalogAt(rev).Get("DSS")
	if refTo(dss, num) {
		return true
	}
	d := c.f.DictAt(rev, dss)
	for _, key := range []revision.Name{"Certs", "OCSPs", "CRLs", "VRI"} {
		if refTo(d.Get(key), num) {
			return true
		}
	}
	return false
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

func (c *comparison) catalog(rev, num int, before, after revision.Object) {
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	if !okA || !okB || !onlyKeys(b, a, "AcroForm", "DSS", "Extensions") || b.Has("Extensions") && written(b.Get("Extensions")) != written(a.Get("Extensions")) && !c.dssOnly(b, a) {
		c.other = append(c.other, num)
		return
	}
	if written(b.Get("DSS")) != written(a.Get("DSS")) {
		c.lta = true
	}
	if written(b.Get("AcroForm")) != written(a.Get("AcroForm")) {
		c.form(rev, num, orEmpty(c.f.DictAt(rev-1, b.Get("AcroForm"))), orEmpty(c.f.DictAt(rev, a.Get("AcroForm"))))
	}
}

// dssOnly allows extensions to grow when a DSS came with them.
func (c *comparison) dssOnly(b, a *revision.Dict) bool { return !b.Has("DSS") && a.Has("DSS") }

func orEmpty(d *revision.Dict) *revision.Dict {
	if d == nil {
		return revision.NewDict()
	}
	return d
}

func (c *comparison) form(rev, num int, before, after revision.Object) {
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	if !okA || !okB || !onlyKeys(b, a, "Fields", "SigFlags") {
		c.other = append(c.other, num)
		return
	}
	c.forms = true
	c.list(rev, num, c.f.ArrayAt(rev-1, b.Get("Fields")), c.f.ArrayAt(rev, a.Get("Fields")))
}

// list allows a list of fields or annotations to grow by signature fields.
func (c *comparison) list(rev, num int, before, after revision.Object) {
	b, _ := before.(revision.Array)
	a, okA := after.(revision.Array)
	if !okA && after != nil || len(a) < len(b) || written(a[:len(b)]) != written(b) {
		c.other = append(c.other, num)
		return
	}
	for _, added := range a[len(b):] {
		ref, ok := added.(revision.Ref)
		if !ok || !slices.Contains(signatureFieldsAt(c.f, rev), ref.Num) || c.f.Exists(c.old, ref.Num) && !slices.Contains(signatureFieldsAt(c.f, c.old), ref.Num) {
			c.notes = true
			return
		}
		c.forms = true
	}
}

func (c *comparison) page(rev, num int, before, after revision.Object) {
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	if !okA || !okB || !onlyKeys(b, a, "Annots") {
		c.other = append(c.other, num)
		return
	}
	c.list(rev, num, orEmptyArray(c.f.ArrayAt(rev-1, b.Get("Annots"))), orEmptyArray(c.f.ArrayAt(rev, a.Get("Annots"))))
}

func orEmptyArray(a revision.Array) revision.Array {
	if a == nil {
		return revision.Array{}
	}
	return a
}

// field allows an empty signature field to be filled, once; its place stays.
func (c *comparison) field(_, num int, before, after revision.Object) {
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	if !okA || !okB || b.Has("V") || !a.Has("V") || !onlyKeys(b, a, "V", "AP", "M") {
		c.other = append(c.other, num)
		return
	}
	c.forms = true
}

// info allows the dates and the producer of the document's description.
func (c *comparison) info(num int, before, after revision.Object) {
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	if !okA || !okB || !onlyKeys(b, a, "ModDate", "Producer") {
		c.other = append(c.other, num)
	}
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
