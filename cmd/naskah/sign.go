package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"naskah/internal/authority"
	"naskah/internal/problem"
	"naskah/internal/sign"
)

type signFlags struct {
	out, p12, pkcs11, passphraseFile, level, tsa, field, visible, reason, location string
	certify                                                                        int
	demo                                                                           bool
}

func signCommand(c *console, f *flags) *cobra.Command {
	var s signFlags
	cmd := &cobra.Command{
		Use: "sign BERKAS --out HASIL (--p12 BERKAS | --demo)", Short: "Menandatangani PDF (PAdES); tanda tangan yang sudah ada tetap sah", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.check(cmd); err != nil {
				return err
			}
			return s.sign(cmd.Context(), c, f, args[0])
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&s.out, "out", "", "berkas hasil")
	fl.StringVar(&s.p12, "p12", "", "berkas sertifikat PKCS#12")
	fl.StringVar(&s.pkcs11, "pkcs11", "", "kunci di perangkat (belum tersedia)")
	fl.BoolVar(&s.demo, "demo", false, "kunci percobaan dari kantor ini")
	fl.StringVar(&s.passphraseFile, "passphrase-file", "", "berkas berisi kata sandi; tanpa ini ditanyakan")
	fl.StringVar(&s.level, "level", "b-b", "tingkat: b-b (b-t, b-lt, b-lta belum tersedia)")
	fl.StringVar(&s.tsa, "tsa", "", "alamat otoritas waktu (belum tersedia)")
	fl.StringVar(&s.field, "field", "", "nama kolom tanda tangan")
	fl.StringVar(&s.visible, "visible", "", "tampak di HALAMAN,X,Y,LEBAR,TINGGI (titik, dari kiri bawah)")
	fl.IntVar(&s.certify, "certify", 0, "pengesahan (belum tersedia)")
	fl.StringVar(&s.reason, "reason", "", "alasan")
	fl.StringVar(&s.location, "location", "", "tempat")
	return cmd
}

func (s *signFlags) check(cmd *cobra.Command) error {
	keys := 0
	for _, given := range []bool{s.p12 != "", s.pkcs11 != "", s.demo} {
		if given {
			keys++
		}
	}
	switch {
	case s.out == "":
		return usageError{errors.New("butuh --out HASIL")}
	case keys != 1:
		return usageError{errors.New("butuh tepat satu dari --p12, --pkcs11, --demo")}
	case s.pkcs11 != "":
		return notYet("--pkcs11")
	case s.tsa != "":
		return notYet("--tsa")
	case cmd.Flags().Changed("certify"):
		return notYet("--certify")
	}
	err := sign.CheckLevel(s.level)
	if problem.KindOf(err) == problem.Invalid {
		return usageError{errors.New(say(err))}
	}
	return err
}

func (s *signFlags) sign(ctx context.Context, c *console, f *flags, path string) error {
	o := sign.Options{Field: s.field, Reason: s.reason, Location: s.location, Time: time.Now()}
	key, err := s.key(ctx, c, f)
	if err != nil {
		return err
	}
	o.Name = key.Chain[0].Subject.CommonName
	if s.visible != "" {
		if o.Visible, err = parseVisible(s.visible, o.Name, o.Time); err != nil {
			return usageError{err}
		}
	}
	in, err := os.Open(c.path(path))
	if err != nil {
		return noFile(path, err)
	}
	defer in.Close() //nolint:errcheck // only read
	info, err := in.Stat()
	if err != nil {
		return noFile(path, err)
	}
	if err := writeWhole(c.path(s.out), func(w io.Writer) error { return sign.Sign(ctx, in, info.Size(), w, key, o) }); err != nil {
		return err
	}
	return c.done(f.json, path, s.out)
}

func (s *signFlags) key(ctx context.Context, c *console, f *flags) (sign.Key, error) {
	if s.demo {
		return demoKey(ctx, c, f)
	}
	data, err := os.ReadFile(c.path(s.p12))
	if err != nil {
		return sign.Key{}, noFile(s.p12, err)
	}
	if s.passphraseFile == "" {
		passphrase, err := c.askPassword()
		if err != nil {
			return sign.Key{}, err
		}
		return sign.LoadP12(data, passphrase)
	}
	raw, err := os.ReadFile(c.path(s.passphraseFile))
	if err != nil {
		return sign.Key{}, noFile(s.passphraseFile, err)
	}
	return sign.LoadP12(data, string(bytes.TrimRight(raw, "\r\n")))
}

// demoKey makes a key for this one signature, vouched for by the authority of the
// data folder. It works beside a running service: certificates are only read.
func demoKey(ctx context.Context, c *console, f *flags) (sign.Key, error) {
	settings, err := f.settings(c)
	if err != nil {
		return sign.Key{}, err
	}
	a, err := authority.Open(authority.Options{Dir: filepath.Join(settings.Data, keysDir), OfficeName: "Naskah"})
	if err != nil {
		return sign.Key{}, err
	}
	key, err := authority.NewKey()
	if err != nil {
		return sign.Key{}, err
	}
	cert, err := a.Issue(ctx, authority.Person{Name: "Penanda Tangan Percobaan", Office: "Kantor Contoh"}, key.Public(), 24*time.Hour)
	return sign.Key{Signer: key, Chain: []*x509.Certificate{cert, a.Issuing()}}, err
}

func parseVisible(text, name string, at time.Time) (*sign.Visible, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 5 {
		return nil, errors.New("--visible butuh HALAMAN,X,Y,LEBAR,TINGGI")
	}
	var n [5]float64
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || v < 0 || v > 20_000 {
			return nil, fmt.Errorf("--visible: %q bukan angka yang mungkin", p)
		}
		n[i] = v
	}
	if n[3] < 1 || n[4] < 1 {
		return nil, errors.New("--visible: lebar dan tinggi paling sedikit 1")
	}
	return &sign.Visible{Page: int(n[0]), X: n[1], Y: n[2], W: n[3], H: n[4], Lines: []string{"Ditandatangani secara elektronik oleh", name, at.Format("02-01-2006 15:04 MST")}}, nil
}
