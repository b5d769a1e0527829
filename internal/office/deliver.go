package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// The ways in which a letter leaves the office.
const (
	ByHand     = "langsung"
	ByCourier  = "ekspedisi"
	ByPost     = "pos"
	ByEmail    = "surel"
	ByWhatsApp = "whatsapp"
	BySrikandi = "srikandi"
	Internally = "dalam-kantor"
)

// Ways are all of them, the most used first.
func Ways() []string {
	return []string{ByCourier, ByHand, ByEmail, ByWhatsApp, ByPost, BySrikandi, Internally}
}

// Sending is how a letter went out.
type Sending struct {
	Way        string
	Recipients []string // empty: the addressees of the letter
	Receiver   string   // who took it; may be empty
	Note       string
}

// MarkSent notes how and to whom a signed letter was sent. Doing it again adds
// further recipients.
func (o *Office) MarkSent(ctx context.Context, actor account.Actor, id string, s Sending) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID {
		if err := requireAny(actor, account.CanRegister, account.IsHead); err != nil {
			return l, err
		}
	}
	if !slices.Contains(Ways(), s.Way) {
		return l, problem.New(problem.Invalid, "Pilih dulu bagaimana surat ini dikirim.", "Choose first how this letter was sent.", nil)
	}
	if s.Recipients = fullLines(s.Recipients); len(s.Recipients) == 0 {
		s.Recipients = strings.Split(l.Recipient, "; ")
	}
	if len(s.Recipients) > maxRecipients {
		return l, problem.New(problem.Invalid, "Terlalu banyak penerima sekaligus. Catat paling banyak 100 penerima.", "Too many recipients at once. Note at most 100.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if letter.State(l.State) != letter.Sent {
			if err := move(&l, letter.Send); err != nil {
				return err
			}
		}
		for _, to := range s.Recipients {
			d := db.Delivery{
				ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Recipient: to, Way: s.Way, Receiver: strings.TrimSpace(s.Receiver), Note: strings.TrimSpace(s.Note),
				PersonID: actor.PersonID, Name: actor.Name, At: o.Now().UTC(),
			}
			if err := tx.Insert(ctx, &d); err != nil {
				return err
			}
		}
		return o.touch(ctx, tx, actor, &l, "sent", map[string]string{"way": s.Way, "note": strings.Join(s.Recipients, ", ")})
	})
	return l, err
}

const maxRecipients = 100

func fullLines(lines []string) []string {
	var out []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// ToSend are the signed letters that have not been sent yet, for the registry and
// for their authors.
func (o *Office) ToSend(ctx context.Context, actor account.Actor, limit int) ([]db.Letter, int, error) {
	f := db.LetterFilter{Direction: string(letter.Outgoing), States: []string{string(letter.Signed)}, Limit: limit}
	if !actor.Can(account.CanRegister) {
		f.CreatedBy = actor.PersonID
	}
	return o.List(ctx, actor, f)
}

// CopiesFor are the letters of which the actor's positions have a copy.
func (o *Office) CopiesFor(ctx context.Context, actor account.Actor, unread bool, limit, offset int) ([]db.Letter, int, error) {
	return o.List(ctx, actor, db.LetterFilter{Direction: string(letter.Outgoing), CopiedTo: positionsOf(actor), Unread: unread, Limit: limit, Offset: offset})
}

// giveCopies gives those tembusan that name a position of the office their
// read-only copy, in the transaction that signs the letter.
func (o *Office) giveCopies(ctx context.Context, tx db.Tx, l db.Letter, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	positions, err := tx.Positions(ctx, l.OfficeID)
	if err != nil {
		return err
	}
	for _, line := range lines {
		title, _, _ := strings.Cut(line, "(") // "(sebagai laporan)"
		for _, p := range positions {
			if strings.EqualFold(strings.TrimSpace(title), p.Title) {
				if err := tx.AddCopy(ctx, l.ID, p.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// FileAway lays a finished letter into a folder; Unfile takes it out again.
func (o *Office) FileAway(ctx context.Context, actor account.Actor, id, folder string) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID && !actor.Holds(l.ForwardedTo) {
		if err := requireAny(actor, account.CanRegister, account.CanArchive, account.IsHead); err != nil {
			return l, err
		}
	}
	if folder = strings.TrimSpace(folder); folder == "" || len([]rune(folder)) > letter.MaxSubject {
		return l, problem.New(problem.Invalid, "Tulis dulu nama berkasnya, misalnya “Musrenbang 2027”.", "Write the name of the folder first, such as “Musrenbang 2027”.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.File); err != nil {
			return err
		}
		l.Folder, l.ForwardedTo = folder, ""
		return o.touch(ctx, tx, actor, &l, "filed", map[string]string{"note": folder})
	})
	return l, err
}

// Unfile takes a letter out of its folder: it stands where it stood before.
func (o *Office) Unfile(ctx context.Context, actor account.Actor, id string) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if l.CreatedBy != actor.PersonID {
		if err := requireAny(actor, account.CanRegister, account.CanArchive, account.IsHead); err != nil {
			return l, err
		}
	}
	sent, errS := o.DB.Deliveries(ctx, id)
	given, errG := o.DB.Assignments(ctx, id)
	if err := errors.Join(errS, errG); err != nil {
		return l, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Unfile); err != nil {
			return err
		}
		l.State, l.Folder = string(beforeFiling(l, len(sent) > 0, len(given) > 0)), ""
		return o.touch(ctx, tx, actor, &l, "unfiled", nil)
	})
	return l, err
}

func beforeFiling(l db.Letter, sent, disposed bool) letter.State {
	switch {
	case l.Direction == string(letter.Outgoing) && sent:
		return letter.Sent
	case l.Direction == string(letter.Outgoing):
		return letter.Signed
	case disposed:
		return letter.Completed
	}
	return letter.Registered
}

// Revoke ends a signed letter with a reason; its public page says so from now on.
// Only its signer may. Nothing of it vanishes.
func (o *Office) Revoke(ctx context.Context, actor account.Actor, id, reason string) (db.Letter, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return l, err
	}
	if !actor.Holds(l.SignerPositionID) {
		return l, problem.New(problem.Forbidden, "Hanya pejabat yang menandatangani surat ini yang dapat mencabutnya.", "Only the official who signed this letter can revoke it.", nil)
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return l, problem.New(problem.Invalid, "Tulis dulu alasan pencabutannya. Alasan ini tampil di halaman pemeriksaan.", "Write first why it is revoked. The reason is shown on the check page.", nil)
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := move(&l, letter.Revoke); err != nil {
			return err
		}
		l.EndReason = reason
		return o.touch(ctx, tx, actor, &l, "revoked", map[string]string{"reason": reason})
	})
	return l, err
}

