package storage

import (
	"context"
	"errors"
	"syscall"

	"naskah/internal/problem"
)

// NotKept is what a person reads when bytes could not be put: cancelled, disk
// full, or the store's own failure. A cause that is a problem already stays.
func NotKept(cause error) error {
	var known *problem.Error
	switch {
	case errors.As(cause, &known):
		return cause
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		return problem.New(problem.Unavailable, "Penyimpanan dibatalkan; tidak ada yang tersimpan.", "Storing was cancelled; nothing was kept.", cause)
	case errors.Is(cause, syscall.ENOSPC), errors.Is(cause, syscall.EDQUOT), errors.Is(cause, syscall.EFBIG):
		return Full(cause)
	}
	return problem.New(problem.Unavailable, "Berkas tidak dapat disimpan. Periksa penyimpanan, lalu kirim lagi.",
		"The file could not be kept. Check the storage and send it again.", cause)
}

// Full is the error of a disk, quota or server without space.
func Full(cause error) error {
	return problem.New(problem.Unavailable, "Disk penuh, jadi berkas belum tersimpan. Kosongkan ruang disk, lalu kirim lagi.",
		"The disk is full, so the file was not kept. Free some space and send it again.", cause)
}

// Missing is the error of an unknown Ref.
func Missing(cause error) error {
	return problem.New(problem.NotFound, "Berkas tidak ada di penyimpanan.", "The file is not in the storage.", cause)
}

// TooYoung is the error of removing an object that was put less than SweepAge ago.
func TooYoung() error {
	return problem.New(problem.Conflict, "Berkas ini baru disimpan dan belum boleh dibersihkan.", "This object was put a short while ago and is spared.", nil)
}

func unusable(cause error) error {
	return problem.New(problem.Unavailable, "Folder penyimpanan tidak dapat dipakai. Periksa izin folder dan ruang disk.",
		"The storage folder cannot be used. Check its permissions and the free disk space.", cause)
}
