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

// CopyHashed copies r to w and gives the Ref and the number of bytes copied. A
// context that ends stops it between two blocks. An error of r is marked so that
// NotKept does not blame the store for it.
func CopyHashed(ctx context.Context, w io.Writer, r io.Reader) (Ref, int64, error) {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), source{ctx, r})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return "", n, err
	}
	return Ref(hex.EncodeToString(h.Sum(nil))), n, nil
}

// source is the side a copy comes from.
type source struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	r   io.Reader
}

func (s source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = arrival(err)
	}
	return n, err
}

// arrival is what a person reads when their bytes stopped coming. A problem that
// the reader knows by name (a limit, for instance) is kept as it is.
func arrival(cause error) error {
	var known *problem.Error
	if errors.As(cause, &known) {
		return cause
	}
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return problem.New(problem.Invalid, "Berkas tidak sampai dengan utuh, jadi tidak ada yang tersimpan. Kirim lagi.",
		"The file did not arrive whole, so nothing was kept. Send it again.", cause)
}

// Bytes is what a store's object must offer to be read through a Verifier.
type Bytes interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Verifier is a Reader that hashes while it is read from the first byte on. When
// the last byte has been read and the digest is not the Ref, it gives ErrAltered
// and keeps the last block back, so that also a caller who stops at Size, as
// http.ServeContent does, cannot pass altered bytes on as a whole file.
type Verifier struct {
	src    Bytes
	size   int64
	ref    Ref
	hash   hash.Hash
	at     int64 // where src stands
	hashed int64 // bytes hashed so far, from 0 without a gap
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
	whole := v.hashed == v.at
	v.at += int64(n)
	if !whole {
		return n, err
	}
	v.hash.Write(p[:n])
	v.hashed += int64(n)
	ended := errors.Is(err, io.EOF) || v.at >= v.size
	if ended && (v.at != v.size || hex.EncodeToString(v.hash.Sum(nil)) != string(v.ref)) {
		if err == nil || errors.Is(err, io.EOF) {
			return 0, ErrAltered
		}
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
