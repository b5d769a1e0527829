package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"naskah/internal/problem"
	"naskah/internal/revision"
)

// Level is a PAdES baseline level.
type Level string

// LevelBB is the only level so far; others are refused by CheckLevel.
const LevelBB Level = "b-b"

// CheckLevel says which levels are there.
func CheckLevel(l string) error {
	switch Level(l) {
	case LevelBB:
		return nil
	case "b-t", "b-lt", "b-lta":
		return problem.New(problem.Unsupported, "Tingkat tanda tangan "+l+" belum tersedia. Pakai --level b-b.", "Signature level "+l+" is not there yet. Use --level b-b.", nil)
	}
	return problem.New(problem.Invalid, "Tingkat tanda tangan tidak dikenal.", "Unknown signature level.", nil)
}

// Options of a signature.
type Options struct {
	// Field is the name of the field to fill; a field of that name is made when
	// there is none. Empty: the first empty signature field, else a new one.
	Field                  string
	Reason, Location, Name string
	Time                   time.Time // the claimed time, /M (B2); zero is now
	Visible                *Visible  // nil keeps the field's own look, or none
}

// Visible places a signature's look on a page (from 1), in points from the bottom
// left corner.
type Visible struct {
	Page       int
	X, Y, W, H float64
	Lines      []string
}

// Pending is a signature that waits for its value. It can be kept as JSON.
type Pending struct {
	Size       int64    `json:"size"`   // of the original
	SHA256     []byte   `json:"sha256"` // of the original
	Increment  []byte   `json:"increment"`
	Contents   int      `json:"contents"` // where the hex digits begin in Increment
	Room       int      `json:"room"`     // how many hex digits there are
	Attributes []byte   `json:"attributes"`
	Chain      [][]byte `json:"chain"`
}

// minRoom is the least number of bytes for a CMS: a chain of three and, later, a
// timestamp fit.
const minRoom = 8192

// Prepare writes everything of a signature but its value. doc is read once; of it
// nothing is held in memory.
func Prepare(ctx context.Context, doc io.ReaderAt, size int64, chain []*x509.Certificate, o Options) (*Pending, error) {
	if len(chain) == 0 {
		return nil, errors.New("no certificate to sign with")
	}
	a, err := algorithmOf(chain[0].PublicKey)
	if err != nil {
		return nil, err
	}
	p := &Pending{Size: size}
	for _, c := range chain {
		p.Chain = append(p.Chain, c.Raw)
	}
	empty, err := signedAttributes(a, make([]byte, a.hash.Size()), chain[0])
	if err != nil {
		return nil, err
	}
	longest, err := signedData(a, chain, empty, make([]byte, a.signature))
	if err != nil {
		return nil, fmt.Errorf("size of signature: %w", err)
	}
	p.Room = 2 * max(len(longest), minRoom) // I9: wide enough by reckoning, never by trying
	if err := p.build(doc, size, o); err != nil {
		return nil, err
	}
	digest, err := p.digest(ctx, doc, a.hash)
	if err != nil {
		return nil, err
	}
	p.Attributes, err = signedAttributes(a, digest, chain[0])
	return p, err
}

// build writes the increment and fills in the ByteRange.
func (p *Pending) build(doc io.ReaderAt, size int64, o Options) error {
	f, err := revision.Open(doc, size)
	if err != nil {
		return err
	}
	if err := maySign(f); err != nil {
		return err
	}
	inc, err := f.NewIncrement()
	if err != nil {
		return err
	}
	value := inc.Add(revision.Raw(p.dictionary(o)))
	if err := placeField(f, inc, value, o); err != nil {
		return err
	}
	built, err := inc.Build()
	if err != nil {
		return err
	}
	p.Increment = built.Bytes
	return p.fillRange(built.Values[value.Num])
}

const (
	rangeDigits   = 12 // room for files of a terabyte (B4)
	rangeToken    = "/ByteRange["
	contentsToken = "/Contents<"
)

// dictionary writes the signature dictionary with its two places to fill in: each
// key once (B1), /Cert absent (B5).
func (p *Pending) dictionary(o Options) []byte {
	var b bytes.Buffer
	b.WriteString("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached")
	b.WriteString(rangeToken + strings.Repeat(" ", 4*(rangeDigits+1)) + "]")
	b.WriteString(contentsToken + strings.Repeat("0", p.Room) + ">")
	at := o.Time
	if at.IsZero() {
		at = time.Now()
	}
	b.WriteString("/M")
	revision.Write(&b, revision.String{Value: []byte(pdfDate(at))})
	for _, e := range []struct{ key, text string }{{"Name", o.Name}, {"Reason", o.Reason}, {"Location", o.Location}} {
		if e.text != "" {
			b.WriteString("/" + e.key)
			revision.Write(&b, textString(e.text))
		}
	}
	b.WriteString(">>")
	return b.Bytes()
}

// pdfDate is a date as ISO 32000-2 7.9.4 writes it, with its zone.
func pdfDate(t time.Time) string {
	_, offset := t.Zone()
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	return t.Format("D:20060102150405") + fmt.Sprintf("%s%02d'%02d'", sign, offset/3600, offset%3600/60)
}

// textString is plain when it can be, else UTF-16 (ISO 32000-2 7.9.2.2).
func textString(s string) revision.String {
	plain := true
	for _, r := range s {
		plain = plain && r >= 0x20 && r < 0x7f
	}
	if plain {
		return revision.String{Value: []byte(s)}
	}
	out := []byte{0xfe, 0xff}
	for _, u := range utf16Of(s) {
		out = append(out, byte(u>>8), byte(u)) //nolint:gosec // the two halves of 16 bits
	}
	return revision.String{Value: out, Hex: true}
}

