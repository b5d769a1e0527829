package page

import (
	"bytes"
	"encoding/binary"
	"io"
)

// pngDPI reads the pHYs chunk; 0 when there is none.
func pngDPI(head []byte) float64 {
	at := bytes.Index(head, []byte("pHYs"))
	if at < 0 || len(head) < at+13 || head[at+12] != 1 {
		return 0
	}
	return float64(binary.BigEndian.Uint32(head[at+4:])) * 0.0254
}

// jpegHeader is what stands before a JPEG's pixels.
type jpegHeader struct {
	orientation int     // EXIF's, 1 when absent
	dpi         float64 // 0 when absent
	// extra is what decoding takes in memory beside the pixels, in bytes a pixel:
	// four for each sample of a progressive picture.
	extra float64
}

const (
	frameBaseline    = 0xc0
	frameExtended    = 0xc1
	frameProgressive = 0xc2
	startOfScan      = 0xda
	appJFIF          = 0xe0
	appEXIF          = 0xe1
	maxSegments      = 1000 // before the pixels; cameras write a dozen
)

// readJPEG walks the segments before the pixels. It reads foreign bytes: every
// offset is checked, and a frame that it does not find is taken as the dearest.
func readJPEG(r io.ReaderAt) jpegHeader {
	out := jpegHeader{orientation: 1, extra: 4 * 3}
	var head [4]byte
	body := make([]byte, 1<<16)
	at := int64(2)
	for range maxSegments {
		if _, err := r.ReadAt(head[:], at); err != nil || head[0] != 0xff {
			break
		}
		marker, length := head[1], int(binary.BigEndian.Uint16(head[2:]))
		if length < 2 || marker == startOfScan {
			break
		}
		n, _ := r.ReadAt(body[:length-2], at+4) // a cut segment is read as far as it goes
		out.take(marker, body[:n])
		at += int64(2 + length)
	}
	return out
}

func (h *jpegHeader) take(marker byte, body []byte) {
	switch marker {
	case appJFIF:
		if len(body) >= 12 && bytes.HasPrefix(body, []byte("JFIF\x00")) {
			h.dpi = jfifDPI(body)
		}
	case appEXIF:
		if bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			h.orientation = exifOrientation(body[6:])
		}
	case frameBaseline, frameExtended:
		h.extra = 0
	case frameProgressive:
		if len(body) > 6 {
			h.extra = 4 * samples(body[6:])
		}
	}
}

func jfifDPI(body []byte) float64 {
	x := float64(binary.BigEndian.Uint16(body[8:]))
	switch {
	case x <= 1:
		return 0
	case body[7] == 1:
		return x
	case body[7] == 2:
		return x * 2.54
	}
	return 0
}

func exifOrientation(tiff []byte) int {
	order := tiffOrder(tiff)
	if order == nil {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) || at < 8 {
		return 1
	}
	for i := range int64(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

func tiffOrder(head []byte) binary.ByteOrder {
	switch {
	case len(head) < 8:
		return nil
	case head[0] == 'I' && head[1] == 'I':
		return binary.LittleEndian
	case head[0] == 'M' && head[1] == 'M':
		return binary.BigEndian
	}
	return nil
}

// samples is how many samples a pixel has, after the components of a frame
// header: 3 without subsampling, 1.5 for 4:2:0.
func samples(components []byte) float64 {
	largest, sum := 1, 0
	for i := 1; i < len(components); i += 3 {
		area := int(components[i]>>4) * int(components[i]&15)
		largest, sum = max(largest, area), sum+area
	}
	return float64(sum) / float64(largest)
}
