package page

import (
	"context"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
)

// A scan fills most of its page; a page number or a fax header on it is no text
// layer. Text of which a fifth cannot be characters, or of which more than half
// are signs (fonts without a map to Unicode read so), is garbage.
const (
	scanCoverage  = 0.7
	fewLetters    = 40
	garbageShare  = 0.2
	oddShare      = 0.5
	maxScanLooked = 2000 // page objects looked at for the scan; a scan is among the first
)

func (d *pdfDocument) decide(ctx context.Context, n int) (Decision, error) {
	t, err := d.textOf(ctx, n)
	if err != nil {
		return Decision{}, err
	}
	out := Decision{Letters: t.letters}
	all := float64(t.letters + t.bad + t.odd)
	switch {
	case all == 0:
		out.Reason = ReasonNoText
	case float64(t.bad) > garbageShare*all, float64(t.odd) > oddShare*all:
		out.Reason = ReasonGarbage
	case t.letters < fewLetters && d.isScan(ctx, n):
		out.Reason = ReasonScan
	default:
		out.Real, out.Reason = true, ReasonText
	}
	return out, nil
}

func (d *pdfDocument) isScan(ctx context.Context, n int) bool {
	coverage, _ := d.scan(ctx, n)
	return coverage > scanCoverage
}

type scanned struct{ coverage, dpi float64 }

// scan finds the pictures that fill the page: the share of the page they cover
// (scanners cut pages into strips) and the resolution of the largest, 0 when there
// is none.
func (d *pdfDocument) scan(ctx context.Context, n int) (coverage, dpi float64) {
	if s, ok := d.scanned[n]; ok {
		return s.coverage, s.dpi
	}
	size, err := d.size(ctx, n)
	if err == nil {
		err = d.on(ctx, n, func(p requests.Page) error {
			coverage, dpi, err = d.images(p, size)
			return err
		})
	}
	if err != nil {
		return 0, 0 // no scan that we can measure; the page is judged by its text
	}
	d.scanned[n] = scanned{coverage, dpi}
	return coverage, dpi
}

func (d *pdfDocument) images(p requests.Page, size Size) (coverage, dpi float64, err error) {
	count, err := d.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p})
	if err != nil {
		return 0, 0, unreadable(err)
	}
	largest := 0.0
	for i := range min(count.Count, maxScanLooked) {
		w, h, pixels, err := d.image(p, i)
		if err != nil {
			return 0, 0, unreadable(err)
		}
		area := w * h
		coverage += area / max(size.Width*size.Height, 1)
		if area > largest {
			largest, dpi = area, pixels*72/max(w, h)
		}
	}
	return coverage, dpi, nil
}

// image is the place on the page in points and the longer side in pixels of the
// page's object i; 0 for objects that are no pictures.
func (d *pdfDocument) image(p requests.Page, i int) (w, h, pixels float64, err error) {
	object, err := d.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p, Index: i})
	if err != nil {
		return 0, 0, 0, err
	}
	kind, err := d.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
		return 0, 0, 0, err
	}
	bounds, errB := d.instance.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object.PageObject})
	size, errP := d.instance.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: object.PageObject})
	if errB != nil || errP != nil {
		return 0, 0, 0, nil //nolint:nilerr // a damaged picture is none
	}
	w, h = float64(bounds.Right-bounds.Left), float64(bounds.Top-bounds.Bottom)
	return max(w, 0), max(h, 0), float64(max(size.Width, size.Height)), nil
}
