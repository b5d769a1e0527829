package web

import (
	"strconv"
	"time"

	"naskah/internal/office"
)

// versionsView is /surat/{id}/versi?lama=&baru=: what changed between two
// submissions of a letter.
type versionsView struct {
	Frame
	ID, Subject string
	Versions    []VersionRow
	Old, New    int
	Parts       []office.Change
	Same        bool
}

// VersionRow is one submission.
type VersionRow struct {
	Seq int
	At  time.Time
	Who string
}

func versionsPage(c *call) error {
	shown, err := c.s.o.Office.Show(c.Request.Context(), c.actor, c.Param("id"))
	if err != nil {
		return err
	}
	old, errOld := strconv.Atoi(c.Query("lama"))
	newer, errNew := strconv.Atoi(c.Query("baru"))
	if errOld != nil || errNew != nil {
		old, newer = shown.Versions-1, shown.Versions
	}
	diff, err := c.s.o.Office.Compare(c.Request.Context(), c.actor, shown.Letter.ID, old, newer)
	if err != nil {
		return err
	}
	v := &versionsView{Frame: c.frame("keluar"), ID: shown.Letter.ID, Subject: shown.Letter.Subject, Old: old, New: newer, Parts: diff.Changes, Same: len(diff.Changes) == 0}
	for _, each := range diff.Versions {
		v.Versions = append(v.Versions, VersionRow{each.Seq, c.in(each.CreatedAt), diff.Authors[each.CreatedBy]})
	}
	return c.show("versions", v)
}
