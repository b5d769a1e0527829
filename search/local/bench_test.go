//go:build bench

package local_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"naskah/search"
	"naskah/search/local"
	"naskah/search/searchtest"
)

// TestBenchSearch measures design §8: queries at 100,000 letters, 20 a second
// arriving whether or not the one before was answered. NASKAH_BENCH_LETTERS makes
// the archive smaller; NASKAH_BENCH_INDEX keeps it in a folder for the next time.
func TestBenchSearch(t *testing.T) {
	n := 100_000
	if s := os.Getenv("NASKAH_BENCH_LETTERS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	dir := os.Getenv("NASKAH_BENCH_INDEX")
	if dir == "" {
		dir = t.TempDir()
	}
	fillForBench(t, dir, n)
	began := time.Now()
	x := open(t, dir)
	t.Logf("search index %d letters: opened in %v, %d MB on disk", n, time.Since(began).Round(time.Millisecond), sizeOf(t, dir)>>20)
	t.Logf("search memory idle: %s", memory(t))
	askForBench(t, x, n)
	t.Logf("search memory after questions: %s", memory(t))
	oneMore(t, x, n)
}

func fillForBench(t *testing.T, dir string, n int) {
	t.Helper()
	x := open(t, dir)
	defer func() { _ = x.Close() }()
	if !x.NeedsRebuild() {
		return
	}
	began := time.Now()
	err := x.Rebuild(context.Background(), func(ctx context.Context, fresh search.Index) error {
		for batch := range batches(n, 100) {
			if err := fresh.Put(ctx, batch...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("search indexing: %.0f letters a second", float64(n)/time.Since(began).Seconds())
}

func batches(n, size int) func(yield func([]search.Document) bool) {
	return func(yield func([]search.Document) bool) {
		var batch []search.Document
		for d := range searchtest.Letters(1, n) {
			if batch = append(batch, d); len(batch) == size {
				if !yield(batch) {
					return
				}
				batch = batch[:0]
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

func askForBench(t *testing.T, x *local.Index, n int) {
	t.Helper()
	asked := searchtest.Questions(1, n, 900)
	for _, a := range asked[:18] { // the first of each kind reads the disk
		if _, err := x.Query(context.Background(), a.Question); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	var all sync.WaitGroup
	tick := time.NewTicker(time.Second / 20)
	defer tick.Stop()
	for _, a := range asked {
		arrived := <-tick.C
		all.Go(func() {
			answer, err := x.Query(context.Background(), a.Question)
			d := time.Since(arrived)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			took[a.Kind], took["any kind"] = append(took[a.Kind], d), append(took["any kind"], d)
			if d > 100*time.Millisecond {
				t.Logf("slow: %v %s %q %+v: %d found", d.Round(time.Millisecond), a.Kind, a.Question.Text, a.Question.Filter, answer.Total)
			}
		})
	}
	all.Wait()
	for kind, d := range took {
		slices.Sort(d)
		t.Logf("search %s: p50 %v p99 %v max %v of %d", kind, d[len(d)/2].Round(10*time.Microsecond), d[len(d)*99/100].Round(10*time.Microsecond), d[len(d)-1].Round(10*time.Microsecond), len(d))
	}
}

func oneMore(t *testing.T, x *local.Index, n int) {
	t.Helper()
	d := searchtest.Letter(2, n)
	began := time.Now()
	if err := x.Put(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	t.Logf("search one new letter durable and searchable: %v", time.Since(began).Round(10*time.Microsecond))
	if err := x.Remove(context.Background(), d.ID); err != nil {
		t.Fatal(err)
	}
}

func sizeOf(t *testing.T, dir string) (sum int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			info, err := e.Info()
			if err != nil {
				return err
			}
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// memory says what the process holds, where the system tells.
func memory(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return err.Error()
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && (f[0] == "Rss:" || f[0] == "Anonymous:") {
			kb, _ := strconv.Atoi(f[1])
			out = append(out, fmt.Sprintf("%s %d MB", f[0], kb>>10))
		}
	}
	return strings.Join(out, " ")
}
