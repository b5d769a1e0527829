package typeset

import (
	"bytes"
	"fmt"

	"naskah/internal/letter"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// appendFiles puts the attached files behind the pages, each where its number
// says. It tells whether every file vouches for being archival.
func appendFiles(raw []byte, list []letter.Attachment, pages []sheetPage, files map[string][]byte) ([]byte, bool, error) {
	archival, any := true, false
	own := bytes.NewReader(raw)
	// The letter itself, up to the first written lampiran.
	parts := []pdf.Part{{In: own, Pages: pagesOf(pages, 0)}}
	for i, a := range list {
		if a.Ref == "" {
			parts = append(parts, pdf.Part{In: own, Pages: pagesOf(pages, i+1)})
			continue
		}
		any = true
		file, ok := files[a.Ref]
		if !ok {
			return nil, false, problem.New(problem.NotFound, fmt.Sprintf("Berkas lampiran “%s” tidak ditemukan.", a.Title), fmt.Sprintf("The attached file “%s” was not found.", a.Title), nil)
		}
		claims, err := pdf.Claim(bytes.NewReader(file))
		if err != nil {
			return nil, false, fmt.Errorf("attachment %d: %w", i+1, err)
		}
		archival = archival && claims
		parts = append(parts, pdf.Part{In: bytes.NewReader(file)})
	}
	if !any {
		return raw, true, nil
	}
	var out bytes.Buffer
	if err := pdf.Join(&out, parts...); err != nil {
		return nil, false, err
	}
	return out.Bytes(), archival, nil
}

// pagesOf is the range of pages that belong to lampiran i; 0 is the letter.
func pagesOf(pages []sheetPage, i int) []pdf.PageRange {
	var r pdf.PageRange
	for n, p := range pages {
		if p.attachment == i {
			if r.From == 0 {
				r.From = n + 1
			}
			r.To = n + 1
		}
	}
	return []pdf.PageRange{r}
}

// filePages counts the pages of the attached files.
func filePages(list []letter.Attachment, files map[string][]byte) (n int) {
	for _, a := range list {
		if a.Ref != "" {
			count, err := pdf.PageCount(bytes.NewReader(files[a.Ref]))
			if err == nil { // it was joined a moment ago
				n += count
			}
		}
	}
	return n
}
