package problem

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestWrappedProblemKeepsKindSentenceAndCause(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("reading: %w", New(NotFound, "Surat tidak ada.", "No such letter.", io.ErrUnexpectedEOF))
	if KindOf(err) != NotFound || !errors.Is(err, NotFound) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("lost something: %v", err)
	}
	if Sentence(err, "id") != "Surat tidak ada." || Sentence(err, "en") != "No such letter." {
		t.Fatal("wrong sentence")
	}
}

func TestPlainErrorNeverShowsItsText(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errors.New("/srv/naskah/secret"), context.Canceled, Forbidden, NotFound} {
		for _, lang := range []string{"id", "en"} {
			s := Sentence(err, lang)
			if s == "" || strings.Contains(s, "secret") {
				t.Errorf("%v: %q", err, s)
			}
		}
	}
	if KindOf(nil) != "" || KindOf(errors.New("x")) != Internal || KindOf(context.DeadlineExceeded) != Unavailable {
		t.Fatal("wrong kind")
	}
}
