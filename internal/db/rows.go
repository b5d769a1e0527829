package db

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// NewID is a UUIDv7: unique everywhere, and in the order of its making.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Office is a node in the tree of offices. Letterhead and Template are JSON that
// typeset reads.
type Office struct {
	bun.BaseModel `bun:"table:offices"`
	ID            string `bun:",pk"`
	ParentID      string
	Name          string // "Kecamatan Cicalengka"
	ShortName     string
	UnitCode      string // as it stands in letter numbers: "Kec.Ccl"
	Place         string // where letters are dated: "Cicalengka"
	TimeZone      string // IANA name
	Letterhead    string
	Template      string
}

// Unit is a section of an office.
type Unit struct {
	bun.BaseModel `bun:"table:units"`
	ID            string `bun:",pk"`
	OfficeID      string
	Name, Code    string
}

// Person is somebody who signs in. PersonRank is the civil-service rank.
type Person struct {
	bun.BaseModel `bun:"table:people"`
	ID            string `bun:",pk"`
	OfficeID      string
	Name          string
	NIP           string
	PersonRank    string
	Login         string
	PasswordHash  string
	Language      string
	TextSize      int
	Active        bool
	FailedSignIns int
	LockedUntil   time.Time `bun:",nullzero"`
	CodeUntil     time.Time `bun:",nullzero"` // the password is a one-time code, good until then
	CreatedAt     time.Time
}

// Position is a post that a person can hold. Abilities is a JSON array.
type Position struct {
	bun.BaseModel `bun:"table:positions"`
	ID            string `bun:",pk"`
	OfficeID      string
	UnitID        string
	Title         string
	Role          string
	Abilities     string
	SuperiorID    string
	Place         int // order in lists
}

// Appointment puts a person in a position for a time. ValidUntil zero is open.
type Appointment struct {
	bun.BaseModel `bun:"table:appointments"`
	ID            string `bun:",pk"`
	OfficeID      string
	PersonID      string
	PositionID    string
	Capacity      string
	ValidFrom     time.Time
	ValidUntil    time.Time `bun:",nullzero"`
}

// Key is a person's signing key, sealed under their passphrase. Certificate and
// Chain are PEM, Sealed is base64.
type Key struct {
	bun.BaseModel `bun:"table:keys"`
	ID            string `bun:",pk"`
	PersonID      string
	OfficeID      string
	Certificate   string
	Chain         string
	Sealed        string
	NotAfter      time.Time
	TriesLeft     int
	RevokedAt     time.Time `bun:",nullzero"`
	CreatedAt     time.Time
}

// Token lets a program speak for a person at the JSON API. Only its hash is kept.
type Token struct {
	bun.BaseModel `bun:"table:tokens"`
	ID            string `bun:",pk"`
	PersonID      string
	OfficeID      string
	Name          string
	Hash          string
	CreatedAt     time.Time
	LastUsedAt    time.Time `bun:",nullzero"`
	RevokedAt     time.Time `bun:",nullzero"`
}

// LetterKind is a kind of letter as an administrator has set it up. PublicView
// is publik, kode or tidak: who may see the first page at the public address.
type LetterKind struct {
	bun.BaseModel  `bun:"table:kinds"`
	OfficeID       string `bun:",pk"`
	Code           string `bun:",pk"`
	Name           string
	Layout         string
	Direction      string
	Classification string
	Series         string
	NumberFormat   string
	Sample         string // text a new letter begins with
	PublicView     string
	Place          int
}

// Classification is a code of the archive's plan.
type Classification struct {
	bun.BaseModel `bun:"table:classifications"`
	OfficeID      string `bun:",pk"`
	Code          string `bun:",pk"`
	Name          string
	Aliases       string
}

