package verify

import (
	"slices"

	"naskah/internal/revision"
)

// graph is what leads where in one state of the file, walked from the trailer.
// The document security store is walked apart: it may grow, but not when the same
// objects are part of the document, too.
type graph struct {
	f    *revision.File
	rev  int
	keys map[int][]revision.Name // object number → the keys under which it stands
	dss  map[int]bool
	// broken is an object that cannot be read; 0 when there is none.
	broken int
}

// manyKeys is of how many keys an object is remembered: more than any list of
// allowed ones, so that nothing is gained by more.
const manyKeys = 4

func newGraph(f *revision.File, rev int) *graph {
	g := &graph{f: f, rev: rev, keys: map[int][]revision.Name{}, dss: map[int]bool{}}
	trailer := f.Revisions()[rev].Trailer
	catalog := f.CatalogAt(rev)
	body := orEmpty(catalog).Clone()
	body.Set("DSS", nil)
	if root, ok := trailer.Get("Root").(revision.Ref); ok {
		g.keys[root.Num] = []revision.Name{"Root"}
	}
	queue := g.refs(nil, "Root", body)
	queue = g.refs(queue, "Info", trailer.Get("Info"))
	g.walk(queue, func(e edge) bool {
		_, known := g.keys[e.to]
		if len(g.keys[e.to]) < manyKeys && !slices.Contains(g.keys[e.to], e.key) {
			g.keys[e.to] = append(g.keys[e.to], e.key)
		}
		return !known
	})
	g.walk(g.refs(nil, "DSS", catalog.Get("DSS")), func(e edge) bool {
		known := g.dss[e.to]
		g.dss[e.to] = true
		return !known
	})
	return g
}

// edge is a reference: under which key it stands, and to which object.
type edge struct {
	key revision.Name
	to  int
}

// walk follows references for the first time that visit sees them.
func (g *graph) walk(queue []edge, visit func(edge) bool) {
	for len(queue) > 0 {
		e := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !visit(e) {
			continue
		}
		o, err := g.f.ObjectAt(g.rev, e.to)
		if err != nil {
			g.broken = e.to
			continue
		}
		queue = g.refs(queue, e.key, o)
	}
}

// refs collects the references inside an object. The reader bounds its depth.
func (g *graph) refs(out []edge, key revision.Name, o revision.Object) []edge {
	switch v := o.(type) {
	case revision.Ref:
		return append(out, edge{key, v.Num})
	case revision.Array:
		for _, each := range v {
			out = g.refs(out, key, each)
		}
	case *revision.Dict:
		for _, k := range v.Keys() {
			out = g.refs(out, k, v.Get(k))
		}
	case *revision.Stream:
		return g.refs(out, key, v.Dict)
	}
	return out
}

// reached says whether something leads to the object, be it there or not.
func (g *graph) reached(num int) bool {
	_, ok := g.keys[num]
	return ok
}

// only says whether the object stands under these keys and nowhere else: an object
// that plays another part, too, is not changed in the one without the other.
func (g *graph) only(num int, keys ...revision.Name) bool {
	for _, k := range g.keys[num] {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	return g.reached(num)
}
