package web

import "time"

// Writing a letter is four steps, one page each:
//
//	/tulis              kind     POST /tulis: jenis
//	/tulis/{id}/tujuan  whom     POST: yth, tempat, hal, klasifikasi, sifat, urgensi, tembusan, pemeriksa…, penanda_tangan,
//	                             petugas_nama… petugas_pangkat… petugas_nip… petugas_jabatan… (surat tugas), dasar (surat tugas),
//	                             dari (nota dinas), aksi (lanjut | simpan | baris), revisi
//	/tulis/{id}/isi     text     POST: isi, aksi (lanjut | simpan), revisi; POST /tulis/{id}/isi/simpan (script): isi, revisi
//	                             POST /tulis/{id}/lampiran: judul, isi | berkas; POST /tulis/{id}/lampiran/{n}/hapus
//	/tulis/{id}/periksa check    POST /tulis/{id}/kirim: revisi

// Draft is what the steps of one letter share.
type Draft struct {
	ID       string
	Kind     string // letter kind: a phrase below "kind."
	Step     int    // 1 to 4
	Revision string
	SavedAt  time.Time
	Note     *ReturnNote // why it came back
}

// Steps are the steps with their addresses; those ahead can be opened once the
// letter exists.
func (d Draft) Steps() []WriteStep {
	keys := []string{"write.step.kind", "write.step.to", "write.step.text", "write.step.check"}
	paths := []string{"", "tujuan", "isi", "periksa"}
	out := make([]WriteStep, len(keys))
	for i, key := range keys {
		out[i] = WriteStep{Number: i + 1, Key: key, Current: i+1 == d.Step, Done: i+1 < d.Step}
		if d.ID != "" && i > 0 && i+1 != d.Step {
			out[i].URL = "/tulis/" + d.ID + "/" + paths[i]
		}
	}
	return out
}

// WriteStep is one step of the indicator.
type WriteStep struct {
	Number        int
	Key, URL      string
	Current, Done bool
}

// writeKindView is /tulis.
type writeKindView struct {
	Frame
	Draft
	Form  Form
	Kinds []string // codes, phrases below "kind." and "kind.for."
}

// writeToView is /tulis/{id}/tujuan.
type writeToView struct {
	Frame
	Draft
	Form            Form
	Classifications []Option
	Classes         []Option
	Urgencies       []Option
	Reviewers       []Option // value: position id
	ReviewerSlots   int
	Signers         []Option // value: position id
	Assignees       int      // rows shown, surat tugas
}

// Slots are the indexes of the reviewers' fields.
func (v writeToView) Slots() []int { return upTo(v.ReviewerSlots) }

// AssigneeRows are the indexes of the assignees' fields.
func (v writeToView) AssigneeRows() []int { return upTo(v.Assignees) }

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// writeTextView is /tulis/{id}/isi.
type writeTextView struct {
	Frame
	Draft
	Form        Form
	Attach      Form // the form for one more attachment
	Attachments []AttachmentRow
	Preview     []Picture
}

// AttachmentRow is one attachment of a draft.
type AttachmentRow struct {
	Number int
	Title  string
	Pages  int // of a file; 0: written
}

// writeCheckView is /tulis/{id}/periksa.
type writeCheckView struct {
	Frame
	Draft
	Form      Form
	Pages     []Picture
	PDF       string // URL of the preview
	Facts     LetterFacts
	Reviewers []string // names with titles, in order
	Missing   []Link   // what must be filled in first, each leading there
}
