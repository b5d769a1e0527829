package s3_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"naskah/internal/problem"
	"naskah/storage"
	"naskah/storage/s3"
	"naskah/storage/storagetest"
)

// TestS3 runs everything that shares one server.
func TestS3(t *testing.T) {
	t.Parallel()
	server := storagetest.MinIO(t)
	t.Run("Contract", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storagetest.Subject { return subject(t, options(t, server)) })
	})
	t.Run("ContractUnderAPrefix", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storagetest.Subject {
			opt := options(t, server)
			opt.Prefix = "kecamatan/surat/"
			return subject(t, opt)
		})
	})
	t.Run("FullSpool", func(t *testing.T) {
		t.Parallel()
		storagetest.FullDisk(t, []string{"NASKAH_TEST_S3=" + server.Address()}, func(t *testing.T, folder string) storagetest.Subject {
			opt := options(t, server)
			opt.SpoolDir = folder
			return subject(t, opt)
		})
	})
	for name, test := range map[string]func(*testing.T, *storagetest.Server){
		"PlainBucketHasNoLockAndSaysSo":           plainBucket,
		"VersionedBucketIsFoundOut":               versioned,
		"HeldObjectSurvivesSweepPutAndShortening": retained,
		"WrongKeyIsSaidPlainly":                   wrongKey,
		"ObjectIsOnePutAndForeignOnesAreIgnored":  onePut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, server)
		})
	}
}

// options names a new bucket that goes with the test.
func options(t *testing.T, server *storagetest.Server) s3.Options {
	t.Helper()
	opt := s3.Options{
		Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Secure: server.Secure,
		Bucket: "naskah-test-" + hex.EncodeToString(storagetest.Random(8)), SpoolDir: t.TempDir(),
	}
	if server.Foreign {
		t.Cleanup(func() { removeBucket(t, opt) })
	}
	return opt
}

func removeBucket(t *testing.T, opt s3.Options) {
	t.Helper()
	c, ctx := behind(t, opt), context.WithoutCancel(t.Context()) // a test's context ends before its cleanup
	for o := range c.ListObjects(ctx, opt.Bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		if err := c.RemoveObject(ctx, opt.Bucket, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID, GovernanceBypass: true}); err != nil {
			t.Logf("left in the bucket: %v", err)
		}
	}
	if err := c.RemoveBucket(ctx, opt.Bucket); err != nil {
		t.Logf("left on the server: %v", err)
	}
}

