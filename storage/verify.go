package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"naskah/internal/problem"
)

// CopyHashed copies r to w and gives the Ref of what was copied. A context that
// ends stops it between two blocks.
func CopyHashed(ctx context.Context, w io.Writer, r io.Reader) (Ref, error) {
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, h), contextReader{ctx, r}); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return Ref(hex.EncodeToString(h.Sum(nil))), nil
}

type contextReader struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Bytes is what a store's object must offer to be read through a Verifier.
type Bytes interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Verifier is a Reader that hashes while it is read from the first byte on and
// gives ErrAltered instead of io.EOF when the digest is not the Ref.
type Verifier struct {
	src    Bytes
	size   int64
	ref    Ref
	hash   hash.Hash
	at     int64 // where src stands
	hashed int64 // bytes hashed so far, from 0 without a gap; -1 after a seek elsewhere
}

// NewVerifier reads src, which holds size bytes and stands at 0.
func NewVerifier(src Bytes, size int64, ref Ref) *Verifier {
	return &Verifier{src: src, size: size, ref: ref, hash: sha256.New()}
}

// Size is the number of bytes.
func (v *Verifier) Size() int64 { return v.size }

// Read implements io.Reader.
func (v *Verifier) Read(p []byte) (int, error) {
	n, err := v.src.Read(p)
	if v.hashed == v.at {
		v.hash.Write(p[:n])
		v.hashed += int64(n)
	}
	v.at += int64(n)
	if errors.Is(err, io.EOF) && v.hashed == v.at && hex.EncodeToString(v.hash.Sum(nil)) != string(v.ref) {
		return n, ErrAltered
	}
	return n, err
}

// Seek implements io.Seeker. Going back to 0 begins the check anew.
func (v *Verifier) Seek(offset int64, whence int) (int64, error) {
	at, err := v.src.Seek(offset, whence)
	if err != nil {
		return at, err
	}
	v.at = at
	if at == 0 {
		v.hash.Reset()
		v.hashed = 0
	}
	return at, nil
}

// ReadAt implements io.ReaderAt; a part cannot be checked.
func (v *Verifier) ReadAt(p []byte, off int64) (int, error) { return v.src.ReadAt(p, off) }

// Close implements io.Closer.
func (v *Verifier) Close() error { return v.src.Close() }

// Missing is the error of an unknown Ref.
func Missing(cause error) error {
	return problem.New(problem.NotFound, "Berkas tidak ada di penyimpanan.", "The file is not in the storage.", cause)
}

// TooYoung is the error of removing an object that was put less than SweepAge ago.
func TooYoung() error {
	return problem.New(problem.Conflict, "Berkas ini baru disimpan dan belum boleh dibersihkan.", "This object was put a short while ago and is spared.", nil)
}
