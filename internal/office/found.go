package office

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/typeset"
)

// Founding is what a new office is called; all of it can be changed later.
type Founding struct {
	Name, ShortName, UnitCode, Place, TimeZone string
	Parent                                     string // id of the office above it; may be empty
	Letterhead                                 typeset.Letterhead
	Units                                      []string
	Positions                                  []FoundingPosition
}

// FoundingPosition is a post of a new office. Unit and Superior are indexes from 0,
// -1 for none.
type FoundingPosition struct {
	Title          string
	Role           account.Role
	Unit, Superior int
}

// UsualOffice is a sub-district office that has not said its name yet.
func UsualOffice(timeZone string) Founding {
	return Founding{
		Name: "Kantor Kecamatan", ShortName: "Kecamatan", UnitCode: "Kec", Place: "Kecamatan", TimeZone: timeZone,
		Letterhead: typeset.Letterhead{Lines: []string{"PEMERINTAH KABUPATEN", "KECAMATAN"}, Address: []string{}},
		Units:      []string{"Sekretariat", "Subbagian Umum dan Kepegawaian", "Seksi Pemerintahan"},
		Positions: []FoundingPosition{
			{"Camat", account.RoleHead, -1, -1},
			{"Sekretaris Kecamatan", account.RoleSecretary, 0, 0},
			{"Kepala Subbagian Umum dan Kepegawaian", account.RoleAffairs, 1, 1},
			{"Kepala Seksi Pemerintahan", account.RoleSection, 2, 1},
			{"Pencatat Surat", account.RoleClerk, 1, 2},
			{"Arsiparis", account.RoleArchivist, 1, 2},
		},
	}
}

// Found makes an office with its units, positions, kinds of letter and archive
// codes.
func (o *Office) Found(ctx context.Context, f Founding) (db.Office, error) {
	head, err := json.Marshal(f.Letterhead)
	if err != nil {
		return db.Office{}, fmt.Errorf("letterhead: %w", err)
	}
	template, err := json.Marshal(typeset.DefaultTemplate())
	if err != nil {
		return db.Office{}, fmt.Errorf("template: %w", err)
	}
	row := db.Office{
		ID: db.NewID(), ParentID: f.Parent, Name: f.Name, ShortName: f.ShortName, UnitCode: f.UnitCode, Place: f.Place, TimeZone: f.TimeZone,
		Letterhead: string(head), Template: string(template),
	}
	rows := []any{&row}
	units := make([]db.Unit, len(f.Units))
	for i, name := range f.Units {
		units[i] = db.Unit{ID: db.NewID(), OfficeID: row.ID, Name: name}
		rows = append(rows, &units[i])
	}
	positions, err := foundingPositions(f, row.ID, units)
	if err != nil {
		return row, err
	}
	for i := range positions {
		rows = append(rows, &positions[i])
	}
	for _, k := range usualKinds(row.ID) {
		rows = append(rows, &k)
	}
	for _, c := range usualClassifications() {
		rows = append(rows, &db.Classification{OfficeID: row.ID, Code: c[0], Name: c[1]})
	}
	return row, o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, rows...) })
}

func foundingPositions(f Founding, officeID string, units []db.Unit) ([]db.Position, error) {
	out := make([]db.Position, len(f.Positions))
	for i, p := range f.Positions {
		abilities, err := json.Marshal(account.DefaultAbilities(p.Role))
		if err != nil {
			return nil, fmt.Errorf("abilities: %w", err)
		}
		out[i] = db.Position{ID: db.NewID(), OfficeID: officeID, Title: p.Title, Role: string(p.Role), Abilities: string(abilities), Place: i}
		if p.Unit >= 0 {
			out[i].UnitID = units[p.Unit].ID
		}
		if p.Superior >= 0 && p.Superior < i {
			out[i].SuperiorID = out[p.Superior].ID
		}
	}
	return out, nil
}

// HomeOffice is the office that commands on this machine work for: the first one,
// made now when there is none.
func (o *Office) HomeOffice(ctx context.Context, timeZone string) (db.Office, error) {
	all, err := o.DB.Offices(ctx)
	if err != nil {
		return db.Office{}, err
	}
	if len(all) > 0 {
		return all[0], nil
	}
	return o.Found(ctx, UsualOffice(timeZone))
}

// Appoint puts a person into a position from today on.
func (o *Office) Appoint(ctx context.Context, officeID, personID, positionID string, capacity account.Capacity) error {
	row := db.Appointment{
		ID: db.NewID(), OfficeID: officeID, PersonID: personID, PositionID: positionID, Capacity: string(capacity),
		ValidFrom: o.Now().UTC().Truncate(24 * time.Hour),
	}
	return o.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error { return tx.Insert(ctx, &row) })
}

