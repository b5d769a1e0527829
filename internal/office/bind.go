package office

import (
	"context"
	"strings"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// The QR of a sheet of paper: where it leads is what it belongs to. sheetPath is
// the disposition sheet of a letter, by its id; checkPath is a letter, by the token
// of its public address.
const (
	sheetPath = "/d/"
	checkPath = "/v/"
)

// SheetAddress is what stands in the QR of a letter's disposition sheet. It leads
// to the letter for whoever may see it, and tells others nothing.
func (o *Office) SheetAddress(l db.Letter) string { return o.PublicURL + sheetPath + l.ID }

// codeDPI draws a page so that a code of 20 mm has some ten pixels a module.
const codeDPI = 200

// codePages is how many pages of a scan are looked at for a code: sheets have one,
// letters signed with ink few.
const codePages = 5

// bindByCode looks for a code of ours on a scan that nobody has registered yet. A
// filled-in disposition sheet and a letter signed with ink are bound to their
// letter, when who handed in the scan may see it; the scan is then no letter of its
// own. A scan of anything else is left alone.
func (o *Office) bindByCode(ctx context.Context, l db.Letter, src source, pages []readPage) (bool, error) {
	if l.State != string(letter.Received) || l.Direction != string(letter.Incoming) {
		return false, nil
	}
	for _, p := range pages[:min(len(pages), codePages)] {
		if p.Source != db.SourceOCR {
			continue
		}
		codes, err := src.doc.Codes(ctx, p.Number, codeDPI)
		if err != nil {
			return false, err
		}
		for _, code := range codes {
			if bound, err := o.bindTo(ctx, l, src.file, code); bound || err != nil {
				return bound, err
			}
		}
	}
	return false, nil
}

func (o *Office) bindTo(ctx context.Context, scan db.Letter, file db.File, code string) (bool, error) {
	actor := account.System(scan.OfficeID) // an import from the command line
	if scan.CreatedBy != "" {
		var err error
		if actor, err = o.Actor(ctx, scan.CreatedBy); err != nil {
			return false, hideNone(err)
		}
	}
	role, to, err := o.belongsTo(ctx, actor, code)
	if err != nil || to.ID == "" {
		return false, hideNone(err)
	}
	f := db.File{ID: db.NewID(), LetterID: to.ID, OfficeID: to.OfficeID, Role: role, Ref: file.Ref, Recipe: actor.PersonID, Name: file.Name, Media: file.Media, Size: file.Size}
	if role == db.RoleInk {
		err = o.enterInk(ctx, actor, &to, f)
	} else {
		err = o.enterSheet(ctx, actor, &to, f)
	}
	if err != nil {
		return false, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if scan, err = tx.Letter(ctx, scan.ID); err != nil {
			return err
		}
		if err := move(&scan, letter.Bind); err != nil {
			return err
		}
		scan.BoundTo = to.ID
		if err := tx.SetReading(ctx, scan.ID, string(letter.Searchable), ""); err != nil {
			return err
		}
		return o.touch(ctx, tx, actor, &scan, "bound", map[string]string{"to": to.ID})
	})
	if err == nil {
		o.watchers.tell(Progress{LetterID: scan.ID, State: letter.Searchable})
	}
	return err == nil, err
}

// belongsTo finds the letter of a code; none for codes of others, and for letters
// that do not wait for such a paper.
func (o *Office) belongsTo(ctx context.Context, actor account.Actor, code string) (role string, l db.Letter, err error) {
	if at := strings.LastIndex(code, sheetPath); at >= 0 {
		l, err = o.seen(ctx, actor, code[at+len(sheetPath):])
		return db.RoleSheet, l, err
	}
	at := strings.LastIndex(code, checkPath)
	if at < 0 {
		return "", l, nil
	}
	if l, err = o.DB.LetterByToken(ctx, code[at+len(checkPath):]); err != nil {
		return "", db.Letter{}, err
	}
	if letter.State(l.State) != letter.Printed {
		return "", db.Letter{}, nil
	}
	l, err = o.seen(ctx, actor, l.ID)
	return db.RoleInk, l, err
}

// hideNone turns "there is none" into nothing: the scan is then a letter of its own.
func hideNone(err error) error {
	switch problem.KindOf(err) {
	case problem.NotFound, problem.SignedOut:
		return nil
	}
	return err
}
