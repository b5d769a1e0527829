package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// Draft is a letter as its author sees it while writing.
type Draft struct {
	Letter    db.Letter
	Content   letter.Content
	Body      string   // the text as typed; Content.Body is read from it
	Reviewers []string // position ids in the order of their initials
	Note      string   // why it was sent back; empty when it was not
}

// DraftChange is what one step of writing changes; nil members stay.
type DraftChange struct {
	Subject, Classification, Body *string
	To, Copies, Basis, Reviewers  *[]string
	Assignees                     *[]letter.Assignee
	Class                         *letter.Class
	Urgency                       *letter.Urgency
	SignerPositionID              *string
	Attachments                   *[]letter.Attachment
	Place, From                   *string
}

// NewDraft begins an outgoing letter of a kind with the kind's sample text, the
// author's unit and the classification that the kind usually has.
func (o *Office) NewDraft(ctx context.Context, actor account.Actor, kindCode string) (Draft, error) {
	if err := actor.Require(account.CanWrite); err != nil {
		return Draft{}, err
	}
	kind, err := o.DB.Kind(ctx, actor.OfficeID, kindCode)
	if err != nil || kind.Direction != string(letter.Outgoing) {
		return Draft{}, problem.New(problem.Invalid, "Pilih dulu jenis suratnya.", "Choose the kind of letter first.", err)
	}
	office, err := o.DB.Office(ctx, actor.OfficeID)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Letter: db.Letter{
		ID: db.NewID(), OfficeID: actor.OfficeID, UnitID: firstUnit(actor), Direction: string(letter.Outgoing), Kind: kind.Code,
		State: string(letter.Draft), ReadState: string(letter.Searchable), Class: string(letter.Open), Urgency: string(letter.Normal),
		Classification: kind.Classification, CreatedBy: actor.PersonID, IndexPending: true, Subject: kind.Name + " (konsep)",
	}}
	d.Content = letter.Content{Kind: kind.Layout, Classification: kind.Classification, Class: letter.Open, Urgency: letter.Normal, Place: office.Place, From: actor.Title()}
	d.Body = kind.Sample
	d.Reviewers, d.Letter.SignerPositionID, err = o.usualWay(ctx, actor)
	if err != nil {
		return d, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := tx.InsertLetter(ctx, &d.Letter); err != nil {
			return err
		}
		return errors.Join(o.putDraft(ctx, tx, actor, &d), o.setReaders(ctx, tx, d.Letter),
			o.record(ctx, tx, actor, d.Letter, "drafted", map[string]string{"kind": kind.Code}),
			o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{d.Letter.ID}))
	})
	return d, err
}

// usualWay proposes who initials and who signs: the author's superiors up to the
// head of the office, who signs.
func (o *Office) usualWay(ctx context.Context, actor account.Actor) (reviewers []string, signer string, err error) {
	positions, err := o.DB.Positions(ctx, actor.OfficeID)
	if err != nil {
		return nil, "", err
	}
	byID := map[string]db.Position{}
	for _, p := range positions {
		byID[p.ID] = p
		if p.Role == string(account.RoleHead) && signer == "" {
			signer = p.ID
		}
	}
	if len(actor.Holdings) == 0 {
		return nil, signer, nil
	}
	const tallest = 10 // more superiors than any office has; ends a circle
	at := byID[actor.Holdings[0].PositionID].SuperiorID
	for range tallest {
		if at == "" || at == signer {
			break
		}
		reviewers = append(reviewers, at)
		at = byID[at].SuperiorID
	}
	return reviewers, signer, nil
}

func (o *Office) putDraft(ctx context.Context, tx db.Tx, actor account.Actor, d *Draft) error {
	d.Content.Body = letter.ParseBody(d.Body)
	content, err := d.Content.Canonical()
	if err != nil {
		return err
	}
	reviewers, err := json.Marshal(d.Reviewers)
	if err != nil {
		return fmt.Errorf("reviewers to JSON: %w", err)
	}
	return tx.PutDraft(ctx, &db.Draft{LetterID: d.Letter.ID, Content: string(content), Body: d.Body, Reviewers: string(reviewers), UpdatedBy: actor.PersonID})
}

// Draft gives the letter for writing: only its author or who may write in its
// unit changes it, while it is a draft or sent back.
func (o *Office) Draft(ctx context.Context, actor account.Actor, id string) (Draft, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return Draft{}, err
	}
	if err := o.mayEdit(actor, l); err != nil {
		return Draft{}, err
	}
	return o.loadDraft(ctx, l)
}

func (o *Office) mayEdit(actor account.Actor, l db.Letter) error {
	if err := actor.Require(account.CanWrite); err != nil {
		return err
	}
	if l.CreatedBy != actor.PersonID && !actor.IsSystem() {
		return problem.New(problem.Forbidden, "Hanya penyusunnya yang dapat mengubah surat ini.", "Only its author can change this letter.", nil)
	}
	if l.Direction != string(letter.Outgoing) || !letter.State(l.State).Editable() {
		return problem.New(problem.Conflict, fmt.Sprintf("Surat ini berstatus “%s” dan tidak dapat diubah sekarang.", letter.State(l.State).Label()),
			fmt.Sprintf("This letter is “%s” and cannot be changed now.", l.State), nil)
	}
	return nil
}

