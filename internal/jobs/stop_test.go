package jobs_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/jobs"
)

func TestStopMeansStoppedAndCancelledWorkGoesOnUncounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		begun := make(chan struct{})
		var running atomic.Int32
		first := open(t, d, jobs.Options{})
		jobs.HandleSlow(first, "read", func(ctx context.Context, _ work) error {
			running.Add(1)
			defer running.Add(-1)
			close(begun)
			<-ctx.Done() // as long work does that hears its context
			return ctx.Err()
		})
		start(t, first)
		enqueue(t, d, first, "read", work{"a"})
		<-begun
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := first.Stop(over); err != nil {
			t.Fatal(err)
		}
		if running.Load() != 0 {
			t.Fatal("something runs after Stop")
		}

		second, done := open(t, d, jobs.Options{}), &seen{}
		jobs.HandleSlow(second, "read", func(_ context.Context, w work) error { done.add(w.Letter); return nil })
		start(t, second)
		idle(t, second)
		if got := done.sorted(); len(got) != 1 {
			t.Fatalf("%v", got)
		}
		var attempt int
		if err := d.Reader().QueryRowContext(t.Context(), "SELECT attempt FROM river_job").Scan(&attempt); err != nil || attempt != 1 {
			t.Fatalf("attempt %d, %v", attempt, err)
		}
	})
}

func TestStopLetsShortWorkEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := open(t, d, jobs.Options{})
		begun, goOn := make(chan struct{}), make(chan struct{})
		ended := false
		jobs.Handle(q, "read", func(ctx context.Context, _ work) error {
			close(begun)
			<-goOn
			ended = ctx.Err() == nil
			return nil
		})
		start(t, q)
		enqueue(t, d, q, "read", work{})
		<-begun
		stopped := make(chan error)
		go func() { stopped <- q.Stop(context.Background()) }()
		close(goOn)
		if err := <-stopped; err != nil || !ended {
			t.Fatalf("%v, ended %v", err, ended)
		}
	})
}

// victimVariable makes the test program the process that is killed in the middle
// of its work.
const (
	victimVariable = "NASKAH_TEST_VICTIM_DIR"
	victimURL      = "NASKAH_TEST_VICTIM_URL"
)

// victim begins a job, says so, and never ends by itself.
func victim() {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{Dir: os.Getenv(victimVariable), URL: os.Getenv(victimURL)})
	if err != nil {
		panic(err)
	}
	q, err := jobs.Open(ctx, d, jobs.Options{Owner: "folder-1"})
	if err != nil {
		panic(err)
	}
	jobs.HandleSlow(q, "read", func(context.Context, work) error {
		fmt.Println("working")
		select {}
	})
	if err := q.Start(ctx); err != nil {
		panic(err)
	}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return q.Enqueue(ctx, tx, "read", work{"a"}) })
	if err != nil {
		panic(err)
	}
	select {}
}

// TestJobsOfAKilledProcessGoOnAtOnce ends well within the fifteen minutes after
// which River itself would think of them.
func TestJobsOfAKilledProcessGoOnAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		killWhileWorking(t, o)
		d := dbtest.Open(t, o)
		stranger, mine, done := open(t, d, jobs.Options{Owner: "folder-2"}), open(t, d, jobs.Options{Owner: "folder-1"}), &seen{}
		if postgres, _ := d.IsPostgres(); postgres { // one SQLite folder has one owner
			jobs.HandleSlow(stranger, "read", func(context.Context, work) error { t.Error("another folder took the job"); return nil })
			start(t, stranger)
			if counts, err := stranger.Counts(t.Context()); err != nil || counts["running"] != 1 {
				t.Fatalf("%v, %v", counts, err)
			}
			if err := stranger.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		jobs.HandleSlow(mine, "read", func(_ context.Context, w work) error { done.add(w.Letter); return nil })
		start(t, mine)
		idle(t, mine)
		if got := done.sorted(); len(got) != 1 || got[0] != "a" {
			t.Fatalf("%v", got)
		}
	})
}

func killWhileWorking(t *testing.T, o db.Options) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	dir := o.Dir
	if dir == "" {
		dir = t.TempDir()
	}
	cmd.Env = append(os.Environ(), victimVariable+"="+dir, victimURL+"="+o.URL)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "working" {
		t.Fatalf("%q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
}
