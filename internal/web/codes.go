package web

import (
	"net/http"
	"strings"

	"naskah/internal/db"
)

// mostCodes is how many archive codes a field offers at once. The full national
// list of 2,940 would alone weigh more than a page may.
const mostCodes = 60

// classifications are the codes that a page carries for its field; kode.js asks
// for others while somebody types, and without it any code can be typed.
func (c *call) classifications() ([]Option, error) { return c.codesLike("") }

// codesLike are the codes whose number, name or everyday words hold every word
// that was typed; the words stand in the label, because browsers filter by it.
func (c *call) codesLike(typed string) ([]Option, error) {
	rows, err := c.s.o.Office.DB.Classifications(c.Request.Context(), c.actor.OfficeID)
	out := []Option{}
	for _, r := range rows {
		if len(out) < mostCodes && holdsAll(r, strings.Fields(strings.ToLower(typed))) {
			label := r.Name
			if r.Aliases != "" {
				label += " (" + r.Aliases + ")"
			}
			out = append(out, Option{r.Code, label})
		}
	}
	return out, err
}

func holdsAll(r db.Classification, words []string) bool {
	text := strings.ToLower(r.Code + " " + r.Name + " " + r.Aliases)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// codeChoices is /kode?cari=: what a field offers for the words typed into it.
func codeChoices(c *call) error {
	found, err := c.codesLike(c.Query("cari"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, found)
	return nil
}
