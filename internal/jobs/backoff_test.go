package jobs

import (
	"testing"
	"time"
)

func TestWaitsDoubleUpToAnHourAndSpanMoreThanADay(t *testing.T) {
	t.Parallel()
	var all time.Duration
	for attempt := 1; attempt < attempts; attempt++ {
		wait, next := waitAfter(attempt), waitAfter(attempt+1)
		if wait < time.Second || next < wait || next > time.Hour {
			t.Fatalf("attempt %d waits %s, then %s", attempt, wait, next)
		}
		all += wait
	}
	if all < 24*time.Hour {
		t.Fatalf("all tries are over after %s", all)
	}
}
