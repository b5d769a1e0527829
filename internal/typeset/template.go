package typeset

// Template is what an administrator may change about the look, as data.
// Lengths are millimetres, the font size is points.
type Template struct {
	Paper        string   `json:"paper"` // "A4" or "F4"
	MarginTop    float64  `json:"margin_top"`
	MarginRight  float64  `json:"margin_right"`
	MarginBottom float64  `json:"margin_bottom"`
	MarginLeft   float64  `json:"margin_left"`
	FontSize     float64  `json:"font_size"`
	LineHeight   float64  `json:"line_height"` // times the font size
	Justify      bool     `json:"justify"`
	Footer       []string `json:"footer"`     // lines; {situs} is where to check, {kode} the short code
	InkFooter    []string `json:"ink_footer"` // the same on letters that are signed with ink
}

// DefaultTemplate is A4 in Liberation Sans 11 pt with the usual margins.
func DefaultTemplate() Template {
	return Template{
		Paper: "A4", MarginTop: 15, MarginRight: 20, MarginBottom: 25, MarginLeft: 25, FontSize: 11, LineHeight: 1.3, Justify: true,
		Footer: []string{
			"Ditandatangani secara elektronik dengan sertifikat internal kantor, bukan BSrE.",
			"Periksa keasliannya: pindai kode QR, atau buka {situs} dan ketik kode {kode}.",
		},
		InkFooter: []string{
			"Surat ini ditandatangani dengan tinta. Tanda tangan dan cap asli ada pada lembar kertasnya.",
			"Periksa keasliannya: pindai kode QR, atau buka {situs} dan ketik kode {kode}.",
		},
	}
}

// within keeps the values where a letter can still be set: an administrator's
// slip must not leave an office without letters.
func (t Template) within() Template {
	d := DefaultTemplate()
	clamp := func(v *float64, low, high, usual float64) {
		if *v == 0 {
			*v = usual
		}
		*v = min(max(*v, low), high)
	}
	clamp(&t.MarginTop, 5, 60, d.MarginTop)
	clamp(&t.MarginRight, 5, 50, d.MarginRight)
	clamp(&t.MarginBottom, 20, 60, d.MarginBottom) // the footer stands in it
	clamp(&t.MarginLeft, 5, 50, d.MarginLeft)
	clamp(&t.FontSize, 8, 14, d.FontSize)
	clamp(&t.LineHeight, 1, 2, d.LineHeight)
	if t.Footer == nil {
		t.Footer = d.Footer
	}
	t.Footer = t.Footer[:min(len(t.Footer), 4)]
	if t.InkFooter == nil {
		t.InkFooter = d.InkFooter
	}
	t.InkFooter = t.InkFooter[:min(len(t.InkFooter), 4)]
	return t
}

// size is the paper in millimetres.
func (t Template) size() (w, h float64) {
	if t.Paper == "F4" {
		return 210, 330
	}
	return 210, 297
}
