package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"naskah/internal/account"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// askPassword reads a password: from the terminal without showing it, or the first
// line of standard input.
func (c *console) askPassword() (string, error) {
	if file, ok := c.in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		c.tell("Kata sandi: ")
		raw, err := term.ReadPassword(int(file.Fd()))
		c.tell("\n")
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		return string(raw), nil
	}
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && line == "" {
		return "", problem.New(problem.Invalid, "Kata sandi tidak diberikan. Ketik, atau berikan lewat masukan standar.", "No password was given. Type it, or give it on standard input.", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func userCommand(c *console, f *flags) *cobra.Command {
	user := &cobra.Command{Use: "user", Short: "Orang: add, passwd", Args: exactly(1)}
	user.RunE = func(*cobra.Command, []string) error { return usageError{errors.New("butuh add atau passwd")} }
	var n office.NewPerson
	var role string
	add := &cobra.Command{
		Use: "add NAMA_MASUK", Short: "Menambah orang; kata sandi ditanyakan", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				n.Login = args[0]
				return m.addUser(ctx, c, f.json, n, role)
			})
		},
	}
	add.Flags().StringVar(&n.Name, "name", "", "nama lengkap (bawaan: nama masuk)")
	add.Flags().StringVar(&n.NIP, "nip", "", "NIP")
	add.Flags().StringVar(&n.Rank, "rank", "", "pangkat")
	add.Flags().StringVar(&role, "role", string(account.RoleAffairs), "jabatan: camat, sekcam, kasubag-umum (admin), kasi, pencatat, arsiparis")
	passwd := &cobra.Command{
		Use: "passwd NAMA_MASUK", Short: "Memberi kata sandi baru; kunci tanda tangan tidak ikut terbuka", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error { return m.setPassword(ctx, c, f.json, args[0]) })
		},
	}
	user.AddCommand(add, passwd)
	return user
}

func (m *Main) addUser(ctx context.Context, c *console, asJSON bool, n office.NewPerson, role string) error {
	if err := m.settle(ctx); err != nil {
		return err
	}
	positions, err := m.Office.DB.Positions(ctx, m.Home.ID)
	if err != nil {
		return err
	}
	for _, p := range positions {
		if p.Role == role {
			n.PositionID = p.ID
			break
		}
	}
	if n.PositionID == "" {
		return usageError{fmt.Errorf("--role %q tidak ada di kantor ini", role)}
	}
	if n.Name == "" {
		n.Name = n.Login
	}
	if n.Password, err = c.askPassword(); err != nil {
		return err
	}
	p, err := m.Office.AddPerson(ctx, account.System(m.Home.ID), n)
	if err != nil {
		return err
	}
	if asJSON {
		return c.print(map[string]any{"person_id": p.ID, "login": p.Login, "error": nil})
	}
	_, err = fmt.Fprintf(c.out, "%s dapat masuk sebagai %s.\n", p.Name, p.Login)
	return err
}

func (m *Main) setPassword(ctx context.Context, c *console, asJSON bool, login string) error {
	if err := m.settle(ctx); err != nil {
		return err
	}
	actor, err := m.Office.ActorByLogin(ctx, login)
	if err != nil {
		return err
	}
	password, err := c.askPassword()
	if err != nil {
		return err
	}
	if err := m.Office.SetPassword(ctx, account.System(actor.OfficeID), actor.PersonID, password); err != nil {
		return err
	}
	if asJSON {
		return c.print(map[string]any{"login": login, "error": nil})
	}
	_, err = fmt.Fprintf(c.out, "Kata sandi %s sudah diganti.\n", login)
	return err
}

func tokenCommand(c *console, f *flags) *cobra.Command {
	token := &cobra.Command{Use: "token", Short: "Token untuk API: add", Args: exactly(1)}
	token.RunE = func(*cobra.Command, []string) error { return usageError{errors.New("butuh add")} }
	var name string
	add := &cobra.Command{
		Use: "add NAMA_MASUK", Short: "Membuat token yang bertindak sebagai orang itu; ditampilkan sekali", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				actor, err := m.Office.ActorByLogin(ctx, args[0])
				if err != nil {
					return err
				}
				secret, err := m.Office.AddToken(ctx, actor, name)
				if err != nil {
					return err
				}
				if f.json {
					return c.print(map[string]any{"login": args[0], "name": name, "token": secret, "error": nil})
				}
				_, err = fmt.Fprintln(c.out, secret)
				return err
			})
		},
	}
	add.Flags().StringVar(&name, "name", "api", "nama token")
	token.AddCommand(add)
	return token
}