// Letter is a letter's newest state. Revision grows with every change and guards
// against two people changing it at once.
type Letter struct {
	bun.BaseModel    `bun:"table:letters"`
	ID               string `bun:",pk"`
	OfficeID         string
	UnitID           string
	Direction        string
	Kind             string
	State            string
	ReadState        string
	ReadError        string
	Subject          string
	Number           string
	AgendaNumber     string
	Sender           string
	Recipient        string
	Summary          string
	Notes            string
	LetterDate       time.Time `bun:",nullzero"` // UTC midnight of the office's day
	ReceivedAt       time.Time `bun:",nullzero"`
	Class            string
	Urgency          string
	Classification   string
	CreatedBy        string
	SignerPersonID   string
	SignerPositionID string
	Signer           string    // JSON snapshot of person, position and capacity
	VerifyToken      string    `bun:",nullzero"`
	ShortCode        string    `bun:",nullzero"`
	VersionID        string    // newest submitted version
	ApprovedAt       time.Time `bun:",nullzero"`
	FinalRef         string
	FinalAt          time.Time `bun:",nullzero"`
	SignedRef        string
	SignedAt         time.Time `bun:",nullzero"`
	Pages            int
	ThumbnailRef     string
	IndexPending     bool
	Revision         int64
	ReturnNote       string
	ForwardedTo      string    // position that an incoming letter waits for
	Due              time.Time `bun:",nullzero"` // day by which its dispositions are to be done
	ReplyTo          string    // letter that this one answers
	Replaces         string    // letter that this one replaces
	EndReason        string    // why it was revoked
	Folder           string    // where it is filed
	Ink              bool      // signed with ink; SignedRef is its scan
	BoundTo          string    // letter that this scan belongs to
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Draft is what the author is writing. Content and Reviewers are JSON, Body is
// the text as typed.
type Draft struct {
	bun.BaseModel `bun:"table:drafts"`
	LetterID      string `bun:",pk"`
	Content       string
	Body          string
	Reviewers     string // JSON array of position ids, in order
	UpdatedBy     string
	UpdatedAt     time.Time
}

// Version is one submission, never changed afterwards.
type Version struct {
	bun.BaseModel `bun:"table:versions"`
	ID            string `bun:",pk"`
	LetterID      string
	Seq           int
	Content       string // canonical JSON
	Digest        string // SHA-256 of Content in hex
	PreviewRef    string
	CreatedBy     string
	CreatedAt     time.Time
}

// The states of an initial.
const (
	InitialWaiting  = "waiting"
	InitialGiven    = "given"
	InitialReturned = "returned"
)

// Initial is one reviewer's place in the order of a version. Digest and
// PreviewRef are copied when it is given: they bind it to what was shown.
type Initial struct {
	bun.BaseModel `bun:"table:initials"`
	ID            string `bun:",pk"`
	LetterID      string
	VersionID     string
	Seq           int
	PositionID    string
	PersonID      string
	Name          string
	Title         string
	State         string
	Digest        string
	PreviewRef    string
	Note          string
	At            time.Time `bun:",nullzero"`
}

// The roles of a file.
const (
	RoleOriginal   = "original"
	RoleConverted  = "converted"
	RoleArchive    = "archive"
	RoleStamped    = "stamped"
	RolePreview    = "preview"
	RoleAttachment = "attachment"
	RoleFinal      = "final"
	RoleSigned     = "signed"
	RoleReport     = "report" // attached to the report of a disposition
	RoleSheet      = "sheet"  // hand-written disposition sheet, scanned
	RolePrint      = "print"  // the letter as it is printed for a signature in ink
	RoleInk        = "ink"    // scan of the letter signed with ink
)

// File is one object of a letter: the original, or something derived from
// FromFile by Recipe.
type File struct {
	bun.BaseModel `bun:"table:files"`
	ID            string `bun:",pk"`
	LetterID      string
	OfficeID      string
	Role          string
	Ref           string
	FromFile      string
	Recipe        string
	Name          string
	Media         string
	Size          int64
	CreatedAt     time.Time
}

// Where a page's text came from.
const (
	SourceText = "text"
	SourceOCR  = "ocr"
	SourceNone = "none"
)

// Page is one page of a letter as it was read. Width and Height are points,
// Skew degrees, Confidence 0 to 1.
type Page struct {
	bun.BaseModel `bun:"table:pages"`
	LetterID      string `bun:",pk"`
	Number        int    `bun:",pk"`
	OfficeID      string
	FileID        string
	Text          string
	Source        string
	Reason        string
	Confidence    float64
	Skew          float64
	DPI           float64 `bun:"dpi"`
	WordsRef      string
	ThumbnailRef  string
	Width         float64
	Height        float64
}

// The states of a number.
const (
	NumberReserved = "reserved"
	NumberUsed     = "used"
	NumberVoid     = "void"
)

// NumberSeries counts the numbers of one series in one year.
type NumberSeries struct {
	bun.BaseModel `bun:"table:number_series"`
	ID            string `bun:",pk"`
	OfficeID      string
	Code          string
	Year          int
	Next          int
}

// Number is one number of a series; every number from 1 to next-1 has a row.
type Number struct {
	bun.BaseModel `bun:"table:numbers"`
	SeriesID      string `bun:",pk"`
	Seq           int    `bun:",pk"`
	State         string
	LetterID      string
	Reason        string
	At            time.Time
}

// SignToken lets one person sign one letter's final bytes once.
type SignToken struct {
	bun.BaseModel `bun:"table:sign_tokens"`
	Hash          string `bun:",pk"`
	LetterID      string
	PersonID      string
	FinalRef      string
	ExpiresAt     time.Time
	UsedAt        time.Time `bun:",nullzero"`
}

// Verification is one check of a letter at its public address.
type Verification struct {
	bun.BaseModel `bun:"table:verifications"`
	ID            string `bun:",pk"`
	LetterID      string
	At            time.Time
	Result        string
}