func (o *Office) loadDraft(ctx context.Context, l db.Letter) (Draft, error) {
	row, err := o.DB.Draft(ctx, l.ID)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Letter: l, Body: row.Body, Note: l.ReturnNote}
	if err := errors.Join(json.Unmarshal([]byte(row.Content), &d.Content), json.Unmarshal([]byte(row.Reviewers), &d.Reviewers)); err != nil {
		return d, fmt.Errorf("draft of letter %s: %w", l.ID, err)
	}
	return d, nil
}

// SaveDraft keeps a step of writing. What is missing is not asked for here: a
// half-written letter is kept as it is.
func (o *Office) SaveDraft(ctx context.Context, actor account.Actor, id string, change DraftChange) (Draft, error) {
	d, err := o.Draft(ctx, actor, id)
	if err != nil {
		return d, err
	}
	if change.Body != nil && len(*change.Body) > letter.MaxText {
		return d, problem.New(problem.TooLarge, "Isi surat terlalu panjang. Pindahkan sebagian ke lampiran berkas.", "The text is too long. Move a part of it to an attached file.", nil)
	}
	change.apply(&d)
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := o.putDraft(ctx, tx, actor, &d); err != nil {
			return err
		}
		d.copyToRow()
		d.Letter.IndexPending = true
		if err := tx.UpdateLetter(ctx, &d.Letter); err != nil {
			return err
		}
		return errors.Join(o.setReaders(ctx, tx, d.Letter), o.Queue.Enqueue(ctx, tx, jobIndex, LetterJob{d.Letter.ID}))
	})
	return d, err
}

func (c DraftChange) apply(d *Draft) {
	set(&d.Content.Subject, c.Subject)
	set(&d.Content.Classification, c.Classification)
	set(&d.Body, c.Body)
	set(&d.Content.Place, c.Place)
	set(&d.Content.From, c.From)
	set(&d.Content.Class, c.Class)
	set(&d.Content.Urgency, c.Urgency)
	set(&d.Letter.SignerPositionID, c.SignerPositionID)
	setLines(&d.Content.To, c.To)
	setLines(&d.Content.Copies, c.Copies)
	setLines(&d.Content.Basis, c.Basis)
	setLines(&d.Reviewers, c.Reviewers)
	if c.Assignees != nil {
		d.Content.Assignees = *c.Assignees
	}
	if c.Attachments != nil {
		d.Content.Attachments = *c.Attachments
	}
	d.Content.Body = letter.ParseBody(d.Body)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func setLines(to *[]string, from *[]string) {
	if from == nil {
		return
	}
	*to = nil
	for _, line := range *from {
		if line = strings.TrimSpace(line); line != "" {
			*to = append(*to, line)
		}
	}
}

// copyToRow brings the fields that lists show in step with the text.
func (d *Draft) copyToRow() {
	if s := strings.TrimSpace(d.Content.Subject); s != "" {
		d.Letter.Subject = s
	}
	d.Letter.Classification, d.Letter.Class, d.Letter.Urgency = d.Content.Classification, string(d.Content.Class), string(d.Content.Urgency)
	d.Letter.Recipient = strings.Join(d.Content.To, "; ")
}

// Attach adds a PDF file as an attachment of a draft.
func (o *Office) Attach(ctx context.Context, actor account.Actor, id string, up Upload) (Draft, error) {
	d, err := o.Draft(ctx, actor, id)
	if err != nil {
		return d, err
	}
	file, discard, err := o.spool(up.Bytes)
	if err != nil {
		return d, err
	}
	defer discard()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return d, fmt.Errorf("size of attachment: %w", err)
	}
	if kind, err := page.Sniff(file, size); err != nil || kind != page.PDF {
		return d, problem.New(problem.Unsupported, "Lampiran harus berkas PDF. Simpan dulu sebagai PDF, lalu tambahkan lagi.", "An attachment must be a PDF. Save it as PDF and add it again.", err)
	}
	pages, err := pdf.PageCount(file)
	if err != nil {
		return d, err
	}
	row, err := o.keepAttachment(ctx, d.Letter, file, SafeName(up.Name), size)
	if err != nil {
		return d, err
	}
	name, ref := row.Name, row.Ref
	all := append(d.Content.Attachments, letter.Attachment{Title: strings.TrimSuffix(name, ".pdf"), Ref: ref, Pages: pages})
	return o.SaveDraft(ctx, actor, id, DraftChange{Attachments: &all})
}

// contentOf is the letter's text as it stands: the newest version, or the draft
// while it is being written.
func (o *Office) contentOf(ctx context.Context, l db.Letter) (letter.Content, error) {
	var c letter.Content
	if l.VersionID == "" || letter.State(l.State).Editable() {
		d, err := o.loadDraft(ctx, l)
		return d.Content, err
	}
	v, err := o.DB.Version(ctx, l.VersionID)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(v.Content), &c); err != nil {
		return c, fmt.Errorf("version %s: %w", v.ID, err)
	}
	return c, nil
}