// usualKinds are the three kinds of letter that an office begins with, and what
// comes in. The numbers' form is data: sources disagree on it.
func usualKinds(officeID string) []db.LetterKind {
	out, in := string(letter.Outgoing), string(letter.Incoming)
	const usual = "{kode}/{urut:3}/{unit}/{bulan_romawi}/{tahun}"
	return []db.LetterKind{
		{OfficeID: officeID, Code: letter.KindInvitation, Name: "Surat Undangan", Layout: letter.KindInvitation, Direction: out, Classification: "000.1.5", Series: "surat-keluar", NumberFormat: usual, PublicView: "publik", Place: 1, Sample: invitationSample},
		{OfficeID: officeID, Code: letter.KindAssignment, Name: "Surat Tugas", Layout: letter.KindAssignment, Direction: out, Classification: "800.1.11.1", Series: "surat-tugas", NumberFormat: usual, PublicView: "tidak", Place: 2, Sample: assignmentSample},
		{OfficeID: officeID, Code: letter.KindMemo, Name: "Nota Dinas", Layout: letter.KindMemo, Direction: out, Classification: "000.8.3", Series: "nota-dinas", NumberFormat: "{kode}/{urut:3}/{unit}/{tahun}", PublicView: "tidak", Place: 3, Sample: memoSample},
		{OfficeID: officeID, Code: "surat-masuk", Name: "Surat Masuk", Direction: in, Series: agendaSeries, NumberFormat: "{urut:4}/{tahun}", PublicView: "tidak", Place: 9},
	}
}

const invitationSample = `Dalam rangka …, bersama ini kami mengundang Saudara untuk hadir pada rapat yang akan dilaksanakan pada:

hari/tanggal : …
waktu : pukul … WIB s.d. selesai
tempat : …
acara : …

Mengingat pentingnya acara tersebut, dimohon Saudara hadir tepat waktu. Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.`

const assignmentSample = `1. mengikuti … pada hari … tanggal … di …;
2. melaporkan hasil pelaksanaan tugas kepada Camat paling lambat 3 (tiga) hari setelah kegiatan.

Demikian surat tugas ini dibuat untuk dilaksanakan sebagaimana mestinya.`

const memoSample = `Menindaklanjuti …, dengan hormat kami laporkan:

1. …;
2. ….

Demikian dilaporkan, mohon arahan lebih lanjut.`

// usualClassifications are codes of Permendagri 83/2022 that sources agree on; the
// full list is imported by an administrator.
func usualClassifications() [][2]string {
	return [][2]string{
		{"000", "Umum"},
		{"000.1", "Ketatausahaan dan Kerumahtanggaan"},
		{"000.1.2", "Perjalanan Dinas Dalam Negeri"},
		{"000.1.2.3", "Perjalanan Dinas Pegawai"},
		{"000.1.4", "Penggunaan Fasilitas Kantor"},
		{"000.1.5", "Rapat Pimpinan"},
		{"000.1.10", "Ketertiban dan Keamanan Kantor"},
		{"000.2", "Perlengkapan"},
		{"000.3", "Pengadaan"},
		{"000.5", "Kearsipan"},
		{"000.5.3", "Pengelolaan Arsip Dinamis"},
		{"000.5.6.1", "Pemindahan Arsip"},
		{"000.5.7", "Alih Media Arsip"},
		{"000.7.1", "Musrenbang"},
		{"000.7.1.4", "Musrenbang Kecamatan"},
		{"000.7.1.6", "Musrenbang Desa"},
		{"000.8", "Organisasi dan Tata Laksana"},
		{"000.8.3", "Ketatalaksanaan"},
		{"100", "Pemerintahan"},
		{"100.2.4", "Fasilitasi Kecamatan"},
		{"100.2.5", "Fasilitasi Pelayanan Umum"},
		{"100.3.3", "Keputusan Pimpinan"},
		{"100.3.4", "Instruksi / Surat Edaran"},
		{"100.3.5", "Surat Perintah"},
		{"200.1", "Kesatuan Bangsa dan Politik"},
		{"200.2", "Pemilu"},
		{"300", "Keamanan dan Ketertiban"},
		{"300.1.4", "Siskamling dan Linmas"},
		{"300.2", "Penanggulangan Bencana"},
		{"400", "Kesejahteraan Rakyat"},
		{"400.3", "Pendidikan"},
		{"400.7", "Kesehatan"},
		{"400.7.13", "Gizi (Stunting)"},
		{"400.9", "Sosial"},
		{"400.9.14", "Penanggulangan Kemiskinan"},
		{"400.10.2", "Pemerintahan Desa dan Kelurahan"},
		{"400.10.2.2", "Administrasi Pemerintahan Desa"},
		{"400.10.2.4", "Keuangan dan Aset Desa"},
		{"400.12", "Kependudukan dan Catatan Sipil"},
		{"400.12.2.1", "Identitas Penduduk"},
		{"400.12.3.2", "Perkawinan dan Perceraian"},
		{"400.14", "Hubungan Masyarakat"},
		{"500", "Perekonomian"},
		{"500.17", "Pertanahan"},
		{"600", "Pekerjaan Umum dan Ketenagaan"},
		{"600.1.7", "Pengembangan Jaringan Jalan"},
		{"800", "Kepegawaian"},
		{"800.1.11", "Administrasi Pegawai"},
		{"800.1.11.1", "Surat Perintah Dinas / Surat Tugas"},
		{"800.1.11.4", "Cuti Tahunan"},
		{"800.1.11.13", "Kenaikan Gaji Berkala"},
		{"900", "Keuangan"},
	}
}
