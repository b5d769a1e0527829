package configs

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"

	"naskah/internal/problem"
)

func load(t *testing.T, src Source) Settings {
	t.Helper()
	s, err := Load(src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "naskah.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsHoldAndPassTheCheck(t *testing.T) {
	t.Parallel()
	s := load(t, Source{})
	if diff := cmp.Diff(Default(), s); diff != "" {
		t.Error(diff)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestSampleFileShowsEveryDefault(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Default(), load(t, Source{File: "naskah.yaml"})); diff != "" {
		t.Errorf("naskah.yaml differs from the defaults:\n%s", diff)
	}
	for key := range leaves(t, "naskah.yaml") {
		if s, err := Load(Source{File: "naskah.yaml", Environ: []string{variable(key) + "=x"}}); err == nil && cmp.Equal(s, Default()) {
			t.Errorf("%s does nothing", variable(key))
		}
	}
	all := koanf.New(".")
	if err := all.Load(structs.Provider(Default(), "koanf"), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all.Keys(), slices.Sorted(maps.Keys(leaves(t, "naskah.yaml")))); diff != "" {
		t.Errorf("settings missing in the sample or unknown:\n%s", diff)
	}
}

func variable(key string) string {
	return "NASKAH_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// leaves are the settings in a file by their dotted names.
func leaves(t *testing.T, path string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	var walk func(string, map[string]any)
	walk = func(path string, tree map[string]any) {
		for key, value := range tree {
			if branch, ok := value.(map[string]any); ok {
				walk(path+key+".", branch)
			} else {
				found[path+key] = value
			}
		}
	}
	walk("", tree)
	return found
}

func TestEnvironmentWinsOverFileAndFlagOverBoth(t *testing.T) {
	t.Parallel()
	path := write(t, "data: /from/file\naddr: 127.0.0.1:1\nlimits: {upload_mb: 50}\n")
	s := load(t, Source{File: path, Environ: []string{
		"NASKAH_DATA=/from/environment", "NASKAH_LIMITS_UPLOAD_MB=70", "NASKAH_DEMO=true", "NASKAH_TEST_S3=ignored",
		"NASKAH_BEHIND_PROXY=10.0.0.1, 10.1.0.0/16", "NASKAH_STORAGE_S3_SECRET_KEY=geheim", "HOME=/root",
	}})
	want := Default()
	want.Data, want.Addr, want.Limits.UploadMB, want.Demo = "/from/environment", "127.0.0.1:1", 70, true
	want.BehindProxy, want.Storage.S3.SecretKey = []string{"10.0.0.1", "10.1.0.0/16"}, "geheim"
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	if got := load(t, Source{File: path, Data: "/from/flag", Environ: []string{"NASKAH_DATA=/x"}}).Data; got != "/from/flag" {
		t.Errorf("data is %s", got)
	}
}

func TestFileInTheDataFolderIsReadWhenThereIsOne(t *testing.T) {
	t.Parallel()
	folder := filepath.Dir(write(t, "language: en\n"))
	for name, src := range map[string]Source{
		"flag":        {Data: folder},
		"environment": {Environ: []string{"NASKAH_DATA=" + folder}},
	} {
		if s := load(t, src); s.Language != "en" || s.Data != folder {
			t.Errorf("%s: language %s, data %s", name, s.Language, s.Data)
		}
	}
	load(t, Source{Data: t.TempDir()})
}

func TestFilesThatCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"missing":     filepath.Join(t.TempDir(), "none.yaml"),
		"slip":        write(t, "pubic_url: https://surat.example.go.id\n"),
		"no number":   write(t, "limits: {pages: many}\n"),
		"no yaml":     write(t, "a: [\n"),
		"wrong shape": write(t, "limits: 5\n"),
	} {
		if _, err := Load(Source{File: path}); !errors.Is(err, problem.Invalid) {
			t.Errorf("%s: %v, want problem.Invalid", name, err)
		}
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*Settings){
		"addr must":              func(s *Settings) { s.Addr = "localhost" },
		"reached from outside":   func(s *Settings) { s.Addr = "0.0.0.0:80" },
		":80 can be reached":     func(s *Settings) { s.Addr = ":80" },
		"tls_cert and tls_key":   func(s *Settings) { s.TLSCert = "cert.pem" },
		"behind_proxy":           func(s *Settings) { s.BehindProxy = []string{"proxy"} },
		"public_url":             func(s *Settings) { s.PublicURL = "surat.example.go.id" },
		"without a path":         func(s *Settings) { s.PublicURL = "https://example.go.id/surat" },
		"data folder":            func(s *Settings) { s.Data = "" },
		"language is":            func(s *Settings) { s.Language = "nl" },
		"time_zone":              func(s *Settings) { s.TimeZone = "WIB" },
		"database.url":           func(s *Settings) { s.Database.URL = "mysql://x/y" },
		"must be set when":       func(s *Settings) { s.Storage.S3.Endpoint = "127.0.0.1:9000" },
		"endpoint is empty":      func(s *Settings) { s.Storage.S3.AccessKey = "k" },
		"without http://":        func(s *Settings) { s.Storage.S3.Endpoint = "http://127.0.0.1:9000" },
		"local for now":          func(s *Settings) { s.Search.Engine = "meili" },
		"libreoffice":            func(s *Settings) { s.LibreOffice.Command = "" },
		"Tesseract program":      func(s *Settings) { s.OCR.Command = "" },
		"ocr.languages":          func(s *Settings) { s.OCR.Languages = "ind+eng; rm" },
		"ocr.workers":            func(s *Settings) { s.OCR.Workers = -1 },
		"ocr.dpi":                func(s *Settings) { s.OCR.DPI = 72 },
		"limits.upload_mb lies":  func(s *Settings) { s.Limits.UploadMB = 0 },
		"limits.page_seconds":    func(s *Settings) { s.Limits.PageSeconds = 600 },
		"limits.pages lies":      func(s *Settings) { s.Limits.Pages = -1 },
		"limits.decoded_mib lie": func(s *Settings) { s.Limits.DecodedMiB = 1 << 20 },
	} {
		s := Default()
		spoil(&s)
		err := s.Check()
		if !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "en"), want) || problem.Sentence(err, "id") == "" {
			t.Errorf("%v, want a sentence with %q", err, want)
		}
	}
}

