package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/office"
)

// registered is an incoming letter with its fields.
func (h *house) registered(subject string) string {
	h.t.Helper()
	clerk, err := h.o.ActorByLogin(h.t.Context(), "pencatat")
	h.must(err)
	got, err := h.o.Receive(h.t.Context(), clerk, office.Upload{Name: subject + ".pdf", Bytes: bytes.NewReader(smallPDF(h.t, subject))})
	h.must(err)
	h.must(h.o.Queue.Idle(h.t.Context()))
	_, err = h.o.Register(h.t.Context(), clerk, got.LetterID, office.Registration{Subject: subject, Sender: "MTs Al-Hikmah", Class: letter.Open})
	h.must(err)
	return got.LetterID
}

// stranger is the head of another office in the same database.
func (h *house) stranger() {
	h.t.Helper()
	other := db.Office{ID: db.NewID(), Name: "Kecamatan Lain", ShortName: "Lain", UnitCode: "Kec.Lain", Place: "Lain", TimeZone: "Asia/Jakarta", Letterhead: "{}", Template: "{}"}
	post := db.Position{ID: db.NewID(), OfficeID: other.ID, Title: "Camat Lain", Role: string(account.RoleHead), Abilities: `["sign","review","write","head","register","archive","administer"]`}
	who := db.Person{ID: db.NewID(), OfficeID: other.ID, Name: "Orang Lain", Login: "lain", PasswordHash: account.HashPassword(office.DemoPassword), Language: "id", TextSize: 18, Active: true, CreatedAt: time.Now()}
	held := db.Appointment{ID: db.NewID(), OfficeID: other.ID, PersonID: who.ID, PositionID: post.ID, Capacity: string(account.Definitive), ValidFrom: time.Now().AddDate(-1, 0, 0)}
	h.must(h.o.DB.InTx(h.t.Context(), func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &other, &post, &who, &held) }))
}

// secretLetters are one incoming and one outgoing letter that only those who take
// part may see.
func (h *house) secretLetters() []string {
	h.t.Helper()
	in := h.registered("Trenggiling masuk")
	clerk, err := h.o.ActorByLogin(h.t.Context(), "pencatat")
	h.must(err)
	_, err = h.o.Register(h.t.Context(), clerk, in, office.Registration{Subject: "Trenggiling masuk", Sender: "Inspektorat", Class: letter.TopSecret})
	h.must(err)
	kasi, err := h.o.ActorByLogin(h.t.Context(), "kasi")
	h.must(err)
	d, err := h.o.NewDraft(h.t.Context(), kasi, letter.KindInvitation)
	h.must(err)
	subject, body, to, class := "Trenggiling keluar", "Isi surat.", []string{"Inspektorat"}, letter.TopSecret
	_, err = h.o.SaveDraft(h.t.Context(), kasi, d.Letter.ID, office.DraftChange{Subject: &subject, Body: &body, To: &to, Class: &class})
	h.must(err)
	h.must(h.o.Queue.Idle(h.t.Context()))
	return []string{in, d.Letter.ID}
}

// TestNobodyReachesALetterThatIsNotTheirs asks every route of the router for
// letters that only the registry clerk and the author may see: as every other role
// of the office and as the head of another office.
func TestNobodyReachesALetterThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.stranger()
	letters := h.secretLetters()
	source, err := os.ReadFile("routes.go")
	h.must(err)
	routes := regexp.MustCompile(`\b(get|post)\("(/[^"]*)"`).FindAllStringSubmatch(string(source), -1)
	if len(routes) < 60 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, login := range []string{"lain", "ujang", "siti", "arsiparis", "kasubag"} {
		v := h.signedIn(login)
		for _, route := range routes {
			if route[2] == "/surat-masuk/baru/kabar" {
				continue // never ends; it tells only of letters that this person may see
			}
			for _, id := range letters {
				path := strings.NewReplacer(":id", id, ":n", "1", ":file", id, ":assignment", id).Replace(route[2])
				var r reply
				if route[1] == "get" {
					r = v.get(path)
				} else if strings.Contains(route[2], ":id") && !strings.HasPrefix(route[2], "/admin") {
					r = v.post(path, url.Values{"alasan": {"x"}, "kepada": {"x"}, "catatan": {"x"}, "hal": {"x"}, "asal": {"x"}, "berkas": {"x"}, "cara": {"pos"}, "jenis": {"undangan"}, "sudah_membaca": {"ya"}})
				}
				if strings.Contains(r.body, "Trenggiling") {
					t.Errorf("%s learns the subject at %s %s", login, route[1], route[2])
				}
				if strings.Contains(route[2], ":id") && !strings.HasPrefix(route[2], "/admin") && r.code == http.StatusOK {
					t.Errorf("%s gets an answer at %s %s", login, route[1], route[2])
				}
			}
		}
	}
	for _, id := range letters {
		l, err := h.o.DB.Letter(t.Context(), id)
		h.must(err)
		if l.State != string(letter.Registered) && l.State != string(letter.Draft) {
			t.Errorf("somebody moved it to %s", l.State)
		}
	}
}
