package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"naskah/internal/problem"
)

// picture is an image ready for a PDF.
type picture struct {
	w, h   int
	stream types.StreamDict
	mask   *types.StreamDict // alpha, for stamps only
}

// loadPicture turns a file into an image of a page. JPEG of one or three colours
// and plain PNG keep their bytes; all others keep their pixels.
func loadPicture(raw []byte, media string) (picture, error) {
	switch {
	case media == JPEG || bytes.HasPrefix(raw, []byte{0xff, 0xd8}):
		return jpegPicture(raw)
	case media == PNG || bytes.HasPrefix(raw, pngMagic()):
		return pngPicture(raw)
	}
	return picture{}, badPicture(fmt.Errorf("media type %q", media))
}

func badPicture(cause error) error {
	return problem.New(problem.Invalid, "Gambar ini rusak atau bukan JPEG atau PNG. Pindai atau foto lagi.",
		"This picture is damaged or is not a JPEG or PNG. Scan or photograph it again.", cause)
}

// checkSize refuses pictures whose pixels would not fit into the memory allowed.
func checkSize(w, h int) error {
	if w < 1 || h < 1 {
		return badPicture(fmt.Errorf("%d × %d pixels", w, h))
	}
	if w > maxPixels/h {
		return problem.New(problem.TooLarge, "Gambar ini terlalu besar. Pindai dengan 300 dpi atau kurang.",
			"This picture is too large. Scan it at 300 dpi or less.", fmt.Errorf("%d × %d pixels", w, h))
	}
	return nil
}

func jpegPicture(raw []byte) (picture, error) {
	conf, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return picture{}, badPicture(err)
	}
	if err := checkSize(conf.Width, conf.Height); err != nil {
		return picture{}, err
	}
	space := types.Name("DeviceRGB")
	switch {
	case conf.ColorModel == color.GrayModel:
		space = "DeviceGray"
	case conf.ColorModel == color.CMYKModel, adobeTransform(raw) == 0:
		// CMYK needs another output intent, and RGB stored without transform is
		// not what all readers take three components for: keep the pixels.
		img, err := jpeg.Decode(bytes.NewReader(raw))
		if err != nil {
			return picture{}, badPicture(err)
		}
		return pixels(img), nil
	}
	d := imageDict(conf.Width, conf.Height, space, 8)
	d["Filter"] = types.Name("DCTDecode")
	return picture{w: conf.Width, h: conf.Height, stream: plain(d, raw)}, nil
}

// adobeTransform is the transform byte of a JPEG's Adobe marker; -1 without one.
func adobeTransform(raw []byte) int {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xff && raw[i+1] != 0xda; {
		n := int(binary.BigEndian.Uint16(raw[i+2:]))
		if raw[i+1] == 0xee && n >= 14 && i+2+n <= len(raw) && string(raw[i+4:i+9]) == "Adobe" {
			return int(raw[i+15])
		}
		i += 2 + n
	}
	return -1
}

func imageDict(w, h int, space types.Object, bits int) types.Dict {
	return types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Image"), "Width": types.Integer(w), "Height": types.Integer(h),
		"ColorSpace": space, "BitsPerComponent": types.Integer(bits), "Interpolate": types.Boolean(false),
	}
}

func pngMagic() []byte { return []byte("\x89PNG\r\n\x1a\n") }

// pngHead is what decides whether a PNG's compressed bytes can be taken over.
type pngHead struct {
	w, h, bits  int
	colour      byte // 0 grey, 2 RGB, 3 palette; 4 and 6 have alpha
	interlaced  bool
	transparent bool
	palette     []byte
	data        []byte
}

func pngPicture(raw []byte) (picture, error) {
	conf, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return picture{}, badPicture(err)
	}
	if err := checkSize(conf.Width, conf.Height); err != nil {
		return picture{}, err
	}
	// Decoded in any case: what cannot be decoded would be a page nobody can open.
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return picture{}, badPicture(err)
	}
	head := readPNG(raw)
	if head.interlaced || head.transparent || head.colour > 3 {
		return pixels(img), nil
	}
	return picture{w: head.w, h: head.h, stream: head.stream()}, nil
}

// readPNG collects the chunks of a PNG that is known to be sound.
func readPNG(raw []byte) pngHead {
	var head pngHead
	for at := 8; at+12 <= len(raw); {
		n := int(binary.BigEndian.Uint32(raw[at:]))
		if n > len(raw)-at-12 {
			break
		}
		kind, body := string(raw[at+4:at+8]), raw[at+8:at+8+n]
		switch kind {
		case "IHDR":
			head.w, head.h = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
			head.bits, head.colour, head.interlaced = int(body[8]), body[9], body[12] != 0
		case "PLTE":
			head.palette = body
		case "tRNS":
			head.transparent = true
		case "IDAT":
			head.data = append(head.data, body...)
		}
		at += 12 + n
	}
	return head
}

// stream takes PNG's own filters over: predictor 15 is defined as them.
func (p pngHead) stream() types.StreamDict {
	var space types.Object = types.Name("DeviceGray")
	colours := 1
	switch p.colour {
	case 2:
		space, colours = types.Name("DeviceRGB"), 3
	case 3:
		space = types.Array{types.Name("Indexed"), types.Name("DeviceRGB"), types.Integer(len(p.palette)/3 - 1), types.HexLiteral(fmt.Sprintf("%x", p.palette))}
	}
	d := imageDict(p.w, p.h, space, p.bits)
	d["Filter"] = types.Name("FlateDecode")
	d["DecodeParms"] = types.Dict{
		"Predictor": types.Integer(15), "Colors": types.Integer(colours), "BitsPerComponent": types.Integer(p.bits), "Columns": types.Integer(p.w),
	}
	return plain(d, p.data)
}

// pixels keeps an image pixel for pixel, on white where it is transparent.
func pixels(img image.Image) picture {
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, b.Min, draw.Over)
	rgb := make([]byte, 0, 3*b.Dx()*b.Dy())
	for i := 0; i < len(flat.Pix); i += 4 {
		rgb = append(rgb, flat.Pix[i], flat.Pix[i+1], flat.Pix[i+2])
	}
	return picture{w: b.Dx(), h: b.Dy(), stream: deflated(imageDict(b.Dx(), b.Dy(), types.Name("DeviceRGB"), 8), rgb)}
}

// decodeAlpha decodes a PNG and says whether any of it is transparent.
func decodeAlpha(raw []byte) (image.Image, bool, error) {
	head := readPNG(raw)
	if !head.transparent && head.colour < 4 {
		return nil, false, nil
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, false, badPicture(err)
	}
	return img, true, nil
}

func nonPremultiplied(c color.Color) color.NRGBA {
	return color.NRGBAModel.Convert(c).(color.NRGBA) //nolint:forcetypeassert // the model gives nothing else
}
