package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"naskah/internal/account"
	"naskah/internal/audit"
	"naskah/internal/db"
	"naskah/internal/problem"
)

// Wrong sign-ins in a row before a person has to wait, and how long. It slows
// guessing to 480 tries a day and locks nobody out for long.
const (
	signInsBeforeWait = 5
	signInWait        = 15 * time.Minute
)

// SignIn gives the person behind a sign-in name or NIP and password. Every
// failure has the same sentence and takes the same time.
func (o *Office) SignIn(ctx context.Context, login, password string) (account.Actor, error) {
	p, err := o.DB.PersonByLogin(ctx, login)
	if err != nil && problem.KindOf(err) != problem.NotFound {
		return account.Actor{}, err
	}
	if o.Now().Before(p.LockedUntil) {
		return account.Actor{}, problem.New(problem.RateLimited, "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi, atau minta kata sandi baru kepada Kasubag Umum.",
			"Too many tries. Wait 15 minutes and try again, or ask the head of general affairs for a new password.", nil)
	}
	right := account.CheckPassword(p.PasswordHash, password)
	if right && !p.CodeUntil.IsZero() && o.Now().After(p.CodeUntil) {
		return account.Actor{}, problem.New(problem.SignedOut, "Kode sekali pakai ini sudah lewat satu hari. Mintalah kode baru kepada Kasubag Umum.",
			"This one-time code is older than a day. Ask the head of general affairs for a new one.", nil)
	}
	if !right || !p.Active {
		return account.Actor{}, errors.Join(o.countWrongSignIn(ctx, p), problem.New(problem.SignedOut,
			"Nama masuk atau kata sandi salah. Periksa huruf besar dan kecil.", "The sign-in name or the password is wrong. Check capital and small letters.", nil))
	}
	if p.FailedSignIns > 0 {
		p.FailedSignIns, p.LockedUntil = 0, time.Time{}
		if err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.Update(ctx, &p) }); err != nil {
			return account.Actor{}, err
		}
	}
	return o.actorOf(ctx, p)
}

func (o *Office) countWrongSignIn(ctx context.Context, p db.Person) error {
	if p.ID == "" {
		return nil
	}
	if p.FailedSignIns++; p.FailedSignIns >= signInsBeforeWait {
		p.FailedSignIns, p.LockedUntil = 0, o.Now().Add(signInWait).UTC()
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.Update(ctx, &p) })
}

// Actor gives a person with what they hold now; problem.SignedOut when they may
// no longer work here.
func (o *Office) Actor(ctx context.Context, personID string) (account.Actor, error) {
	p, err := o.DB.Person(ctx, personID)
	if err != nil || !p.Active {
		if problem.KindOf(err) == problem.NotFound || err == nil {
			return account.Actor{}, problem.New(problem.SignedOut, "Silakan masuk lagi.", "Please sign in again.", err)
		}
		return account.Actor{}, err
	}
	return o.actorOf(ctx, p)
}

func (o *Office) actorOf(ctx context.Context, p db.Person) (account.Actor, error) {
	a := account.Actor{PersonID: p.ID, OfficeID: p.OfficeID, Name: p.Name, Language: p.Language}
	held, err := o.DB.HeldAt(ctx, p.ID, "", o.Now())
	if err != nil {
		return a, err
	}
	for _, h := range held {
		holding := account.Holding{
			PositionID: h.Position.ID, OfficeID: h.Position.OfficeID, UnitID: h.Position.UnitID, Title: h.Position.Title,
			Role: account.Role(h.Position.Role), Capacity: account.Capacity(h.Appointment.Capacity),
		}
		if err := json.Unmarshal([]byte(h.Position.Abilities), &holding.Abilities); err != nil {
			return a, fmt.Errorf("abilities of position %s: %w", h.Position.ID, err)
		}
		a.Holdings = append(a.Holdings, holding)
	}
	if a.Can(account.Oversees) {
		if a.Below, err = o.DB.OfficesBelow(ctx, p.OfficeID); err != nil {
			return a, err
		}
	}
	return a, nil
}

// ActorByLogin gives the person of a sign-in name, for commands on the machine.
func (o *Office) ActorByLogin(ctx context.Context, login string) (account.Actor, error) {
	p, err := o.DB.PersonByLogin(ctx, login)
	if problem.KindOf(err) == problem.NotFound {
		return account.Actor{}, problem.New(problem.NotFound, "Tidak ada orang dengan nama masuk “"+login+"”.", "Nobody has the sign-in name “"+login+"”.", err)
	}
	if err != nil {
		return account.Actor{}, err
	}
	return o.actorOf(ctx, p)
}

