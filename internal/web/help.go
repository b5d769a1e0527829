package web

// helpView is /bantuan.
type helpView struct {
	Frame
	Topics  []string // phrases below "help.topic.", each with .1 to .3
	Contact string   // who helps: name and how to reach them
}

// errorView is any failure: what happened, what to do, who helps.
type errorView struct {
	Frame
	Kind     string // problem kind: a phrase below "error."
	Sentence string
	Again    string // URL to try again, may be empty
	Helper   string
	Incident string // to name when asking for help; finds the log line
}

// doneView is the confirmation after a change of state. Key is a phrase below
// "done." with ".detail".
type doneView struct {
	Frame
	Key     string
	Subject string
	Number  string // big: letter number or agenda number
	Who     string // who acts next
	Next    []Action
	Undo    *Action
}

func help(c *call) error {
	return c.show("help", &helpView{Frame: c.frame("bantuan"), Topics: []string{"receive", "find", "write", "initial", "sign", "check"}, Contact: c.pick("Kasubag Umum dan Kepegawaian", "the head of general affairs")})
}
