package office

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
)

// Demo gives the invented office its letters: twelve that came in as scans, and
// some that go out at every state, all through the verbs that people use. It can
// be interrupted and begun again; what is there is not made again.
func (o *Office) Demo(ctx context.Context) error {
	if err := o.demoKeys(ctx); err != nil {
		return err
	}
	if err := o.demoOutgoing(ctx); err != nil {
		return err
	}
	return o.demoIncoming(ctx)
}

// known says whether the demo made a letter of that subject before.
func (o *Office) known(ctx context.Context, actor account.Actor, subject string) (db.Letter, bool, error) {
	found, _, err := o.List(ctx, actor, db.LetterFilter{Text: subject, Limit: 10})
	for _, l := range found {
		if l.Subject == subject {
			return l, true, nil
		}
	}
	return db.Letter{}, false, err
}

func (o *Office) demoIncoming(ctx context.Context) error {
	clerk, err := o.demoActor(ctx, "pencatat")
	if err != nil {
		return err
	}
	for i, d := range demoScans() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := o.demoScan(ctx, clerk, i, d); err != nil {
			return fmt.Errorf("demo scan %s: %w", d.file, err)
		}
	}
	return nil
}

// demoScan hands one drawn scan in, and registers it unless it is one of those
// that are left for whoever tries the demo. The same scan is the same bytes, so a
// second time gives the letter that is there.
func (o *Office) demoScan(ctx context.Context, clerk account.Actor, i int, d demoScan) error {
	raw, err := drawScan(d, int64(i))
	if err != nil {
		return err
	}
	got, err := o.Receive(ctx, clerk, Upload{Name: d.file, Bytes: bytes.NewReader(raw)})
	if err != nil || !d.registered {
		return err
	}
	l, err := o.DB.Letter(ctx, got.LetterID)
	if err != nil || l.State != string(letter.Received) {
		return err
	}
	l, err = o.Register(ctx, clerk, l.ID, Registration{
		Number: d.number, LetterDate: o.demoDay(d.day), Sender: d.sender, Recipient: "Camat Cicalengka", Subject: d.subject, Classification: d.code, Urgency: d.urgency, Class: letter.Open,
	})
	if err != nil {
		return err
	}
	return o.demoDesk(ctx, clerk, l, d.desk)
}

// demoDay turns the sample's day of November 2026 into one that has passed.
func (o *Office) demoDay(day int) time.Time {
	t := time.Date(2026, time.November, day, 0, 0, 0, 0, time.UTC)
	if now := o.Now().UTC(); t.After(now) {
		y, m, d := now.AddDate(0, 0, day-30).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return t
}

// The places where the demo leaves a letter.
type demoStop int

const (
	stopDraft demoStop = iota
	stopReview
	stopReturned
	stopReady
	stopSigned
	stopCancelled
)

type demoOut struct {
	author, kind, subject, code string
	to, copies                  []string
	body                        string
	basis                       []string
	assignees                   []letter.Assignee
	urgency                     letter.Urgency
	signer                      string // login
	reviewers                   []string
	stop                        demoStop
}

func (o *Office) demoOutgoing(ctx context.Context) error {
	for _, d := range demoOutgoingLetters() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := o.demoOne(ctx, d); err != nil {
			return fmt.Errorf("demo letter %q: %w", d.subject, err)
		}
	}
	return nil
}

func (o *Office) demoOne(ctx context.Context, d demoOut) error {
	author, err := o.demoActor(ctx, d.author)
	if err != nil {
		return err
	}
	l, there, err := o.known(ctx, author, d.subject)
	if err != nil {
		return err
	}
	if !there {
		if l, err = o.demoDraft(ctx, author, d); err != nil {
			return err
		}
	}
	return o.demoForward(ctx, author, d, l)
}

