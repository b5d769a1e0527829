package web

// signInView is /masuk. Posts to /masuk: nama, kata_sandi, kembali.
type signInView struct {
	Frame
	Form   Form
	Return string       // where to go afterwards, a path of ours
	Demo   []DemoSignIn // shown in the demo office only
	// DemoSecret is the one password of all demo people.
	DemoSecret string
}

// DemoSignIn is one invented person who can be tried out.
type DemoSignIn struct {
	SignIn string
	Name   string
	Title  string
}
