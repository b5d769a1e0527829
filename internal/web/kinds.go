package web

// kindName is what a kind of letter is called at this office: a row of data. Who
// reads English sees the translation of the usual ones.
func (c *call) kindName(code string) string {
	if c.lang() == English {
		if name := c.t("kind." + code); name != "kind."+code {
			return name
		}
	}
	if c.kinds == nil {
		c.kinds = map[string]string{}
		rows, err := c.s.o.Office.DB.Kinds(c.Request.Context(), c.office.ID)
		if err != nil { // a name is no reason to fail a page
			c.s.o.Log.Warn("kinds of letter", "error", err)
		}
		for _, k := range rows {
			c.kinds[k.Code] = k.Name
		}
	}
	if name := c.kinds[code]; name != "" {
		return name
	}
	return code
}
