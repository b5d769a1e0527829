package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"naskah/internal/account"
	"naskah/search"
)

// found is one hit's line of the public contract.
type found struct {
	LetterID string  `json:"letter_id"`
	Subject  string  `json:"subject"`
	Number   string  `json:"number"`
	Date     *string `json:"date"`
	Page     int     `json:"page"`
	Snippet  string  `json:"snippet"`
	Score    float64 `json:"score"`
}

type foundHead struct {
	Total  int     `json:"total"`
	TookMS float64 `json:"took_ms"`
}

func searchCommand(c *console, f *flags) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "search PERTANYAAN", Short: "Mencari surat", Args: atLeast(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.withOffice(cmd.Context(), c, commandLine(cmd, args), func(ctx context.Context, m *Main) error {
				return m.search(ctx, c, f.json, search.Question{Text: strings.Join(args, " "), Limit: limit})
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "paling banyak sekian surat (sampai 200)")
	return cmd
}

// search asks as the machine's administrator, who may read every file of the
// folder anyway.
func (m *Main) search(ctx context.Context, c *console, asJSON bool, q search.Question) error {
	if err := m.settle(ctx); err != nil {
		return err
	}
	answer, err := m.Office.Find(ctx, account.System(m.Home.ID), q)
	if err != nil {
		return err
	}
	ms := float64(answer.Took.Microseconds()) / 1000
	if asJSON {
		if err := c.print(foundHead{answer.Total, ms}); err != nil {
			return err
		}
	} else if _, err := fmt.Fprintf(c.out, "%d surat ditemukan (%.1f ms)\n", answer.Total, ms); err != nil {
		return err
	}
	for _, h := range answer.Hits {
		line := found{LetterID: h.Letter.ID, Subject: h.Letter.Subject, Number: h.Letter.Number, Page: h.Page, Snippet: h.Snippet.Text, Score: h.Score}
		if !h.Letter.LetterDate.IsZero() {
			day := h.Letter.LetterDate.Format("2006-01-02")
			line.Date = &day
		}
		if asJSON {
			err = c.print(line)
		} else {
			_, err = fmt.Fprintf(c.out, "\n%s\n  %s  hal. %d  %s\n  %s\n", line.Subject, line.Number, line.Page, line.LetterID, line.Snippet)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
