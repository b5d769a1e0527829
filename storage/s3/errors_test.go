package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"

	"naskah/internal/problem"
)

func TestEveryAnswerOfTheServerHasItsSentence(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		minio.ErrorResponse{Code: "XMinioStorageFull", StatusCode: 507}:    "Disk penuh",
		minio.ErrorResponse{Code: "SomethingElse", StatusCode: 507}:        "Disk penuh",
		minio.ErrorResponse{Code: minio.NoSuchBucket, StatusCode: 404}:     "Bucket",
		minio.ErrorResponse{Code: minio.AccessDenied, StatusCode: 403}:     "menolak kunci",
		minio.ErrorResponse{Code: "RequestTimeTooSkewed", StatusCode: 403}: "jam server",
		minio.ErrorResponse{Code: "SlowDown", StatusCode: 503}:             "tidak menjawab",
		io.ErrUnexpectedEOF: "tidak menjawab",
		context.Canceled:    "dibatalkan",
	} {
		got := translate(fmt.Errorf("wrapped: %w", err))
		if problem.KindOf(got) != problem.Unavailable || !strings.Contains(problem.Sentence(got, "id"), want) || !errors.Is(got, err) {
			t.Errorf("%v became %v (%s), want the sentence with %q", err, got, problem.Sentence(got, "id"), want)
		}
	}
	if translate(nil) != nil {
		t.Error("no error became one")
	}
}
