package verify

import (
	"crypto/x509"
	"time"
)

// The conclusions, for a whole file.
const (
	TotalPassed   = "TOTAL_PASSED"
	TotalFailed   = "TOTAL_FAILED"
	Indeterminate = "INDETERMINATE"
	NoSignature   = "NO_SIGNATURE"
	Unreadable    = "UNREADABLE"
)

// The sub-indications that we give (ETSI EN 319 102-1).
const (
	FormatFailure            = "FORMAT_FAILURE"
	HashFailure              = "HASH_FAILURE"
	SigCryptoFailure         = "SIG_CRYPTO_FAILURE"
	Expired                  = "EXPIRED"
	NotYetValid              = "NOT_YET_VALID"
	NoCertificateChainFound  = "NO_CERTIFICATE_CHAIN_FOUND"
	NoSigningCertificate     = "NO_SIGNING_CERTIFICATE_FOUND"
	CryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE"
	SigConstraintsFailure    = "SIG_CONSTRAINTS_FAILURE"
	ChainConstraintsFailure  = "CHAIN_CONSTRAINTS_FAILURE"
)

// What of the file a signature covers.
const (
	CoverEntireFile     = "entire_file"
	CoverEntireRevision = "entire_revision"
	CoverBlock          = "contiguous_block"
	CoverUnclear        = "unclear"
)

// What changed after a signature, from harmless to not.
const (
	ChangesNone        = "none"
	ChangesLTA         = "lta_updates"
	ChangesForm        = "form_filling"
	ChangesAnnotations = "annotations"
	ChangesOther       = "other"
)

// Options of a judgement.
type Options struct {
	Roots []*x509.Certificate // trusted by whoever asks
	Own   []*x509.Certificate // of the office's own authority: "internal", never more
	At    time.Time           // as of when certificates are judged; zero is now
}

// Reason is a plain sentence in both languages.
type Reason struct{ ID, EN string }

// Signature is the judgement of one signature.
type Signature struct {
	Field         string
	Indication    string
	SubIndication string
	Level         string
	Coverage      string
	Changes       string
	Signer        string // common name of the signer's certificate
	ClaimedTime   time.Time
	ProvenTime    time.Time // of a timestamp whose authority Roots trust; zero when there is none
	OwnTime       time.Time // of a timestamp of the office's own clock, which proves nothing to others
	Trusted       bool      // chain to Roots
	Internal      bool      // chain to Own
	Reasons       []Reason
	Certificate   *x509.Certificate
	Algorithm     string // such as "ECDSA P-256, SHA-256"; empty when it was not judged
	Revision      int    // the revision it covers, from 1
	Changed       []int  // numbers of objects changed afterwards that are not on the list
}

// Report is the judgement of a file.
type Report struct {
	Conclusion string
	Signatures []Signature
	Revisions  int
	Error      Reason // for Unreadable
	At         time.Time
}

// Exit is the exit code of naskah verify.
func (r Report) Exit() int {
	switch r.Conclusion {
	case TotalPassed:
		return 0
	case TotalFailed:
		return 1
	case Indeterminate:
		return 2
	case NoSignature:
		return 3
	}
	return 4
}

// WorstExit is the exit code of several files: the worst in the order 1, 4, 2, 3,
// 0.
func WorstExit(codes ...int) int {
	for _, worst := range []int{1, 4, 2, 3} {
		for _, c := range codes {
			if c == worst {
				return worst
			}
		}
	}
	return 0
}

// Integrity is the first of the three answers that a person gets.
type Integrity string

// Unknown is not changed: the signature could not be judged.
const (
	Unchanged        Integrity = "unchanged"
	Changed          Integrity = "changed"
	IntegrityUnknown Integrity = "unknown"
)

// Integrity says whether anything was changed after signing.
func (s Signature) Integrity() Integrity {
	switch s.SubIndication {
	case FormatFailure, HashFailure, SigCryptoFailure:
		return Changed
	case SigConstraintsFailure, NoSigningCertificate:
		return IntegrityUnknown
	}
	if s.Indication == TotalFailed {
		return Changed
	}
	return Unchanged
}

// Intact says whether nothing was changed after signing, and that this is known.
func (s Signature) Intact() bool { return s.Integrity() == Unchanged }
