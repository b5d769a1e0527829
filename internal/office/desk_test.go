package office

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"naskah/internal/db"
	"naskah/internal/db/dbtest"
	"naskah/internal/letter"
	"naskah/internal/pdf"
	"naskah/internal/problem"
)

// registered is an incoming letter with its fields.
func (w *whole) registered(subject string) db.Letter {
	w.t.Helper()
	got := w.receive(subject+".pdf", textPDF(w.t, subject))
	w.settled()
	l, err := w.Register(w.t.Context(), w.who("pencatat"), got.LetterID, Registration{Subject: subject, Sender: "Pemerintah Desa Panenjoan", Number: "300.1.4/142", Class: letter.Open, Urgency: letter.Normal})
	w.must(err)
	return l
}

// post is the position that a person of the demo holds.
func (w *whole) post(login string) string { return w.who(login).Holdings[0].PositionID }

func (w *whole) assignmentOf(id, login string) db.Assignment {
	w.t.Helper()
	all, err := w.DB.Assignments(w.t.Context(), id)
	w.must(err)
	for _, a := range all {
		if a.PositionID == w.post(login) && a.State != db.AssignmentCancelled {
			return a
		}
	}
	w.t.Fatalf("%s has no assignment", login)
	return db.Assignment{}
}

func order(to ...string) Order {
	return Order{To: to, Instructions: []string{"Tindak lanjuti"}, Note: "Koordinasikan dengan Polsek.", Due: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}
}

func TestLetterIsCompleteWhenAllItsDispositionsAre(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWhole(t, d)
		ctx := t.Context()
		l := w.registered("Pengamanan Hajat Lembur")
		l, err := w.Forward(ctx, w.who("pencatat"), l.ID, "")
		w.must(err)
		if waiting, n, err := w.ToDispose(ctx, w.who("camat"), 10); err != nil || n != 1 || waiting[0].ID != l.ID {
			t.Fatalf("the head finds %d letters, %v", n, err)
		}
		_, err = w.Dispose(ctx, w.who("camat"), l.ID, order(w.post("kasi"), w.post("ujang")))
		w.must(err)
		w.must(w.NoteOpened(ctx, w.who("kasi"), l))
		if a := w.assignmentOf(l.ID, "kasi"); a.State != db.AssignmentRead {
			t.Errorf("after reading: %s", a.State)
		}
		pass := order(w.post("siti"))
		pass.Assignment = w.assignmentOf(l.ID, "ujang").ID
		_, err = w.Dispose(ctx, w.who("ujang"), l.ID, pass)
		w.must(err)
		l, err = w.Report(ctx, w.who("kasi"), w.assignmentOf(l.ID, "kasi").ID, Report{Text: "Sudah.", File: &Upload{Name: "laporan.pdf", Bytes: bytes.NewReader(textPDF(t, "laporan"))}})
		w.must(err)
		if l.State != string(letter.Disposed) {
			t.Errorf("one of two reports makes it %s", l.State)
		}
		l, err = w.Report(ctx, w.who("siti"), w.assignmentOf(l.ID, "siti").ID, Report{Text: "Jadwal dibuat."})
		w.must(err)
		if l.State != string(letter.Completed) {
			t.Errorf("all reports make it %s", l.State)
		}
		if a := w.assignmentOf(l.ID, "ujang"); a.State != db.AssignmentDone || a.DoneBy == "" {
			t.Errorf("what was passed on is %s by %q", a.State, a.DoneBy)
		}
		l, err = w.FileAway(ctx, w.who("pencatat"), l.ID, "Trantib 2026")
		w.must(err)
		if l, err = w.Unfile(ctx, w.who("pencatat"), l.ID); err != nil || l.State != string(letter.Completed) || l.Folder != "" {
			t.Errorf("out of its folder: %s %q %v", l.State, l.Folder, err)
		}
	})
}

