package s3

import (
	"context"
	"errors"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"naskah/internal/problem"
	"naskah/storage"
)

// Options say where the bucket is and who asks.
type Options struct {
	Endpoint             string // host:port, without a scheme
	AccessKey, SecretKey string
	Bucket               string // made when missing
	Region               string // "" asks the server
	Secure               bool   // HTTPS
	Prefix               string // folder inside the bucket, "" for the whole bucket
	// SpoolDir takes a file while it is hashed, before its PUT; "" is the
	// system's folder for temporary files. Its disk must hold the largest upload.
	SpoolDir string
}

// Abilities are what the bucket was found to offer when the store was opened.
type Abilities struct {
	Versioning bool // what is removed by mistake can be brought back
	ObjectLock bool // Retain works
}

// Store is a storage.Store, Sweeper and Retainer in one bucket.
type Store struct {
	core  minio.Core
	opt   Options
	able  Abilities
	sweep sync.RWMutex // as in storage.Dir: no renewal between look and removal
}

// retries: a person waits for the answer, and a job is tried again by its queue.
const retries = 3

// New connects, makes the bucket when it is missing, and probes its abilities.
func New(ctx context.Context, opt Options) (*Store, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	core, err := minio.NewCore(opt.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(opt.AccessKey, opt.SecretKey, ""),
		Secure:     opt.Secure,
		Region:     opt.Region,
		MaxRetries: retries,
	})
	if err != nil {
		return nil, invalid(err)
	}
	s := &Store{core: *core, opt: opt}
	if err := s.makeBucket(ctx); err != nil {
		return nil, translate(err)
	}
	if err := s.probe(ctx); err != nil {
		return nil, translate(err)
	}
	return s, nil
}

// Abilities tell what the bucket offered when the store was opened.
func (s *Store) Abilities() Abilities { return s.able }

func (o Options) check() error {
	if o.Endpoint == "" || o.Bucket == "" || o.AccessKey == "" || o.SecretKey == "" {
		return invalid(errors.New("endpoint, bucket, access key and secret key are all needed"))
	}
	if u, err := url.Parse("//" + o.Endpoint); err != nil || u.Host != o.Endpoint {
		return invalid(errors.New("the endpoint is host:port, without a scheme or a path"))
	}
	return nil
}

func invalid(cause error) error {
	return problem.New(problem.Invalid, "Pengaturan S3 belum lengkap atau keliru: periksa alamat (host:port), bucket, dan kunci.",
		"The S3 settings are incomplete or wrong: check address (host:port), bucket and keys.", cause)
}

func (s *Store) makeBucket(ctx context.Context) error {
	there, err := s.core.BucketExists(ctx, s.opt.Bucket)
	if err != nil || there {
		return err
	}
	err = s.core.MakeBucket(ctx, s.opt.Bucket, minio.MakeBucketOptions{Region: s.opt.Region})
	switch minio.ToErrorResponse(err).Code {
	case minio.BucketAlreadyOwnedByYou, minio.BucketAlreadyExists: // another one was faster
		_, err = s.core.BucketExists(ctx, s.opt.Bucket)
	}
	return err
}

// probe asks for versioning and object lock. A server that does not know the
// question, or does not answer it to us, has no such ability for us.
func (s *Store) probe(ctx context.Context) error {
	versioning, err := s.core.GetBucketVersioning(ctx, s.opt.Bucket)
	if err != nil && !answered(err) {
		return err
	}
	lock, _, _, _, err := s.core.GetObjectLockConfig(ctx, s.opt.Bucket)
	if err != nil && !answered(err) {
		return err
	}
	s.able = Abilities{Versioning: versioning.Enabled(), ObjectLock: lock == "Enabled"}
	return nil
}

// key lays objects out as storage.Dir does, so that a folder can be mirrored
// into a bucket and back with any S3 tool.
func (s *Store) key(ref storage.Ref) string {
	return s.listPrefix() + path.Join(string(ref[:2]), string(ref))
}

// refOf is the Ref of a key; false for foreign objects.
func (s *Store) refOf(key string) (storage.Ref, bool) {
	ref, err := storage.ParseRef(path.Base(key))
	return ref, err == nil && s.key(ref) == key
}

func (s *Store) listPrefix() string {
	if p := strings.Trim(s.opt.Prefix, "/"); p != "" {
		return p + "/"
	}
	return ""
}

var (
	_ storage.Sweeper  = (*Store)(nil)
	_ storage.Retainer = (*Store)(nil)
)
