package pdf

import (
	"encoding/binary"
	"math"
)

// sRGB is a minimal ICC profile (version 2.1) of IEC 61966-2-1, made here so that
// no file of unclear licence is carried along: three primaries adapted to D50, and
// the transfer curve in 1,024 steps.
func sRGB() []byte {
	be := binary.BigEndian
	curve := append([]byte("curv\x00\x00\x00\x00"), be.AppendUint32(nil, 1024)...)
	for i := range 1024 {
		curve = be.AppendUint16(curve, uint16(math.Round(65535*linear(float64(i)/1023)))) //nolint:gosec // 0…65535
	}
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", iccDescription("sRGB IEC61966-2.1")},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "Public domain\x00"...)},
		{"wtpt", iccXYZ(0.9642, 1, 0.8249)},
		{"rXYZ", iccXYZ(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", iccXYZ(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", iccXYZ(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve},
		{"gTRC", nil}, // the same bytes as rTRC
		{"bTRC", nil},
	}
	table := be.AppendUint32(nil, uint32(len(tags))) //nolint:gosec // nine
	at := 128 + 4 + 12*len(tags)
	var body []byte
	var off, n int
	for _, t := range tags {
		if t.data != nil {
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
			off, n = at+len(body), len(t.data)
			body = append(body, t.data...)
		}
		table = append(table, t.name...)
		table = be.AppendUint32(be.AppendUint32(table, uint32(off)), uint32(n)) //nolint:gosec // below 4 kB
	}
	out := append(iccHeader(), append(table, body...)...)
	be.PutUint32(out, uint32(len(out))) //nolint:gosec // below 4 kB
	return out
}

func iccHeader() []byte {
	h := make([]byte, 128)
	be := binary.BigEndian
	be.PutUint32(h[8:], 0x02100000)
	copy(h[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		be.PutUint16(h[24+2*i:], v)
	}
	copy(h[36:], "acsp")
	copy(h[68:], iccXYZ(0.9642, 1, 0.8249)[8:])
	return h
}

// linear undoes sRGB's transfer function.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func iccXYZ(x, y, z float64) []byte {
	out := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range []float64{x, y, z} {
		out = binary.BigEndian.AppendUint32(out, uint32(math.Round(v*65536))) //nolint:gosec // all below 2
	}
	return out
}

func iccDescription(s string) []byte {
	out := binary.BigEndian.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(s)+1)) //nolint:gosec // short
	out = append(append(out, s...), 0)
	return append(out, make([]byte, 4+4+2+1+67)...) // no Unicode, no Macintosh name
}
