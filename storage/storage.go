// Package storage is the contract for immutable bytes kept under the SHA-256 of
// their content; Dir keeps them in a folder.
package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"naskah/internal/problem"
)

// Ref names an object: the SHA-256 of its bytes in 64 lower-case hex digits.
type Ref string

// RefOf is the Ref of b.
func RefOf(b []byte) Ref {
	sum := sha256.Sum256(b)
	return Ref(hex.EncodeToString(sum[:]))
}

// Digest is the Ref of all that r gives.
func Digest(r io.Reader) (Ref, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return Ref(hex.EncodeToString(h.Sum(nil))), nil
}

// ParseRef checks that s is 64 lower-case hex digits; otherwise problem.Invalid.
func ParseRef(s string) (Ref, error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != s {
		return "", problem.New(problem.Invalid, "Sidik berkas tidak benar.", "That is not the digest of a file.", err)
	}
	return Ref(s), nil
}

// Reader reads one object. Reading it from the first byte to the last checks its
// digest: altered or truncated bytes give ErrAltered, and the last block is kept
// back. After a Seek elsewhere only a whole pass from offset 0 is checked. The
// context of Open holds for the Reader's life.
type Reader interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Store keeps immutable bytes under the SHA-256 of their content.
//
// Put hashes while it copies. When it returns nil the bytes are durable. It is
// idempotent: known bytes stay one object, whose time is renewed so that a
// running sweep spares it, and which is whole again if it was altered. Any
// number of writers may put the same bytes at once. On an error, a cancelled
// context or a full disk nothing half-written is ever visible under a Ref. An
// error of r that is a problem comes back as it is.
//
// Open gives problem.NotFound for an unknown Ref. There is no Delete.
type Store interface {
	Put(ctx context.Context, r io.Reader) (Ref, error)
	Open(ctx context.Context, ref Ref) (Reader, error)
}

// Info is one row of a listing.
type Info struct {
	Ref      Ref
	Size     int64
	Modified time.Time // when last put
}

// Sweeper is a Store whose forgotten objects can be removed. Remove refuses
// objects put less than SweepAge ago (problem.Conflict), so that bytes whose row
// is not yet written are never taken; the caller asks the database for rows that
// need the object in the same verb.
type Sweeper interface {
	Store
	List(ctx context.Context, each func(Info) error) error
	Remove(ctx context.Context, ref Ref) error
}

// Retainer is a Store that can hold an object against deletion until a time. A
// hold is only ever made longer.
type Retainer interface {
	Retain(ctx context.Context, ref Ref, until time.Time) error
}

// SweepAge is how long an object without a row is spared: longer than any
// upload, restart or restore that may lie between bytes and row.
const SweepAge = 24 * time.Hour

// ErrAltered says that stored bytes no longer have the digest they are named by.
var ErrAltered = problem.New(problem.Internal,
	"Berkas di penyimpanan berubah atau rusak. Hubungi admin; jalankan naskah fsck.",
	"The stored file is altered or damaged. Tell the administrator; run naskah fsck.", nil)