// behind is a client that goes past the store.
func behind(t *testing.T, opt s3.Options) *minio.Client {
	t.Helper()
	c, err := minio.New(opt.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(opt.AccessKey, opt.SecretKey, ""), Secure: opt.Secure})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func open(t *testing.T, opt s3.Options) *s3.Store {
	t.Helper()
	s, err := s3.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func key(opt s3.Options, ref storage.Ref) string {
	return opt.Prefix + string(ref[:2]) + "/" + string(ref)
}

func subject(t *testing.T, opt s3.Options) storagetest.Subject {
	t.Helper()
	c := behind(t, opt)
	return storagetest.Subject{
		Store:  open(t, opt),
		Reopen: func(t *testing.T) storage.Store { t.Helper(); return open(t, opt) },
		Damage: func(t *testing.T, ref storage.Ref, alter func([]byte) []byte) {
			t.Helper()
			rewrite(t, c, opt, ref, alter, minio.PutObjectOptions{})
		},
		Age: func(t *testing.T, ref storage.Ref, ago time.Duration) {
			t.Helper()
			then := minio.AdvancedPutOptions{SourceMTime: time.Now().Add(-ago)}
			rewrite(t, c, opt, ref, func(b []byte) []byte { return b }, minio.PutObjectOptions{Internal: then})
			info, err := c.StatObject(t.Context(), opt.Bucket, key(opt, ref), minio.StatObjectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if time.Since(info.LastModified) < ago/2 {
				t.Skip("skipped: only MinIO lets a test say that an object is old")
			}
		},
		Leftovers: func(t *testing.T) []string { t.Helper(); return leftovers(t, c, opt) },
	}
}

func rewrite(t *testing.T, c *minio.Client, opt s3.Options, ref storage.Ref, alter func([]byte) []byte, put minio.PutObjectOptions) {
	t.Helper()
	o, err := c.GetObject(t.Context(), opt.Bucket, key(opt, ref), minio.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(o)
	if err != nil {
		t.Fatal(err)
	}
	b = alter(b)
	only, err := c.PutObject(t.Context(), opt.Bucket, key(opt, ref), bytes.NewReader(b), int64(len(b)), put)
	if err != nil {
		t.Fatal(err)
	}
	for o := range c.ListObjects(t.Context(), opt.Bucket, minio.ListObjectsOptions{Prefix: key(opt, ref), WithVersions: only.VersionID != ""}) {
		if only.VersionID != "" && o.VersionID != only.VersionID { // else the younger version would be the current one
			if err := c.RemoveObject(t.Context(), opt.Bucket, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// leftovers are files in the spool, uploads begun and foreign objects.
func leftovers(t *testing.T, c *minio.Client, opt s3.Options) []string {
	t.Helper()
	var found []string
	spooled, err := os.ReadDir(opt.SpoolDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range spooled {
		found = append(found, "spool: "+e.Name())
	}
	for u := range c.ListIncompleteUploads(t.Context(), opt.Bucket, "", true) {
		found = append(found, fmt.Sprintf("upload: %s %v", u.Key, u.Err))
	}
	for o := range c.ListObjects(t.Context(), opt.Bucket, minio.ListObjectsOptions{Recursive: true}) {
		ref, err := storage.ParseRef(o.Key[strings.LastIndex(o.Key, "/")+1:])
		if err != nil || o.Key != key(opt, ref) {
			found = append(found, "object: "+o.Key)
		}
	}
	return found
}

func put(t *testing.T, s storage.Store, b []byte) storage.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func plainBucket(t *testing.T, server *storagetest.Server) {
	s := open(t, options(t, server))
	if s.Abilities() != (s3.Abilities{}) {
		t.Errorf("a new bucket has %+v", s.Abilities())
	}
	err := s.Retain(t.Context(), put(t, s, []byte("surat")), time.Now().Add(time.Hour))
	if !errors.Is(err, problem.Unsupported) {
		t.Errorf("retain gives %v, want problem.Unsupported", err)
	}
}

func versioned(t *testing.T, server *storagetest.Server) {
	opt := options(t, server)
	c := behind(t, opt)
	if err := c.MakeBucket(t.Context(), opt.Bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.EnableVersioning(t.Context(), opt.Bucket); err != nil {
		t.Skipf("skipped: this server has no versioning (%v)", err)
	}
	if got := open(t, opt).Abilities(); got != (s3.Abilities{Versioning: true}) {
		t.Errorf("found %+v, want versioning", got)
	}
}

func retained(t *testing.T, server *storagetest.Server) {
	opt := options(t, server)
	c := behind(t, opt)
	if err := c.MakeBucket(t.Context(), opt.Bucket, minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Skipf("skipped: this server has no object lock (%v)", err)
	}
	sub := subject(t, opt)
	s := open(t, opt)
	if got := s.Abilities(); !got.ObjectLock {
		t.Fatalf("found %+v, want object lock", got)
	}
	b := []byte("surat keputusan")
	ref := put(t, s, b)
	sub.Age(t, ref, 2*storage.SweepAge)
	until := time.Now().Add(10 * 365 * 24 * time.Hour)
	for _, u := range []time.Time{until, until.Add(-1000 * time.Hour)} {
		if err := s.Retain(t.Context(), ref, u); err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, b)
	_, kept, err := c.GetObjectRetention(t.Context(), opt.Bucket, key(opt, ref), "")
	if err != nil || kept == nil || kept.Before(until) {
		t.Errorf("held until %v (%v), want %v", kept, err, until)
	}
	if err := s.Remove(t.Context(), ref); !errors.Is(err, problem.Conflict) {
		t.Errorf("remove gives %v, want problem.Conflict", err)
	}
	if err := s.Retain(t.Context(), storage.RefOf([]byte("never put")), until); !errors.Is(err, problem.NotFound) {
		t.Errorf("retain of an unknown Ref gives %v, want problem.NotFound", err)
	}
}

func wrongKey(t *testing.T, server *storagetest.Server) {
	opt := options(t, server)
	open(t, opt)
	opt.SecretKey = "another-secret"
	_, err := s3.New(t.Context(), opt)
	if !errors.Is(err, problem.Unavailable) || !strings.Contains(problem.Sentence(err, "id"), "menolak kunci") {
		t.Errorf("a wrong key gives %v", err)
	}
}

func onePut(t *testing.T, server *storagetest.Server) {
	opt := options(t, server)
	opt.Prefix = "naskah"
	s, c := open(t, opt), behind(t, opt)
	big := storagetest.Random(20 << 20) // minio-go's own PutObject would make parts of it
	ref := put(t, s, big)
	opt.Prefix = "naskah/"
	info, err := c.StatObject(t.Context(), opt.Bucket, key(opt, ref), minio.StatObjectOptions{})
	if err != nil || strings.Contains(info.ETag, "-") {
		t.Fatalf("ETag %q, %v: not one PUT", info.ETag, err)
	}
	for _, foreign := range []string{string(ref), "naskah/readme.txt", "naskah/zz/" + string(ref)} {
		if _, err := c.PutObject(t.Context(), opt.Bucket, foreign, strings.NewReader("x"), 1, minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	var found []storage.Ref
	if err := s.List(t.Context(), func(i storage.Info) error { found = append(found, i.Ref); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0] != ref {
		t.Fatalf("listed %v, want only %s", found, ref)
	}
}