func TestDispositionIsCalledBackWhileNobodyHasReadIt(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	l := w.registered("Undangan Apel")
	_, err := w.Dispose(ctx, w.who("camat"), l.ID, order(w.post("kasi"), w.post("ujang")))
	w.must(err)
	w.must(w.NoteOpened(ctx, w.who("kasi"), l))
	_, err = w.CallBack(ctx, w.who("camat"), w.assignmentOf(l.ID, "kasi").ID)
	w.wants(err, problem.Conflict)
	_, err = w.CallBack(ctx, w.who("ujang"), w.assignmentOf(l.ID, "ujang").ID)
	w.wants(err, problem.Forbidden)
	_, err = w.CallBack(ctx, w.who("camat"), w.assignmentOf(l.ID, "ujang").ID)
	w.must(err)
	_, err = w.Report(ctx, w.who("kasi"), w.assignmentOf(l.ID, "kasi").ID, Report{Text: "Sudah."})
	w.must(err)
	if got := w.row(l.ID); got.State != string(letter.Completed) {
		t.Errorf("with one called back and one reported it is %s", got.State)
	}
}

func TestLetterThatNobodyHasAnyMoreLiesBeforeItsHeadAgain(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	l := w.registered("Data Stunting")
	_, err := w.Dispose(t.Context(), w.who("camat"), l.ID, order(w.post("kasi")))
	w.must(err)
	l, err = w.CallBack(t.Context(), w.who("camat"), w.assignmentOf(l.ID, "kasi").ID)
	w.must(err)
	if l.State != string(letter.Forwarded) || l.ForwardedTo != w.post("camat") {
		t.Errorf("it is %s before %q", l.State, l.ForwardedTo)
	}
}

func TestOnlyHeadsAndAddresseesDispose(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	l := w.registered("Jadwal Posyandu")
	_, err := w.Dispose(ctx, w.who("kasi"), l.ID, order(w.post("siti")))
	w.wants(err, problem.Forbidden)
	_, err = w.Dispose(ctx, w.who("camat"), l.ID, order(w.post("kasi")))
	w.must(err)
	a := w.assignmentOf(l.ID, "kasi").ID
	_, err = w.Report(ctx, w.who("ujang"), a, Report{Text: "Bukan saya."})
	w.wants(err, problem.Forbidden)
	pass := order(w.post("siti"))
	pass.Assignment = a
	_, err = w.Dispose(ctx, w.who("ujang"), l.ID, pass)
	w.wants(err, problem.Forbidden)
	for name, bad := range map[string]Order{
		"nobody": {Instructions: []string{"x"}}, "nothing": {To: []string{w.post("ujang")}}, "yesterday": {To: []string{w.post("ujang")}, Note: "x", Due: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)},
	} {
		_, err = w.Dispose(ctx, w.who("camat"), l.ID, bad)
		if problem.KindOf(err) != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretLetterIsSeenByItsAddresseesAlone(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	got := w.receive("rahasia.pdf", textPDF(t, "rahasia"))
	w.settled()
	l, err := w.Register(ctx, w.who("pencatat"), got.LetterID, Registration{Subject: "Hasil Pemeriksaan", Sender: "Inspektorat", Class: letter.TopSecret})
	w.must(err)
	_, err = w.Forward(ctx, w.who("pencatat"), l.ID, "")
	w.must(err)
	_, err = w.Show(ctx, w.who("kasi"), l.ID)
	w.wants(err, problem.NotFound)
	_, err = w.Dispose(ctx, w.who("pencatat"), l.ID, order(w.post("kasi")))
	w.wants(err, problem.Forbidden)
	_, err = w.Dispose(ctx, w.who("camat"), l.ID, order(w.post("kasi")))
	w.must(err)
	_, err = w.Show(ctx, w.who("kasi"), l.ID)
	w.must(err)
	_, err = w.Show(ctx, w.who("ujang"), l.ID)
	w.wants(err, problem.NotFound)
	_, n, err := w.LateAssignments(ctx, w.who("ujang"))
	w.must(err)
	if n != 0 {
		t.Error("counts tell of a letter that is not theirs")
	}
}

func TestLateDispositionsAreListed(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	l := w.registered("Laporan Bulanan")
	_, err := w.Dispose(t.Context(), w.who("camat"), l.ID, order(w.post("kasi")))
	w.must(err)
	for day, want := range map[int]int{25: 0, 26: 1} {
		w.clock.turn(time.Date(2026, 11, day, 3, 0, 0, 0, time.UTC))
		if _, n, err := w.LateAssignments(t.Context(), w.who("camat")); err != nil || n != want {
			t.Errorf("on the %d.: %d late, %v", day, n, err)
		}
	}
	home, err := w.Home(t.Context(), w.who("kasi"))
	w.must(err)
	found := false
	for _, task := range home.Tasks {
		found = found || task.Kind == "assignment" && task.Count == 1
	}
	if !found {
		t.Errorf("home says %+v", home.Tasks)
	}
}

// scanOf is a page as a scanner sees it: the PDF's first page, or a sheet with a
// code on it.
func scanOf(t *testing.T, code string) []byte {
	t.Helper()
	raw, err := pdf.QRPNG(code, 330)
	if err != nil {
		t.Fatal(err)
	}
	qr, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	sheet := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{Y: 244}), image.Point{}, draw.Src)
	draw.Draw(sheet, qr.Bounds().Add(image.Pt(1200, 150)), qr, image.Point{}, draw.Over)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, sheet, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestScanOfADispositionSheetIsBoundToItsLetter(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	l := w.registered("Sensus Pertanian")
	got := w.receive("pindai-7.jpg", scanOf(t, w.SheetAddress(l)))
	w.settled()
	if scan := w.row(got.LetterID); scan.State != string(letter.Bound) || scan.BoundTo != l.ID {
		t.Fatalf("the scan is %s, bound to %q", scan.State, scan.BoundTo)
	}
	f, err := w.DB.LetterFile(t.Context(), l.ID, db.RoleSheet)
	w.must(err)
	if f.Ref != string(got.Ref) {
		t.Error("another file is bound")
	}
	stranger := w.receive("pindai-8.jpg", scanOf(t, "https://elsewhere.example/d/"+db.NewID()))
	w.settled()
	if scan := w.row(stranger.LetterID); scan.State != string(letter.Received) {
		t.Errorf("the scan of a foreign code is %s", scan.State)
	}
}

