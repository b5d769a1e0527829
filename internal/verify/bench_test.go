//go:build bench

package verify_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"naskah/internal/verify"
)

func BenchmarkVerifyLetter(b *testing.B) {
	o := newOffice(b, time.Now())
	doc := o.sign(b, letterPDF(b))
	b.ReportAllocs()
	for b.Loop() {
		if r := judge(b, doc, o.trusted()); r.Conclusion != verify.TotalPassed {
			b.Fatal(r.Conclusion)
		}
	}
}

// A letter of 100 MB beside the bare digest of its bytes.
func BenchmarkVerify100MB(b *testing.B) {
	o := newOffice(b, time.Now())
	big := prepared("/Contents 4 0 R", "", stream(string(make([]byte, 100<<20))))
	doc := o.sign(b, big)
	b.Run("verify", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := verify.Verify(context.Background(), bytes.NewReader(doc), int64(len(doc)), o.trusted()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sha256 alone", func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(doc)
		}
	})
}
