package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"naskah/internal/account"
	"naskah/internal/letter"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// imported is one file's line of the public contract.
type imported struct {
	File     string  `json:"file"`
	LetterID *string `json:"letter_id"`
	SHA256   *string `json:"sha256"`
	Kind     *string `json:"kind"`
	Pages    int     `json:"pages"`
	OCRPages int     `json:"ocr_pages"`
	State    string  `json:"state"`
	Error    *string `json:"error"`
}

func importCommand(c *console, f *flags) *cobra.Command {
	var wait, auto bool
	var batch string
	cmd := &cobra.Command{
		Use: "import BERKAS...", Short: "Memasukkan berkas dan folder sebagai surat masuk", Args: atLeast(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if batch != "" || auto {
				return notYet("--batch")
			}
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				return m.importFiles(ctx, c, f.json, wait, args)
			})
		},
	}
	cmd.Flags().BoolVar(&wait, "wait", false, "menunggu sampai setiap surat dapat dicari")
	cmd.Flags().StringVar(&batch, "batch", "", "nama kelompok pindaian (belum tersedia)")
	cmd.Flags().BoolVar(&auto, "auto", false, "potongan kelompok diterima begitu saja (belum tersedia)")
	return cmd
}

func notYet(what string) error {
	return problem.New(problem.Unsupported, what+" belum tersedia di versi ini.", what+" is not there yet in this version.", nil)
}

// commandLine is the command as it was typed, for the service that may have to do
// it: the flags that were set, then the arguments.
func commandLine(cmd *cobra.Command, args []string) []string {
	var path []string
	for at := cmd; at.HasParent(); at = at.Parent() {
		path = append([]string{at.Name()}, path...)
	}
	return append(append(path, changedFlags(cmd)...), append([]string{"--"}, args...)...)
}

func (m *Main) importFiles(ctx context.Context, c *console, asJSON, wait bool, args []string) error {
	if err := m.settle(ctx); err != nil {
		return err
	}
	files, lines := expand(c, args)
	bar := c.bar(len(files), "Memasukkan")
	for _, file := range files {
		lines = append(lines, m.importFile(ctx, c, file))
		_ = bar.Add(1) // a bar that cannot be drawn stops nothing
	}
	if err := m.settleImports(ctx, c, lines, wait); err != nil {
		return err
	}
	failed := 0
	for _, l := range lines {
		if l.Error != nil {
			failed++
		}
		if err := c.showImport(l, asJSON); err != nil {
			return err
		}
	}
	if failed > 0 {
		return exitCode(exitFailed)
	}
	return nil
}

// expand turns folders into their files, by name; hidden ones are left out.
// Paths that are not there get their line at once.
func expand(c *console, args []string) (files []string, bad []imported) {
	for _, arg := range args {
		root := c.path(arg)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if hidden := strings.HasPrefix(e.Name(), ".") && path != root; hidden {
				if e.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if !e.IsDir() {
				files = append(files, arg+strings.TrimPrefix(path, root)) // as it was typed
			}
			return nil
		})
		if err != nil {
			bad = append(bad, failure(arg, problem.New(problem.NotFound, "Berkas atau folder ini tidak ada atau tidak boleh dibaca.", "This file or folder is not there or may not be read.", err)))
		}
	}
	sort.Strings(files)
	return files, bad
}

func failure(file string, err error) imported {
	sentence := problem.Sentence(err, "id")
	return imported{File: file, State: string(letter.Failed), Error: &sentence}
}

func (m *Main) importFile(ctx context.Context, c *console, path string) imported {
	f, err := os.Open(c.path(path))
	if err != nil {
		return failure(path, problem.New(problem.NotFound, "Berkas ini tidak dapat dibuka. Periksa izinnya.", "This file cannot be opened. Check its permissions.", err))
	}
	defer f.Close() //nolint:errcheck // only read
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return failure(path, problem.New(problem.Unsupported, "Ini bukan berkas biasa.", "This is no regular file.", err))
	}
	got, err := m.Office.Receive(ctx, account.System(m.Home.ID), office.Upload{Name: filepath.Base(path), Bytes: f})
	if err != nil {
		m.Log.Warn("file not taken", "file", path, "error", err)
		return failure(path, err)
	}
	ref, kind := string(got.Ref), string(got.Kind)
	out := imported{File: path, LetterID: &got.LetterID, SHA256: &ref, Kind: &kind, State: string(letter.Reading)}
	if got.Duplicate {
		out.State = "duplicate"
	}
	return out
}

// settleImports waits for the readings when it was asked to, or when this process
// owns the folder and would otherwise leave its own work undone; then it fills in
// how far each letter is.
func (m *Main) settleImports(ctx context.Context, c *console, lines []imported, wait bool) error {
	if wait || c.served == nil {
		if err := m.awaitReading(ctx, c, lines); err != nil {
			return err
		}
	}
	for i := range lines {
		if lines[i].LetterID == nil {
			continue
		}
		if err := m.fillLine(ctx, &lines[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Main) awaitReading(ctx context.Context, c *console, lines []imported) error {
	steps, stop := m.Office.Watch("")
	defer stop()
	open := map[string]bool{}
	for _, l := range lines {
		if l.LetterID != nil {
			open[*l.LetterID] = true
		}
	}
	bar := c.bar(len(open), "Membaca")
	total := len(open)
	for len(open) > 0 {
		if err := m.dropSettled(ctx, open); err != nil {
			return err
		}
		_ = bar.Set(total - len(open)) // a bar that cannot be drawn stops nothing
		if len(open) == 0 {
			break
		}
		if err := waitStep(ctx, steps); err != nil {
			return err
		}
	}
	return nil
}

func (m *Main) dropSettled(ctx context.Context, open map[string]bool) error {
	for id := range open {
		l, err := m.Office.DB.Letter(ctx, id)
		if err != nil {
			return err
		}
		state := letter.ReadState(l.ReadState)
		if state == letter.Waiting || !l.IndexPending && state != letter.Reading {
			delete(open, id)
		}
	}
	return nil
}

func (m *Main) fillLine(ctx context.Context, line *imported) error {
	l, err := m.Office.DB.Letter(ctx, *line.LetterID)
	if err != nil {
		return err
	}
	pages, err := m.Office.DB.Pages(ctx, l.ID)
	if err != nil {
		return err
	}
	line.Pages = l.Pages
	for _, p := range pages {
		if p.Source == "ocr" {
			line.OCRPages++
		}
	}
	if line.State == "duplicate" {
		return nil
	}
	line.State = l.ReadState
	if letter.ReadState(l.ReadState) == letter.Failed {
		line.Error = &l.ReadError
	}
	return nil
}

func (c *console) showImport(l imported, asJSON bool) error {
	if asJSON {
		return c.print(l)
	}
	words := map[string]string{"searchable": "dapat dicari", "reading": "sedang dibaca", "waiting": "menunggu", "duplicate": "sudah ada", "failed": "gagal"}
	_, err := fmt.Fprintf(c.out, "%-14s %s", words[l.State], l.File)
	if l.Error != nil {
		_, err = fmt.Fprintf(c.out, "\n               %s", *l.Error)
	} else if l.Pages > 0 {
		_, err = fmt.Fprintf(c.out, "  (%d halaman, %d dibaca dari gambar)", l.Pages, l.OCRPages)
	}
	_, err2 := fmt.Fprintln(c.out)
	return errors.Join(err, err2)
}

// bar draws progress on a terminal and nothing elsewhere.
func (c *console) bar(n int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(n, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(c.err), progressbar.OptionSetVisibility(c.tty && n > 0),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
}