// inkReady is a letter whose signer has no certificate.
func (w *whole) inkReady(subject string) db.Letter {
	w.t.Helper()
	l := w.ready(subject)
	w.must(w.DB.InTx(w.t.Context(), func(ctx context.Context, tx db.Tx) error {
		k, err := tx.KeyOf(ctx, l.SignerPersonID, w.Now())
		if err != nil {
			return err
		}
		k.RevokedAt = w.Now().UTC()
		return tx.Update(ctx, &k)
	}))
	return l
}

func TestLetterSignedWithInkIsProvedByItsScan(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	l := w.ready("Undangan Rapat")
	_, err := w.PrintForInk(ctx, w.who("pencatat"), l.ID)
	w.wants(err, problem.Conflict)
	l = w.inkReady("Surat Basah")
	l, err = w.PrintForInk(ctx, w.who("pencatat"), l.ID)
	w.must(err)
	v, err := w.CheckToken(ctx, l.VerifyToken)
	w.must(err)
	if v.State != letter.Printed || v.Report != nil {
		t.Errorf("before the scan the check says %s", v.State)
	}
	printed, err := w.DB.LetterFile(ctx, l.ID, db.RolePrint)
	w.must(err)
	file, err := w.OpenFile(ctx, w.who("pencatat"), l.ID, printed.ID)
	w.must(err)
	w.must(file.Bytes.Close())
	got := w.receive("ttd-basah.jpg", scanOf(t, w.verifyURL(l)))
	w.settled()
	l = w.row(l.ID)
	if l.State != string(letter.Signed) || l.SignedRef != string(got.Ref) {
		t.Fatalf("after the scan it is %s with %s", l.State, l.SignedRef)
	}
	if v, err = w.CheckToken(ctx, l.VerifyToken); err != nil || !v.Ink || v.Digest != string(got.Ref) || v.SignerName == "" {
		t.Errorf("after the scan the check says %+v, %v", v, err)
	}
	d, err := w.PublicFile(ctx, l.VerifyToken)
	w.must(err)
	w.must(d.Bytes.Close())
}

