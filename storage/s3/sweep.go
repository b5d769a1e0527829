package s3

import (
	"context"
	"fmt"
	"time"

	"github.com/minio/minio-go/v7"

	"naskah/internal/problem"
	"naskah/storage"
)

// List implements storage.Sweeper.
func (s *Store) List(ctx context.Context, each func(storage.Info) error) error {
	ctx, stop := context.WithCancel(ctx) // ends the listing's goroutine when each gives up
	defer stop()
	for o := range s.core.Client.ListObjects(ctx, s.opt.Bucket, minio.ListObjectsOptions{Prefix: s.listPrefix(), Recursive: true}) {
		if o.Err != nil {
			return translate(o.Err)
		}
		ref, ours := s.refOf(o.Key)
		if !ours {
			continue
		}
		if err := each(storage.Info{Ref: ref, Size: o.Size, Modified: o.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Remove implements storage.Sweeper. A held object is refused with
// problem.Conflict.
func (s *Store) Remove(ctx context.Context, ref storage.Ref) error {
	if _, err := storage.ParseRef(string(ref)); err != nil {
		return err
	}
	s.sweep.Lock()
	defer s.sweep.Unlock()
	info, err := s.core.StatObject(ctx, s.opt.Bucket, s.key(ref), minio.StatObjectOptions{})
	if missing(err) {
		return nil
	}
	if err != nil {
		return translate(err)
	}
	if time.Since(info.LastModified) < storage.SweepAge {
		return storage.TooYoung()
	}
	if held, err := s.held(ctx, ref); err != nil {
		return translate(err)
	} else if held {
		return problem.New(problem.Conflict, "Berkas ini dikunci dan belum boleh dihapus.", "This object is held and may not be removed yet.", nil)
	}
	return translate(s.core.RemoveObject(ctx, s.opt.Bucket, s.key(ref), minio.RemoveObjectOptions{}))
}

// Retain implements storage.Retainer; problem.Unsupported when the bucket has no
// object lock. The mode is governance: nobody removes the object by mistake,
// and an administrator with the special right can still correct a wrong date.
func (s *Store) Retain(ctx context.Context, ref storage.Ref, until time.Time) error {
	if _, err := storage.ParseRef(string(ref)); err != nil {
		return err
	}
	if !s.able.ObjectLock {
		return problem.New(problem.Unsupported, "Bucket ini dibuat tanpa object lock, jadi berkas tidak dapat dikunci.",
			"This bucket was made without object lock, so objects cannot be held.", nil)
	}
	s.sweep.RLock()
	defer s.sweep.RUnlock()
	now, err := s.heldUntil(ctx, ref)
	if missing(err) {
		return storage.Missing(err)
	}
	if err != nil || !until.After(now) {
		return translate(err)
	}
	mode := minio.Governance
	until = until.UTC().Truncate(time.Second).Add(time.Second) // S3 drops fractions; never shorter than asked
	return translate(s.core.PutObjectRetention(ctx, s.opt.Bucket, s.key(ref), minio.PutObjectRetentionOptions{
		Mode: &mode, RetainUntilDate: &until,
	}))
}

// held tells whether the object is held for longer than any sweep under way.
func (s *Store) held(ctx context.Context, ref storage.Ref) (bool, error) {
	until, err := s.heldUntil(ctx, ref)
	return time.Until(until) > storage.SweepAge, err
}

// heldUntil is the zero time for an object that is not held.
func (s *Store) heldUntil(ctx context.Context, ref storage.Ref) (time.Time, error) {
	if !s.able.ObjectLock {
		return time.Time{}, nil
	}
	_, until, err := s.core.GetObjectRetention(ctx, s.opt.Bucket, s.key(ref), "")
	if minio.ToErrorResponse(err).Code == "NoSuchObjectLockConfiguration" {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("ask for retention: %w", err)
	}
	if until == nil {
		return time.Time{}, nil
	}
	return *until, nil
}
