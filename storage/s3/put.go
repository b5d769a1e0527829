package s3

import (
	"context"
	"crypto/md5" // only to recognise an ETag, never to trust
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/minio/minio-go/v7"

	"naskah/storage"
)

// mediaType: the bytes are data to whoever meets them in the bucket; what they are
// stands in the database.
const mediaType = "application/octet-stream"

// spool is a file that holds bytes between their hashing and their PUT. It has
// no name any more, so that nothing of it is left however the process ends.
type spool struct {
	*os.File
	ref  storage.Ref
	size int64
	md5  string
}

func (s *Store) spool(ctx context.Context, r io.Reader) (*spool, error) {
	f, err := os.CreateTemp(s.opt.SpoolDir, "naskah-spool-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	sum := md5.New()
	ref, n, err := storage.CopyHashed(ctx, io.MultiWriter(f, sum), r)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &spool{File: f, ref: ref, size: n, md5: hex.EncodeToString(sum.Sum(nil))}, nil
}

// Put implements storage.Store.
func (s *Store) Put(ctx context.Context, r io.Reader) (storage.Ref, error) {
	file, err := s.spool(ctx, r)
	if err != nil {
		return "", storage.NotKept(err)
	}
	defer file.Close() // only read from here on
	s.sweep.RLock()
	defer s.sweep.RUnlock()
	if err := s.settle(ctx, file); err != nil {
		return "", translate(err)
	}
	return file.ref, nil
}

// settle puts the file, or renews the time of bytes that are there already. An
// object whose ETag is not the MD5 of the bytes was altered, or its server makes
// ETags of its own: then it is put again.
func (s *Store) settle(ctx context.Context, file *spool) error {
	info, err := s.core.StatObject(ctx, s.opt.Bucket, s.key(file.ref), minio.StatObjectOptions{})
	switch {
	case err == nil && info.Size == file.size && info.ETag == file.md5:
		// Servers answer "no such key" for a moment while others put the same key.
		if err := s.renew(ctx, file.ref); !missing(err) {
			return err
		}
	case err != nil && !missing(err):
		return err
	}
	// The name doubles as x-amz-content-sha256 of the signature: the server
	// refuses other bytes than these.
	_, err = s.core.PutObject(ctx, s.opt.Bucket, s.key(file.ref), file.File, file.size, "", string(file.ref),
		minio.PutObjectOptions{ContentType: mediaType, DisableContentSha256: true})
	return err
}

// renew copies the object onto itself inside the server, which sets its time to
// now. A held object needs no renewal, and must not be covered by a version
// that is not held.
func (s *Store) renew(ctx context.Context, ref storage.Ref) error {
	held, err := s.held(ctx, ref)
	if err != nil || held {
		return err
	}
	_, err = s.core.Client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: s.opt.Bucket, Object: s.key(ref), ReplaceMetadata: true, ContentType: mediaType},
		minio.CopySrcOptions{Bucket: s.opt.Bucket, Object: s.key(ref)})
	return err
}