func TestRevokedLetterSaysWhyAndWhatReplacesIt(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	l := w.ready("Edaran Lama")
	l, err := w.sign(l.ID, DemoPassphrase)
	w.must(err)
	_, err = w.Revoke(ctx, w.who("kasi"), l.ID, "salah tanggal")
	w.wants(err, problem.Forbidden)
	_, err = w.Revoke(ctx, w.who("camat"), l.ID, " ")
	w.wants(err, problem.Invalid)
	_, err = w.Revoke(ctx, w.who("camat"), l.ID, "salah tanggal")
	w.must(err)
	d, err := w.Replace(ctx, w.who("kasi"), l.ID)
	w.must(err)
	if d.Letter.Replaces != l.ID || d.Content.Subject != "Edaran Lama" {
		t.Errorf("the replacement is of %q about %q", d.Letter.Replaces, d.Content.Subject)
	}
	next := w.readyDraft(d)
	next, err = w.sign(next.ID, DemoPassphrase)
	w.must(err)
	v, err := w.CheckToken(ctx, l.VerifyToken)
	w.must(err)
	if v.State != letter.Revoked || v.EndReason != "salah tanggal" || v.ReplacedBy != next.VerifyToken {
		t.Errorf("the check says %s, %q, %q", v.State, v.EndReason, v.ReplacedBy)
	}
}

func TestReplyIsLinkedBothWays(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	in := w.registered("Permohonan Narasumber")
	d, err := w.Reply(t.Context(), w.who("kasi"), in.ID, letter.KindInvitation)
	w.must(err)
	if len(d.Content.To) != 1 || d.Content.To[0] != in.Sender {
		t.Errorf("it goes to %v", d.Content.To)
	}
	from, err := w.Show(t.Context(), w.who("kasi"), d.Letter.ID)
	w.must(err)
	to, err := w.Show(t.Context(), w.who("kasi"), in.ID)
	w.must(err)
	if from.Desk.ReplyTo == nil || from.Desk.ReplyTo.ID != in.ID || len(to.Desk.Replies) != 1 {
		t.Error("the two do not know of each other")
	}
}

func TestSentLetterStandsInTheExpeditionBook(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	l := w.ready("Undangan Musrenbang")
	_, err := w.MarkSent(ctx, w.who("pencatat"), l.ID, Sending{Way: ByPost})
	w.wants(err, problem.Conflict)
	l, err = w.sign(l.ID, DemoPassphrase)
	w.must(err)
	_, err = w.MarkSent(ctx, w.who("arsiparis"), l.ID, Sending{Way: "merpati"})
	w.wants(err, problem.Invalid)
	l, err = w.MarkSent(ctx, w.who("pencatat"), l.ID, Sending{Way: ByCourier, Recipients: []string{"Kepala Desa Nagrog", " ", "Kepala Desa Dampit"}, Receiver: "Dedi"})
	w.must(err)
	if l.State != string(letter.Sent) {
		t.Errorf("it is %s", l.State)
	}
	rows, letters, err := w.DB.DeliveredBetween(ctx, l.OfficeID, w.who("pencatat").ReaderWords(), w.Now().Add(-time.Hour), w.Now().Add(time.Hour))
	w.must(err)
	if len(rows) != 2 || letters[l.ID].Number == "" || rows[0].Receiver != "Dedi" {
		t.Errorf("the book has %d lines of %d letters", len(rows), len(letters))
	}
	if rows, _, err = w.DB.DeliveredBetween(ctx, l.OfficeID, []string{"p:nobody"}, w.Now().Add(-time.Hour), w.Now().Add(time.Hour)); err != nil || len(rows) != 0 {
		t.Errorf("a stranger's book has %d lines, %v", len(rows), err)
	}
}