func TestOutsideAddressPassesWithTLSOrProxy(t *testing.T) {
	t.Parallel()
	for name, protect := range map[string]func(*Settings){
		"tls":      func(s *Settings) { s.TLSCert, s.TLSKey = "cert.pem", "key.pem" },
		"proxy":    func(s *Settings) { s.BehindProxy = []string{"10.0.0.0/8", "::1"} },
		"loopback": func(s *Settings) { s.Addr = "[::1]:8080" },
		"name":     func(s *Settings) { s.Addr = "localhost:0" },
	} {
		s := Default()
		s.Addr, s.PublicURL = ":443", "https://surat.example.go.id/"
		protect(&s)
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	err := Settings{}.Check()
	if lines := strings.Count(problem.Sentence(err, "id"), "\n"); lines < 8 {
		t.Errorf("only %d sentences for empty settings: %v", lines+1, err)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	t.Parallel()
	s := Default()
	s.Database.URL, s.Storage.S3.SecretKey = "postgres://u:geheim@h/n", "geheim"
	asJSON, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s), string(asJSON)} {
		if strings.Contains(text, "geheim") {
			t.Errorf("shown: %s", text)
		}
	}
	if s.Storage.S3.SecretKey.Reveal() != "geheim" {
		t.Error("the part that needs it does not get it")
	}
}

func TestZoneIsTheOffices(t *testing.T) {
	t.Parallel()
	if got := Default().Location().String(); got != "Asia/Jakarta" {
		t.Errorf("zone %s", got)
	}
}

func TestComposeSetsOnlyWhatExistsAndPassesTheCheck(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Environment map[string]string
		}
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		t.Fatal(err)
	}
	var environ []string
	for name, value := range compose.Services["naskah"].Environment {
		environ = append(environ, name+"="+value)
		if s := load(t, Source{Environ: []string{name + "=" + value}}); cmp.Equal(s, Default()) {
			t.Errorf("%s=%s sets nothing", name, value)
		}
	}
	s := load(t, Source{Environ: environ})
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	if !s.Storage.OnS3() || s.Loopback() {
		t.Errorf("compose gives %+v", s)
	}
}

func FuzzLoad(f *testing.F) {
	sample, err := os.ReadFile("naskah.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(sample))
	f.Add("limits: {pages: [1]}\nbehind_proxy: {a: b}")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := Load(Source{File: write(t, text)}); err == nil {
			_ = s.Check() // any answer will do, but it must give one
		}
	})
}
