package pdf

import (
	"crypto/sha256"
	"io"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// copier writes objects of a document into a writer under new numbers, only what
// is reached, in the order in which it is reached.
type copier struct {
	out     *writer
	from    *document
	numbers map[int]types.IndirectRef
	queue   []int
}

func newCopier(out *writer, from *document) *copier {
	return &copier{out: out, from: from, numbers: map[int]types.IndirectRef{}}
}

// ref is the new reference of an object, queued to be written.
func (c *copier) ref(old types.IndirectRef) types.Object {
	n := int(old.ObjectNumber)
	if _, ok := c.from.objects[n]; !ok {
		return nil // a reference to nothing is null
	}
	if to, ok := c.numbers[n]; ok {
		return to
	}
	to := c.out.alloc()
	c.numbers[n] = to
	c.queue = append(c.queue, n)
	return to
}

// renumber copies an object with its references changed. References are taken in
// the order of sorted keys, so that numbers never depend on map order.
func (c *copier) renumber(obj types.Object) types.Object {
	switch o := obj.(type) {
	case types.IndirectRef:
		return c.ref(o)
	case types.Dict:
		return c.renumberDict(o)
	case types.Array:
		out := make(types.Array, len(o))
		for i, e := range o {
			out[i] = c.renumber(e)
		}
		return out
	case types.StreamDict:
		d := c.renumberDict(streamEntries(o))
		return types.StreamDict{Dict: d, Raw: o.Raw}
	}
	return obj
}

func (c *copier) renumberDict(d types.Dict) types.Dict {
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := types.Dict{}
	for _, k := range keys {
		if v := c.renumber(d[k]); v != nil {
			out[k] = v
		}
	}
	return out
}

// streamEntries leaves out /Length, which the writer gives anew: following its
// reference would carry a number along that nobody needs.
func streamEntries(s types.StreamDict) types.Dict {
	d := types.Dict{}
	for k, v := range s.Dict {
		if k != "Length" {
			d[k] = v
		}
	}
	return d
}

// drain writes everything that was reached.
func (c *copier) drain() {
	for len(c.queue) > 0 && c.out.err == nil {
		n := c.queue[0]
		c.queue = c.queue[1:]
		obj := c.from.objects[n]
		if s, ok := asStream(obj); ok {
			obj = s
		}
		c.out.put(c.numbers[n], c.renumber(obj))
	}
}

// save writes the whole document anew. Its id is made from what it says, so that
// the same document is always the same bytes.
func (d *document) save(w io.Writer) error {
	h := sha256.New()
	out := newWriter(io.MultiWriter(w, h))
	c := newCopier(out, d)
	root := out.alloc()
	d.unsign()
	out.put(root, c.renumber(d.root))
	var info *types.IndirectRef
	if d.info != nil {
		if ref, ok := c.ref(*d.info).(types.IndirectRef); ok {
			info = &ref
		}
	}
	c.drain()
	return out.finish(root, info, [16]byte(h.Sum(nil)[:16]))
}

// unsign takes the signatures out of a copy that is changed, and leaves what they
// show. They would be reported as broken, and frighten whoever opens the copy;
// the signed original lies untouched in the store.
func (d *document) unsign() {
	delete(d.root, "Perms")
	delete(d.root, "DSS")
	form, ok := d.dict(d.root["AcroForm"])
	if !ok {
		return
	}
	delete(form, "SigFlags")
	d.unsignFields(d.array(form["Fields"]), "", map[int]bool{})
}

func (d *document) unsignFields(fields types.Array, kind types.Name, seen map[int]bool) {
	for _, f := range fields {
		ref, ok := f.(types.IndirectRef)
		if !ok || seen[int(ref.ObjectNumber)] {
			continue
		}
		seen[int(ref.ObjectNumber)] = true
		field, ok := d.dict(ref)
		if !ok {
			continue
		}
		own := kind
		if ft, ok := d.get(field["FT"]).(types.Name); ok {
			own = ft
		}
		if own == "Sig" {
			delete(field, "V")
			delete(field, "Lock")
		}
		d.unsignFields(d.array(field["Kids"]), own, seen)
	}
}
