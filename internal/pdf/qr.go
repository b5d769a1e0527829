package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"naskah/internal/problem"
)

// QRPNG is a QR code of content as a black and white PNG of about px pixels a
// side, its quiet zone of four modules included. Error correction Q: a quarter of
// it may be lost to folds, stamps and bad toner.
func QRPNG(content string, px int) ([]byte, error) {
	m, err := qrMatrix(content)
	if err != nil {
		return nil, err
	}
	n := m.GetWidth()
	scale := max(px/n, 1) // whole pixels for each module, or edges get uneven
	img := image.NewPaletted(image.Rect(0, 0, n*scale, n*scale), color.Palette{color.White, color.Black})
	for y := range n * scale {
		row := img.Pix[y*img.Stride:]
		for x := range n * scale {
			if m.Get(x/scale, y/scale) {
				row[x] = 1
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, qrProblem(err)
	}
	return b.Bytes(), nil
}

// qrMatrix is the code with one element for each module.
func qrMatrix(content string) (*gozxing.BitMatrix, error) {
	hints := map[gozxing.EncodeHintType]interface{}{
		gozxing.EncodeHintType_ERROR_CORRECTION: decoder.ErrorCorrectionLevel_Q,
		gozxing.EncodeHintType_CHARACTER_SET:    "UTF-8",
		gozxing.EncodeHintType_MARGIN:           4,
	}
	m, err := qrcode.NewQRCodeWriter().Encode(content, gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
	if err != nil {
		return nil, qrProblem(err)
	}
	return m, nil
}

func qrProblem(cause error) error {
	return problem.New(problem.Invalid, "Isi kode QR kosong atau terlalu panjang.", "The content of the QR code is empty or too long.", cause)
}
