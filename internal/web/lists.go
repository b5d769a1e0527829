package web

// listView is a list of letters: /surat-masuk, /surat-keluar, /paraf and
// /tanda-tangan. Kind chooses the words: "incoming", "outgoing", "initial",
// "sign".
type listView struct {
	Frame
	Kind    string
	Tabs    []Tab
	Rows    []Row
	Pager   Pager
	Main    *Action // the one thing to do from here, may be nil
	MainWho string  // who may, when this person may not: a sentence
	// CanSign is false while the signer has no certificate yet; the page then
	// leads to making one.
	CanSign bool
}

// Tab narrows a list. Key is a phrase below "tab.".
type Tab struct {
	Key     string
	URL     string
	Count   int
	Current bool
}
