package storagetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"naskah/internal/problem"
	"naskah/storage"
)

// Subject is a store with the hands that a test needs behind its back.
type Subject struct {
	Store storage.Sweeper
	// Reopen opens the same objects as the next process would.
	Reopen func(t *testing.T) storage.Store
	// Damage replaces the stored bytes of an object by what alter makes of them.
	Damage func(t *testing.T, ref storage.Ref, alter func([]byte) []byte)
	// Age makes an object look as if it had been put so long ago. nil when this
	// server cannot be told so; what needs it is then skipped.
	Age func(t *testing.T, ref storage.Ref, ago time.Duration)
	// Leftovers names whatever lies about that is no object.
	Leftovers func(t *testing.T) []string
}

// Run shows every sentence of the contract on stores that open makes; each starts empty.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Subject){
		"PutGivesTheDigestAndOpenTheBytes":          putAndOpen,
		"PutBytesAreThereForTheNextProcess":         reopened,
		"PutAgainKeepsOneObject":                    putAgain,
		"PutAgainRenewsTheTime":                     putAgainRenews,
		"PutAgainHealsAnAlteredObject":              putAgainHeals,
		"UnknownRefIsNotFoundAndAWrongOneIsInvalid": unknown,
		"SeekAndReadAtGiveTheRightPart":             seek,
		"AlteredOrTruncatedBytesAreAnError":         altered,
		"ManyWritersOfTheSameBytesMakeOneObject":    manyWriters,
		"CancelledPutLeavesNothing":                 cancelled,
		"FailedArrivalLeavesNothing":                failedArrival,
		"ListNamesEveryObjectOnceAndStopsOnRequest": list,
		"SweepNeverTakesYoungObjects":               sweepYoung,
		"SweepTakesForgottenObjects":                sweepOld,
		"SweepNeverTakesWhatIsPutThisMoment":        sweepRace,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// Random gives n bytes that compress and repeat nowhere.
func Random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

// mustPut puts b and checks its name.
func mustPut(t *testing.T, s storage.Store, b []byte) storage.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatalf("put %d bytes: %v", len(b), err)
	}
	if ref != storage.RefOf(b) {
		t.Fatalf("Ref %s is not the digest of what was put", ref)
	}
	return ref
}

// mustHold checks that ref gives exactly b.
func mustHold(t *testing.T, s storage.Store, ref storage.Ref, b []byte) {
	t.Helper()
	r, err := s.Open(t.Context(), ref)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer closed(t, r)
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	if r.Size() != int64(len(b)) || !bytes.Equal(got, b) {
		t.Fatalf("got %d bytes (Size %d), want the %d that were put", len(got), r.Size(), len(b))
	}
}

// mustLack checks that nothing is visible under ref and nothing lies about.
func mustLack(t *testing.T, s Subject, ref storage.Ref) {
	t.Helper()
	if _, err := s.Store.Open(t.Context(), ref); !errors.Is(err, problem.NotFound) {
		t.Fatalf("open gives %v, want problem.NotFound", err)
	}
	if all := refs(t, s.Store); len(all) != 0 {
		t.Fatalf("the listing shows %v, want nothing", all)
	}
	if left := s.Leftovers(t); len(left) != 0 {
		t.Fatalf("left lying about: %v", left)
	}
}

