package office

import (
	"context"
	"errors"
	"fmt"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/problem"
	"naskah/internal/typeset"
)

// DemoPassword and DemoPassphrase open the invented office; everybody may know
// them.
const (
	DemoPassword   = "naskah-demo"
	DemoPassphrase = "tanda-tangan"
)

// DemoSignIn is one invented person who can be tried out.
type DemoSignIn struct{ Login, Name, Title string }

type demoPerson struct {
	login, name, rank, nip string
	position               int // in demoFounding's positions
}

func demoFounding() Founding {
	return Founding{
		Name: "Kecamatan Cicalengka", ShortName: "Kec. Cicalengka", UnitCode: "Kec.Ccl", Place: "Cicalengka", TimeZone: "Asia/Jakarta",
		Letterhead: typeset.Letterhead{
			Lines:   []string{"PEMERINTAH KABUPATEN BANDUNG", "KECAMATAN CICALENGKA"},
			Address: []string{"Jalan Raya Cicalengka, Kode Pos 40395"},
		},
		Units: []string{"Sekretariat", "Subbagian Umum dan Kepegawaian", "Seksi Pemerintahan", "Seksi Ketenteraman dan Ketertiban Umum", "Seksi Pemberdayaan Masyarakat", "Seksi Sosial Budaya", "Seksi Pelayanan"},
		Positions: []FoundingPosition{
			{"Camat Cicalengka", account.RoleHead, -1, -1},
			{"Sekretaris Kecamatan", account.RoleSecretary, 0, 0},
			{"Kepala Subbagian Umum dan Kepegawaian", account.RoleAffairs, 1, 1},
			{"Kepala Seksi Pemberdayaan Masyarakat", account.RoleSection, 4, 1},
			{"Pencatat Surat", account.RoleClerk, 1, 2},
			{"Arsiparis", account.RoleArchivist, 1, 2},
			{"Kepala Seksi Pemerintahan", account.RoleSection, 2, 1},
			{"Kepala Seksi Ketenteraman dan Ketertiban Umum", account.RoleSection, 3, 1},
			{"Kepala Seksi Sosial Budaya", account.RoleSection, 5, 1},
			{"Kepala Seksi Pelayanan", account.RoleSection, 6, 1},
			{"Petugas Loket", account.RoleStaff, 6, 9},
		},
	}
}

// demoPeople are invented; nobody of that number exists.
func demoPeople() []demoPerson {
	return []demoPerson{
		{"camat", "Drs. Rahmat Suganda, M.Si.", "Pembina Tk. I, IV/b", "19700412 199503 1 004", 0},
		{"sekcam", "Hj. Euis Komalasari, S.Sos.", "Pembina, IV/a", "19720818 199803 2 006", 1},
		{"kasubag", "Asep Kurniadi, S.IP.", "Penata Tk. I, III/d", "19761103 200604 1 009", 2},
		{"kasi", "Tati Sumiati, S.Sos.", "Penata, III/c", "", 3},
		{"pencatat", "Deni Ramdani", "", "", 4},
		{"arsiparis", "Cucu Cahyani", "Penata Muda, III/a", "", 5},
		{"dadang", "Dadang Hermawan, S.STP.", "Penata, III/c", "", 6},
		{"ujang", "Ujang Saepudin, S.H.", "Penata, III/c", "", 7},
		{"iwan", "Iwan Gunawan, S.Ag.", "Penata, III/c", "", 8},
		{"lilis", "Lilis Suryani, A.Md.", "Penata Muda, III/a", "", 9},
		{"siti", "Siti Maryam", "", "", 10},
	}
}

// DemoSignIns are the six roles of the demo, in the order of the office.
func DemoSignIns() []DemoSignIn {
	titles := []string{"Camat", "Sekcam", "Kasubag Umum (juga admin)", "Kasi", "Pencatat Surat", "Arsiparis"}
	var out []DemoSignIn
	for i, p := range demoPeople()[:len(titles)] {
		out = append(out, DemoSignIn{p.login, p.name, titles[i]})
	}
	return out
}

// FoundDemo makes the invented office and its people, once. Interrupted, it goes
// on where it was: what is there is not made again. A folder with another office
// is problem.Conflict.
func (o *Office) FoundDemo(ctx context.Context) (db.Office, error) {
	all, err := o.DB.Offices(ctx)
	if err != nil {
		return db.Office{}, err
	}
	var office db.Office
	switch {
	case len(all) == 0:
		if office, err = o.Found(ctx, demoFounding()); err != nil {
			return office, err
		}
	case all[0].Name != demoFounding().Name:
		return office, problem.New(problem.Conflict, "Folder data ini berisi kantor sungguhan. Pakai folder lain untuk kantor contoh, misalnya --data contoh.",
			"This data folder holds a real office. Use another folder for the demo, for example --data contoh.", nil)
	default:
		office = all[0]
	}
	positions, err := o.DB.Positions(ctx, office.ID)
	if err != nil {
		return office, err
	}
	for _, p := range demoPeople() {
		if err := o.addDemoPerson(ctx, office, positions, p); err != nil {
			return office, fmt.Errorf("demo person %s: %w", p.login, err)
		}
	}
	return office, nil
}

func (o *Office) addDemoPerson(ctx context.Context, office db.Office, positions []db.Position, p demoPerson) error {
	if _, err := o.DB.PersonByLogin(ctx, p.login); !errors.Is(err, problem.NotFound) {
		return err
	}
	row := db.Person{
		ID: db.NewID(), OfficeID: office.ID, Name: p.name, NIP: p.nip, PersonRank: p.rank, Login: p.login, PasswordHash: account.HashPassword(DemoPassword),
		Language: "id", TextSize: 18, Active: true, CreatedAt: o.Now().UTC(),
	}
	post := db.Appointment{
		ID: db.NewID(), OfficeID: office.ID, PersonID: row.ID, PositionID: positions[p.position].ID, Capacity: string(account.Definitive),
		ValidFrom: time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC),
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &row, &post) })
}

// demoActor is one of the invented people.
func (o *Office) demoActor(ctx context.Context, login string) (account.Actor, error) {
	return o.ActorByLogin(ctx, login)
}

// demoKeys gives those who sign a key with the passphrase that everybody knows.
func (o *Office) demoKeys(ctx context.Context) error {
	for _, login := range []string{"camat", "sekcam", "kasubag", "kasi"} {
		actor, err := o.demoActor(ctx, login)
		if err != nil {
			return err
		}
		status, err := o.Key(ctx, actor)
		if err != nil {
			return err
		}
		if status.Has {
			continue
		}
		if err := o.issueKey(ctx, actor, []byte(DemoPassphrase)); err != nil {
			return err
		}
	}
	return nil
}
