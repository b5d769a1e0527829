package pdf

import (
	"errors"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// PageCount is the number of pages.
func PageCount(in io.ReadSeeker) (int, error) {
	d, err := open(in)
	if err != nil {
		return 0, err
	}
	return len(d.pages), nil
}

// inherited are the page entries that a page may take from the nodes above it.
func inherited() []string { return []string{"Resources", "MediaBox", "CropBox", "Rotate"} }

// collectPages walks the page tree once and gives every page what it inherits. A
// node met twice is a circle or a page shown twice: both are damage.
func (d *document) collectPages() error {
	seen := map[int]bool{}
	err := d.walk(d.root["Pages"], types.Dict{}, seen, 0)
	if err == nil && len(d.pages) == 0 {
		err = errors.New("no pages")
	}
	if err != nil {
		return damaged(err)
	}
	return nil
}

func (d *document) walk(node types.Object, above types.Dict, seen map[int]bool, depth int) error {
	ref, ok := node.(types.IndirectRef)
	if !ok || depth > maxDepth || seen[int(ref.ObjectNumber)] || len(d.pages) >= maxPages {
		return errors.New("the page tree is broken, circular or too large")
	}
	seen[int(ref.ObjectNumber)] = true
	dict, ok := d.get(ref).(types.Dict)
	if !ok {
		return nil // a lost page: the others are still worth having
	}
	kids, hasKids := dict["Kids"]
	if !hasKids {
		d.addPage(ref, dict, above)
		return nil
	}
	down := inheritedBy(dict, above)
	for _, kid := range d.array(kids) {
		if err := d.walk(kid, down, seen, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// addPage takes a leaf of the tree with what it inherits.
func (d *document) addPage(ref types.IndirectRef, dict, above types.Dict) {
	if kind, _ := d.get(dict["Type"]).(types.Name); kind != "Page" && dict["Contents"] == nil {
		return // neither a node nor a page
	}
	dict["Type"] = types.Name("Page")
	for k, v := range above {
		if _, own := dict[k]; !own {
			dict[k] = v
		}
	}
	d.pages = append(d.pages, ref)
}

// inheritedBy is what the pages below a node inherit.
func inheritedBy(dict, above types.Dict) types.Dict {
	down := types.Dict{}
	for _, k := range inherited() {
		if v, own := dict[k]; own {
			down[k] = v
		} else if v, has := above[k]; has {
			down[k] = v
		}
	}
	return down
}

// page is the dictionary of page n, counted from 1.
func (d *document) page(n int) (types.Dict, error) {
	if n < 1 || n > len(d.pages) {
		return nil, problem.New(problem.Invalid, "Halaman yang diminta tidak ada di berkas ini.", "This file does not have the page that was asked for.", nil)
	}
	p, _ := d.dict(d.pages[n-1])
	return p, nil
}

// view is a page as the reader sees it: its size in points after turning, and
// the matrix from that view (origin bottom left) to the page's own coordinates.
type view struct {
	w, h   float64
	matrix [6]float64
}

// viewOf works out what a viewer shows: the crop box within the media box,
// turned by /Rotate. A page without a usable box is A4, as viewers take it.
func (d *document) viewOf(p types.Dict) view {
	box, ok := d.rect(p["MediaBox"])
	if !ok {
		box = [4]float64{0, 0, 595.28, 841.89}
	}
	if crop, ok := d.rect(p["CropBox"]); ok {
		if c := intersect(box, crop); c[2] > c[0] && c[3] > c[1] {
			box = c
		}
	}
	w, h := box[2]-box[0], box[3]-box[1]
	turn, _ := d.number(p["Rotate"])
	switch ((int(turn)%360 + 360) % 360) / 90 {
	case 1:
		return view{h, w, [6]float64{0, 1, -1, 0, box[2], box[1]}}
	case 2:
		return view{w, h, [6]float64{-1, 0, 0, -1, box[2], box[3]}}
	case 3:
		return view{h, w, [6]float64{0, -1, 1, 0, box[0], box[3]}}
	}
	return view{w, h, [6]float64{1, 0, 0, 1, box[0], box[1]}}
}

// toPage maps a rectangle of the view to the page's own coordinates.
func (v view) toPage(r [4]float64) [4]float64 {
	x0, y0 := v.point(r[0], r[1])
	x1, y1 := v.point(r[2], r[3])
	return [4]float64{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}

func (v view) point(x, y float64) (float64, float64) {
	m := v.matrix
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// rect reads a rectangle whose corners may be given in any order.
func (d *document) rect(obj types.Object) ([4]float64, bool) {
	a := d.array(obj)
	if len(a) != 4 {
		return [4]float64{}, false
	}
	var f [4]float64
	for i := range f {
		n, ok := d.number(a[i])
		if !ok {
			return f, false
		}
		f[i] = n
	}
	r := [4]float64{min(f[0], f[2]), min(f[1], f[3]), max(f[0], f[2]), max(f[1], f[3])}
	return r, r[2]-r[0] >= 1 && r[3]-r[1] >= 1
}

func intersect(a, b [4]float64) [4]float64 {
	return [4]float64{max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])}
}

// draw lays content over a page in the coordinates of its view, with the named
// resources added to the page's own. What the page drew before is fenced in, so
// that a matrix it left behind moves nothing of ours.
func (d *document) draw(p types.Dict, v view, content []byte, resources map[string]types.Dict) {
	res := types.Dict{}
	if own, ok := d.dict(p["Resources"]); ok {
		res = own.Clone().(types.Dict) //nolint:forcetypeassert // Dict.Clone gives a Dict
	}
	for kind, names := range resources {
		all := types.Dict{}
		if own, ok := d.dict(res[kind]); ok {
			all = own.Clone().(types.Dict) //nolint:forcetypeassert // Dict.Clone gives a Dict
		}
		for name, obj := range names {
			all[name] = obj
		}
		res[kind] = all
	}
	p["Resources"] = res
	var ours []byte
	ours = append(ours, "\nQ\nq "...)
	for _, f := range v.matrix {
		ours = append(appendNumber(ours, f), ' ')
	}
	ours = append(append(append(ours, "cm\n"...), content...), "\nQ\n"...)
	contents := types.Array{d.add(plain(types.Dict{}, []byte("q\n")))}
	contents = append(contents, d.contents(p)...)
	p["Contents"] = append(contents, d.add(deflated(types.Dict{}, ours)))
}

// contents are the references to a page's content streams.
func (d *document) contents(p types.Dict) types.Array {
	obj := p["Contents"]
	switch o := d.get(obj).(type) {
	case types.StreamDict:
		if _, ok := obj.(types.IndirectRef); ok {
			return types.Array{obj}
		}
		return types.Array{d.add(o)}
	case types.Array:
		var out types.Array
		for _, e := range o {
			if _, ok := d.get(e).(types.StreamDict); ok {
				out = append(out, e)
			}
		}
		return out
	}
	return nil
}
