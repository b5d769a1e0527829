package page

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"

	"naskah/internal/problem"
)

// Kind is a media type, decided by content and never by name.
type Kind string

// The kinds that letters come in.
const (
	PDF  Kind = "application/pdf"
	JPEG Kind = "image/jpeg"
	PNG  Kind = "image/png"
	TIFF Kind = "image/tiff"
	DOCX Kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// pdfHeaderWithin is how far into a file readers look for "%PDF-" (ISO 32000-2
// annex on headers; Acrobat's 1,024 bytes).
const pdfHeaderWithin = 1024

// Sniff says what a file is by its first bytes. Empty files and files that are
// none of the kinds are problem.Invalid and problem.Unsupported.
func Sniff(r io.ReaderAt, size int64) (Kind, error) {
	if size == 0 {
		return "", problem.New(problem.Invalid, "Berkas ini kosong. Pindai atau simpan lagi, lalu kirim lagi.", "This file is empty. Scan or save it again, then send it again.", nil)
	}
	head := make([]byte, min(size, pdfHeaderWithin))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", problem.New(problem.Unavailable, "Berkas tidak dapat dibaca dari disk. Coba lagi.", "The file cannot be read from the disk. Try again.", err)
	}
	switch { // pictures first: their comments may hold the PDF header
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return TIFF, nil
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) && isDOCX(r, size):
		return DOCX, nil
	}
	return "", problem.New(problem.Unsupported, "Berkas ini bukan PDF, foto (JPEG, PNG, TIFF) atau Word (DOCX). Simpan sebagai PDF, lalu kirim lagi.",
		"This file is no PDF, picture (JPEG, PNG, TIFF) or Word file (DOCX). Save it as PDF and send it again.", nil)
}

// A Word file has some dozens of parts; its text, the one part that is unpacked
// whole, is a few hundred kilobytes.
const (
	maxZipDirectory = 1 << 20  // bytes of the list of parts
	maxWordText     = 64 << 20 // design §7: any decoded stream
)

// isDOCX looks into a ZIP's directory, no further than any Word file's is long:
// archive/zip takes memory for each name, however many the end record admits.
func isDOCX(r io.ReaderAt, size int64) bool {
	z, err := zip.NewReader(&sparing{r, maxZipDirectory}, size)
	if err != nil {
		return false
	}
	types, document := false, false
	for _, f := range z.File {
		types = types || f.Name == "[Content_Types].xml"
		document = document || (f.Name == "word/document.xml" && f.UncompressedSize64 <= maxWordText)
	}
	return types && document
}

// sparing reads left bytes and no more.
type sparing struct {
	io.ReaderAt
	left int
}

func (s *sparing) ReadAt(p []byte, off int64) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, errors.New("the directory is longer than any Word file's")
	}
	return s.ReaderAt.ReadAt(p, off) //nolint:wrapcheck // a reader speaks as the one beneath it
}
