//go:build bench

package authority

import (
	"fmt"
	"testing"
	"time"
)

// TestBenchOpenKey prints what opening a key costs a person, and a guesser.
func TestBenchOpenKey(t *testing.T) {
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal(key, []byte("tiga kata mudah"))
	if err != nil {
		t.Fatal(err)
	}
	const times = 5
	began := time.Now()
	for range times {
		if _, err := Unseal(sealed, []byte("tiga kata mudah")); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("open a key                  %8.1f ms\n", float64(time.Since(began).Milliseconds())/times)
}
