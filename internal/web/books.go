package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"naskah/internal/db"
)

// bookView is /buku/agenda and /buku/ekspedisi?dari=&sampai=: the books that the
// office prints. .csv behind the name gives the same as a table for a spreadsheet.
type bookView struct {
	Frame
	Kind        string // "agenda" or "ekspedisi"
	From, Until time.Time
	Heads       []string // phrases
	Rows        [][]string
	CSV         string
	Full        bool // there are more than fit into one book
	Form        Form
	Printed     time.Time
}

func agendaBook(c *call) error     { return c.book("agenda", (*call).agendaRows) }
func expeditionBook(c *call) error { return c.book("ekspedisi", (*call).expeditionRows) }

// agendaTable and expeditionTable are the books as CSV.
func agendaTable(c *call) error     { return c.table("agenda", (*call).agendaRows) }
func expeditionTable(c *call) error { return c.table("ekspedisi", (*call).expeditionRows) }

type bookRows func(c *call, v *bookView) error

func (c *call) newBook(kind string, fill bookRows) (*bookView, error) {
	v := &bookView{Frame: c.frame("masuk"), Kind: kind, Printed: c.in(c.s.o.Now())}
	if kind == "ekspedisi" {
		v.Place = "keluar"
	}
	y, m, _ := c.in(c.s.o.Now()).Date()
	v.From = c.day("dari", time.Date(y, m, 1, 0, 0, 0, 0, c.zone()))
	v.Until = c.day("sampai", c.in(c.s.o.Now()))
	if v.Until.Before(v.From) {
		v.From, v.Until = v.Until, v.From
	}
	v.Form = Form{Values: map[string][]string{"dari": {v.From.Format(time.DateOnly)}, "sampai": {v.Until.Format(time.DateOnly)}}}
	v.CSV = "/buku/" + kind + ".csv?dari=" + v.From.Format(time.DateOnly) + "&sampai=" + v.Until.Format(time.DateOnly)
	return v, fill(c, v)
}

// day reads a day of the office's zone from the address.
func (c *call) day(name string, usual time.Time) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, c.Query(name), c.zone())
	if err != nil {
		return usual
	}
	return t
}

// end is the first moment after the book's last day.
func (v *bookView) end() time.Time {
	y, m, d := v.Until.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, v.Until.Location())
}

func (c *call) book(kind string, fill bookRows) error {
	v, err := c.newBook(kind, fill)
	if err != nil {
		return err
	}
	return c.show("book", v)
}

func (c *call) table(kind string, fill bookRows) error {
	v, err := c.newBook(kind, fill)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", attachment("buku-"+kind+"-"+v.From.Format(time.DateOnly)+".csv"))
	c.Status(http.StatusOK)
	if _, err := c.Writer.WriteString("\ufeff"); err != nil { // spreadsheets then know that it is UTF-8
		return nil //nolint:nilerr // the asker is gone
	}
	w := csv.NewWriter(c.Writer)
	heads := make([]string, len(v.Heads))
	for i, h := range v.Heads {
		heads[i] = c.t(h)
	}
	for _, row := range append([][]string{heads}, v.Rows...) {
		if err := w.Write(harmless(row)); err != nil {
			return nil //nolint:nilerr // the asker is gone
		}
	}
	w.Flush()
	return nil
}

// harmless keeps a spreadsheet from taking a subject for a formula.
func harmless(row []string) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "\t") {
			cell = "'" + cell
		}
		out[i] = cell
	}
	return out
}

func (c *call) agendaRows(v *bookView) error {
	v.Heads = []string{"book.no", "book.received", "book.sender", "book.number", "book.date", "book.subject", "book.who", "book.note"}
	letters, err := c.s.o.Office.DB.AgendaBetween(c.Request.Context(), c.actor.OfficeID, c.actor.ReaderWords(), v.From, v.end())
	if err != nil {
		return err
	}
	v.Full = len(letters) == db.BookLimit
	ids := make([]string, 0, len(letters))
	for _, l := range letters {
		ids = append(ids, l.ID)
	}
	who, err := c.s.o.Office.Responsible(c.Request.Context(), ids)
	if err != nil {
		return err
	}
	for _, l := range letters {
		v.Rows = append(v.Rows, []string{l.AgendaNumber, c.shortDay(c.in(l.ReceivedAt)), l.Sender, l.Number, c.shortDay(l.LetterDate), l.Subject, who[l.ID], c.t("state." + l.State)})
	}
	return nil
}

func (c *call) expeditionRows(v *bookView) error {
	v.Heads = []string{"book.no", "book.day", "book.number", "book.date", "book.subject", "book.recipient", "book.way", "book.receiver", "book.sign"}
	rows, letters, err := c.s.o.Office.DB.DeliveredBetween(c.Request.Context(), c.actor.OfficeID, c.actor.ReaderWords(), v.From, v.end())
	if err != nil {
		return err
	}
	v.Full = len(rows) == db.BookLimit
	for i, d := range rows {
		l := letters[d.LetterID]
		v.Rows = append(v.Rows, []string{strconv.Itoa(i + 1), c.shortDay(c.in(d.At)), l.Number, c.shortDay(l.LetterDate), l.Subject, d.Recipient, c.t("way." + d.Way), d.Receiver, ""})
	}
	return nil
}

func (c *call) shortDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02-01-2006")
}