func TestCopyInsideTheOfficeIsReadOnlyAndCountedUntilRead(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	d := w.draft("Tembusan untuk Arsiparis", "sekcam")
	copies := []string{"Arsiparis (sebagai laporan)", "Kepala Bapperida"}
	d, err := w.SaveDraft(ctx, w.who("kasi"), d.Letter.ID, DraftChange{Copies: &copies})
	w.must(err)
	l := w.readyDraft(d)
	_, err = w.sign(l.ID, DemoPassphrase)
	w.must(err)
	if _, n, err := w.CopiesFor(ctx, w.who("arsiparis"), true, 10, 0); err != nil || n != 1 {
		t.Fatalf("%d unread copies, %v", n, err)
	}
	w.must(w.NoteOpened(ctx, w.who("arsiparis"), l))
	if _, n, err := w.CopiesFor(ctx, w.who("arsiparis"), true, 10, 0); err != nil || n != 0 {
		t.Errorf("%d unread copies after reading, %v", n, err)
	}
	if _, n, err := w.CopiesFor(ctx, w.who("ujang"), false, 10, 0); err != nil || n != 0 {
		t.Errorf("somebody else has %d copies, %v", n, err)
	}
}

func TestTwoVersionsAreComparedWordByWord(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	ctx := t.Context()
	d := w.draft("Rapat Kamis", "sekcam")
	l, err := w.Submit(ctx, w.who("kasi"), d.Letter.ID)
	w.must(err)
	l, err = w.SendBack(ctx, w.who("sekcam"), l.ID, l.VersionID, "Harinya Jumat.")
	w.must(err)
	subject := "Rapat Jumat"
	_, err = w.SaveDraft(ctx, w.who("kasi"), l.ID, DraftChange{Subject: &subject})
	w.must(err)
	_, err = w.Submit(ctx, w.who("kasi"), l.ID)
	w.must(err)
	got, err := w.Compare(ctx, w.who("sekcam"), l.ID, 1, 2)
	w.must(err)
	if len(got.Changes) != 1 || got.Changes[0].Part != "subject" {
		t.Fatalf("changes: %+v", got.Changes)
	}
	want := []Piece{{"same", "Rapat "}, {"gone", "Kamis"}, {"added", "Jumat"}}
	for i, p := range got.Changes[0].Pieces {
		if p != want[i] {
			t.Errorf("piece %d is %+v", i, p)
		}
	}
	_, err = w.Compare(ctx, w.who("sekcam"), l.ID, 1, 3)
	w.wants(err, problem.NotFound)
}

func TestLastOpenedIsWhatThisPersonOpened(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	a, b := w.registered("Surat Satu"), w.registered("Surat Dua")
	for _, l := range []db.Letter{b, a} {
		w.clock.turn(w.Now().Add(time.Minute))
		w.must(w.NoteOpened(t.Context(), w.who("kasi"), l))
	}
	h, err := w.Home(t.Context(), w.who("kasi"))
	w.must(err)
	if len(h.Recent) != 2 || h.Recent[0].ID != a.ID {
		t.Errorf("%d letters, the first %q", len(h.Recent), h.Recent[0].Subject)
	}
	if h, err = w.Home(t.Context(), w.who("ujang")); err != nil || len(h.Recent) != 0 {
		t.Errorf("somebody else opened %d, %v", len(h.Recent), err)
	}
}

func TestAttachedFileLeavesTheLetterArchival(t *testing.T) {
	t.Parallel()
	w := newWhole(t, dbtest.Open(t, db.Options{Dir: t.TempDir()}))
	d := w.draft("Dengan Lampiran", "sekcam")
	d, err := w.Attach(t.Context(), w.who("kasi"), d.Letter.ID, Upload{Name: "daftar hadir.pdf", Bytes: bytes.NewReader(textPDF(t, "daftar hadir trenggiling"))})
	w.must(err)
	l := w.readyDraft(d)
	raw, err := w.readAll(t.Context(), l.FinalRef)
	w.must(err)
	claims, err := pdf.Claim(bytes.NewReader(raw))
	w.must(err)
	if !claims {
		t.Error("the attachment takes the claim off the letter")
	}
	doc, err := w.Pages.Open(t.Context(), bytes.NewReader(raw), int64(len(raw)))
	w.must(err)
	defer doc.Close() //nolint:errcheck // only read
	words, err := doc.Words(t.Context(), doc.Pages())
	w.must(err)
	if !strings.Contains(wordsText(words), "trenggiling") {
		t.Errorf("its words are gone: %q", wordsText(words))
	}
}