func closed(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func refs(t *testing.T, s storage.Sweeper) map[storage.Ref]storage.Info {
	t.Helper()
	all := map[storage.Ref]storage.Info{}
	err := s.List(t.Context(), func(i storage.Info) error {
		if _, twice := all[i.Ref]; twice {
			t.Errorf("%s is listed twice", i.Ref)
		}
		all[i.Ref] = i
		return nil
	})
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return all
}

func putAndOpen(t *testing.T, s Subject) {
	for _, n := range []int{0, 1, 4096, 3<<20 + 7} {
		b := Random(n)
		mustHold(t, s.Store, mustPut(t, s.Store, b), b)
	}
	if left := s.Leftovers(t); len(left) != 0 {
		t.Fatalf("left lying about: %v", left)
	}
}

func reopened(t *testing.T, s Subject) {
	b := Random(100_000)
	ref := mustPut(t, s.Store, b)
	mustHold(t, s.Reopen(t), ref, b)
}

func putAgain(t *testing.T, s Subject) {
	b := Random(70_000)
	first, second := mustPut(t, s.Store, b), mustPut(t, s.Store, b)
	if first != second {
		t.Fatalf("two names, %s and %s", first, second)
	}
	if all := refs(t, s.Store); len(all) != 1 || all[first].Size != int64(len(b)) {
		t.Fatalf("listed %v, want the one object", all)
	}
	mustHold(t, s.Store, first, b)
}

func putAgainRenews(t *testing.T, s Subject) {
	b := Random(10_000)
	ref := mustPut(t, s.Store, b)
	s.age(t, ref)
	mustPut(t, s.Store, b)
	if old := time.Since(refs(t, s.Store)[ref].Modified); old > time.Hour {
		t.Fatalf("the object put again still looks %v old", old)
	}
	if err := s.Store.Remove(t.Context(), ref); !errors.Is(err, problem.Conflict) {
		t.Fatalf("a sweep gets %v, want problem.Conflict", err)
	}
	mustHold(t, s.Store, ref, b)
}

func putAgainHeals(t *testing.T, s Subject) {
	for _, alter := range alterations() {
		b := Random(50_000)
		ref := mustPut(t, s.Store, b)
		s.Damage(t, ref, alter)
		mustPut(t, s.Store, b)
		mustHold(t, s.Store, ref, b)
	}
}

func unknown(t *testing.T, s Subject) {
	if _, err := s.Store.Open(t.Context(), storage.RefOf([]byte("never put"))); !errors.Is(err, problem.NotFound) {
		t.Errorf("open gives %v, want problem.NotFound", err)
	}
	for _, ref := range []storage.Ref{"", "ab", "../../../../etc/passwd", storage.Ref(bytes.Repeat([]byte("A"), 64))} {
		if _, err := s.Store.Open(t.Context(), ref); !errors.Is(err, problem.Invalid) {
			t.Errorf("open %q gives %v, want problem.Invalid", ref, err)
		}
		if err := s.Store.Remove(t.Context(), ref); !errors.Is(err, problem.Invalid) {
			t.Errorf("remove %q gives %v, want problem.Invalid", ref, err)
		}
	}
}

// age makes ref older than SweepAge.
func (s Subject) age(t *testing.T, ref storage.Ref) {
	t.Helper()
	if s.Age == nil {
		t.Skip("this server cannot be told that an object is old")
	}
	s.Age(t, ref, storage.SweepAge+time.Hour)
}

// cancelAfter gives b and cancels once `after` bytes have been read.
type cancelAfter struct {
	io.Reader
	left   int
	cancel context.CancelFunc
}

func (c *cancelAfter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.left -= n; c.left <= 0 {
		c.cancel()
	}
	return n, err
}

func cancelled(t *testing.T, s Subject) {
	b := Random(1 << 20)
	for _, after := range []int{0, 1, 300_000, len(b)} {
		ctx, cancel := context.WithCancel(t.Context())
		if after == 0 {
			cancel()
		}
		_, err := s.Store.Put(ctx, &cancelAfter{bytes.NewReader(b), after, cancel})
		if !errors.Is(err, problem.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled after %d bytes: %v, want problem.Unavailable because of context.Canceled", after, err)
		}
		mustLack(t, s, storage.RefOf(b))
	}
}

func failedArrival(t *testing.T, s Subject) {
	b := Random(200_000)
	broken := errors.New("line is dead")
	tooLarge := problem.New(problem.TooLarge, "Terlalu besar.", "Too large.", nil)
	for cause, kind := range map[error]problem.Kind{broken: problem.Invalid, tooLarge: problem.TooLarge} {
		_, err := s.Store.Put(t.Context(), io.MultiReader(bytes.NewReader(b), failing{cause}))
		if problem.KindOf(err) != kind || !errors.Is(err, cause) {
			t.Fatalf("put gives %v, want kind %s and its cause", err, kind)
		}
		mustLack(t, s, storage.RefOf(b))
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
