package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/spf13/cobra"

	"naskah/configs"
	"naskah/internal/problem"
)

// flags are those of every command.
type flags struct {
	data, config string
	json         bool
}

func newRoot(c *console) *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use: "naskah", Short: "Menyimpan, mencari, menulis, menandatangani dan membuktikan surat kantor",
		SilenceUsage: true, SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("perintah %q tidak dikenal", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	p := root.PersistentFlags()
	p.StringVar(&f.data, "data", "", "folder data (atau NASKAH_DATA; bawaan ./data)")
	p.StringVar(&f.config, "config", "", "berkas setelan (bawaan DATA/naskah.yaml)")
	p.BoolVar(&f.json, "json", false, "satu objek JSON per baris, dan tidak ada yang lain di keluaran")
	for _, add := range []func(*console, *flags) *cobra.Command{
		serveCommand, importCommand, searchCommand, stampCommand, signCommand, verifyCommand, ocrCommand, backupCommand, restoreCommand,
		reindexCommand, fsckCommand, migrateCommand, userCommand, tokenCommand, versionCommand,
	} {
		root.AddCommand(add(c, f))
	}
	return root
}

// exactly wants n arguments; anything else is wrong usage.
func exactly(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("butuh %d isian, ada %d", n, len(args))}
		}
		return nil
	}
}

func atLeast(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return usageError{fmt.Errorf("butuh paling sedikit %d isian", n)}
		}
		return nil
	}
}

// settings reads file, environment and flags.
func (f *flags) settings(c *console) (configs.Settings, error) {
	src := configs.Source{Environ: c.environ, Data: f.data}
	if f.config != "" {
		src.File = c.path(f.config)
	}
	if f.data != "" {
		src.Data = c.path(f.data)
	}
	s, err := configs.Load(src)
	if err != nil {
		return s, err
	}
	s.Data = c.path(s.Data)
	return s, nil
}

func (c *console) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}

// print writes one JSON line.
func (c *console) print(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// logger writes to standard error; commands say only what is wrong, the service
// says what it does.
func (c *console) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: level}))
}

// withOffice runs a command's work on the office of the data folder: in this
// process when the folder is free, else in the service that owns it.
func (f *flags) withOffice(ctx context.Context, c *console, args []string, work func(ctx context.Context, m *Main) error) error {
	if c.served != nil {
		return work(ctx, c.served)
	}
	s, err := f.settings(c)
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	m, err := Open(ctx, s, c.logger(slog.LevelError))
	if problem.KindOf(err) == problem.Conflict {
		return askService(ctx, c, s.Data, args)
	}
	if err != nil {
		return err
	}
	return closing(m, m.StartJobs(ctx), func() error { return work(ctx, m) })
}

// closing runs work unless starting failed, and closes m in every case.
func closing(m *Main, started error, work func() error) error {
	if started != nil {
		return joinClose(m, started)
	}
	return joinClose(m, work())
}