func (o *Office) demoDraft(ctx context.Context, author account.Actor, d demoOut) (db.Letter, error) {
	draft, err := o.NewDraft(ctx, author, d.kind)
	if err != nil {
		return draft.Letter, err
	}
	signer, err := o.postOf(ctx, d.signer)
	if err != nil {
		return draft.Letter, err
	}
	reviewers := []string{}
	for _, login := range d.reviewers {
		post, err := o.postOf(ctx, login)
		if err != nil {
			return draft.Letter, err
		}
		reviewers = append(reviewers, post)
	}
	draft, err = o.SaveDraft(ctx, author, draft.Letter.ID, DraftChange{
		Subject: &d.subject, Classification: &d.code, Body: &d.body, To: &d.to, Copies: &d.copies, Basis: &d.basis, Assignees: &d.assignees, Urgency: &d.urgency,
		SignerPositionID: &signer, Reviewers: &reviewers,
	})
	return draft.Letter, err
}

// postOf is the position that an invented person holds.
func (o *Office) postOf(ctx context.Context, login string) (string, error) {
	a, err := o.demoActor(ctx, login)
	if err != nil {
		return "", err
	}
	return a.Holdings[0].PositionID, nil
}

// demoForward takes a letter on, step by step, to where the demo leaves it.
func (o *Office) demoForward(ctx context.Context, author account.Actor, d demoOut, l db.Letter) error {
	var err error
	if letter.State(l.State) == letter.Draft {
		switch d.stop {
		case stopDraft:
			return nil
		case stopCancelled:
			_, err = o.Cancel(ctx, author, l.ID, "Rapat ditiadakan")
			return err
		}
		if l, err = o.Submit(ctx, author, l.ID); err != nil {
			return err
		}
	}
	if letter.State(l.State) == letter.InReview && d.stop != stopReview {
		if l, err = o.demoInitials(ctx, d, l); err != nil {
			return err
		}
	}
	if d.stop != stopSigned || letter.State(l.State) == letter.Signed {
		return nil
	}
	return o.demoSign(ctx, d, l.ID)
}

func (o *Office) demoInitials(ctx context.Context, d demoOut, l db.Letter) (db.Letter, error) {
	for _, login := range d.reviewers {
		if letter.State(l.State) != letter.InReview {
			return l, nil
		}
		who, err := o.demoActor(ctx, login)
		if err != nil {
			return l, err
		}
		if d.stop == stopReturned {
			return o.SendBack(ctx, who, l.ID, l.VersionID, "Jam rapat belum ditulis. Tambahkan juga tempatnya.")
		}
		given, err := o.Initial(ctx, who, l.ID, l.VersionID)
		if err != nil {
			return l, err
		}
		l = given
	}
	return l, nil
}

// demoSign signs once the final letter is there. Its job may not have run yet, so
// it is done here; doing it twice is no harm.
func (o *Office) demoSign(ctx context.Context, d demoOut, id string) error {
	if err := o.prepareFinal(ctx, LetterJob{id}); err != nil {
		return err
	}
	signer, err := o.demoActor(ctx, d.signer)
	if err != nil {
		return err
	}
	slip, err := o.OpenForSigning(ctx, signer, id)
	if err != nil {
		return err
	}
	_, err = o.Sign(ctx, signer, slip.Token, []byte(DemoPassphrase))
	return err
}

