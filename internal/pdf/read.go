package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// Bounds for foreign files. A scanned page at 300 dpi is 9 Mpixel and its stream
// seldom over 10 MB; what is larger is a mistake or an attack.
const (
	maxStream = 64 << 20
	maxPixels = 50_000_000
	maxPages  = 20_000
	maxDepth  = 64 // of a page tree; real ones are balanced and below 10
)

// settings are pdfcpu's, made once: it keeps them process-wide, and would
// otherwise write a configuration folder into the user's home.
var settings = sync.OnceValue(func() model.Configuration { //nolint:gochecknoglobals // a function that runs once; pdfcpu keeps its settings process-wide
	api.DisableConfigDir()
	conf := *model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Optimize, conf.Offline = false, true
	conf.Limits.MaxStreamBytes = 2 * maxStream // encoded: a raw scan may be large
	conf.Limits.MaxDecodeBytes = maxStream
	conf.Limits.MaxImageBytes = 4 * maxPixels
	conf.Limits.MaxImagePixels = maxPixels
	conf.Limits.MaxObjectCount = 2_000_000
	conf.Limits.MaxXRefEntries = 2_000_000
	return conf
})

// document is a PDF that was read. New objects get numbers above its own.
type document struct {
	objects map[int]types.Object
	next    int
	root    types.Dict
	info    *types.IndirectRef // may be nil
	pages   []types.IndirectRef
}

// open reads a foreign PDF. pdfcpu reports some kinds of damage by panicking, and
// foreign bytes must never end the program: a panic is a damaged file here.
func open(in io.ReadSeeker) (d *document, err error) {
	defer func() {
		if r := recover(); r != nil {
			d, err = nil, damaged(fmt.Errorf("parser panicked: %v", r))
		}
	}()
	if in == nil {
		return nil, damaged(errors.New("no file"))
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read PDF: %w", err)
	}
	conf := settings()
	ctx, err := pdfcpu.Read(in, &conf)
	if err != nil {
		return nil, readProblem(err)
	}
	if ctx.Encrypt != nil {
		return nil, locked(nil)
	}
	return newDocument(ctx)
}

func newDocument(ctx *model.Context) (*document, error) {
	d := &document{objects: make(map[int]types.Object, len(ctx.Table))}
	for n, e := range ctx.Table {
		if e != nil && !e.Free {
			if obj := unpacked(e.Object); obj != nil {
				d.objects[n] = obj
			}
		}
		d.next = max(d.next, n+1)
	}
	if ctx.Root == nil {
		return nil, damaged(errors.New("no catalog"))
	}
	root, ok := d.dict(*ctx.Root)
	if !ok {
		return nil, damaged(errors.New("the catalog is no dictionary"))
	}
	d.root, d.info = root, ctx.Info
	return d, d.collectPages()
}

// unpacked is an object as a value: those in object streams are parsed now, and
// one that cannot be parsed is lost like one that is not there.
func unpacked(obj types.Object) types.Object {
	switch o := obj.(type) {
	case types.LazyObjectStreamObject:
		inner, err := o.DecodedObject(context.Background()) // in memory: nothing waits
		if err != nil {
			return nil
		}
		return inner
	case *types.StreamDict:
		return *o
	case types.ObjectStreamDict, types.XRefStreamDict, *types.ObjectStreamDict, *types.XRefStreamDict:
		return nil // parts of the old file's skeleton
	}
	return obj
}

// get follows references to the object itself; nil when there is none.
func (d *document) get(obj types.Object) types.Object {
	for range 16 { // a chain of references to references ends or is broken
		ref, ok := obj.(types.IndirectRef)
		if !ok {
			return obj
		}
		obj = d.objects[int(ref.ObjectNumber)]
	}
	return nil
}

func (d *document) dict(obj types.Object) (types.Dict, bool) {
	switch o := d.get(obj).(type) {
	case types.Dict:
		return o, true
	case types.StreamDict:
		return o.Dict, true
	}
	return nil, false
}

func (d *document) array(obj types.Object) types.Array {
	a, _ := d.get(obj).(types.Array)
	return a
}

func (d *document) number(obj types.Object) (float64, bool) {
	switch n := d.get(obj).(type) {
	case types.Integer:
		return float64(n), true
	case types.Float:
		return float64(n), true
	}
	return 0, false
}

// add puts a new object into the document.
func (d *document) add(obj types.Object) types.IndirectRef {
	ref := types.IndirectRef{ObjectNumber: types.Integer(d.next)}
	d.objects[d.next] = obj
	d.next++
	return ref
}

func readProblem(err error) error {
	if errors.Is(err, pdfcpu.ErrWrongPassword) || errors.Is(err, pdfcpu.ErrPermissionDenied) || errors.Is(err, pdfcpu.ErrEncrypted) {
		return locked(err)
	}
	return damaged(err)
}

func locked(cause error) error {
	return problem.New(problem.Invalid,
		"Berkas PDF ini terkunci dengan kata sandi. Minta pengirim mengirimkannya tanpa kata sandi.",
		"This PDF is locked with a password. Ask the sender for one without.", cause)
}

func damaged(cause error) error {
	return problem.New(problem.Invalid,
		"Berkas PDF ini rusak atau bukan PDF, jadi tidak dapat diolah. Minta pengirim mengirimkannya lagi.",
		"This PDF is damaged or is not a PDF and cannot be worked on. Ask the sender for it again.", cause)
}
