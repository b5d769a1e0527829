package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"naskah/internal/verify"
)

func verifyCommand(c *console, f *flags) *cobra.Command {
	var trust []string
	var at string
	var offline bool
	cmd := &cobra.Command{
		Use: "verify BERKAS...", Short: "Memeriksa tanda tangan dalam PDF", Args: atLeast(1),
		Long: "Memeriksa tanda tangan dalam PDF.\nKode keluar: 0 sah, 1 gagal, 2 belum pasti, 3 tanpa tanda tangan, 4 tidak terbaca; beberapa berkas: yang terburuk dalam urutan 1, 4, 2, 3, 0.",
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := verifyOptions(c, f, trust, at)
			if err != nil {
				return err
			}
			return verifyFiles(cmd.Context(), c, f.json, o, args)
		},
	}
	cmd.Flags().StringArrayVar(&trust, "trust", nil, "berkas PEM dengan sertifikat induk yang dipercaya (boleh berulang)")
	cmd.Flags().StringVar(&at, "at", "", "waktu penilaian, misalnya 2026-11-23 atau 2026-11-23T14:05:00Z")
	cmd.Flags().BoolVar(&offline, "offline", false, "tanpa jaringan (saat ini selalu begitu)")
	return cmd
}

// verifyOptions gathers the roots: --trust, DIR/trust, and the own authority when
// the data folder has one. The folder is only read, so a running service is no
// hindrance.
func verifyOptions(c *console, f *flags, trust []string, at string) (verify.Options, error) {
	var o verify.Options
	s, err := f.settings(c)
	if err != nil {
		return o, err
	}
	if o.Roots, err = trustedRoots(filepath.Join(s.Data, trustDir)); err != nil {
		return o, err
	}
	for _, path := range trust {
		certs, err := readRoots(c.path(path))
		if err != nil {
			return o, err
		}
		o.Roots = append(o.Roots, certs...)
	}
	if o.Own, err = ownRoot(filepath.Join(s.Data, keysDir, "root.pem")); err != nil {
		return o, err
	}
	if at == "" {
		return o, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if o.At, err = time.Parse(layout, at); err == nil {
			return o, nil
		}
	}
	return o, usageError{fmt.Errorf("--at %q bukan waktu", at)}
}

func ownRoot(path string) ([]*x509.Certificate, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return readRoots(path)
}

func verifyFiles(ctx context.Context, c *console, asJSON bool, o verify.Options, paths []string) error {
	codes := make([]int, 0, len(paths))
	for _, path := range paths {
		report, err := verifyFile(ctx, c.path(path), o)
		if err != nil {
			return err
		}
		codes = append(codes, report.Exit())
		if asJSON {
			err = c.print(report.JSON(path, "id"))
		} else {
			_, err = fmt.Fprint(c.out, reportText(path, report))
		}
		if err != nil {
			return err
		}
	}
	if code := verify.WorstExit(codes...); code != 0 {
		return exitCode(code)
	}
	return nil
}

func verifyFile(ctx context.Context, path string, o verify.Options) (verify.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return verify.Report{Conclusion: verify.Unreadable, Error: verify.Reason{ID: "Berkas ini tidak ada atau tidak boleh dibaca.", EN: "This file is not there or may not be read."}}, nil //nolint:nilerr // it is the report
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return verify.Report{}, err
	}
	return verify.Verify(ctx, f, info.Size(), o)
}

// reportText says the three answers: unchanged, who, trusted.
func reportText(path string, r verify.Report) string {
	var b strings.Builder
	words := map[string]string{
		verify.TotalPassed: "SAH", verify.TotalFailed: "GAGAL", verify.Indeterminate: "BELUM PASTI", verify.NoSignature: "TANPA TANDA TANGAN", verify.Unreadable: "TIDAK TERBACA",
	}
	fmt.Fprintf(&b, "%s: %s\n", path, words[r.Conclusion])
	if r.Conclusion == verify.Unreadable {
		fmt.Fprintf(&b, "  %s\n", r.Error.ID)
	}
	for _, s := range r.Signatures {
		unchanged := map[verify.Integrity]string{
			verify.Unchanged: "Isi tidak berubah setelah ditandatangani", verify.Changed: "Isi BERUBAH atau tanda tangan rusak", verify.IntegrityUnknown: "Belum dapat dipastikan apakah isinya berubah",
		}[s.Integrity()]
		fmt.Fprintf(&b, "  %s\n    %s\n    Ditandatangani oleh %s, menurut penanda tangan pada %s\n    %s  (%s, %s)\n",
			s.Field, unchanged, orDash(s.Signer), claimed(s.ClaimedTime), trustWord(s), s.Level, s.Coverage)
		for _, reason := range s.Reasons {
			fmt.Fprintf(&b, "    - %s\n", reason.ID)
		}
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "(tidak diketahui)"
	}
	return s
}

func claimed(t time.Time) string {
	if t.IsZero() {
		return "waktu yang tidak disebut"
	}
	return t.Local().Format("02-01-2006 15:04 MST")
}

func trustWord(s verify.Signature) string {
	switch {
	case s.Trusted:
		return "Sertifikat dipercaya"
	case s.Internal:
		return "Sertifikat internal kantor"
	}
	return "Sertifikat belum dikenal"
}
