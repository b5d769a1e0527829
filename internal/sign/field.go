package sign

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"naskah/internal/problem"
	"naskah/internal/revision"
)

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }

// maySign refuses files whose certification allows no further signature.
func maySign(f *revision.File) error {
	perms := f.DictAt(f.Last(), f.Catalog().Get("Perms"))
	sig := f.DictAt(f.Last(), perms.Get("DocMDP"))
	for _, r := range f.ArrayAt(f.Last(), sig.Get("Reference")) {
		d := f.DictAt(f.Last(), r)
		params := f.DictAt(f.Last(), d.Get("TransformParams"))
		if d.Name("TransformMethod") == "DocMDP" && params.IntOr("P", 2) == 1 {
			return problem.New(problem.Conflict, "Dokumen ini sudah disahkan dan tidak boleh diubah lagi, jadi tidak dapat ditandatangani.",
				"This document is certified against any change, so it cannot be signed.", nil)
		}
	}
	return nil
}

// field is a signature field found in a form.
type field struct {
	ref  revision.Ref
	dict *revision.Dict
	name string
}

// maxFields bounds the walk through a form.
const maxFields = 10_000

// emptyFields are the signature fields without a value, in the form's order, and
// the names that are taken.
func emptyFields(f *revision.File, form *revision.Dict) (empty []field, taken map[string]bool) {
	taken = map[string]bool{}
	seen := map[int]bool{}
	var walk func(o revision.Object, prefix string, kind revision.Name)
	walk = func(o revision.Object, prefix string, kind revision.Name) {
		ref, ok := o.(revision.Ref)
		if !ok || seen[ref.Num] || len(seen) > maxFields {
			return
		}
		seen[ref.Num] = true
		d := f.DictAt(f.Last(), ref)
		name := prefix
		if t, ok := d.Get("T").(revision.String); ok {
			name = strings.TrimPrefix(prefix+"."+string(t.Value), ".")
			taken[name] = true
		}
		if n := d.Name("FT"); n != "" {
			kind = n
		}
		if kind == "Sig" && d.Get("V") == nil && !d.Has("Kids") {
			empty = append(empty, field{ref, d, name})
		}
		for _, kid := range f.ArrayAt(f.Last(), d.Get("Kids")) {
			walk(kid, name, kind)
		}
	}
	for _, o := range f.ArrayAt(f.Last(), form.Get("Fields")) {
		walk(o, "", "")
	}
	return empty, taken
}

// placeField puts the signature's value into its field: an empty one that is
// there (I11), or a new one.
func placeField(f *revision.File, inc *revision.Increment, value revision.Ref, o Options) error {
	root, ok := f.Trailer().Get("Root").(revision.Ref)
	if !ok {
		return fmt.Errorf("/Root is %v", f.Trailer().Get("Root"))
	}
	e := &editor{f: f, inc: inc, root: root, catalog: f.Catalog().Clone()}
	e.openForm()
	empty, taken := emptyFields(f, e.form)
	for _, each := range empty {
		if o.Field == "" || each.name == o.Field {
			d := each.dict.Clone()
			d.Set("V", value)
			if o.Visible != nil {
				d.Set("AP", revision.NewDict(revision.Name("N"), inc.Add(appearance(*o.Visible))))
			}
			inc.Replace(each.ref, d)
			e.finish(firstSignature(taken, empty))
			return nil
		}
	}
	if taken[o.Field] {
		return problem.New(problem.Conflict, "Kolom tanda tangan “"+o.Field+"” sudah terisi atau bukan kolom tanda tangan.", "The field “"+o.Field+"” is filled already or is no signature field.", nil)
	}
	if err := e.newField(value, freeName(o.Field, taken), o.Visible); err != nil {
		return err
	}
	e.finish(firstSignature(taken, empty))
	return nil
}

// firstSignature: no signature field is filled yet, as far as its names tell.
func firstSignature(taken map[string]bool, empty []field) bool { return len(taken) <= len(empty) }

func freeName(wanted string, taken map[string]bool) string {
	if wanted != "" {
		return wanted
	}
	for i := 1; ; i++ {
		if name := fmt.Sprintf("Signature%d", i); !taken[name] {
			return name
		}
	}
}

// editor changes catalog and form, each where it stood: in an object of its own,
// or inside the one above.
type editor struct {
	f       *revision.File
	inc     *revision.Increment
	root    revision.Ref
	catalog *revision.Dict
	form    *revision.Dict
	formRef *revision.Ref
	changed bool // the catalog
}

func (e *editor) openForm() {
	o := e.catalog.Get("AcroForm")
	if d := e.f.DictAt(e.f.Last(), o); d != nil {
		e.form = d.Clone()
	} else {
		e.form = revision.NewDict(revision.Name("Fields"), revision.Array{})
	}
	if ref, ok := o.(revision.Ref); ok {
		e.formRef = &ref
	}
}

// finish writes form and catalog when they changed: SigFlags (B7) and, before the
// first signature of a file that is not PDF 2.0, the extension that PAdES names
// (X1).
func (e *editor) finish(first bool) {
	before := e.form.IntOr("SigFlags", 0)
	formChanged := before != 3 || e.changed
	if formChanged {
		e.form.Set("SigFlags", int64(3))
		if e.formRef != nil {
			e.inc.Replace(*e.formRef, e.form)
		} else {
			e.catalog.Set("AcroForm", e.form)
			e.changed = true
		}
	}
	if first && !e.catalog.Has("Extensions") && e.catalog.Name("Version") != "2.0" {
		e.catalog.Set("Extensions", revision.NewDict(revision.Name("ESIC"), revision.NewDict(revision.Name("BaseVersion"), revision.Name("1.7"), revision.Name("ExtensionLevel"), int64(5))))
		e.inc.Replace(e.root, e.catalog)
		return
	}
	if e.changed && e.formRef == nil {
		e.inc.Replace(e.root, e.catalog)
	}
}

