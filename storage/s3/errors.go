package s3

import (
	"context"
	"errors"
	"net/http"

	"github.com/minio/minio-go/v7"

	"naskah/internal/problem"
	"naskah/storage"
)

// answered tells whether err is the server's word and not its silence.
func answered(err error) bool {
	var e minio.ErrorResponse
	return errors.As(err, &e) && e.StatusCode != 0 && e.StatusCode < http.StatusInternalServerError ||
		errors.As(err, &e) && e.StatusCode == http.StatusNotImplemented
}

func missing(err error) bool {
	var e minio.ErrorResponse
	return errors.As(err, &e) && e.Code == minio.NoSuchKey
}

// translate gives an error of the server or the way to it its kind and sentence.
func translate(err error) error {
	var known *problem.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return problem.New(problem.Unavailable, "Permintaan ke penyimpanan S3 dibatalkan.", "The request to the S3 store was cancelled.", err)
	}
	var e minio.ErrorResponse
	if !errors.As(err, &e) {
		return silent(err)
	}
	switch e.Code {
	case minio.NoSuchBucket:
		return problem.New(problem.Unavailable, "Bucket penyimpanan S3 tidak ada lagi. Hubungi admin.", "The bucket of the S3 store is gone. Tell the administrator.", err)
	case "XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage":
		return storage.Full(err)
	case minio.AccessDenied, minio.InvalidAccessKeyID, "SignatureDoesNotMatch", "RequestTimeTooSkewed", "Forbidden":
		return problem.New(problem.Unavailable, "Server penyimpanan S3 menolak kunci kita. Admin perlu memeriksa kunci, hak akses, dan jam server.",
			"The S3 server refuses our keys. The administrator must check keys, rights and the server's clock.", err)
	}
	if e.StatusCode == http.StatusInsufficientStorage {
		return storage.Full(err)
	}
	return silent(err)
}

func silent(cause error) error {
	return problem.New(problem.Unavailable, "Server penyimpanan S3 tidak menjawab dengan benar. Surat tetap aman; coba lagi, atau minta admin memeriksa server.",
		"The S3 server does not answer properly. The letters are safe; try again, or ask the administrator to check the server.", cause)
}
