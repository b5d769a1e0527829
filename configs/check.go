package configs

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"naskah/internal/problem"
)

// complaint is a sentence in both languages.
type complaint struct{ id, en string }

// complaints gathers all that is wrong, so that an administrator mends it in one go.
type complaints []complaint

func (c *complaints) when(wrong bool, id, en string) {
	if wrong {
		*c = append(*c, complaint{id, en})
	}
}

// Check tells in plain sentences, one a line, what cannot be right;
// problem.Invalid. It opens no file and asks no server.
func (s Settings) Check() error {
	var c complaints
	s.checkDoor(&c)
	s.checkOffice(&c)
	s.checkParts(&c)
	s.checkOCR(&c)
	s.Limits.check(&c)
	if len(c) == 0 {
		return nil
	}
	var id, en []string
	for _, one := range c {
		id, en = append(id, one.id), append(en, one.en)
	}
	return problem.New(problem.Invalid, strings.Join(id, "\n"), strings.Join(en, "\n"), nil)
}

func (s Settings) checkDoor(c *complaints) {
	_, port, err := net.SplitHostPort(s.Addr)
	n, e := strconv.Atoi(port)
	c.when(err != nil || e != nil || n < 0 || n > 65535, "addr harus berbentuk alamat:port, misalnya 127.0.0.1:8080.",
		"addr must look like address:port, for example 127.0.0.1:8080.")
	c.when((s.TLSCert == "") != (s.TLSKey == ""), "tls_cert dan tls_key harus diisi keduanya, atau dikosongkan keduanya.",
		"tls_cert and tls_key must both be set or both be empty.")
	c.when(!s.Loopback() && s.TLSCert == "" && len(s.BehindProxy) == 0,
		"Alamat "+s.Addr+" dapat dicapai dari luar, jadi kata sandi harus dilindungi: isi tls_cert dan tls_key, atau behind_proxy bila ada proxy TLS di depan.",
		"The address "+s.Addr+" can be reached from outside, so passwords must be protected: set tls_cert and tls_key, or behind_proxy when a TLS proxy stands in front.")
	for _, proxy := range s.BehindProxy {
		c.when(!isNetwork(proxy), fmt.Sprintf("behind_proxy: %q bukan alamat IP atau jaringan seperti 10.0.0.0/8.", proxy),
			fmt.Sprintf("behind_proxy: %q is no IP address or network such as 10.0.0.0/8.", proxy))
	}
	c.when(s.PublicURL != "" && !isOrigin(s.PublicURL), "public_url harus seperti https://surat.kecamatan.go.id, tanpa jalur di belakangnya.",
		"public_url must look like https://surat.kecamatan.go.id, without a path behind it.")
}

func isNetwork(s string) bool {
	_, asAddr := netip.ParseAddr(s)
	_, asNet := netip.ParsePrefix(s)
	return asAddr == nil || asNet == nil
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

func (s Settings) checkOffice(c *complaints) {
	c.when(s.Data == "", "data harus menyebut folder data.", "data must name the data folder.")
	c.when(!slices.Contains([]string{"id", "en"}, s.Language), "language hanya id atau en.", "language is id or en.")
	_, err := time.LoadLocation(s.TimeZone)
	c.when(err != nil || s.TimeZone == "" || s.TimeZone == "Local", "time_zone harus nama zona waktu, misalnya Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura.",
		"time_zone must name a time zone, for example Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")
}

func (s Settings) checkParts(c *complaints) {
	u, err := url.Parse(s.Database.URL.Reveal())
	c.when(s.Database.URL != "" && (err != nil || u.Host == "" || (u.Scheme != "postgres" && u.Scheme != "postgresql")),
		"database.url harus kosong (SQLite) atau seperti postgres://nama:sandi@server/naskah.",
		"database.url must be empty (SQLite) or look like postgres://name:password@server/naskah.")
	s3 := s.Storage.S3
	c.when(s3.Endpoint != "" && (s3.Bucket == "" || s3.AccessKey == "" || s3.SecretKey == ""),
		"storage.s3: bucket, access_key dan secret_key harus diisi bila endpoint diisi.",
		"storage.s3: bucket, access_key and secret_key must be set when endpoint is.")
	c.when(s3.Endpoint == "" && (s3.AccessKey != "" || s3.SecretKey != ""),
		"storage.s3.endpoint masih kosong padahal kuncinya diisi; isi host:port server S3, atau kosongkan kuncinya.",
		"storage.s3.endpoint is empty while its keys are set; set the S3 server's host:port, or empty the keys.")
	c.when(strings.Contains(s3.Endpoint, "/"), "storage.s3.endpoint adalah host:port tanpa http://; pakai secure untuk HTTPS.",
		"storage.s3.endpoint is host:port without http://; use secure for HTTPS.")
	c.when(s.Search.Engine != "local", "search.engine hanya local untuk saat ini.", "search.engine can only be local for now.")
	c.when(s.LibreOffice.Command == "", "libreoffice.command harus menyebut program; biarkan soffice bila tidak dipasang.",
		"libreoffice.command must name a program; leave soffice when it is not installed.")
}

var languages = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\+[A-Za-z][A-Za-z0-9_]*)*$`)

func (s Settings) checkOCR(c *complaints) {
	c.when(s.OCR.Command == "", "ocr.command harus menyebut program Tesseract.", "ocr.command must name the Tesseract program.")
	c.when(!languages.MatchString(s.OCR.Languages), "ocr.languages harus seperti ind+eng.", "ocr.languages must look like ind+eng.")
	c.when(s.OCR.Workers < 0 || s.OCR.Workers > 256, "ocr.workers antara 0 (satu per inti prosesor) dan 256.", "ocr.workers lies between 0 (one for each core) and 256.")
	c.when(s.OCR.DPI < 150 || s.OCR.DPI > 600, "ocr.dpi antara 150 dan 600: di bawahnya huruf tidak terbaca, di atasnya hanya lebih lambat.",
		"ocr.dpi lies between 150 and 600: below, letters cannot be read; above, it is only slower.")
}

func (l Limits) check(c *complaints) {
	for _, one := range []struct {
		key        string
		value, top int
	}{
		{"upload_mb", l.UploadMB, 5000}, // one PUT to S3 carries 5 GiB at most
		{"pages", l.Pages, 100_000},
		{"picture_megapixels", l.PictureMegapixels, 1000},
		{"decoded_mib", l.DecodedMiB, 4096},  // the sandbox's memory ends there
		{"page_seconds", l.PageSeconds, 540}, // a job of one page must end before its 10 minutes
	} {
		c.when(one.value < 1 || one.value > one.top, fmt.Sprintf("limits.%s antara 1 dan %d.", one.key, one.top),
			fmt.Sprintf("limits.%s lies between 1 and %d.", one.key, one.top))
	}
}