// newField adds a field with its widget to the form and to its page.
func (e *editor) newField(value revision.Ref, name string, v *Visible) error {
	number := 1
	rect := revision.Array{int64(0), int64(0), int64(0), int64(0)}
	d := revision.NewDict(revision.Name("Type"), revision.Name("Annot"), revision.Name("Subtype"), revision.Name("Widget"), revision.Name("FT"), revision.Name("Sig"),
		revision.Name("T"), textString(name), revision.Name("F"), int64(132), revision.Name("V"), value)
	if v != nil {
		number = v.Page
		rect = revision.Array{v.X, v.Y, v.X + v.W, v.Y + v.H}
		d.Set("AP", revision.NewDict(revision.Name("N"), e.inc.Add(appearance(*v))))
	}
	d.Set("Rect", rect)
	pageRef, err := e.page(number)
	if err != nil {
		return err
	}
	d.Set("P", pageRef)
	ref := e.inc.Add(d)
	e.addToPage(pageRef, ref)
	if list, ok := e.form.Get("Fields").(revision.Ref); ok { // kept indirect where it was (I7)
		e.inc.Replace(list, append(append(revision.Array{}, e.f.ArrayAt(e.f.Last(), list)...), ref))
	} else {
		e.form.Set("Fields", append(append(revision.Array{}, e.f.ArrayAt(e.f.Last(), e.form.Get("Fields"))...), ref))
		e.changed = true
	}
	if e.formRef == nil && !e.f.Catalog().Has("AcroForm") {
		e.changed = true
	}
	return nil
}

func (e *editor) addToPage(page, widget revision.Ref) {
	d := e.f.DictAt(e.f.Last(), page)
	annots := append(append(revision.Array{}, e.f.ArrayAt(e.f.Last(), d.Get("Annots"))...), widget)
	if list, ok := d.Get("Annots").(revision.Ref); ok { // I7
		e.inc.Replace(list, annots)
		return
	}
	d = d.Clone()
	d.Set("Annots", annots)
	e.inc.Replace(page, d)
}

// maxPageNodes bounds the walk through the page tree; circles end there too.
const maxPageNodes = 100_000

// page finds page n, counted from 1.
func (e *editor) page(n int) (revision.Ref, error) {
	left, nodes := n, 0
	seen := map[int]bool{}
	var found *revision.Ref
	var walk func(o revision.Object)
	walk = func(o revision.Object) {
		ref, ok := o.(revision.Ref)
		if !ok || found != nil || seen[ref.Num] || nodes > maxPageNodes {
			return
		}
		seen[ref.Num] = true
		nodes++
		d := e.f.DictAt(e.f.Last(), ref)
		if d == nil {
			return
		}
		if !d.Has("Kids") {
			if left--; left == 0 {
				found = &ref
			}
			return
		}
		for _, kid := range e.f.ArrayAt(e.f.Last(), d.Get("Kids")) {
			walk(kid)
		}
	}
	walk(e.catalog.Get("Pages"))
	if found == nil {
		return revision.Ref{}, problem.New(problem.Invalid, fmt.Sprintf("PDF ini tidak punya halaman %d.", n), fmt.Sprintf("This PDF has no page %d.", n), nil)
	}
	return *found, nil
}

// appearance draws the lines of a visible signature in a thin frame.
func appearance(v Visible) *revision.Stream {
	size := min(v.H/float64(len(v.Lines)+1), 10)
	var b bytes.Buffer
	fmt.Fprintf(&b, "q 0.06 0.30 0.36 RG 0.75 w 0.5 0.5 %.2f %.2f re S BT /F0 %.2f Tf 0.09 0.13 0.16 rg %.2f TL 4 %.2f Td\n", v.W-1, v.H-1, size, size*1.2, v.H-4)
	for _, line := range v.Lines {
		b.WriteString("T* ")
		revision.Write(&b, revision.String{Value: latin(line)})
		b.WriteString(" Tj\n")
	}
	b.WriteString("ET Q")
	font := revision.NewDict(revision.Name("Type"), revision.Name("Font"), revision.Name("Subtype"), revision.Name("Type1"), revision.Name("BaseFont"), revision.Name("Helvetica"), revision.Name("Encoding"), revision.Name("WinAnsiEncoding"))
	return revision.NewStream(revision.NewDict(
		revision.Name("Type"), revision.Name("XObject"), revision.Name("Subtype"), revision.Name("Form"),
		revision.Name("BBox"), revision.Array{int64(0), int64(0), v.W, v.H},
		revision.Name("Resources"), revision.NewDict(revision.Name("Font"), revision.NewDict(revision.Name("F0"), font)),
	), b.Bytes())
}

// latin writes text in WinAnsi; what it lacks becomes a question mark.
func latin(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r < 0x20 || r > 0xff || r >= 0x7f && r < 0xa0 {
			r = '?'
		}
		out = append(out, byte(r)) //nolint:gosec // at most 255
	}
	return out
}