func demoOutgoingLetters() []demoOut {
	villages := []string{"Para Kepala Desa se-Kecamatan Cicalengka"}
	return []demoOut{
		{
			author: "kasi", kind: letter.KindInvitation, subject: "Undangan Rapat Persiapan Musrenbang Kecamatan Tahun 2027", code: "000.7.1.4", to: villages, urgency: letter.Urgent, signer: "camat", reviewers: []string{"kasubag", "sekcam"}, stop: stopSigned,
			copies: []string{"Kepala Bapperida Kabupaten Bandung (sebagai laporan)", "Danramil dan Kapolsek Cicalengka"},
			body:   "Dalam rangka persiapan pelaksanaan Musyawarah Perencanaan Pembangunan (Musrenbang) Tingkat Kecamatan Cicalengka Tahun 2027, bersama ini kami mengundang Saudara untuk hadir pada rapat persiapan yang akan dilaksanakan pada:\n\nhari/tanggal : Kamis, 19 November 2026\nwaktu : pukul 09.00 WIB s.d. selesai\ntempat : Aula Kantor Kecamatan Cicalengka\n\nAcara rapat:\n\n1. penyampaian jadwal Musrenbang;\n2. inventarisasi usulan prioritas desa;\n3. lain-lain.\n\nMengingat pentingnya acara tersebut, dimohon Saudara hadir **tepat waktu** dengan membawa daftar usulan prioritas desa dan apabila berhalangan agar menugaskan Sekretaris Desa. Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
		},
		{
			author: "kasubag", kind: letter.KindAssignment, subject: "Surat Tugas Bimbingan Teknis Pengelolaan Arsip Dinamis", code: "800.1.11.1", urgency: letter.Normal, signer: "camat", reviewers: []string{"sekcam"}, stop: stopSigned,
			basis:     []string{"Surat Kepala Dinas Kearsipan dan Perpustakaan Kabupaten Bandung Nomor 000.5.2/1187/Disarpus tanggal 9 November 2026 hal Undangan Bimbingan Teknis Pengelolaan Arsip Dinamis."},
			assignees: []letter.Assignee{{Name: "Cucu Cahyani", Rank: "Penata Muda (III/a)", Title: "Arsiparis"}, {Name: "Deni Ramdani", Title: "Pengadministrasi Umum"}},
			body:      "1. mengikuti Bimbingan Teknis Pengelolaan Arsip Dinamis pada hari Selasa s.d. Rabu, 24–25 November 2026, di Gedung Moh. Toha, Soreang;\n2. melaporkan hasil pelaksanaan tugas kepada Camat paling lambat 3 (tiga) hari setelah kegiatan.\n\nDemikian surat tugas ini dibuat untuk dilaksanakan sebagaimana mestinya.",
		},
		{
			author: "kasi", kind: letter.KindMemo, subject: "Laporan Evaluasi Rancangan APBDes Tahun Anggaran 2027", code: "400.10.2.4", to: []string{"Camat Cicalengka"}, copies: []string{"Sekretaris Kecamatan"}, urgency: letter.Normal, signer: "kasi", stop: stopSigned,
			body: "Menindaklanjuti disposisi Bapak Camat tanggal 9 November 2026 atas surat Kepala Desa Nagrog Nomor 900/134/Ds.Ngr tanggal 5 November 2026, dengan hormat kami laporkan:\n\n1. dari 12 (dua belas) desa, 9 (sembilan) desa telah menyampaikan Rancangan APBDes;\n2. hasil verifikasi menunjukkan 2 (dua) desa perlu memperbaiki rincian belanja bidang kesehatan;\n3. desa yang belum menyampaikan ialah Desa Dampit, Desa Waluya, dan Desa Tanjungwangi.\n\n| Keadaan | Jumlah desa |\n| Sudah menyampaikan | 9 |\n| Belum menyampaikan | 3 |\n\nSaran: kiranya Bapak berkenan menandatangani surat teguran pertama. Demikian dilaporkan, mohon arahan lebih lanjut.",
		},
		{
			author: "kasi", kind: letter.KindInvitation, subject: "Undangan Rapat Koordinasi Penanganan Stunting", code: "400.7.13", to: []string{"Kepala Puskesmas Cicalengka", "Ketua TP PKK Desa se-Kecamatan Cicalengka"}, urgency: letter.Urgent, signer: "camat", reviewers: []string{"sekcam"}, stop: stopReady,
			body: "Dalam rangka percepatan penurunan stunting, bersama ini kami mengundang Saudara untuk hadir pada rapat koordinasi yang akan dilaksanakan pada:\n\nhari/tanggal : Senin, 30 November 2026\nwaktu : pukul 08.30 WIB s.d. selesai\ntempat : Aula Kantor Kecamatan Cicalengka\n\nDemikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
		},
		{
			author: "kasubag", kind: letter.KindAssignment, subject: "Surat Tugas Patroli Malam Pergantian Tahun", code: "800.1.11.1", urgency: letter.Normal, signer: "camat", reviewers: []string{"sekcam"}, stop: stopReady,
			basis:     []string{"Surat Edaran Bupati Bandung tentang pengamanan malam pergantian tahun."},
			assignees: []letter.Assignee{{Name: "Ujang Saepudin, S.H.", Rank: "Penata (III/c)", Title: "Kepala Seksi Ketenteraman dan Ketertiban Umum"}},
			body:      "1. melaksanakan patroli wilayah pada tanggal 31 Desember 2026 pukul 19.00 WIB s.d. 1 Januari 2027 pukul 02.00 WIB;\n2. berkoordinasi dengan Polsek dan Koramil, serta melaporkan hasilnya secara tertulis.\n\nDemikian surat tugas ini dibuat untuk dilaksanakan sebagaimana mestinya.",
		},
		{
			author: "kasi", kind: letter.KindInvitation, subject: "Undangan Kerja Bakti Bersih Saluran Air", code: "600.1.7", to: villages, urgency: letter.Normal, signer: "camat", reviewers: []string{"sekcam"}, stop: stopReady,
			body: "Menghadapi musim hujan, bersama ini kami mengundang Saudara beserta warga untuk mengikuti kerja bakti pada:\n\nhari/tanggal : Minggu, 29 November 2026\nwaktu : pukul 07.00 WIB\ntempat : saluran air di wilayah desa masing-masing\n\nDemikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
		},
		{
			author: "pencatat", kind: letter.KindInvitation, subject: "Undangan Apel Kesiapsiagaan Bencana", code: "300.2", to: []string{"Kepala Desa, Danramil, dan Kapolsek Cicalengka"}, urgency: letter.VeryUrgent, signer: "camat", reviewers: []string{"kasubag", "sekcam"}, stop: stopReview,
			body: "Memperhatikan meningkatnya curah hujan di wilayah Kecamatan Cicalengka, bersama ini kami mengundang Saudara pada apel kesiapsiagaan:\n\nhari/tanggal : Jumat, 27 November 2026\nwaktu : pukul 07.30 WIB\ntempat : Lapangan Kantor Kecamatan Cicalengka\n\nDemikian disampaikan, atas perhatiannya diucapkan terima kasih.",
		},
		{
			author: "kasi", kind: letter.KindInvitation, subject: "Undangan Sosialisasi Pengisian Profil Desa", code: "400.10.2.2", to: villages, urgency: letter.Normal, signer: "camat", reviewers: []string{"sekcam"}, stop: stopReturned,
			body: "Dalam rangka pengisian profil desa tahun 2026, bersama ini kami mengundang Saudara pada acara sosialisasi.\n\nDemikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
		},
		{
			author: "kasi", kind: letter.KindMemo, subject: "Usulan Jadwal Monitoring Desa", code: "400.10.2", to: []string{"Camat Cicalengka"}, urgency: letter.Normal, signer: "kasi", stop: stopDraft,
			body: "Dengan hormat kami usulkan jadwal monitoring ke desa sebagai berikut:\n\n| Tanggal | Desa |\n| 1 Desember 2026 | Nagrog, Dampit |\n| 2 Desember 2026 | Waluya, Cikuya |",
		},
		{
			author: "kasi", kind: letter.KindInvitation, subject: "Undangan Rapat Evaluasi BUMDes", code: "400.10.2", to: villages, urgency: letter.Normal, signer: "camat", stop: stopCancelled,
			body: "Bersama ini kami mengundang Saudara pada rapat evaluasi BUMDes.",
		},
	}
}
