package web

// receiveView is /surat-masuk/baru: drop scans and see them being read. Posts
// to /surat-masuk/baru: berkas (several). A script posts one file at a time with
// Accept: application/json and gets one uploadAnswer; the steps of the reading
// come from /surat-masuk/baru/kabar as server-sent events, each an
// office.Progress.
type receiveView struct {
	Frame
	Form    Form
	Uploads []UploadRow
	LimitMB int
}

// UploadRow is one file and how far it is. State is "reading", "waiting",
// "searchable", "failed" or "duplicate".
type UploadRow struct {
	LetterID string
	Name     string
	Size     int64
	State    string
	Done     int
	Pages    int // 0 while unknown
	Sentence string
	URL      string // where to fill in the fields, or the letter that is already there
}

// uploadAnswer is what a script is told about one file.
type uploadAnswer struct {
	LetterID string `json:"letter_id"`
	State    string `json:"state"`
	Sentence string `json:"sentence"`
	URL      string `json:"url"`
}

// States are the states whose badges the script needs.
func (v receiveView) States() []string {
	return []string{"reading", "waiting", "searchable", "failed", "duplicate"}
}
