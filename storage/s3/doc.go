// Package s3 keeps the bytes of package storage in a MinIO or any other S3 bucket.
//
// Only plain S3 calls are used (PUT, GET with Range, HEAD, copy onto itself,
// list, retention), so that MinIO, Ceph, SeaweedFS, versitygw or a provider's
// cloud serve alike. An object is one PUT and never multipart: a PUT is visible
// whole or not at all, its signature covers the SHA-256 that is its name, so the
// server itself refuses bytes that changed on the way, and 5 GiB, the most one
// PUT may carry, is far above the upload limit.
//
// One service owns a bucket with a prefix, as one process owns a data folder:
// that a sweep never takes an object that is put again this moment is assured
// by a lock inside the process. In a bucket with versioning Remove hides an object
// and the bucket's own lifecycle rules free the space; there renewing a known
// object's time adds a version.
package s3