// Replace begins a letter that takes the place of a signed one: a draft with its
// text, linked both ways. The old one holds until it is revoked.
func (o *Office) Replace(ctx context.Context, actor account.Actor, id string) (Draft, error) {
	old, err := o.seen(ctx, actor, id)
	if err != nil {
		return Draft{}, err
	}
	if s := letter.State(old.State); old.Direction != string(letter.Outgoing) || s != letter.Signed && s != letter.Sent && s != letter.Revoked && s != letter.Filed {
		return Draft{}, problem.New(problem.Conflict, "Hanya surat yang sudah ditandatangani yang dapat diganti.", "Only a signed letter can be replaced.", nil)
	}
	content, err := o.contentOf(ctx, old)
	if err != nil {
		return Draft{}, err
	}
	written, err := o.DB.Draft(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	d, err := o.NewDraft(ctx, actor, old.Kind)
	if err != nil {
		return d, err
	}
	d, err = o.SaveDraft(ctx, actor, d.Letter.ID, DraftChange{
		Subject: &content.Subject, Classification: &content.Classification, Body: &written.Body, To: &content.To, Copies: &content.Copies, Basis: &content.Basis,
		Assignees: &content.Assignees, Class: &content.Class, Urgency: &content.Urgency, SignerPositionID: &old.SignerPositionID,
	})
	if err != nil {
		return d, err
	}
	return d, o.link(ctx, actor, &d.Letter, func(l *db.Letter) { l.Replaces = old.ID }, "replaces")
}

// Reply begins an answer to an incoming letter: to its sender, about its subject,
// linked both ways.
func (o *Office) Reply(ctx context.Context, actor account.Actor, id, kind string) (Draft, error) {
	in, err := o.seen(ctx, actor, id)
	if err != nil {
		return Draft{}, err
	}
	if in.Direction != string(letter.Incoming) {
		return Draft{}, problem.New(problem.Conflict, "Yang dapat dibalas hanya surat masuk.", "Only incoming letters can be answered.", nil)
	}
	d, err := o.NewDraft(ctx, actor, kind)
	if err != nil {
		return d, err
	}
	to, subject := []string{in.Sender}, "Balasan: "+in.Subject
	if runes := []rune(subject); len(runes) > letter.MaxSubject {
		subject = string(runes[:letter.MaxSubject])
	}
	change := DraftChange{Subject: &subject, To: &to}
	if in.Classification != "" {
		change.Classification = &in.Classification
	}
	if in.Number != "" {
		body := fmt.Sprintf("Menindaklanjuti surat %s Nomor %s tanggal %s hal %s, bersama ini disampaikan hal-hal sebagai berikut.\n\n%s", in.Sender, in.Number, dateOrDots(in.LetterDate), in.Subject, d.Body)
		change.Body = &body
	}
	if d, err = o.SaveDraft(ctx, actor, d.Letter.ID, change); err != nil {
		return d, err
	}
	return d, o.link(ctx, actor, &d.Letter, func(l *db.Letter) { l.ReplyTo = in.ID }, "answers")
}

func dateOrDots(t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	return LongDate(t)
}

func (o *Office) link(ctx context.Context, actor account.Actor, l *db.Letter, set func(*db.Letter), action string) error {
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		fresh, err := tx.Letter(ctx, l.ID)
		if err != nil {
			return err
		}
		set(&fresh)
		*l = fresh
		return o.touch(ctx, tx, actor, l, action, nil)
	})
}

// keepReport stores the file that comes with a report.
func (o *Office) keepReport(ctx context.Context, actor account.Actor, l db.Letter, up Upload) (db.File, error) {
	kept, err := o.keep(ctx, up)
	if err != nil {
		return db.File{}, err
	}
	row := db.File{ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleReport, Ref: string(kept.ref), Recipe: actor.PersonID, Name: kept.name, Media: string(kept.kind), Size: kept.size}
	return row, o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.AddFile(ctx, &row) })
}
