package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"naskah/configs"
	"naskah/internal/office"
	"naskah/internal/problem"
)

func (m *Main) places() office.BackupPlaces {
	return office.BackupPlaces{KeysDir: m.path(keysDir), SettingsFile: m.path("naskah.yaml")}
}

func backupCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "backup BERKAS", Short: "Mencadangkan basis data, berkas, kunci dan setelan pada satu saat, juga selagi layanan berjalan", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				out := c.path(args[0])
				if err := writeWhole(out, func(w io.Writer) error { return m.Office.Backup(ctx, w, m.places()) }); err != nil {
					return err
				}
				if err := os.Chmod(out, 0o600); err != nil { // it holds keys
					return fmt.Errorf("permissions of the backup: %w", err)
				}
				return c.done(f.json, m.Settings.Data, args[0])
			})
		},
	}
}

func restoreCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "restore BERKAS", Short: "Memulihkan cadangan ke folder data yang kosong", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.settings(c)
			if err != nil {
				return err
			}
			in, err := os.Open(c.path(args[0]))
			if err != nil {
				return noFile(args[0], err)
			}
			defer in.Close() //nolint:errcheck // only read
			if err := restore(cmd.Context(), c, s, in); err != nil {
				return err
			}
			return c.done(f.json, args[0], s.Data)
		},
	}
}

// restore fills an empty folder: keys and objects before the rows, and the rows
// in one transaction, so that an interrupted restore leaves no office behind.
func restore(ctx context.Context, c *console, s configs.Settings, in io.Reader) error {
	if err := mustBeEmpty(s.Data); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(s.Data, tempDir), 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	store, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	places := office.BackupPlaces{KeysDir: filepath.Join(s.Data, keysDir), SettingsFile: filepath.Join(s.Data, "naskah.yaml")}
	hold, err := os.MkdirTemp("", "naskah-restore-*")
	if err != nil {
		return fmt.Errorf("folder for working copies: %w", err)
	}
	defer os.RemoveAll(hold) //nolint:errcheck // the system clears its own folder
	rows, err := office.Unpack(ctx, in, store, places, hold)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // only read
	m, err := Open(ctx, s, c.logger(slog.LevelError))
	if err != nil {
		return err
	}
	return joinClose(m, m.fill(ctx, rows))
}

func (m *Main) fill(ctx context.Context, rows io.Reader) error {
	if err := m.Office.RestoreRows(ctx, rows); err != nil {
		return err
	}
	return m.Office.Reindex(ctx, nil)
}

func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		return problem.New(problem.Conflict, "Folder "+dir+" tidak kosong. Pulihkan ke folder baru dengan --data.", "The folder "+dir+" is not empty. Restore into a new one with --data.", nil)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

func reindexCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "Membangun ulang indeks pencarian di samping yang lama", Args: exactly(0),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				total := 0
				bar := c.bar(1, "Mengindeks")
				err := m.Office.Reindex(ctx, func(done, all int) {
					total = done
					bar.ChangeMax(max(all, 1))
					_ = bar.Set(done) // a bar that cannot be drawn stops nothing
				})
				if err != nil {
					return err
				}
				if f.json {
					return c.print(map[string]any{"letters": total, "error": nil})
				}
				_, err = fmt.Fprintf(c.out, "%d surat diindeks.\n", total)
				return err
			})
		},
	}
}

func fsckCommand(c *console, f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "fsck", Short: "Memeriksa keutuhan: berkas, catatan kejadian, indeks", Args: exactly(0),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error { return m.check(ctx, c, f.json) })
		},
	}
}

func (m *Main) check(ctx context.Context, c *console, asJSON bool) error {
	bad, orphans := 0, 0
	words := map[office.FindingKind]string{
		office.MissingObject: "berkas HILANG", office.AlteredObject: "berkas BERUBAH", office.OrphanObject: "berkas tanpa surat (tidak berbahaya)", office.BrokenAudit: "catatan kejadian RUSAK",
		office.IndexMissing: "surat belum ada di indeks", office.IndexExtra: "indeks menyebut surat yang tidak ada",
	}
	err := m.Office.Check(ctx, func(found office.Finding) error {
		if found.Harmless() {
			orphans++
		} else {
			bad++
		}
		if asJSON {
			return c.print(found)
		}
		_, err := fmt.Fprintf(c.out, "%s: %s (%s)\n", words[found.Kind], found.Object, found.Detail)
		return err
	})
	if err != nil {
		return err
	}
	if !asJSON {
		verdict := "Semua utuh."
		if bad > 0 {
			verdict = fmt.Sprintf("%d masalah ditemukan.", bad)
		}
		if _, err := fmt.Fprintln(c.out, verdict); err != nil {
			return err
		}
	}
	if bad > 0 {
		return exitCode(exitFailed)
	}
	return nil
}
