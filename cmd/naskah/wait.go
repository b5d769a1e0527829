package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"naskah/internal/office"
)

// lookAgain bounds how long a step that was missed can go unnoticed.
const lookAgain = 250 * time.Millisecond

// waitStep waits for a step of reading, or a moment.
func waitStep(ctx context.Context, steps <-chan office.Progress) error {
	t := time.NewTimer(lookAgain)
	defer t.Stop()
	select {
	case <-steps:
	case <-t.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// changedFlags are the flags that were typed, but those that choose the folder:
// the service has its own.
func changedFlags(cmd *cobra.Command) []string {
	var out []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "data" && f.Name != "config" {
			out = append(out, "--"+f.Name+"="+f.Value.String())
		}
	})
	return out
}
