package storage

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// hold locks a temporary file for as long as it is open. The kernel lets go when
// the process dies, however it dies; a process number would lie in containers,
// where every one is number 1.
func hold(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX) }

// removeUnheld removes a temporary file whose process is gone.
func removeUnheld(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // renamed or removed this very moment
	}
	if err != nil {
		return err
	}
	defer f.Close() // only read for its lock
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil // held: its process lives
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
