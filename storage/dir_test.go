package storage_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"naskah/internal/problem"
	"naskah/storage"
	"naskah/storage/storagetest"
)

func TestDir(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storagetest.Subject { return subject(t, t.TempDir()) })
}

func TestDirOnAFullDisk(t *testing.T) {
	t.Parallel()
	storagetest.FullDisk(t, nil, subject)
}

func open(t *testing.T, root string) *storage.Dir {
	t.Helper()
	d, err := storage.NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func objectPath(root string, ref storage.Ref) string {
	return filepath.Join(root, string(ref[:2]), string(ref))
}

func subject(t *testing.T, root string) storagetest.Subject {
	t.Helper()
	return storagetest.Subject{
		Store:  open(t, root),
		Reopen: func(t *testing.T) storage.Store { t.Helper(); return open(t, root) },
		Damage: func(t *testing.T, ref storage.Ref, alter func([]byte) []byte) {
			t.Helper()
			b, err := os.ReadFile(objectPath(root, ref))
			if err == nil {
				err = errors.Join(os.Chmod(objectPath(root, ref), 0o600), os.WriteFile(objectPath(root, ref), alter(b), 0o600))
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		Age: func(t *testing.T, ref storage.Ref, ago time.Duration) {
			t.Helper()
			then := time.Now().Add(-ago)
			if err := os.Chtimes(objectPath(root, ref), then, then); err != nil {
				t.Fatal(err)
			}
		},
		Leftovers: func(t *testing.T) []string { t.Helper(); return strangers(t, root) },
	}
}

// strangers are all files under root that are not named as objects are.
func strangers(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if ref, err := storage.ParseRef(e.Name()); err != nil || path != objectPath(root, ref) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestObjectsMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	ref, err := open(t, root).Put(t.Context(), bytes.NewReader([]byte("surat")))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(objectPath(root, ref))
	if err != nil || info.Mode().Perm() != 0o400 {
		t.Fatalf("mode %v, %v; want -r--------", info.Mode(), err)
	}
}

// keepPutting names the folder in which the child process of the next test puts.
const keepPutting = "NASKAH_TEST_KEEP_PUTTING"

func TestKilledPutIsSweptAtTheNextStartAndALivingOneIsNot(t *testing.T) {
	if root := os.Getenv(keepPutting); root != "" {
		_, err := open(t, root).Put(t.Context(), os.Stdin)
		t.Fatalf("the put ended: %v", err)
	}
	t.Parallel()
	root := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), keepPutting+"="+root)
	upload, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := upload.Write([]byte("the beginning of a letter")); err != nil {
		t.Fatal(err)
	}
	for len(held(t, root)) == 0 { // until its first bytes lie on the disk
		if t.Context().Err() != nil {
			t.Fatal("the child process never wrote")
		}
	}
	open(t, root)
	if len(strangers(t, root)) != 1 {
		t.Error("the temporary file of a living process was removed")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // always "signal: killed"
	if len(strangers(t, root)) != 1 {
		t.Error("the killed process left nothing; this test shows nothing")
	}
	open(t, root)
	if left := strangers(t, root); len(left) != 0 {
		t.Errorf("still there after the next start: %v", left)
	}
}

// held are temporary files with bytes in them: their writer has its lock by then.
func held(t *testing.T, root string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "tmp", "put-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 {
			return found
		}
	}
	return nil
}

func TestFolderThatCannotBeUsedSaysSo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.NewDir(file); !errors.Is(err, problem.Unavailable) {
		t.Fatalf("NewDir on a file gives %v, want problem.Unavailable", err)
	}
}

func TestRefOfAndDigestAgree(t *testing.T) {
	t.Parallel()
	b := storagetest.Random(10_000)
	ref, err := storage.Digest(bytes.NewReader(b))
	if err != nil || ref != storage.RefOf(b) {
		t.Fatalf("Digest gives %s, %v; RefOf %s", ref, err, storage.RefOf(b))
	}
	if again, err := storage.ParseRef(string(ref)); err != nil || again != ref {
		t.Fatalf("ParseRef gives %s, %v", again, err)
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	f.Add("../../../etc/passwd")
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := storage.ParseRef(s)
		if err == nil && (string(ref) != s || len(s) != 64 || filepath.Base(s) != s) {
			t.Fatalf("%q passes as a digest", s)
		}
	})
}
