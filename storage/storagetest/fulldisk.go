package storagetest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"naskah/internal/problem"
	"naskah/storage"
)

// tinyDisk names, in a child process, the kind of disk that it shall make full.
const tinyDisk = "NASKAH_TINY_DISK"

// tinySize is the space on it.
const tinySize = 256 << 10

// FullDisk shows that a disk which fills up during a Put leaves nothing
// half-written. The test runs again in a child process on a real full disk: a
// tmpfs of 256 KiB in a namespace of its own (no root needed), and, since some
// machines forbid that, a second time under a limit on the size of files. env is
// added to the child's environment. open's folder lies on the full disk.
func FullDisk(t *testing.T, env []string, open func(t *testing.T, folder string) Subject) {
	t.Helper()
	if kind := os.Getenv(tinyDisk); kind != "" {
		fillDisk(t, open(t, shrink(t, kind)))
		return
	}
	t.Run("tmpfs", func(t *testing.T) {
		out, err := again(t, "tmpfs", env, &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		})
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EINVAL) || strings.Contains(out, noMount) {
			t.Skip("skipped: this machine allows no small disk of our own (user namespaces are off)")
		}
		judge(t, out, err)
	})
	t.Run("limit", func(t *testing.T) {
		out, err := again(t, "limit", env, nil)
		judge(t, out, err)
	})
}

const noMount = "no tmpfs for us"

// again runs the calling test's parent in a child process.
func again(t *testing.T, kind string, env []string, attr *syscall.SysProcAttr) (string, error) {
	t.Helper()
	parent := t.Name()[:strings.LastIndex(t.Name(), "/")]
	pattern := "^" + strings.ReplaceAll(parent, "/", "$/^") + "$"
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", pattern, "-test.v", "-test.count=1")
	child.Env = append(append(os.Environ(), env...), tinyDisk+"="+kind)
	child.SysProcAttr = attr
	out, err := child.CombinedOutput()
	return string(out), err
}

func judge(t *testing.T, out string, err error) {
	t.Helper()
	if err != nil || !strings.Contains(out, "--- PASS") {
		t.Fatalf("the child process says %v:\n%s", err, out)
	}
}

// shrink makes this process's disk small and gives the folder on it.
func shrink(t *testing.T, kind string) string {
	t.Helper()
	folder := t.TempDir()
	if kind == "tmpfs" {
		if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=256k"); err != nil {
			t.Fatalf("%s: %v", noMount, err)
		}
		t.Cleanup(func() {
			if err := unix.Unmount(folder, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		return folder
	}
	signal.Ignore(unix.SIGXFSZ) // else the kernel kills us instead of answering EFBIG
	limit := unix.Rlimit{Cur: tinySize, Max: tinySize}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	return folder
}

func fillDisk(t *testing.T, s Subject) {
	t.Helper()
	big, small := Random(4*tinySize), Random(10_000)
	for range 2 { // what the first one left behind would stand in the second one's way
		_, err := s.Store.Put(t.Context(), bytes.NewReader(big))
		if !errors.Is(err, problem.Unavailable) || !strings.Contains(problem.Sentence(err, "id"), "Disk penuh") {
			t.Fatalf("put on a full disk gives %v, want problem.Unavailable and the sentence for it", err)
		}
		mustLack(t, s, storage.RefOf(big))
	}
	mustHold(t, s.Store, mustPut(t, s.Store, small), small)
}
