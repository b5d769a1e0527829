package office

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/jobs"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// Registration is what the registry clerk writes down about an incoming letter.
type Registration struct {
	Number         string
	LetterDate     time.Time // UTC midnight; zero when the letter has none
	Sender         string
	Recipient      string
	Subject        string
	Summary        string
	Classification string
	Class          letter.Class
	Urgency        letter.Urgency
	UnitID         string
	Revision       int64 // of the row the form was made from; 0 does not check
}

// agendaSeries is the number series of the agenda book of incoming letters.
const agendaSeries = "agenda-masuk"

// Register writes the fields of an incoming letter and gives it its agenda
// number, once; doing it again corrects the fields and keeps the number.
func (o *Office) Register(ctx context.Context, actor account.Actor, id string, r Registration) (db.Letter, error) {
	if err := requireAny(actor, account.CanRegister, account.CanArchive); err != nil {
		return db.Letter{}, err
	}
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	office, err := o.DB.Office(ctx, l.OfficeID)
	if err != nil {
		return l, err
	}
	if err := r.check(o.today(office)); err != nil {
		return l, err
	}
	if r.Revision != 0 {
		l.Revision = r.Revision
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if !correctable(letter.State(l.State)) {
			if err := move(&l, letter.Register); err != nil {
				return err
			}
		}
		r.fill(&l)
		if err := o.giveAgendaNumber(ctx, tx, office, &l); err != nil {
			return err
		}
		if err := o.touch(ctx, tx, actor, &l, "registered", map[string]string{"agenda": l.AgendaNumber, "number": l.Number}); err != nil {
			return err
		}
		return o.Queue.Enqueue(ctx, tx, jobStamp, LetterJob{l.ID})
	})
	return l, err
}

// correctable letters are on their way already: their fields are corrected and
// they stay where they are.
func correctable(s letter.State) bool {
	switch s {
	case letter.Forwarded, letter.Disposed, letter.Completed, letter.Filed:
		return true
	}
	return false
}

func (r Registration) check(today time.Time) error {
	switch {
	case strings.TrimSpace(r.Subject) == "":
		return problem.New(problem.Invalid, "Isi dulu “Hal”: surat ini tentang apa?", "Fill in the subject first: what is this letter about?", nil)
	case len([]rune(r.Subject)) > letter.MaxSubject:
		return problem.New(problem.Invalid, "“Hal” terlalu panjang. Ringkas sampai 300 huruf.", "The subject is too long. Keep it within 300 letters.", nil)
	case strings.TrimSpace(r.Sender) == "":
		return problem.New(problem.Invalid, "Isi dulu dari siapa surat ini.", "Say first who sent this letter.", nil)
	case r.LetterDate.After(today):
		return problem.New(problem.Invalid, "Tanggal surat tidak boleh setelah hari ini. Periksa lagi tanggalnya.", "The letter's date cannot be after today. Check the date.", nil)
	case !r.LetterDate.IsZero() && r.LetterDate.Year() < 1945:
		return problem.New(problem.Invalid, "Tahun surat tidak mungkin. Periksa lagi tanggalnya.", "The letter's year cannot be right. Check the date.", nil)
	}
	return nil
}

func (r Registration) fill(l *db.Letter) {
	l.Number, l.LetterDate, l.Sender, l.Recipient = strings.TrimSpace(r.Number), r.LetterDate, strings.TrimSpace(r.Sender), strings.TrimSpace(r.Recipient)
	l.Subject, l.Summary, l.Classification = strings.TrimSpace(r.Subject), strings.TrimSpace(r.Summary), strings.TrimSpace(r.Classification)
	if r.Class != "" {
		l.Class = string(r.Class)
	}
	if r.Urgency != "" {
		l.Urgency = string(r.Urgency)
	}
	if r.UnitID != "" {
		l.UnitID = r.UnitID
	}
}

// giveAgendaNumber takes the next number of the year in which the letter was
// received, in the office's zone.
func (o *Office) giveAgendaNumber(ctx context.Context, tx db.Tx, office db.Office, l *db.Letter) error {
	if l.AgendaNumber != "" {
		return nil
	}
	year := l.ReceivedAt.In(o.zone(office)).Year()
	n, err := tx.Reserve(ctx, office.ID, agendaSeries, year, l.ID)
	if err != nil {
		return err
	}
	l.AgendaNumber = fmt.Sprintf("%04d/%d", n, year)
	return tx.SettleNumbers(ctx, l.ID, db.NumberUsed, "")
}

// stampLetter is the job that puts the agenda stamp on a derived copy of an
// incoming letter: office, day of receipt, number. The newest stamp counts.
func (o *Office) stampLetter(ctx context.Context, job LetterJob) error {
	l, err := o.DB.Letter(ctx, job.LetterID)
	if err != nil {
		return err
	}
	office, err := o.DB.Office(ctx, l.OfficeID)
	if err != nil {
		return err
	}
	from, err := o.stampable(ctx, l)
	if err != nil {
		return o.noArchiveFile(l, err)
	}
	raw, err := o.openRef(ctx, from.Ref)
	if err != nil {
		return err
	}
	defer raw.Close() //nolint:errcheck // only read
	stamp := pdf.AgendaStamp{Office: office.Name, Number: l.AgendaNumber, Received: LongDate(l.ReceivedAt.In(o.zone(office)))}
	_, err = o.derive(ctx, db.File{
		LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleStamped, FromFile: from.ID, Recipe: "agenda-stamp/1 " + l.AgendaNumber,
		Name: fileName(l, " (cap agenda)"), Media: string(page.PDF),
	}, func(w *os.File) error { return pdf.AddAgendaStamp(raw, w, stamp) })
	return o.noArchiveFile(l, err)
}

// stampable is the PDF that the stamp goes on: the searchable copy, the
// converted file or the original. A scan still being read is tried again later.
func (o *Office) stampable(ctx context.Context, l db.Letter) (db.File, error) {
	for _, role := range []string{db.RoleArchive, db.RoleConverted, db.RoleOriginal} {
		f, err := o.DB.LetterFile(ctx, l.ID, role)
		if err == nil && f.Media == string(page.PDF) {
			return f, nil
		}
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return f, err
		}
	}
	if s := letter.ReadState(l.ReadState); s == letter.Reading || s == letter.Waiting {
		return db.File{}, jobs.Later(waitForReader, nil)
	}
	return db.File{}, problem.New(problem.Unsupported, "Berkas ini tidak dapat diberi cap.", "This file cannot be stamped.", nil)
}