func (p *Pending) fillRange(value int) error {
	rangeAt := bytes.Index(p.Increment[value:], []byte(rangeToken))
	contents := bytes.Index(p.Increment[value:], []byte(contentsToken))
	if rangeAt < 0 || contents < 0 {
		return errors.New("the signature dictionary is not where it was written")
	}
	p.Contents = value + contents + len(contentsToken)
	gapStart := p.Size + int64(p.Contents) - 1
	gapEnd := p.Size + int64(p.Contents+p.Room) + 1
	end := p.Size + int64(len(p.Increment))
	text := fmt.Sprintf("0 %d %d %d", gapStart, gapEnd, end-gapEnd)
	if len(text) > 4*(rangeDigits+1) {
		return errors.New("the file is too large for its ByteRange")
	}
	copy(p.Increment[value+rangeAt+len(rangeToken):], text)
	return nil
}

// digest hashes the ByteRange: all but the Contents token.
func (p *Pending) digest(ctx context.Context, doc io.ReaderAt, h crypto.Hash) ([]byte, error) {
	all := h.New()
	original := crypto.SHA256.New()
	both := io.MultiWriter(all, original)
	if h == crypto.SHA256 {
		both = all // its state after the original is the original's digest: hash once
	}
	if err := copyOriginal(ctx, both, doc, p.Size); err != nil {
		return nil, err
	}
	if h == crypto.SHA256 {
		p.SHA256 = all.Sum(nil)
	} else {
		p.SHA256 = original.Sum(nil)
	}
	p.hashIncrement(all)
	return all.Sum(nil), nil
}

func (p *Pending) hashIncrement(h hash.Hash) {
	h.Write(p.Increment[:p.Contents-1])
	h.Write(p.Increment[p.Contents+p.Room+1:])
}

// copyBlock is how much of the original is in memory at once.
const copyBlock = 256 << 10

func copyOriginal(ctx context.Context, w io.Writer, doc io.ReaderAt, size int64) error {
	src := io.NewSectionReader(doc, 0, size)
	buf := make([]byte, copyBlock)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := src.Read(buf)
		if n > 0 {
			if _, werr := w.Write(buf[:n]); werr != nil {
				return fmt.Errorf("copy document: %w", werr)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read document: %w", err)
		}
	}
}

// Digest is what has to be signed, and with which hash it was made.
func (p *Pending) Digest() ([]byte, crypto.Hash, error) {
	a, _, err := p.algorithm()
	if err != nil {
		return nil, 0, err
	}
	h := a.hash.New()
	h.Write(p.Attributes)
	return h.Sum(nil), a.hash, nil
}

func (p *Pending) algorithm() (algorithm, []*x509.Certificate, error) {
	var chain []*x509.Certificate
	for _, raw := range p.Chain {
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			return algorithm{}, nil, fmt.Errorf("pending signature: %w", err)
		}
		chain = append(chain, c)
	}
	if len(chain) == 0 {
		return algorithm{}, nil, errors.New("pending signature: no certificate")
	}
	a, err := algorithmOf(chain[0].PublicKey)
	return a, chain, err
}

// Finish writes the signed file: the original's bytes as they are (I1), then the
// increment with the signature in it. The original must be the one that was
// prepared: otherwise problem.Conflict, and what was written is worthless.
func (p *Pending) Finish(ctx context.Context, doc io.ReaderAt, w io.Writer, signature []byte) error {
	h := crypto.SHA256.New()
	if err := p.write(ctx, doc, io.MultiWriter(w, h), signature, func() error {
		if !bytes.Equal(h.Sum(nil), p.SHA256) {
			return problem.New(problem.Conflict, "Berkas ini sudah berubah sejak disiapkan untuk ditandatangani.", "This file changed since it was prepared for signing.", nil)
		}
		return nil
	}); err != nil {
		return err
	}
	return nil
}

func (p *Pending) write(ctx context.Context, doc io.ReaderAt, w io.Writer, signature []byte, check func() error) error {
	a, chain, err := p.algorithm()
	if err != nil {
		return err
	}
	cms, err := signedData(a, chain, p.Attributes, signature)
	if err != nil {
		return fmt.Errorf("write signature: %w", err)
	}
	if 2*len(cms) > p.Room {
		return errors.New("the signature is longer than its place")
	}
	if err := copyOriginal(ctx, w, doc, p.Size); err != nil {
		return err
	}
	if err := check(); err != nil {
		return err
	}
	increment := bytes.Clone(p.Increment)
	hex.Encode(increment[p.Contents:], cms) // zeros stay after it (B3)
	if _, err := w.Write(increment); err != nil {
		return fmt.Errorf("write signed file: %w", err)
	}
	return nil
}

// Sign signs doc with a key at hand and writes the signed file to w.
func Sign(ctx context.Context, doc io.ReaderAt, size int64, w io.Writer, k Key, o Options) error {
	p, err := Prepare(ctx, doc, size, k.Chain, o)
	if err != nil {
		return err
	}
	digest, h, err := p.Digest()
	if err != nil {
		return err
	}
	signature, err := k.Signer.Sign(rand.Reader, digest, h)
	if err != nil {
		return problem.New(problem.Internal, "Kunci tanda tangan tidak dapat dipakai.", "The signing key cannot be used.", err)
	}
	return p.write(ctx, doc, w, signature, func() error { return nil })
}
