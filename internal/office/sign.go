package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
	"naskah/internal/sign"
	"naskah/internal/verify"
)

// signPageOpen is how long an opened letter can be signed: long enough to read
// it twice, short enough that a forgotten page signs nothing tomorrow.
const signPageOpen = 30 * time.Minute

// SignSlip is what a signing page carries: the token is bound to the letter, the
// person and the final bytes, and is good once.
type SignSlip struct {
	Letter db.Letter
	Token  string
}

// SignQueue lists the letters that wait for the actor's signature.
func (o *Office) SignQueue(ctx context.Context, actor account.Actor) ([]db.Letter, error) {
	letters, _, err := o.DB.Letters(ctx, db.LetterFilter{
		Words: actor.ReaderWords(), Direction: string(letter.Outgoing), States: []string{string(letter.Ready)}, SignedBy: positionsOf(actor), Limit: 200,
	})
	return letters, err
}

func positionsOf(actor account.Actor) []string {
	ids := make([]string, 0, len(actor.Holdings))
	for _, h := range actor.Holdings {
		ids = append(ids, h.PositionID)
	}
	return ids
}

// OpenForSigning shows a letter to its signer and gives the slip with which these
// very bytes can be signed.
func (o *Office) OpenForSigning(ctx context.Context, actor account.Actor, id string) (SignSlip, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return SignSlip{}, err
	}
	if err := maySign(actor, l); err != nil {
		return SignSlip{}, err
	}
	token := account.NewToken()
	row := db.SignToken{Hash: account.HashToken(token), LetterID: l.ID, PersonID: actor.PersonID, FinalRef: l.FinalRef, ExpiresAt: o.Now().Add(signPageOpen).UTC()}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.AddSignToken(ctx, &row) })
	return SignSlip{Letter: l, Token: token}, err
}

func maySign(actor account.Actor, l db.Letter) error {
	if letter.State(l.State) != letter.Ready {
		return problem.New(problem.Conflict, fmt.Sprintf("Surat ini berstatus “%s”, jadi belum atau tidak lagi dapat ditandatangani.", letter.State(l.State).Label()),
			fmt.Sprintf("This letter is “%s”, so it cannot be signed now.", l.State), nil)
	}
	if !actor.Holds(l.SignerPositionID) || actor.PersonID != l.SignerPersonID {
		return problem.New(problem.Forbidden, "Surat ini menunggu tanda tangan pejabat lain.", "This letter waits for another official's signature.", nil)
	}
	return nil
}

// SignResult says what became of one letter of a batch.
type SignResult struct {
	LetterID string
	Letter   db.Letter
	Err      error
}

// Sign signs the letter of one slip.
func (o *Office) Sign(ctx context.Context, actor account.Actor, token string, passphrase []byte) (db.Letter, error) {
	results, err := o.SignMany(ctx, actor, []string{token}, passphrase)
	if err != nil {
		return db.Letter{}, err
	}
	return results[0].Letter, results[0].Err
}

// maxBatch bounds one request that holds an open key.
const maxBatch = 100

// SignMany signs the letters of several slips with one passphrase: the key is
// opened once for this request and forgotten with it. A wrong passphrase is an
// error of the whole call and uses up no slip; otherwise each letter has its own
// result.
func (o *Office) SignMany(ctx context.Context, actor account.Actor, tokens []string, passphrase []byte) ([]SignResult, error) {
	defer clear(passphrase)
	if len(tokens) == 0 || len(tokens) > maxBatch {
		return nil, problem.New(problem.Invalid, "Pilih dulu surat yang akan ditandatangani, paling banyak 100 sekaligus.", "Choose the letters to sign first, at most 100 at once.", nil)
	}
	for _, t := range tokens {
		row, err := o.DB.PeekSignToken(ctx, account.HashToken(t), o.Now())
		if err != nil || row.PersonID != actor.PersonID {
			return nil, problem.New(problem.Conflict, "Halaman tanda tangan ini sudah dipakai atau sudah lama terbuka. Buka lagi suratnya, lalu tanda tangani.",
				"This signing page was used already or was open too long. Open the letter again, then sign.", err)
		}
	}
	key, err := o.openKey(ctx, actor, passphrase)
	if err != nil {
		return nil, err
	}
	results := make([]SignResult, 0, len(tokens))
	for _, t := range tokens {
		l, err := o.signOne(ctx, actor, t, key)
		results = append(results, SignResult{LetterID: l.ID, Letter: l, Err: err})
	}
	return results, nil
}

