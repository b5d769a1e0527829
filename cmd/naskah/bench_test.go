//go:build bench

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
)

// TestBenchOffice measures the whole program: starting, importing, signing, pages.
func TestBenchOffice(t *testing.T) {
	dir := t.TempDir()
	for i := range 200 {
		writeLetter(t, filepath.Join(dir, fmt.Sprintf("surat-%03d.pdf", i)), fmt.Sprintf("Surat nomor %d. %s", i, strings.Repeat(letterText+"\n", 6)))
	}
	began := time.Now()
	if got := do(t, dir, "", "import", ".", "--wait", "--json", "--data", ".d"); got.code != 0 {
		t.Fatal(got.err)
	}
	took := time.Since(began)
	fmt.Printf("import of born-digital letters      %6.1f a second (200 letters; budget 20)\n", 200/took.Seconds())
	m := demo(t, filepath.Join(dir, ".demo"))
	if err := m.queue.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	benchSigning(t, m)
	benchArchive(t, m, 100_000)
	benchPages(t, m)
	benchStart(t, dir)
}

func benchSigning(t *testing.T, m *Main) {
	camat, err := m.Office.ActorByLogin(t.Context(), "camat")
	if err != nil {
		t.Fatal(err)
	}
	var all []time.Duration
	for i := range 30 {
		subject, body, to := fmt.Sprintf("Undangan %d", i), "Isi surat.", []string{"Kepala Desa"}
		none := []string{}
		d, err := m.Office.NewDraft(t.Context(), camat, letter.KindInvitation)
		if err == nil {
			signer := camat.Holdings[0].PositionID
			_, err = m.Office.SaveDraft(t.Context(), camat, d.Letter.ID, office.DraftChange{Subject: &subject, Body: &body, To: &to, Reviewers: &none, SignerPositionID: &signer})
		}
		if err == nil {
			_, err = m.Office.Submit(t.Context(), camat, d.Letter.ID)
		}
		if err == nil {
			err = m.queue.Idle(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		slip, err := m.Office.OpenForSigning(t.Context(), camat, d.Letter.ID)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := m.Office.Sign(t.Context(), camat, slip.Token, []byte(office.DemoPassphrase)); err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	fmt.Printf("from the tap to the green tick      p50 %5.0f ms   slowest of 30 %5.0f ms (budget p99 1000 ms)\n", float64(all[15].Milliseconds()), float64(all[29].Milliseconds()))
}

// benchArchive fills the office with letters over twelve years, straight into its
// tables; the search over as many is measured by itself (TestBenchSearch).
func benchArchive(t *testing.T, m *Main, n int) {
	clerk, err := m.Office.ActorByLogin(t.Context(), "pencatat")
	if err != nil {
		t.Fatal(err)
	}
	readers := account.Audience{OfficeID: clerk.OfficeID, Class: letter.Open}.Readers()
	const each = 1000
	for from := 0; from < n; from += each {
		err := m.Office.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			for i := from; i < from+each; i++ {
				received := time.Now().AddDate(0, 0, -i%4380)
				l := db.Letter{
					ID: db.NewID(), OfficeID: clerk.OfficeID, Direction: string([]letter.Direction{letter.Incoming, letter.Outgoing}[i%4/3]), Kind: "surat-masuk", State: string(letter.Registered), ReadState: string(letter.Searchable),
					Subject: fmt.Sprintf("Permohonan data desa ke-%d", i), Number: fmt.Sprintf("400.10/%d/Ds/2026", i), AgendaNumber: fmt.Sprintf("%04d/%d", i, received.Year()), Sender: "Pemerintah Desa Panenjoan",
					ReceivedAt: received, LetterDate: received, Class: string(letter.Open), Urgency: string(letter.Normal), CreatedBy: clerk.PersonID, Pages: 1,
				}
				if err := tx.InsertLetter(ctx, &l); err != nil {
					return err
				}
				if err := tx.SetReaders(ctx, l.ID, readers); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func benchPages(t *testing.T, m *Main) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := http.Client{Jar: jar}
	res, err := c.PostForm(m.URL()+"/masuk", url.Values{"nama": {"camat"}, "kata_sandi": {office.DemoPassword}}) //nolint:noctx // a measurement
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	var all []time.Duration
	tick := time.NewTicker(20 * time.Millisecond) // 50 a second arriving
	defer tick.Stop()
	for i := range 250 {
		<-tick.C
		began := time.Now()
		res, err := c.Get(m.URL() + []string{"/", "/surat-masuk", "/surat-keluar", "/arsip?cari=rapat", "/disposisi"}[i%5]) //nolint:noctx // a measurement
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	fmt.Printf("a page at 100,000 letters, 50/s     p50 %5.1f ms   p99 %5.1f ms (budget p99 100 ms)\n", ms(all[125]), ms(all[247]))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// benchStart measures a real process on the imported letters.
func benchStart(t *testing.T, dir string) {
	addr := "127.0.0.1:18099"
	cmd := exec.CommandContext(t.Context(), os.Args[0], "serve", "--addr", addr, "--public-url", "http://"+addr, "--data", filepath.Join(dir, ".d"))
	cmd.Env = append(os.Environ(), "NASKAH_TEST_AS_PROGRAM=1")
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for time.Since(began) < 20*time.Second {
		if res, err := http.Get("http://" + addr + "/masuk"); err == nil { //nolint:noctx // a measurement
			_ = res.Body.Close()
			break
		}
	}
	took := time.Since(began)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	rss := "?"
	for _, line := range strings.Split(string(status), "\n") {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			rss = strings.TrimSpace(v)
		}
	}
	fmt.Printf("start to first answer               %5.0f ms (budget 500 ms)   memory then %s (budget 100 MB)\n", ms(took), rss)
}
