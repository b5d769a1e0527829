package configs

import (
	"net"
	"path/filepath"
	"time"
	_ "time/tzdata" // a bare server has no time zones, and letters are dated in the office's
)

// Settings is everything that can be set. The key in the file stands beside each
// member; in the environment it is NASKAH_ and the key in capitals with _ for
// every dot, as in NASKAH_LIMITS_UPLOAD_MB.
type Settings struct {
	// Data is the folder that holds everything on one machine.
	Data string `koanf:"data"`
	// Addr is where the pages are served.
	Addr string `koanf:"addr"`
	// PublicURL is how people outside reach the pages; it is printed into the QR
	// code of every letter, so it is needed before the first letter is numbered.
	PublicURL string `koanf:"public_url"`
	// TLSCert and TLSKey are PEM files.
	TLSCert string `koanf:"tls_cert"`
	TLSKey  string `koanf:"tls_key"`
	// BehindProxy are the addresses or networks of proxies that speak TLS for us;
	// what they say about the visitor's address is believed, nobody else's.
	BehindProxy []string `koanf:"behind_proxy"`
	// Demo makes an invented office with letters on first start.
	Demo bool `koanf:"demo"`
	// Language is the first language of the pages, "id" or "en".
	Language string `koanf:"language"`
	// TimeZone is the office's: a letter's date and number belong to its days and years.
	TimeZone string   `koanf:"time_zone"`
	Database Database `koanf:"database"`
	Storage  Storage  `koanf:"storage"`
	Search   Search   `koanf:"search"`
	OCR      OCR      `koanf:"ocr"`
	Limits   Limits   `koanf:"limits"`
	// LibreOffice turns DOCX into PDF; without it Naskah says so and goes on.
	LibreOffice LibreOffice `koanf:"libreoffice"`
}

// Database says where the rows are.
type Database struct {
	// URL is postgres://user:password@host/name; empty is SQLite in the data folder.
	URL Secret `koanf:"url"`
}

// Storage says where the bytes are.
type Storage struct {
	S3 S3 `koanf:"s3"`
}

// S3 is a bucket. An empty Endpoint keeps the bytes in the data folder.
type S3 struct {
	Endpoint  string `koanf:"endpoint"` // host:port, no scheme
	Bucket    string `koanf:"bucket"`
	AccessKey string `koanf:"access_key"`
	SecretKey Secret `koanf:"secret_key"`
	Region    string `koanf:"region"`
	Secure    bool   `koanf:"secure"` // HTTPS
	Prefix    string `koanf:"prefix"` // folder in the bucket
}

// Search says which index answers.
type Search struct {
	Engine string `koanf:"engine"` // "local"
}

// OCR says how pictures are read.
type OCR struct {
	Languages string `koanf:"languages"` // Tesseract's names, joined by +
	Command   string `koanf:"command"`
	Workers   int    `koanf:"workers"` // 0: one for each core
	DPI       int    `koanf:"dpi"`     // of pages that are drawn to be read
}

// Limits bound what foreign input may cost.
type Limits struct {
	UploadMB          int `koanf:"upload_mb"`          // a 300-page scan in colour has about 150 MB
	Pages             int `koanf:"pages"`              // a yearly report has about 500 pages; each costs a second of OCR
	PictureMegapixels int `koanf:"picture_megapixels"` // A3 at 600 dpi is 70
	DecodedMiB        int `koanf:"decoded_mib"`        // memory for one picture: 80 Mpixel in colour is 229 MiB
	PageSeconds       int `koanf:"page_seconds"`       // a full newspaper page takes Tesseract 20 s
}

// LibreOffice names the program.
type LibreOffice struct {
	Command string `koanf:"command"`
}

// Secret is a word that no log, error or listing may show.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(dirahasiakan)"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal gives the word itself to the part that needs it.
func (s Secret) Reveal() string { return string(s) }

// Default is what holds when nothing is set: one machine, this machine only.
func Default() Settings {
	return Settings{
		Data:        "./data",
		Addr:        "127.0.0.1:8080",
		BehindProxy: []string{},
		Language:    "id",
		TimeZone:    "Asia/Jakarta",
		Storage:     Storage{S3: S3{Bucket: "naskah", Secure: true}},
		Search:      Search{Engine: "local"},
		OCR:         OCR{Languages: "ind+eng", Command: "tesseract", DPI: 300},
		Limits: Limits{
			UploadMB: 200, Pages: 2000, PictureMegapixels: 80, DecodedMiB: 256, PageSeconds: 60,
		},
		LibreOffice: LibreOffice{Command: "soffice"},
	}
}

// Location is the office's time zone; UTC when TimeZone names none, which Check refuses.
func (s Settings) Location() *time.Location {
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// UploadBytes is the upload limit in bytes.
func (l Limits) UploadBytes() int64 { return int64(l.UploadMB) * 1_000_000 }

// OnS3 tells whether the bytes are kept in a bucket.
func (s Storage) OnS3() bool { return s.S3.Endpoint != "" }

// Loopback tells whether only this machine can reach Addr.
func (s Settings) Loopback() bool {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// fileIn is where the settings of a data folder lie when no other file is named.
func fileIn(data string) string { return filepath.Join(data, "naskah.yaml") }
