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
	if !j.tail {
		s.Changes = ChangesOther
		s.fail(FormatFailure, "Ada data lain setelah akhir berkas.", "Something stands after the end of the file.")
		return
	}
	j.samevalue(s, w, field)
	var all comparison
	for rev := w.revision + 1; rev <= j.f.Last(); rev++ {
		all.add(j.increment(rev))
	}
	s.Changes, s.Changed = all.verdict()
	switch {
	case s.Changes == ChangesOther:
		n, m := count(len(s.Changed), "objek diubah", "objects changed")
		s.fail(FormatFailure, "Isi dokumen BERUBAH setelah ditandatangani ("+n+").", "The document CHANGED after it was signed ("+m+").")
		s.Reasons = append(s.Reasons, all.reasons...)
	case s.Changes == ChangesAnnotations:
		s.fail(FormatFailure, "Catatan atau gambar ditambahkan di atas halaman setelah ditandatangani.", "Notes or drawings were put on the pages after it was signed.")
	case s.Changes == ChangesForm && j.forbidsChanges(field.dict):
		s.fail(FormatFailure, "Dokumen disahkan tanpa boleh diubah lagi, tetapi setelah itu masih diisi.", "The document was certified against any change, but was filled in afterwards.")
	}
}

// forbidsChanges says whether the signature certifies with P=1 (DocMDP).
func (j *judge) forbidsChanges(d *revision.Dict) bool {
	for _, o := range j.f.ArrayAt(j.f.Last(), d.Get("Reference")) {
		ref := j.f.DictAt(j.f.Last(), o)
		params := j.f.DictAt(j.f.Last(), ref.Get("TransformParams"))
		if ref.Name("TransformMethod") == "DocMDP" && params.IntOr("P", 2) == 1 {
			return true
		}
	}
	return false
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

// increment judges what a revision did to the one before; each is judged once,
// however many signatures ask.
func (j *judge) increment(rev int) *comparison {
	if c := j.increments[rev]; c != nil {
		return c
	}
	c := &comparison{f: j.f, rev: rev}
	c.judge()
	j.increments[rev] = c
	return c
}

// comparison is what one revision did to the state before it.
type comparison struct {
	f       *revision.File
	rev     int
	before  *graph // of the state before, made when first needed
	lta     bool
	forms   bool
	notes   bool
	other   []int
	reasons []Reason
}

func (c *comparison) add(o *comparison) {
	c.lta, c.forms, c.notes = c.lta || o.lta, c.forms || o.forms, c.notes || o.notes
	c.other, c.reasons = append(c.other, o.other...), append(c.reasons, o.reasons...)
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

// deny notes a change that is not on the list, and says once per kind what it is.
func (c *comparison) deny(num int, id, en string) {
	c.other = append(c.other, num)
	if r := (Reason{id, en}); !slices.Contains(c.reasons, r) {
		c.reasons = append(c.reasons, r)
	}
}

func (c *comparison) judge() {
	r, old := c.f.Revisions()[c.rev], c.f.Revisions()[c.rev-1]
	if r.Trailer.Get("Root") != old.Trailer.Get("Root") || written(r.Trailer.Get("Encrypt")) != written(old.Trailer.Get("Encrypt")) {
		c.deny(-1, "Seluruh dokumen diganti.", "The whole document was replaced.")
		return
	}
	if n := c.graph().broken; n != 0 {
		// A reader that repairs it may take what was written later for part of it.
		c.deny(n, "Sebagian isi yang ditandatangani tidak utuh, dan ada yang ditambahkan sesudahnya.", "Part of what was signed is not whole, and something was added after it.")
	}
	if was, is := old.Trailer.Get("Info"), r.Trailer.Get("Info"); written(was) != written(is) {
		c.info(-1, orEmpty(c.f.DictAt(c.rev-1, was)), orEmpty(c.f.DictAt(c.rev, is)))
	}
	for _, num := range numbers(r.Objects) {
		e := r.Objects[num]
		switch {
		case num == 0:
		case e.Free:
			if c.f.Exists(c.rev-1, num) {
				c.deny(num, "Sebagian isi dihapus.", "Part of the content was deleted.")
			}
		case c.f.Exists(c.rev-1, num):
			c.rewritten(num, e)
		case c.graph().reached(num):
			// A new object counts for nothing until something leads to it, and what
			// leads to it is judged. Here something signed led to it already.
			c.deny(num, "Tempat yang sengaja dikosongkan diisi kemudian.", "A place that was left empty on purpose was filled later.")
		}
	}
}

func numbers(objects map[int]revision.Entry) []int {
	out := make([]int, 0, len(objects))
	for num := range objects {
		out = append(out, num)
	}
	sort.Ints(out)
	return out
}

func (c *comparison) graph() *graph {
	if c.before == nil {
		c.before = newGraph(c.f, c.rev-1)
	}
	return c.before
}

// rewritten judges an object that stood before.
func (c *comparison) rewritten(num int, e revision.Entry) {
	before, errB := c.f.ObjectAt(c.rev-1, num)
	after, errA := c.f.ObjectAt(c.rev, num)
	switch {
	case errA != nil || errB != nil:
		c.deny(num, "Bagian yang diubah tidak dapat dibaca.", "A part that was changed cannot be read.")
		return
	case c.same(before, after), c.isTable(num, e):
		return
	}
	b, okB := before.(*revision.Dict)
	a, okA := after.(*revision.Dict)
	kind := c.kind(num, before)
	isList := kind == kindFields
	switch {
	case isList:
		c.list(num, before, after)
	case kind == kindDSS:
		c.lta = true
	case kind == kindOther, !okA, !okB:
		c.denyObject(num, before)
	case kind == kindCatalog:
		c.catalog(num, b, a)
	case kind == kindForm:
		c.form(num, b, a)
	case kind == kindPage:
		c.page(num, b, a)
	case kind == kindField:
		c.field(num, b, a)
	case kind == kindInfo:
		c.info(num, b, a)
	}
}

// denyObject names what kind of thing was changed.
func (c *comparison) denyObject(num int, before revision.Object) {
	d := c.f.DictAt(c.rev-1, before)
	_, isStream := before.(*revision.Stream)
	switch {
	case d.Name("Type") == "Pages":
		c.deny(num, "Susunan halaman diubah.", "The set of pages was changed.")
	case d.Has("Rect"):
		c.deny(num, "Catatan atau kolom di atas halaman diubah.", "A note or a field on a page was changed.")
	case isStream && d.Name("Type") != "Metadata":
		c.deny(num, "Isi halaman, gambar atau huruf diubah.", "The content of a page, a picture or a font was changed.")
	default:
		c.deny(num, "Bagian lain dokumen diubah.", "Another part of the document was changed.")
	}
}

// isTable says whether the object is the revision's own cross-reference stream,
// which took the number of an earlier one that nothing else uses.
func (c *comparison) isTable(num int, e revision.Entry) bool {
	all := c.f.Revisions()
	if e.In != 0 || e.Offset != all[c.rev].Xref || c.graph().reached(num) {
		return false
	}
	for i := c.rev - 1; i >= 0; i-- {
		if old, ok := all[i].Objects[num]; ok {
			return old.In == 0 && old.Offset == all[i].Xref
		}
	}
	return false
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
