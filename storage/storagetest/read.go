package storagetest

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"

	"naskah/storage"
)

func seek(t *testing.T, s Subject) {
	b := Random(300_000)
	r, err := s.Store.Open(t.Context(), mustPut(t, s.Store, b))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, r)
	for _, step := range []struct {
		offset int64
		whence int
		at     int
	}{
		{1000, io.SeekStart, 1000},
		{500, io.SeekCurrent, 1600}, // 100 are read after each step
		{-200_000, io.SeekEnd, 100_000},
		{-100, io.SeekCurrent, 100_000},
		{0, io.SeekStart, 0},
		{-100, io.SeekEnd, len(b) - 100},
	} {
		at, err := r.Seek(step.offset, step.whence)
		if err != nil || at != int64(step.at) {
			t.Fatalf("seek %+v: at %d, %v", step, at, err)
		}
		mustRead(t, r, b[at:at+100])
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("a seek before the start is no error")
	}
	seekBack(t, r, b)
	readAt(t, r, b)
}

func mustRead(t *testing.T, r io.Reader, want []byte) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("other bytes than those that lie there (%v)", err)
	}
}

func seekBack(t *testing.T, r storage.Reader, b []byte) {
	t.Helper()
	if _, err := r.Seek(int64(len(b)), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Read(make([]byte, 10)); n != 0 || !errors.Is(err, io.EOF) {
		t.Fatalf("read at the end: %d, %v", n, err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, b) {
		t.Fatalf("a whole pass after seeks: %d bytes, %v", len(got), err)
	}
}

func readAt(t *testing.T, r storage.Reader, b []byte) {
	t.Helper()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			off, p := i*37_001, make([]byte, 1000)
			if n, err := r.ReadAt(p, int64(off)); n != len(p) || err != nil || !bytes.Equal(p, b[off:off+n]) {
				t.Errorf("ReadAt %d: %d bytes, %v", off, n, err)
			}
		})
	}
	all.Wait()
	if n, err := r.ReadAt(make([]byte, 100), int64(len(b)-40)); n != 40 || !errors.Is(err, io.EOF) {
		t.Errorf("ReadAt over the end: %d, %v; want 40, EOF", n, err)
	}
	if n, err := r.ReadAt(make([]byte, 1), int64(len(b))); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("ReadAt at the end: %d, %v; want 0, EOF", n, err)
	}
}

// alterations are what may happen to 50,000 stored bytes.
func alterations() map[string]func([]byte) []byte {
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= 1; return b }
	}
	return map[string]func([]byte) []byte{
		"first byte":    flip(0),
		"a bit inside":  flip(30_000),
		"last byte":     flip(49_999),
		"cut":           func(b []byte) []byte { return b[:len(b)-1] },
		"cut in half":   func(b []byte) []byte { return b[:len(b)/2] },
		"emptied":       func([]byte) []byte { return nil },
		"grown":         func(b []byte) []byte { return append(b, '\n') },
		"other content": func(b []byte) []byte { return Random(len(b)) },
	}
}

func altered(t *testing.T, s Subject) {
	for name, alter := range alterations() {
		b := Random(50_000)
		ref := mustPut(t, s.Store, b)
		s.Damage(t, ref, alter)
		r, err := s.Store.Open(t.Context(), ref)
		if err != nil {
			t.Fatalf("%s: open: %v", name, err)
		}
		for range 2 { // the second pass after a Seek to the start
			if _, err := io.Copy(io.Discard, r); !errors.Is(err, storage.ErrAltered) {
				t.Errorf("%s: read gives %v, want ErrAltered", name, err)
			}
			if _, err := r.Seek(0, io.SeekStart); err != nil {
				t.Errorf("%s: seek: %v", name, err)
			}
		}
		mustHoldBack(t, name, r)
		closed(t, r)
	}
}

// mustHoldBack reads exactly Size bytes and never looks for the end, as
// http.ServeContent does: altered bytes must not arrive whole.
func mustHoldBack(t *testing.T, name string, r storage.Reader) {
	t.Helper()
	n, err := io.CopyN(io.Discard, r, r.Size())
	if r.Size() > 0 && (n == r.Size() || !errors.Is(err, storage.ErrAltered)) {
		t.Errorf("%s: %d of %d bytes and %v for a caller who stops at Size", name, n, r.Size(), err)
	}
}
