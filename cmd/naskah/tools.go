package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"naskah/internal/pdf"
	"naskah/internal/problem"
)

func stampCommand(c *console, f *flags) *cobra.Command {
	var out, text, qr, image, at, pages string
	cmd := &cobra.Command{
		Use: "stamp BERKAS --out HASIL", Short: "Membubuhkan cap, kode QR atau gambar pada PDF", Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("butuh --out HASIL")}
			}
			if text == "" && qr == "" && image == "" {
				return usageError{errors.New("butuh --text, --qr atau --image")}
			}
			stamp, err := newStamp(c, text, qr, image, at, pages)
			if err != nil {
				return err
			}
			in, err := os.Open(c.path(args[0]))
			if err != nil {
				return noFile(args[0], err)
			}
			defer in.Close() //nolint:errcheck // only read
			if err := writeWhole(c.path(out), func(w io.Writer) error { return pdf.AddStamp(in, w, stamp) }); err != nil {
				return err
			}
			return c.done(f.json, args[0], out)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&out, "out", "", "berkas hasil")
	fl.StringVar(&text, "text", "", "tulisan")
	fl.StringVar(&qr, "qr", "", "alamat untuk kode QR")
	fl.StringVar(&image, "image", "", "gambar PNG")
	fl.StringVar(&at, "at", "top-right", "tempat: "+positions())
	fl.StringVar(&pages, "pages", "1", "halaman, misalnya 1,3-5 atau all")
	return cmd
}

func positions() string {
	var names []string
	for _, p := range pdf.Positions() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

func newStamp(c *console, text, qr, image, at, pages string) (pdf.Stamp, error) {
	s := pdf.Stamp{Text: text, QR: qr, At: pdf.Position(at)}
	if !strings.Contains(" "+positions()+",", " "+at+",") {
		return s, usageError{fmt.Errorf("--at harus salah satu dari %s", positions())}
	}
	ranges, err := pdf.ParseRanges(pages)
	if err != nil {
		return s, usageError{errors.New(say(err))}
	}
	s.Pages = ranges
	if image != "" {
		if s.PNG, err = os.ReadFile(c.path(image)); err != nil {
			return s, noFile(image, err)
		}
	}
	return s, nil
}

func noFile(path string, cause error) error {
	return problem.New(problem.NotFound, "Berkas "+path+" tidak ada atau tidak boleh dibaca.", "The file "+path+" is not there or may not be read.", cause)
}

// done says that a file was made.
func (c *console) done(asJSON bool, in, out string) error {
	if asJSON {
		return c.print(map[string]any{"file": in, "out": out, "error": nil})
	}
	_, err := fmt.Fprintln(c.out, "Tersimpan:", out)
	return err
}

// writeWhole makes a file whole or not at all: under a temporary name beside it,
// flushed, then renamed.
func writeWhole(path string, write func(w io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".naskah-*")
	if err != nil {
		return problem.New(problem.Unavailable, "Berkas hasil tidak dapat ditulis di "+filepath.Dir(path)+".", "The result cannot be written in "+filepath.Dir(path)+".", err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when it was renamed
	err = write(tmp)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func versionCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Menyebut versi", Args: exactly(0),
		RunE: func(*cobra.Command, []string) error {
			if f.json {
				return c.print(map[string]string{"version": versionText()})
			}
			_, err := fmt.Fprintln(c.out, "naskah", versionText())
			return err
		},
	}
}

func migrateCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Memperbarui tabel basis data (juga terjadi sendiri pada setiap mulai)", Args: exactly(0),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(context.Context, *Main) error {
				if f.json {
					return c.print(map[string]any{"migrated": true, "error": nil})
				}
				_, err := fmt.Fprintln(c.out, "Basis data sudah yang terbaru.")
				return err
			})
		},
	}
}
