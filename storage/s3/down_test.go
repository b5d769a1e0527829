package s3_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"naskah/internal/problem"
	"naskah/storage"
	"naskah/storage/s3"
	"naskah/storage/storagetest"
)

func mustBeDown(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, problem.Unavailable) || !strings.Contains(problem.Sentence(err, "id"), "tidak menjawab") {
		t.Errorf("%s with a dead server gives %v, want problem.Unavailable and its sentence", what, err)
	}
}

// killing gives its bytes and kills the server before the last of them.
type killing struct {
	io.Reader
	kill func()
}

func (k killing) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		k.kill()
	}
	return n, err
}

func TestServerThatDiesIsSaidPlainlyAndLosesNothing(t *testing.T) {
	t.Parallel()
	server := storagetest.PrivateMinIO(t)
	opt := options(t, server)
	s := open(t, opt)
	// big is more than sockets buffer, so that the reader needs the server
	big, lost := storagetest.Random(40<<20), storagetest.Random(5<<20)
	ref := put(t, s, big)
	r, err := s.Open(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	_, err = s.Put(t.Context(), killing{bytes.NewReader(lost), server.Stop})
	mustBeDown(t, "put", err)
	_, err = io.Copy(io.Discard, r)
	mustBeDown(t, "a read under way", err)
	_, err = s.Open(t.Context(), ref)
	mustBeDown(t, "open", err)
	mustBeDown(t, "list", s.List(t.Context(), func(storage.Info) error { return nil }))
	mustBeDown(t, "remove", s.Remove(t.Context(), ref))
	_, err = s3.New(t.Context(), opt)
	mustBeDown(t, "start", err)

	server.Restart(t)
	again, err := s.Open(t.Context(), ref)
	if err != nil {
		t.Fatalf("after the restart: %v", err)
	}
	if got, err := io.ReadAll(again); err != nil || !bytes.Equal(got, big) {
		t.Errorf("after the restart: %d bytes, %v", len(got), err)
	}
	if _, err := s.Open(t.Context(), storage.RefOf(lost)); !errors.Is(err, problem.NotFound) {
		t.Errorf("what was being put is %v, want problem.NotFound", err)
	}
}

func TestIncompleteSettingsAreRefused(t *testing.T) {
	t.Parallel()
	whole := s3.Options{Endpoint: "127.0.0.1:9000", AccessKey: "a", SecretKey: "s", Bucket: "naskah"}
	for name, spoil := range map[string]func(*s3.Options){
		"no endpoint":   func(o *s3.Options) { o.Endpoint = "" },
		"with a scheme": func(o *s3.Options) { o.Endpoint = "http://127.0.0.1:9000" },
		"with a path":   func(o *s3.Options) { o.Endpoint = "127.0.0.1:9000/minio" },
		"no bucket":     func(o *s3.Options) { o.Bucket = "" },
		"no key":        func(o *s3.Options) { o.AccessKey = "" },
		"no secret":     func(o *s3.Options) { o.SecretKey = "" },
	} {
		opt := whole
		spoil(&opt)
		if _, err := s3.New(t.Context(), opt); !errors.Is(err, problem.Invalid) {
			t.Errorf("%s: %v, want problem.Invalid", name, err)
		}
	}
}
