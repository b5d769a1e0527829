package page_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"

	"naskah/internal/page"
	"naskah/internal/problem"
)

// zipped is a ZIP of the named parts, each of body.
func zipped(t testing.TB, body string, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		part, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(part, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKindIsWhatTheBytesAre(t *testing.T) {
	t.Parallel()
	word := zipped(t, "<w/>", "[Content_Types].xml", "word/document.xml", "word/styles.xml")
	bomb := bytes.Clone(word)
	at := bytes.LastIndex(bomb, []byte("word/document.xml")) - 46
	binary.LittleEndian.PutUint32(bomb[at+24:], 1<<31) // what the directory says it unpacks to
	for name, c := range map[string]struct {
		raw  []byte
		kind page.Kind
	}{
		"Word file":                        {word, page.DOCX},
		"spreadsheet":                      {zipped(t, "", "[Content_Types].xml", "xl/workbook.xml"), ""},
		"Word file that unpacks to 2 GiB":  {bomb, ""},
		"PDF after 500 bytes of mail":      {append(bytes.Repeat([]byte("x"), 500), "%PDF-1.7"...), page.PDF},
		"PDF header after 2,000 bytes":     {append(bytes.Repeat([]byte("x"), 2000), "%PDF-1.7"...), ""},
		"JPEG with a PDF header in a note": {[]byte("\xff\xd8\xff\xfe\x00\x0a%PDF-1.7"), page.JPEG},
	} {
		kind, err := page.Sniff(bytes.NewReader(c.raw), int64(len(c.raw)))
		if kind != c.kind || (kind == "") != errors.Is(err, problem.Unsupported) {
			t.Errorf("%s: %q, %v", name, kind, err)
		}
	}
}

func TestZIPOfManyNamesIsNotReadThrough(t *testing.T) {
	t.Parallel()
	names := []string{"[Content_Types].xml", "word/document.xml"}
	for i := range 30_000 {
		names = append(names, fmt.Sprintf("word/%027d", i))
	}
	raw := zipped(t, "", names...)
	read := &counting{ReaderAt: bytes.NewReader(raw)}
	if kind, err := page.Sniff(read, int64(len(raw))); !errors.Is(err, problem.Unsupported) || read.n > 2<<20 {
		t.Fatalf("%q, %v after %d bytes", kind, err, read.n)
	}
}

func FuzzForeignBytesAreAKindOrAProblem(f *testing.F) {
	f.Add([]byte("%PDF-1.7"))
	f.Add(zipped(f, "<w/>", "[Content_Types].xml", "word/document.xml"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, err := page.Sniff(bytes.NewReader(raw), int64(len(raw)))
		if (kind == "") == (err == nil) || (err != nil && problem.Sentence(err, "id") == "") {
			t.Fatalf("%q, %v", kind, err)
		}
	})
}
