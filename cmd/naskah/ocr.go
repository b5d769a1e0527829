package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"naskah/internal/office"
	"naskah/internal/page"
)

func ocrCommand(c *console, f *flags) *cobra.Command {
	var out, text string
	cmd := &cobra.Command{
		Use: "ocr BERKAS --out HASIL.pdf", Short: "Membaca satu pindaian menjadi PDF yang dapat dicari, di luar arsip", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("butuh --out HASIL.pdf")}
			}
			return ocrFile(cmd.Context(), c, f, args[0], out, text)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "PDF hasil")
	cmd.Flags().StringVar(&text, "text", "", "berkas untuk teksnya")
	return cmd
}

func ocrFile(ctx context.Context, c *console, f *flags, path, out, textPath string) error {
	s, err := f.settings(c)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "naskah-ocr-*")
	if err != nil {
		return fmt.Errorf("folder for working copies: %w", err)
	}
	defer os.RemoveAll(temp) //nolint:errcheck // the system clears its own folder
	m := &Main{Settings: s, Log: c.logger(slog.LevelError)}
	engine := page.New(page.Options{CacheDir: pdfiumCache(), Limits: pageLimits(s.Limits)})
	defer engine.Close() //nolint:errcheck // nothing of it is kept
	o := office.Parts{Pages: engine, OCR: m.readerIn(temp), TempDir: temp, Log: m.Log, Limits: office.Limits{UploadBytes: s.Limits.UploadBytes(), Pages: s.Limits.Pages, OCRDPI: s.OCR.DPI}}
	in, err := os.Open(c.path(path))
	if err != nil {
		return noFile(path, err)
	}
	defer in.Close() //nolint:errcheck // only read
	var read office.Reading
	if err := writeWhole(c.path(out), func(w io.Writer) error {
		read, err = office.ReadOutside(ctx, o, in, w)
		return err
	}); err != nil {
		return err
	}
	if textPath != "" {
		if err := writeWhole(c.path(textPath), func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(read.Pages, "\f"))
			return err
		}); err != nil {
			return err
		}
	}
	if f.json {
		return c.print(map[string]any{"file": path, "out": out, "pages": len(read.Pages), "ocr_pages": read.OCRPages, "confidence": read.Confidence, "error": nil})
	}
	_, err = fmt.Fprintf(c.out, "Tersimpan: %s (%d halaman, %d dibaca dari gambar)\n", out, len(read.Pages), read.OCRPages)
	return err
}
