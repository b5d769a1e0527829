package office

import (
	"context"
	"errors"
	"fmt"
	"io"

	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/search"
	"naskah/storage"
)

// FindingKind says what is wrong.
type FindingKind string

// What a check can find.
const (
	MissingObject FindingKind = "missing_object" // a row needs bytes that are not there
	AlteredObject FindingKind = "altered_object" // bytes are not what their name says
	OrphanObject  FindingKind = "orphan_object"  // bytes that no row needs; harmless
	BrokenAudit   FindingKind = "broken_audit"   // the record was changed or has a gap
	IndexMissing  FindingKind = "index_missing"  // a letter that the index does not know
	IndexExtra    FindingKind = "index_extra"    // an index entry without a letter
)

// Finding is one thing that a check found.
type Finding struct {
	Kind   FindingKind `json:"kind"`
	Object string      `json:"object"`
	Detail string      `json:"detail"`
}

// Harmless says whether nothing is lost or wrong: orphans go with the next sweep.
func (f Finding) Harmless() bool { return f.Kind == OrphanObject }

// Check reads every object, walks every audit chain and compares the index with
// the database. each is told what is found; nothing is changed.
func (o *Office) Check(ctx context.Context, each func(Finding) error) error {
	needed := map[string]bool{}
	if err := o.DB.EachRef(ctx, func(ref string) error { needed[ref] = true; return nil }); err != nil {
		return err
	}
	for ref := range needed {
		if err := o.checkObject(ctx, ref, each); err != nil {
			return err
		}
	}
	if err := o.checkOrphans(ctx, needed, each); err != nil {
		return err
	}
	if err := o.checkAudit(ctx, each); err != nil {
		return err
	}
	return o.checkIndex(ctx, each)
}

func (o *Office) checkObject(ctx context.Context, ref string, each func(Finding) error) error {
	r, err := o.Store.Open(ctx, storage.Ref(ref))
	if err != nil {
		return each(Finding{MissingObject, ref, err.Error()})
	}
	_, err = io.Copy(io.Discard, r)
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if err != nil && ctx.Err() == nil {
		return each(Finding{AlteredObject, ref, err.Error()})
	}
	return ctx.Err()
}

func (o *Office) checkOrphans(ctx context.Context, needed map[string]bool, each func(Finding) error) error {
	sweeper, ok := o.Store.(storage.Sweeper)
	if !ok {
		return nil
	}
	return sweeper.List(ctx, func(i storage.Info) error {
		if needed[string(i.Ref)] {
			return nil
		}
		return each(Finding{OrphanObject, string(i.Ref), fmt.Sprintf("%d bytes, put %s", i.Size, i.Modified.UTC().Format("2006-01-02 15:04:05"))})
	})
}

func (o *Office) checkAudit(ctx context.Context, each func(Finding) error) error {
	offices, err := o.DB.Offices(ctx)
	if err != nil {
		return err
	}
	for _, office := range offices {
		var checker audit.Checker
		broken := errors.New("")
		err := o.DB.EachAudit(ctx, office.ID, func(e audit.Entry) error {
			if err := checker.Next(e); err != nil {
				broken = err
				return errStop
			}
			return nil
		})
		if errors.Is(err, errStop) {
			err = each(Finding{BrokenAudit, office.ID, broken.Error()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var errStop = errors.New("stop")

func (o *Office) checkIndex(ctx context.Context, each func(Finding) error) error {
	lister, ok := o.Index.(search.Lister)
	if !ok {
		return nil
	}
	indexed := map[string]bool{}
	if err := lister.IDs(ctx, func(id string) error { indexed[id] = true; return nil }); err != nil {
		return err
	}
	err := o.DB.EachLetter(ctx, func(l db.Letter) error {
		known := indexed[l.ID]
		delete(indexed, l.ID)
		if known || l.IndexPending {
			return nil // what is pending has its job
		}
		return each(Finding{IndexMissing, l.ID, l.Subject})
	})
	if err != nil {
		return err
	}
	for id := range indexed {
		if err := each(Finding{IndexExtra, id, "no such letter"}); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes objects that no row needs and that are older than a day. The
// database is asked again for each one right before it is removed.
func (o *Office) Sweep(ctx context.Context) (removed int, err error) {
	sweeper, ok := o.Store.(storage.Sweeper)
	if !ok {
		return 0, nil
	}
	var old []storage.Ref
	err = sweeper.List(ctx, func(i storage.Info) error {
		if o.Now().Sub(i.Modified) > storage.SweepAge {
			old = append(old, i.Ref)
		}
		return nil
	})
	for _, ref := range old {
		if err != nil {
			break
		}
		var needed bool
		if needed, err = o.DB.NeedsRef(ctx, string(ref)); err == nil && !needed {
			if err = sweeper.Remove(ctx, ref); err == nil {
				removed++
			}
		}
	}
	return removed, err
}
