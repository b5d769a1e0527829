package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"naskah/storage"
)

// Open implements storage.Store.
func (s *Store) Open(ctx context.Context, ref storage.Ref) (storage.Reader, error) {
	if _, err := storage.ParseRef(string(ref)); err != nil {
		return nil, err
	}
	info, err := s.core.StatObject(ctx, s.opt.Bucket, s.key(ref), minio.StatObjectOptions{})
	if missing(err) {
		return nil, storage.Missing(err)
	}
	if err != nil {
		return nil, translate(err)
	}
	return storage.NewVerifier(&remote{ctx: ctx, store: s, key: s.key(ref), size: info.Size}, info.Size, ref), nil
}

// remote reads an object with ranged GETs: one stream for Read, which a Seek
// elsewhere drops, and one request per ReadAt. minio-go's own Object sends every
// call through one goroutine and remembers an error for ever.
type remote struct {
	ctx    context.Context //nolint:containedctx // the context of Open holds for the reader's life
	store  *Store
	key    string
	size   int64
	at     int64
	stream io.ReadCloser // nil: none is open at `at`
}

// span opens the bytes from start to the last one before end.
func (r *remote) span(start, end int64) (io.ReadCloser, error) {
	var opt minio.GetObjectOptions
	if err := opt.SetRange(start, end-1); err != nil {
		return nil, err
	}
	body, _, _, err := r.store.core.GetObject(r.ctx, r.store.opt.Bucket, r.key, opt)
	if missing(err) {
		return nil, storage.Missing(err)
	}
	if err != nil {
		return nil, translate(err)
	}
	return body, nil
}

// Read implements io.Reader.
func (r *remote) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if r.stream == nil {
		body, err := r.span(r.at, r.size)
		if err != nil {
			return 0, err
		}
		r.stream = body
	}
	n, err := r.stream.Read(p)
	r.at += int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && r.at >= r.size:
		return n, io.EOF
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return n, translate(err)
}

// ReadAt implements io.ReaderAt.
func (r *remote) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("read at %d", off)
	}
	if off >= r.size {
		return 0, io.EOF
	}
	end := min(off+int64(len(p)), r.size)
	if end == off {
		return 0, nil
	}
	body, err := r.span(off, end)
	if err != nil {
		return 0, err
	}
	defer body.Close() // read whole or failed already
	n, err := io.ReadFull(body, p[:end-off])
	if err != nil {
		return n, translate(err)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Seek implements io.Seeker.
func (r *remote) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	default:
		return r.at, fmt.Errorf("seek from %d", whence)
	}
	if offset < 0 {
		return r.at, fmt.Errorf("seek to %d", offset)
	}
	if offset == r.at {
		return r.at, nil
	}
	r.at = offset
	return r.at, r.Close()
}

// Close implements io.Closer.
func (r *remote) Close() error {
	if r.stream == nil {
		return nil
	}
	err := r.stream.Close()
	r.stream = nil
	return err
}
