package sign_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"software.sslmate.com/src/go-pkcs12"

	"naskah/internal/problem"
	"naskah/internal/sign"
)

func letterPDF(t testing.TB) []byte {
	t.Helper()
	p := fpdf.New("P", "pt", "A4", "")
	p.SetFont("Helvetica", "", 12)
	p.AddPage()
	p.Text(100, 100, "Surat undangan")
	p.AddPage()
	p.Text(100, 100, "Lampiran")
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func selfSigned(t testing.TB, signer crypto.Signer) sign.Key {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(42), Subject: pkix.Name{CommonName: "Rahmat Suganda"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return sign.Key{Signer: signer, Chain: []*x509.Certificate{cert}}
}

func keys(t testing.TB) map[string]sign.Key {
	t.Helper()
	p256, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, err2 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	rsa2048, err3 := rsa.GenerateKey(rand.Reader, 2048)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return map[string]sign.Key{"p256": selfSigned(t, p256), "p384": selfSigned(t, p384), "rsa2048": selfSigned(t, rsa2048)}
}

func signed(t testing.TB, doc []byte, k sign.Key, o sign.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sign.Sign(context.Background(), bytes.NewReader(doc), int64(len(doc)), &b, k, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t testing.TB, doc []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "surat.pdf")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ask runs another judge; without it the test is skipped with one line.
func ask(t testing.TB, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed: make test installs it", program)
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func TestOtherJudgesAcceptWhatWeSign(t *testing.T) {
	t.Parallel()
	for name, k := range keys(t) {
		for form, doc := range map[string][]byte{"table": letterPDF(t), "stream": withXrefStream(t, letterPDF(t)), "no newline at the end": bytes.TrimRight(letterPDF(t), "\n")} {
			t.Run(name+" "+form, func(t *testing.T) {
				t.Parallel()
				out := signed(t, doc, k, sign.Options{Reason: "Persetujuan – résumé", Name: "Rahmat"})
				out = signed(t, out, k, sign.Options{}) // a second one on top
				path := save(t, out)
				ask(t, "qpdf", "--check", path)
				said := ask(t, "pdfsig", "-nocert", path)
				if strings.Count(said, "Signature is Valid.") != 2 || strings.Count(said, "ETSI.CAdES.detached") != 2 || !strings.Contains(said, "Total document signed") {
					t.Error(said)
				}
			})
		}
	}
}

func withXrefStream(t testing.TB, doc []byte) []byte {
	t.Helper()
	in := save(t, doc)
	out := in + ".stream.pdf"
	ask(t, "qpdf", "--object-streams=generate", in, out)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Skip("qpdf made no file with a cross-reference stream")
	}
	return raw
}

func TestOriginalBytesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	doc := letterPDF(t)
	out := signed(t, doc, keys(t)["p256"], sign.Options{})
	if !bytes.HasPrefix(out, doc) {
		t.Fatal("I1: the original is no prefix")
	}
	again := signed(t, out, keys(t)["rsa2048"], sign.Options{})
	if !bytes.HasPrefix(again, out) {
		t.Fatal("I1: the first signature's file is no prefix")
	}
}

func TestDictionaryHoldsTheBaselineChecklist(t *testing.T) {
	t.Parallel()
	out := string(signed(t, letterPDF(t), keys(t)["p256"], sign.Options{Time: time.Date(2026, 11, 23, 14, 5, 0, 0, time.FixedZone("WIB", 7*3600))}))
	for what, once := range map[string]string{
		"B1": "/SubFilter/ETSI.CAdES.detached", "B1 filter": "/Filter/Adobe.PPKLite", "B2": "/M(D:20261123140500+07'00')", "B7": "/SigFlags 3", "B7 F": "/F 132", "X1": "/ESIC",
	} {
		if n := strings.Count(out, once); n != 1 {
			t.Errorf("%s: %q stands %d times", what, once, n)
		}
	}
	if strings.Contains(out, "/Cert(") || strings.Contains(out, "/Cert<") {
		t.Error("B5: /Cert is there")
	}
	m := regexp.MustCompile(`/ByteRange\[0 (\d+) (\d+) (\d+) *\]/Contents<([0-9a-f]+)>`).FindStringSubmatch(out)
	if m == nil {
		t.Fatal("B4: no direct ByteRange beside its Contents")
	}
	if digits := m[4]; !strings.HasPrefix(digits, "30") || !strings.HasSuffix(digits, "000000") {
		t.Error("B3: not one DER value with zeros after it")
	}
}

func TestCMSIsAcceptedByOpenSSLAndHoldsNoSigningTime(t *testing.T) {
	t.Parallel()
	for name, k := range keys(t) {
		out := signed(t, letterPDF(t), k, sign.Options{})
		cms, content := parts(t, out)
		dir := t.TempDir()
		for file, b := range map[string][]byte{"cms.der": cms, "content": content} {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		ask(t, "openssl", "cms", "-verify", "-inform", "DER", "-binary", "-noverify", "-in", filepath.Join(dir, "cms.der"), "-content", filepath.Join(dir, "content"), "-out", os.DevNull)
		if bytes.Contains(cms, []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05}) {
			t.Errorf("%s: C4: signing-time is there", name)
		}
	}
}

// parts cuts the CMS and the signed bytes out of a file with one signature.
func parts(t testing.TB, out []byte) (cms, content []byte) {
	t.Helper()
	at := bytes.Index(out, []byte("/Contents<")) + len("/Contents<")
	end := at + bytes.IndexByte(out[at:], '>')
	raw := make([]byte, (end-at)/2)
	if _, err := hex.Decode(raw, out[at:end]); err != nil {
		t.Fatal(err)
	}
	length := 4 + int(raw[2])<<8 + int(raw[3]) // 30 82 xx xx
	return raw[:length], append(bytes.Clone(out[:at-1]), out[end+1:]...)
}

func TestPendingSignatureSurvivesARestart(t *testing.T) {
	t.Parallel()
	doc, k := letterPDF(t), keys(t)["p384"]
	p, err := sign.Prepare(context.Background(), bytes.NewReader(doc), int64(len(doc)), k.Chain, sign.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var again sign.Pending
	if err := json.Unmarshal(kept, &again); err != nil {
		t.Fatal(err)
	}
	digest, h, err := again.Digest()
	if err != nil {
		t.Fatal(err)
	}
	value, err := k.Signer.Sign(rand.Reader, digest, h)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := again.Finish(context.Background(), bytes.NewReader(doc), &out, value); err != nil {
		t.Fatal(err)
	}
	if said := ask(t, "pdfsig", "-nocert", save(t, out.Bytes())); !strings.Contains(said, "Signature is Valid.") {
		t.Error(said)
	}
	other := bytes.Replace(doc, []byte("841.89"), []byte("841.88"), 1)
	if err := again.Finish(context.Background(), bytes.NewReader(other), &out, value); !errors.Is(err, problem.Conflict) {
		t.Errorf("another document was finished: %v", err)
	}
}

func TestVisibleSignatureStandsOnItsPage(t *testing.T) {
	t.Parallel()
	v := &sign.Visible{Page: 2, X: 100, Y: 100, W: 200, H: 50, Lines: []string{"Ditandatangani secara elektronik", "Rahmat (Suganda)"}}
	out := signed(t, letterPDF(t), keys(t)["p256"], sign.Options{Visible: v, Field: "camat"})
	path := save(t, out)
	ask(t, "qpdf", "--check", path)
	if text := ask(t, "pdftotext", "-f", "2", path, "-"); !strings.Contains(text, "Rahmat (Suganda)") {
		t.Error(text)
	}
	v.Page = 3
	err := sign.Sign(context.Background(), bytes.NewReader(letterPDF(t)), int64(len(letterPDF(t))), &bytes.Buffer{}, keys(t)["p256"], sign.Options{Visible: v})
	if !errors.Is(err, problem.Invalid) {
		t.Errorf("page 3 of 2: %v", err)
	}
}

func TestWhatCannotBeSignedSaysWhy(t *testing.T) {
	t.Parallel()
	k := keys(t)["p256"]
	locked := save(t, letterPDF(t))
	ask(t, "qpdf", "--encrypt", "a", "b", "256", "--", locked, locked+".locked")
	encrypted, err := os.ReadFile(locked + ".locked")
	if err != nil {
		t.Fatal(err)
	}
	whole := letterPDF(t)
	for name, c := range map[string]struct {
		doc  []byte
		kind problem.Kind
	}{
		"encrypted": {encrypted, problem.Unsupported}, "truncated": {whole[:len(whole)/2], problem.Invalid}, "no PDF": {[]byte("halo"), problem.Unsupported},
		"wrong startxref": {bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n1"), 1), problem.Invalid}, "empty": {nil, problem.Unsupported},
	} {
		err := sign.Sign(context.Background(), bytes.NewReader(c.doc), int64(len(c.doc)), &bytes.Buffer{}, k, sign.Options{})
		if !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip("this Go makes no short RSA keys:", err)
	}
	if err := sign.Sign(context.Background(), bytes.NewReader(whole), int64(len(whole)), &bytes.Buffer{}, selfSigned(t, short), sign.Options{}); !errors.Is(err, problem.Unsupported) {
		t.Errorf("RSA 1024: %v", err)
	}
}

func TestLevelsThatAreNotThereSaySo(t *testing.T) {
	t.Parallel()
	for level, kind := range map[string]problem.Kind{"b-b": "", "b-t": problem.Unsupported, "b-lta": problem.Unsupported, "x": problem.Invalid} {
		if got := problem.KindOf(sign.CheckLevel(level)); got != kind {
			t.Errorf("%s: %q", level, got)
		}
	}
}

func TestCertificateFileOpensWithItsPassphrase(t *testing.T) {
	t.Parallel()
	k := keys(t)["rsa2048"]
	p12, err := pkcs12.Modern.Encode(k.Signer, k.Chain[0], nil, "rahasia")
	if err != nil {
		t.Fatal(err)
	}
	got, err := sign.LoadP12(p12, "rahasia")
	if err != nil || !got.Chain[0].Equal(k.Chain[0]) {
		t.Fatal(err)
	}
	if _, err := sign.LoadP12(p12, "salah"); !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), "sandi") {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := sign.LoadP12([]byte("bukan p12"), "rahasia"); !errors.Is(err, problem.Invalid) {
		t.Errorf("no p12: %v", err)
	}
}
