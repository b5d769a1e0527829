package page

import (
	"context"
	"errors"
	"image"
	"io"
	"math"
	"regexp"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// scanOf gives the pixels of a page that is nothing but one picture, which fills
// it: the picture itself takes a fifth of the time that drawing it takes. nil when
// the page is anything else, or its picture has less than the resolution asked
// for; then it is drawn.
func (d *pdfDocument) scanOf(ctx context.Context, n, dpi int) (img image.Image, err error) {
	if _, native := d.scan(ctx, n); native < 0.95*float64(dpi) || d.masked() {
		return nil, nil //nolint:nilnil // no picture is an answer, not a failure
	}
	err = d.on(ctx, n, func(p requests.Page) error {
		object, ok := d.onlyPicture(p)
		if !ok {
			return nil
		}
		whole, err := d.pixels(object)
		if err != nil {
			return nil //nolint:nilerr // drawing has its own way with damaged pictures
		}
		rotation, err := d.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p})
		if err != nil {
			return unreadable(err)
		}
		native := d.scanned[n].dpi
		img = orient(shrink(whole, float64(dpi)/native), exifOf(rotation.PageRotation))
		return nil
	})
	return img, err
}

// masked says whether any picture of the file may have a mask, which PDFium shows
// in drawing alone: /Mask or /SMask, in letters or their codes. The dictionaries of
// pictures always stand readable in the file. One that cannot be read has masks.
func (d *pdfDocument) masked() bool {
	if d.masks == unknown {
		d.masks = no
		sign := regexp.MustCompile(`/(?:S|#53)?(?:M|#4[dD])(?:a|#61)(?:s|#73)(?:k|#6[bB])`)
		const part, overlap = 1 << 20, 64
		buf := make([]byte, part+overlap)
		for at := int64(0); at < d.file.Size() && d.masks == no; at += part {
			got, err := d.file.ReadAt(buf, at)
			if (err != nil && !errors.Is(err, io.EOF)) || sign.Match(buf[:got]) {
				d.masks = yes
			}
		}
	}
	return d.masks == yes
}

// answer is one that is looked for only when it is needed.
type answer int

const (
	unknown answer = iota
	no
	yes
)

func exifOf(r enums.FPDF_PAGE_ROTATION) int {
	switch r {
	case enums.FPDF_PAGE_ROTATION_90_CW:
		return 6
	case enums.FPDF_PAGE_ROTATION_180_CW:
		return 3
	case enums.FPDF_PAGE_ROTATION_270_CW:
		return 8
	}
	return 1
}

// onlyPicture is the page's one object, when it is a plain picture and nothing is
// drawn over it: no notes, no fields, no cut, no layer, no transparency.
func (d *pdfDocument) onlyPicture(p requests.Page) (references.FPDF_PAGEOBJECT, bool) {
	i := d.instance
	count, err := i.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p})
	if err != nil || count.Count != 1 {
		return "", false
	}
	notes, err := i.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p})
	if err != nil || notes.Count != 0 {
		return "", false
	}
	got, err := i.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p})
	if err != nil {
		return "", false
	}
	object := got.PageObject
	return object, d.opaque(object) && d.plainColours(p, object) && d.fillsPage(p, object)
}

func (d *pdfDocument) opaque(object references.FPDF_PAGEOBJECT) bool {
	i := d.instance
	kind, err := i.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
		return false
	}
	through, err := i.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: object})
	if err != nil || through.HasTransparency {
		return false
	}
	marks, err := i.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: object})
	if err != nil || marks.Count != 0 {
		return false
	}
	clip, err := i.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: object})
	if err != nil {
		return false
	}
	paths, err := i.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: clip.ClipPath})
	return err != nil || paths.Count == 0 // an error is how PDFium says that there is none
}

// plainColours is false for stencils, palettes and inks, whose pixels are not yet
// what is seen.
func (d *pdfDocument) plainColours(p requests.Page, object references.FPDF_PAGEOBJECT) bool {
	got, err := d.instance.FPDFImageObj_GetImageMetadata(&requests.FPDFImageObj_GetImageMetadata{ImageObject: object, Page: p})
	if err != nil {
		return false
	}
	m := got.ImageMetadata
	if int64(m.Width)*int64(m.Height) > d.engine.o.Limits.Pixels/2 {
		return false
	}
	gray, colours := m.BitsPerPixel == 8, m.BitsPerPixel == 24
	switch m.Colorspace {
	case enums.FPDF_COLORSPACE_DEVICEGRAY:
		return gray
	case enums.FPDF_COLORSPACE_DEVICERGB:
		return colours
	case enums.FPDF_COLORSPACE_ICCBASED:
		return gray || colours
	}
	return false
}

// fillsPage is true for a picture that stands upright and ends where the page
// ends, but for half a hundredth.
func (d *pdfDocument) fillsPage(p requests.Page, object references.FPDF_PAGEOBJECT) bool {
	got, err := d.instance.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return false
	}
	m := got.Matrix
	if m.B != 0 || m.C != 0 || m.A <= 0 || m.D <= 0 {
		return false
	}
	shown, err := d.shownAs(p)
	if err != nil {
		return false
	}
	ax, ay := shown.at(float64(m.E), float64(m.F))
	bx, by := shown.at(float64(m.E+m.A), float64(m.F+m.D))
	near := func(v, want float64) bool { return math.Abs(v-want) < 0.005 }
	return near(min(ax, bx), 0) && near(min(ay, by), 0) && near(max(ax, bx), 1) && near(max(ay, by), 1)
}

var errOtherPixels = errors.New("neither gray nor three colours")

func (d *pdfDocument) pixels(object references.FPDF_PAGEOBJECT) (image.Image, error) {
	i := d.instance
	got, err := i.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: object})
	if err != nil {
		return nil, err
	}
	img, err := d.copyBitmap(got.Bitmap)
	_, destroyed := i.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: got.Bitmap})
	return img, errors.Join(err, destroyed)
}

func (d *pdfDocument) copyBitmap(bitmap references.FPDF_BITMAP) (image.Image, error) {
	i := d.instance
	format, errF := i.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: bitmap})
	width, errW := i.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: bitmap})
	height, errH := i.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: bitmap})
	stride, errS := i.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bitmap})
	buffer, errB := i.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap})
	if err := errors.Join(errF, errW, errH, errS, errB); err != nil {
		return nil, err
	}
	r := image.Rect(0, 0, width.Width, height.Height)
	switch format.Format {
	case enums.FPDF_BITMAP_FORMAT_GRAY:
		out := image.NewGray(r)
		for y := range height.Height {
			copy(out.Pix[y*out.Stride:][:width.Width], buffer.Buffer[y*stride.Stride:])
		}
		return out, nil
	case enums.FPDF_BITMAP_FORMAT_BGR:
		out := image.NewRGBA(r)
		for y := range height.Height {
			fromBGR(out.Pix[y*out.Stride:][:out.Stride], buffer.Buffer[y*stride.Stride:])
		}
		return copyImage(out), nil
	}
	return nil, errOtherPixels
}

func fromBGR(dst, src []byte) {
	for x := 0; 4*x < len(dst); x++ {
		s, t := src[3*x:3*x+3:3*x+3], dst[4*x:4*x+4:4*x+4]
		t[0], t[1], t[2], t[3] = s[2], s[1], s[0], 255
	}
}
