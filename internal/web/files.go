package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"naskah/internal/problem"
)

// pictureLife is how long a browser may keep a page's picture: objects never
// change, but a person's right to see them may.
const pictureLife = "private, max-age=300"

func (c *call) jpeg(picture []byte, err error) error {
	if err != nil {
		return err
	}
	c.Header("Cache-Control", pictureLife)
	c.Data(http.StatusOK, "image/jpeg", picture)
	return nil
}

func pictureNumber(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(text, ".jpg"))
	if err != nil {
		return 0, problem.NotFound
	}
	return n, nil
}

func pagePicture(c *call) error {
	n, err := pictureNumber(c.Param("n"))
	if err != nil {
		return err
	}
	width, _ := strconv.Atoi(c.Query("lebar")) // anything else is the smallest
	return c.jpeg(c.s.o.Office.PagePicture(c.Request.Context(), c.actor, c.Param("id"), n, width))
}

func thumbnail(c *call) error {
	return c.jpeg(c.s.o.Office.PagePicture(c.Request.Context(), c.actor, c.Param("id"), 1, 240))
}

// download gives a file of a letter to be saved; it is never shown in the page.
func download(c *call) error {
	d, err := c.s.o.Office.OpenFile(c.Request.Context(), c.actor, c.Param("id"), c.Param("file"))
	if err != nil {
		return err
	}
	defer d.Bytes.Close() //nolint:errcheck // only read
	c.Header("Cache-Control", "private, no-store")
	c.DataFromReader(http.StatusOK, d.File.Size, d.File.Media, d.Bytes, map[string]string{"Content-Disposition": attachment(d.File.Name)})
	return nil
}

// attachment names a file to be saved, in plain letters and in all letters
// (RFC 6266).
func attachment(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}
