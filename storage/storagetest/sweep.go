package storagetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"naskah/internal/problem"
	"naskah/storage"
)

// writers is how many put the same bytes at once.
const writers = 64

func manyWriters(t *testing.T, s Subject) {
	b := Random(150_000)
	ref := storage.RefOf(b)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			if got, err := s.Store.Put(t.Context(), bytes.NewReader(b)); err != nil || got != ref {
				t.Errorf("put gives %s, %v", got, err)
				return
			}
			if err := wholeOf(t.Context(), s.Store, ref, b); err != nil {
				t.Errorf("read while others write: %v", err)
			}
		})
	}
	all.Wait()
	if found := refs(t, s.Store); len(found) != 1 {
		t.Errorf("%d objects, want one", len(found))
	}
	if left := s.Leftovers(t); len(left) != 0 {
		t.Errorf("left lying about: %v", left)
	}
}

func wholeOf(ctx context.Context, s storage.Store, ref storage.Ref, b []byte) error {
	r, err := s.Open(ctx, ref)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(got, b) {
		err = errors.New("other bytes")
	}
	return errors.Join(err, r.Close())
}

func list(t *testing.T, s Subject) {
	want := map[storage.Ref]int{}
	for n := range 20 {
		want[mustPut(t, s.Store, Random(n*100+1))] = n*100 + 1
	}
	found := refs(t, s.Store)
	if len(found) != len(want) {
		t.Errorf("%d listed, want %d", len(found), len(want))
	}
	for ref, size := range want {
		if found[ref].Size != int64(size) || found[ref].Modified.IsZero() {
			t.Errorf("%s is listed as %+v, want size %d", ref, found[ref], size)
		}
	}
	enough, calls := errors.New("enough"), 0
	err := s.Store.List(t.Context(), func(storage.Info) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%d calls and %v after the first one said stop", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Store.List(ctx, func(storage.Info) error { return nil }); err == nil {
		t.Error("a cancelled listing claims to be whole")
	}
}

func sweepYoung(t *testing.T, s Subject) {
	b := Random(5000)
	ref := mustPut(t, s.Store, b)
	if err := s.Store.Remove(t.Context(), ref); !errors.Is(err, problem.Conflict) {
		t.Fatalf("remove gives %v, want problem.Conflict", err)
	}
	mustHold(t, s.Store, ref, b)
	if err := s.Store.Remove(t.Context(), storage.RefOf([]byte("never put"))); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
}

func sweepOld(t *testing.T, s Subject) {
	b, kept := Random(5000), Random(6000)
	ref, other := mustPut(t, s.Store, b), mustPut(t, s.Store, kept)
	s.age(t, ref)
	if err := s.Store.Remove(t.Context(), ref); err != nil {
		t.Fatalf("remove: %v", err)
	}
	if _, err := s.Store.Open(t.Context(), ref); !errors.Is(err, problem.NotFound) {
		t.Fatalf("open gives %v, want problem.NotFound", err)
	}
	mustHold(t, s.Store, other, kept)
	mustHold(t, s.Store, mustPut(t, s.Store, b), b) // it may come back
}

// sweepRace removes an old object while it is put again. Whichever comes first,
// a Put that returned must have left it there.
func sweepRace(t *testing.T, s Subject) {
	for range 25 {
		b := Random(2000)
		ref := mustPut(t, s.Store, b)
		s.age(t, ref)
		var both sync.WaitGroup
		both.Go(func() {
			if err := s.Store.Remove(t.Context(), ref); err != nil && !errors.Is(err, problem.Conflict) {
				t.Errorf("remove: %v", err)
			}
		})
		both.Go(func() {
			if _, err := s.Store.Put(t.Context(), bytes.NewReader(b)); err != nil {
				t.Errorf("put: %v", err)
			}
		})
		both.Wait()
		mustHold(t, s.Store, ref, b)
	}
}