// ActorByToken gives the person that a token of the JSON API speaks for.
func (o *Office) ActorByToken(ctx context.Context, token string) (account.Actor, error) {
	t, err := o.DB.TokenByHash(ctx, account.HashToken(token))
	if err != nil {
		return account.Actor{}, problem.New(problem.SignedOut, "Token tidak dikenal atau sudah dicabut.", "The token is unknown or was revoked.", err)
	}
	return o.Actor(ctx, t.PersonID)
}

// AddToken makes a token with which a program speaks for the person; it is shown
// once.
func (o *Office) AddToken(ctx context.Context, actor account.Actor, name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", problem.New(problem.Invalid, "Beri nama untuk token ini, misalnya nama programnya.", "Give the token a name, for example the program's.", nil)
	}
	token := account.NewToken()
	row := db.Token{ID: db.NewID(), PersonID: actor.PersonID, OfficeID: actor.OfficeID, Name: name, Hash: account.HashToken(token), CreatedAt: o.Now().UTC()}
	return token, o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return errors.Join(tx.Insert(ctx, &row), o.recordPerson(ctx, tx, actor, actor.PersonID, "token-added"))
	})
}

// Tokens lists the actor's tokens, or all of the office for an administrator.
func (o *Office) Tokens(ctx context.Context, actor account.Actor) ([]db.Token, error) {
	person := actor.PersonID
	if actor.Can(account.CanAdminister) {
		person = ""
	}
	return o.DB.TokensOf(ctx, actor.OfficeID, person)
}

// RevokeToken ends a token of the actor, or of anyone for an administrator.
func (o *Office) RevokeToken(ctx context.Context, actor account.Actor, id string) error {
	mine, err := o.Tokens(ctx, actor)
	if err != nil {
		return err
	}
	for _, t := range mine {
		if t.ID == id {
			return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
				return errors.Join(tx.RevokeToken(ctx, actor.OfficeID, id, o.Now()), o.recordPerson(ctx, tx, actor, t.PersonID, "token-revoked"))
			})
		}
	}
	return problem.New(problem.NotFound, "Token itu tidak ada lagi.", "That token is no longer there.", nil)
}

func (o *Office) recordPerson(ctx context.Context, tx db.Tx, actor account.Actor, personID, action string) error {
	return tx.AppendAudit(ctx, audit.Entry{
		OfficeID: actor.OfficeID, At: o.Now().UTC(), PersonID: actor.PersonID, Actor: actor.Name, Title: actor.Title(),
		Action: action, Kind: "person", ObjectID: personID, Detail: "{}",
	})
}

// NewPerson is what an administrator writes down about somebody new.
type NewPerson struct {
	Name, NIP, Rank, Login, Password string
	PositionID                       string // may be empty
	OneTime                          bool   // the password is a one-time code: the person chooses their own when they first sign in
}

// AddPerson adds somebody to the actor's office.
func (o *Office) AddPerson(ctx context.Context, actor account.Actor, n NewPerson) (db.Person, error) {
	if err := actor.Require(account.CanAdminister); err != nil {
		return db.Person{}, err
	}
	login := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(n.Login), " ", ""))
	if login == "" || strings.TrimSpace(n.Name) == "" {
		return db.Person{}, problem.New(problem.Invalid, "Isi nama dan nama masuk.", "Fill in the name and the sign-in name.", nil)
	}
	if err := account.CheckNewPassword(n.Password); err != nil {
		return db.Person{}, err
	}
	if _, err := o.DB.PersonByLogin(ctx, login); err == nil {
		return db.Person{}, LoginTaken()
	}
	p := db.Person{
		ID: db.NewID(), OfficeID: actor.OfficeID, Name: strings.TrimSpace(n.Name), NIP: strings.TrimSpace(n.NIP), PersonRank: n.Rank, Login: login,
		PasswordHash: account.HashPassword(n.Password), Language: "id", TextSize: 18, Active: true, CreatedAt: o.Now().UTC(),
	}
	if n.OneTime {
		p.CodeUntil = o.Now().UTC().Add(CodeLife)
	}
	err := o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := tx.Insert(ctx, &p); err != nil {
			return err
		}
		if n.PositionID != "" {
			pos, err := tx.Position(ctx, n.PositionID)
			if err != nil || pos.OfficeID != actor.OfficeID {
				return problem.New(problem.Invalid, "Jabatan itu tidak ada di kantor ini.", "That position is not in this office.", err)
			}
			row := db.Appointment{ID: db.NewID(), OfficeID: p.OfficeID, PersonID: p.ID, PositionID: n.PositionID, Capacity: string(account.Definitive), ValidFrom: o.Now().UTC().Truncate(24 * time.Hour)}
			if err := tx.Insert(ctx, &row); err != nil {
				return err
			}
		}
		return o.recordPerson(ctx, tx, actor, p.ID, "person-added")
	})
	return p, err
}