func (o *Office) signOne(ctx context.Context, actor account.Actor, token string, key sign.Key) (db.Letter, error) {
	row, err := o.DB.PeekSignToken(ctx, account.HashToken(token), o.Now())
	if err != nil {
		return db.Letter{}, hideMissing(err)
	}
	defer o.signing.lock(row.LetterID)()
	l, err := o.seen(ctx, actor, row.LetterID)
	if err != nil {
		return l, err
	}
	if err := maySign(actor, l); err != nil {
		return l, err
	}
	if l.FinalRef != row.FinalRef || row.PersonID != actor.PersonID {
		return l, problem.New(problem.Conflict, "Surat ini sudah berubah sejak Anda membukanya. Buka lagi, baca, lalu tanda tangani.", "This letter changed since you opened it. Open it again, read it, then sign.", nil)
	}
	signed, err := o.signedBytes(ctx, l, key)
	if err != nil {
		return l, err
	}
	return o.enterSigned(ctx, actor, l, token, signed)
}

// signedBytes signs the final PDF and checks our own work before anybody sees
// it: what does not verify is never stored as a letter.
func (o *Office) signedBytes(ctx context.Context, l db.Letter, key sign.Key) ([]byte, error) {
	final, err := o.readAll(ctx, l.FinalRef)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	opts := sign.Options{Name: key.Chain[0].Subject.CommonName, Time: o.Now(), Location: ""}
	if err := sign.Sign(ctx, bytes.NewReader(final), int64(len(final)), &out, key, opts); err != nil {
		return nil, err
	}
	report, err := verify.Verify(ctx, bytes.NewReader(out.Bytes()), int64(out.Len()), o.verifyOptions())
	if err != nil {
		return nil, err
	}
	if report.Conclusion != verify.TotalPassed || !bytes.HasPrefix(out.Bytes(), final) {
		return nil, problem.New(problem.Internal, "Tanda tangan gagal diperiksa, jadi surat belum ditandatangani. Coba lagi; bila terulang, hubungi admin.",
			"The signature did not pass our own check, so the letter is not signed. Try again; if it happens again, tell the administrator.", fmt.Errorf("own check: %+v", report))
	}
	return out.Bytes(), nil
}

func (o *Office) enterSigned(ctx context.Context, actor account.Actor, l db.Letter, token string, signed []byte) (db.Letter, error) {
	ref, err := o.Store.Put(ctx, bytes.NewReader(signed))
	if err != nil {
		return l, fmt.Errorf("keep signed letter: %w", err)
	}
	content, err := o.contentOf(ctx, l)
	if err != nil {
		return l, err
	}
	err = o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if _, err := tx.TakeSignToken(ctx, account.HashToken(token), o.Now()); err != nil {
			return err
		}
		if err := move(&l, letter.Sign); err != nil {
			return err
		}
		l.SignedRef, l.SignedAt = string(ref), o.Now().UTC()
		file := db.File{
			ID: db.NewID(), LetterID: l.ID, OfficeID: l.OfficeID, Role: db.RoleSigned, Ref: l.SignedRef, Recipe: "pades-b-b " + l.FinalRef,
			Name: fileName(l, ""), Media: string(page.PDF), Size: int64(len(signed)),
		}
		return errors.Join(tx.AddFile(ctx, &file), tx.SettleNumbers(ctx, l.ID, db.NumberUsed, ""), o.giveCopies(ctx, tx, l, content.Copies),
			o.touch(ctx, tx, actor, &l, "signed", map[string]string{"sha256": l.SignedRef}),
			o.Queue.Enqueue(ctx, tx, jobRead, ReadJob{LetterID: l.ID, From: 1}))
	})
	return l, err
}

// LettersOfSlips are the letters that the actor's slips open, for showing them
// again after a mistake.
func (o *Office) LettersOfSlips(ctx context.Context, actor account.Actor, tokens []string) ([]string, error) {
	var ids []string
	for _, t := range tokens[:min(len(tokens), maxBatch)] {
		row, err := o.DB.PeekSignToken(ctx, account.HashToken(t), o.Now())
		if err != nil {
			return nil, hideMissing(err)
		}
		if row.PersonID == actor.PersonID {
			ids = append(ids, row.LetterID)
		}
	}
	return ids, nil
}
