package office

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
	"naskah/internal/verify"
	"naskah/storage"
)

// Verdict is what the public may know of a letter.
type Verdict struct {
	State      letter.State
	KindName   string
	Number     string
	Date       time.Time
	Subject    string // masked unless the kind is public
	OfficeName string
	SignerName string
	SignerPost string // title with its capacity
	SignedAt   time.Time
	Digest     string // SHA-256 of the signed file
	PublicView bool   // the first page may be shown
	LetterID   string
	Token      string // of the public address
	ShortCode  string
	TimeZone   string         // of the office
	Report     *verify.Report // nil while the letter is not signed, and when it is signed with ink
	Ink        bool           // signed with ink: the scan of the paper is its proof
	EndReason  string         // why it was revoked
	ReplacedBy string         // token of the signed letter that took its place
}

func (o *Office) verifyOptions() verify.Options {
	return verify.Options{Roots: o.Roots, Own: o.ownRoots(), At: time.Time{}}
}

// CheckToken answers the QR of a letter. Letters that have no number yet are not
// known to the public: problem.NotFound, in the same words as a wrong address.
func (o *Office) CheckToken(ctx context.Context, token string) (Verdict, error) {
	l, err := o.DB.LetterByToken(ctx, token)
	if err != nil {
		return Verdict{}, unknownCode(err)
	}
	return o.verdict(ctx, l)
}

// CheckCode answers a typed short code.
func (o *Office) CheckCode(ctx context.Context, typed string) (Verdict, string, error) {
	code := letter.ParseShortCode(typed)
	if code == "" {
		return Verdict{}, "", problem.New(problem.Invalid, "Kode terdiri dari 10 huruf dan angka, misalnya ABCDE-23456. Periksa lagi tulisannya.",
			"A code has 10 letters and figures, such as ABCDE-23456. Check what you typed.", nil)
	}
	l, err := o.DB.LetterByCode(ctx, code)
	if err != nil {
		return Verdict{}, "", unknownCode(err)
	}
	v, err := o.verdict(ctx, l)
	return v, l.VerifyToken, err
}

func unknownCode(cause error) error {
	if problem.KindOf(cause) != problem.NotFound {
		return cause
	}
	return problem.New(problem.NotFound, "Surat dengan kode ini tidak ditemukan di kantor ini. Periksa lagi kodenya, atau hubungi kantor yang mengeluarkan surat.",
		"There is no letter with this code at this office. Check the code, or contact the office that issued the letter.", cause)
}

func (o *Office) verdict(ctx context.Context, l db.Letter) (Verdict, error) {
	office, err := o.DB.Office(ctx, l.OfficeID)
	if err != nil {
		return Verdict{}, err
	}
	kind, err := o.DB.Kind(ctx, l.OfficeID, l.Kind)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{State: letter.State(l.State), KindName: kind.Name, OfficeName: office.Name, LetterID: l.ID, Number: l.Number, Date: l.LetterDate, Token: l.VerifyToken, ShortCode: l.ShortCode, TimeZone: office.TimeZone}
	v.PublicView = kind.PublicView == "publik" && letter.Class(l.Class) == letter.Open
	v.Subject = l.Subject
	if !v.PublicView {
		v.Subject = Mask(l.Subject)
	}
	v.Ink, v.EndReason = l.Ink, l.EndReason
	if v.ReplacedBy, err = o.DB.ReplacementToken(ctx, l.ID); err != nil {
		return v, err
	}
	if l.SignedRef == "" {
		return v, o.countCheck(ctx, l, "unsigned")
	}
	var signer SignerSnapshot
	if err := json.Unmarshal([]byte(l.Signer), &signer); err != nil {
		return v, fmt.Errorf("signer of letter %s: %w", l.ID, err)
	}
	v.SignerName, v.SignerPost = signer.Name, strings.TrimSpace(signer.Capacity.Prefix()+" "+signer.Title)
	v.SignedAt, v.Digest = l.SignedAt, l.SignedRef
	if l.Ink {
		return v, o.countCheck(ctx, l, "ink")
	}
	report, err := o.reportOf(ctx, l.SignedRef)
	if err != nil {
		return v, err
	}
	v.Report = &report
	return v, o.countCheck(ctx, l, report.Conclusion)
}

func (o *Office) reportOf(ctx context.Context, ref string) (verify.Report, error) {
	r, err := o.openRef(ctx, ref)
	if err != nil {
		return verify.Report{}, err
	}
	defer r.Close() //nolint:errcheck // only read
	return verify.Verify(ctx, r, r.Size(), o.verifyOptions())
}

func (o *Office) countCheck(ctx context.Context, l db.Letter, result string) error {
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		return tx.AddVerification(ctx, &db.Verification{ID: db.NewID(), LetterID: l.ID, At: o.Now().UTC(), Result: result})
	})
}

// Mask keeps the first letter of each word: "Rapat" is "R****". Short words
// (di, dan, ke) stay, they tell nothing.
func Mask(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if n := utf8.RuneCountInString(w); n > 3 {
			first, _ := utf8.DecodeRuneInString(w)
			words[i] = string(first) + strings.Repeat("*", n-1)
		}
	}
	return strings.Join(words, " ")
}

// FileCheck is the answer to a file that somebody wants checked.
type FileCheck struct {
	Report verify.Report
	Digest string
	// Known is the letter of this office whose signed file has exactly these
	// bytes; nil for any other file.
	Known *Verdict
}

// CheckFile judges a PDF that somebody brings. It is not kept.
func (o *Office) CheckFile(ctx context.Context, r io.Reader) (FileCheck, error) {
	file, discard, err := o.spool(r)
	if err != nil {
		return FileCheck{}, err
	}
	defer discard()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return FileCheck{}, fmt.Errorf("size of file to check: %w", err)
	}
	report, err := verify.Verify(ctx, file, size, o.verifyOptions())
	if err != nil {
		return FileCheck{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return FileCheck{}, fmt.Errorf("rewind file to check: %w", err)
	}
	ref, err := storage.Digest(file)
	if err != nil {
		return FileCheck{}, fmt.Errorf("digest of file to check: %w", err)
	}
	out := FileCheck{Report: report, Digest: string(ref)}
	known, err := o.DB.SignedFile(ctx, string(ref))
	if problem.KindOf(err) == problem.NotFound {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	l, err := o.DB.Letter(ctx, known.LetterID)
	if err != nil {
		return out, err
	}
	v, err := o.verdict(ctx, l)
	out.Known = &v
	return out, err
}

// PublicFile opens a signed letter for anybody, when its kind allows it.
func (o *Office) PublicFile(ctx context.Context, token string) (Download, error) {
	v, err := o.CheckToken(ctx, token)
	if err != nil {
		return Download{}, err
	}
	if !v.PublicView || v.Report == nil && (!v.Ink || v.Digest == "") {
		return Download{}, problem.New(problem.Forbidden, "Berkas surat ini tidak dibagikan untuk umum.", "This letter's file is not given to the public.", nil)
	}
	role := db.RoleSigned
	if v.Ink {
		role = db.RoleInk
	}
	f, err := o.DB.LetterFile(ctx, v.LetterID, role)
	if err != nil {
		return Download{}, err
	}
	r, err := o.openRef(ctx, f.Ref)
	return Download{File: f, Bytes: r}, err
}
