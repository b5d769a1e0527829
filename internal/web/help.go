package web

import "strings"

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

// helpTopics are all tasks that the help page explains, in the order of a letter's
// life.
func helpTopics() []string {
	return []string{"home", "receive", "letter", "dispose", "work", "write", "initial", "sign", "send", "find", "books", "check", "account", "setup"}
}

// helpTopic is the task that a route belongs to, "" for pages that need no words:
// the first rule that its path begins with decides.
func helpTopic(route string) string {
	for _, rule := range [][2]string{
		{"/surat-masuk", "receive"},
		{"/surat/:id/catat", "receive"},
		{"/surat/:id/teruskan", "receive"},
		{"/surat/:id/disposisi", "dispose"},
		{"/surat/:id/lembar", "dispose"},
		{"/surat/:id/laporan", "work"},
		{"/disposisi", "work"},
		{"/surat/:id/kirim", "send"},
		{"/surat/:id/serah", "send"},
		{"/surat/:id/simpan", "send"},
		{"/surat/:id/cabut", "send"},
		{"/surat/", "letter"},
		{"/surat-keluar", "write"},
		{"/tulis", "write"},
		{"/paraf", "initial"},
		{"/tanda-tangan", "sign"},
		{"/arsip", "find"},
		{"/tembusan", "letter"},
		{"/buku", "books"},
		{"/akun", "account"},
		{"/admin", "setup"},
		{"/periksa", "check"},
		{"/v/", "check"},
	} {
		if strings.HasPrefix(route, rule[0]) {
			return rule[1]
		}
	}
	if route == "/" {
		return "home"
	}
	return ""
}

func help(c *call) error {
	return c.show("help", &helpView{Frame: c.frame("bantuan"), Topics: helpTopics(), Contact: c.pick("Kasubag Umum dan Kepegawaian", "the head of general affairs")})
}
