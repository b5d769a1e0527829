package web

// accountView is /akun. Posts: /huruf ukuran; /bahasa bahasa; /akun/sandi
// kata_sandi, kata_sandi_baru, kata_sandi_lagi.
type accountView struct {
	Frame
	Form        Form
	SignIn      string
	Certificate *Certificate // nil: none yet
	MaySign     bool
	Sizes       []int
	Least       int
}
