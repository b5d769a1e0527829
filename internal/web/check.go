package web

// checkView is /periksa, for anybody. POST /periksa/kode: kode; POST
// /periksa/berkas: berkas.
type checkView struct {
	Frame
	Form    Form
	LimitMB int
}

// checkResultView is the answer to a file. The file is not kept.
type checkResultView struct {
	Frame
	Name       string
	Digest     string
	Size       int64
	Signatures []Signature // none: nobody signed it
	Unreadable string      // the sentence when the file could not be read
	Known      *PublicLetter
	KnownURL   string
}