// SetPassword gives somebody of the office a new password. It opens no signing
// key. Everyone may change their own with the old one (ChangePassword).
func (o *Office) SetPassword(ctx context.Context, actor account.Actor, personID, password string) error {
	if err := actor.Require(account.CanAdminister); err != nil {
		return err
	}
	return o.putPassword(ctx, actor, personID, password)
}

// ChangePassword changes the actor's own password.
func (o *Office) ChangePassword(ctx context.Context, actor account.Actor, old, password string) error {
	p, err := o.DB.Person(ctx, actor.PersonID)
	if err != nil {
		return err
	}
	if !account.CheckPassword(p.PasswordHash, old) {
		return problem.New(problem.Invalid, "Kata sandi lama salah.", "The old password is wrong.", nil)
	}
	return o.putPassword(ctx, actor, actor.PersonID, password)
}

// CodeLife is how long a one-time code opens the door.
const CodeLife = 24 * time.Hour

// GiveCode gives somebody of the office a one-time code instead of their password.
func (o *Office) GiveCode(ctx context.Context, actor account.Actor, personID, code string) error {
	if err := actor.Require(account.CanAdminister); err != nil {
		return err
	}
	if err := account.CheckNewPassword(code); err != nil {
		return err
	}
	return o.changePerson(ctx, actor, personID, "code-given", func(p *db.Person) {
		p.PasswordHash, p.FailedSignIns, p.LockedUntil, p.CodeUntil = account.HashPassword(code), 0, time.Time{}, o.Now().UTC().Add(CodeLife)
	})
}

// ChoosePassword sets the actor's own password in place of the one-time code they
// signed in with; without such a code it is problem.Conflict.
func (o *Office) ChoosePassword(ctx context.Context, actor account.Actor, password string) error {
	p, err := o.DB.Person(ctx, actor.PersonID)
	if err != nil {
		return err
	}
	if p.CodeUntil.IsZero() {
		return problem.New(problem.Conflict, "Kata sandi Anda sudah ada. Ganti di halaman Akun.", "You have a password already. Change it on the account page.", nil)
	}
	if account.CheckPassword(p.PasswordHash, password) {
		return problem.New(problem.Invalid, "Pilih kata sandi yang lain daripada kode tadi.", "Choose another password than the code.", nil)
	}
	return o.putPassword(ctx, actor, actor.PersonID, password)
}

// LoginTaken says that somebody signs in by that name already.
func LoginTaken() error {
	return problem.New(problem.Conflict, "Nama masuk itu sudah dipakai. Pilih yang lain.", "That sign-in name is taken. Choose another.", nil)
}

func (o *Office) putPassword(ctx context.Context, actor account.Actor, personID, password string) error {
	if err := account.CheckNewPassword(password); err != nil {
		return err
	}
	return o.changePerson(ctx, actor, personID, "password-changed", func(p *db.Person) {
		p.PasswordHash, p.FailedSignIns, p.LockedUntil, p.CodeUntil = account.HashPassword(password), 0, time.Time{}, time.Time{}
	})
}

func (o *Office) changePerson(ctx context.Context, actor account.Actor, personID, action string, change func(*db.Person)) error {
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		p, err := tx.Person(ctx, personID)
		if err != nil || p.OfficeID != actor.OfficeID {
			return problem.New(problem.NotFound, "Orang itu tidak ada di kantor ini.", "That person is not in this office.", err)
		}
		change(&p)
		if err := tx.Update(ctx, &p); err != nil || action == "" {
			return err
		}
		return o.recordPerson(ctx, tx, actor, personID, action)
	})
}

// The text sizes that a person can choose, in pixels.
const (
	smallestText = 16
	largestText  = 24
)

// SetTaste keeps the actor's language ("id", "en") and text size; empty and 0
// stay as they are.
func (o *Office) SetTaste(ctx context.Context, actor account.Actor, language string, textSize int) error {
	return o.changePerson(ctx, actor, actor.PersonID, "", func(p *db.Person) {
		if language == "id" || language == "en" {
			p.Language = language
		}
		if textSize >= smallestText && textSize <= largestText {
			p.TextSize = textSize
		}
	})
}

// Deactivate ends somebody's access at once; what they did stays. Nobody ends
// their own.
func (o *Office) Deactivate(ctx context.Context, actor account.Actor, personID string) error {
	if err := actor.Require(account.CanAdminister); err != nil {
		return err
	}
	if personID == actor.PersonID {
		return problem.New(problem.Conflict, "Anda tidak dapat menonaktifkan diri sendiri.", "You cannot end your own access.", nil)
	}
	return o.changePerson(ctx, actor, personID, "person-deactivated", func(p *db.Person) { p.Active = false })
}
