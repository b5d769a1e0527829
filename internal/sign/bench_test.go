//go:build bench

package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"naskah/internal/sign"
)

// median times one piece of work.
func median(t *testing.T, times int, work func() error) time.Duration {
	t.Helper()
	all := make([]time.Duration, times)
	for i := range all {
		began := time.Now()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		all[i] = time.Since(began)
	}
	slices.Sort(all)
	return all[times/2]
}

func TestBenchSign(t *testing.T) {
	doc := letterPDF(t)
	for name, k := range keys(t) {
		digest := make([]byte, crypto.SHA256.Size())
		hash := crypto.SHA256
		if name == "p384" {
			digest, hash = make([]byte, crypto.SHA384.Size()), crypto.SHA384
		}
		whole := func() error {
			return sign.Sign(context.Background(), bytes.NewReader(doc), int64(len(doc)), io.Discard, k, sign.Options{})
		}
		bare := func() error { _, err := k.Signer.Sign(rand.Reader, digest, hash); return err }
		a, b := median(t, 200, whole), median(t, 200, bare)
		fmt.Printf("sign b-b two pages %-8s %8.3f ms   bare operation %8.3f ms   ratio %.2f\n", name, ms(a), ms(b), float64(a)/float64(b))
	}
	large := padded(doc, 17_500_000)
	k := keys(t)["p256"]
	a := median(t, 9, func() error {
		return sign.Sign(context.Background(), bytes.NewReader(large), int64(len(large)), io.Discard, k, sign.Options{})
	})
	b := median(t, 9, func() error { sha256.Sum256(large); return nil })
	fmt.Printf("sign b-b 17.5 MB            %8.1f ms   its SHA-256    %8.1f ms   ratio %.2f\n", ms(a), ms(b), float64(a)/float64(b))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// padded makes a file of that size without another object: comments before its
// cross-reference table, which moves.
func padded(doc []byte, size int) []byte {
	at := bytes.LastIndex(doc, []byte("\nxref\n")) + 1
	end := bytes.LastIndex(doc, []byte("startxref"))
	out := append(bytes.Clone(doc[:at]), bytes.Repeat([]byte("%\n"), (size-len(doc))/2)...)
	moved := len(out)
	out = append(out, doc[at:end]...)
	return append(out, fmt.Sprintf("startxref\n%d\n%%%%EOF\n", moved)...)
}

// TestBenchSignMemory signs a file of 100 MB that lies on the disk, and prints how
// much more memory that takes at its highest.
func TestBenchSignMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.pdf")
	size := writeLarge(t, path)
	k := keys(t)["p256"]
	debug.FreeOSMemory()
	before := highest(t, true)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	began := time.Now()
	if err := sign.Sign(context.Background(), f, size, io.Discard, k, sign.Options{}); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	fmt.Printf("sign b-b 100 MB             %8.1f ms   more memory %8.1f MB (budget 32)\n", ms(took), float64(highest(t, false)-before)/1024)
}

func writeLarge(t *testing.T, path string) int64 {
	t.Helper()
	raw := padded(letterPDF(t), 100_000_000)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return int64(len(raw))
}

// highest is the peak of resident memory in kilobytes; reset begins it anew.
func highest(t *testing.T, reset bool) int {
	t.Helper()
	if reset {
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
			t.Skip("this system does not tell the peak of memory")
		}
	}
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("this system does not tell the peak of memory")
	}
	for _, line := range strings.Split(string(raw), "\n") {
		var kb int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return kb
		}
	}
	t.Skip("this system does not tell the peak of memory")
	return 0
}
