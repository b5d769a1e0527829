package page

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/multi/qrcode"
)

// Codes are the contents of the QR codes on page n (from 1), drawn at dpi at most;
// none is no error. Codes smaller than some 15 mm may be missed at 200 dpi.
func (d *Document) Codes(ctx context.Context, n, dpi int) ([]string, error) {
	img, err := d.Picture(ctx, n, dpi)
	if err != nil {
		return nil, err
	}
	return ReadCodes(img)
}

// ReadCodes are the contents of the QR codes in a picture, each once; none is no
// error.
func ReadCodes(img image.Image) (codes []string, err error) {
	defer func() { // a reader of foreign pictures must not take the service down
		if r := recover(); r != nil {
			codes, err = nil, fmt.Errorf("read codes: %v", r)
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(Gray(img))))
	if err != nil {
		return nil, nil //nolint:nilerr // a picture too small for any code
	}
	found, err := qrcode.NewQRCodeMultiReader().DecodeMultiple(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return nil, nil //nolint:nilerr // there is none
	}
	for _, f := range found {
		if text := f.GetText(); !slices.Contains(codes, text) {
			codes = append(codes, text)
		}
	}
	return codes, nil
}
