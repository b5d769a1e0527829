package web

import "time"

// verdictView is /v/{token}, for anybody. POST /v/{token}/bandingkan: berkas.
type verdictView struct {
	Frame
	Token     string
	State     string // "signed", "waiting-ink", "revoked", "replaced"
	Signature Signature
	Letter    PublicLetter
	Compared  *Compared
	Form      Form
}

// PublicLetter is what everybody may know of a letter. Masked members are masked
// before they come here.
type PublicLetter struct {
	Office    string
	Kind      string
	Number    string
	Subject   string
	Masked    bool
	Date      time.Time
	ShortCode string
	Digest    string
	Page      *Picture // nil: not shown for this kind or class
	PDF       string   // "" when it may not be taken
}

// Signature is one judged signature in plain facts.
type Signature struct {
	Integrity  string // "unchanged", "changed", "unknown"
	Signer     string
	Title      string
	SignedAt   time.Time
	Proven     bool   // the time is proven by a foreign clock
	Trust      string // "trusted", "internal", "unknown", "revoked", "expired"
	Conclusion string // TOTAL_PASSED, …
	Sub        string
	Level      string
	Coverage   string // phrase below "coverage."
	Changes    string // phrase below "changes."
	Reasons    []string
}

// Answer is one of the three big answers.
type Answer struct {
	Tone, Icon string
	Question   string // key
	Key        string // key of the answer
	Detail     string // key
}

// Answers are unchanged?, who?, trusted?, in this order.
func (s Signature) Answers() [3]Answer {
	return [3]Answer{s.integrity(), s.who(), s.trust()}
}

func (s Signature) integrity() Answer {
	a := Answer{Question: "verdict.ask.integrity", Key: "verdict.integrity." + s.Integrity, Detail: "verdict.integrity." + s.Integrity + ".detail"}
	switch s.Integrity {
	case "unchanged":
		a.Tone, a.Icon = "good", "circle-check"
	case "changed":
		a.Tone, a.Icon = "bad", "circle-x"
	default:
		a.Tone, a.Icon = "warn", "triangle-alert"
	}
	return a
}

func (s Signature) who() Answer {
	a := Answer{Question: "verdict.ask.who", Key: "verdict.who", Tone: "info", Icon: "user"}
	if s.Signer == "" {
		a.Key, a.Tone, a.Icon = "verdict.who.unknown", "warn", "shield-question-mark"
	}
	return a
}

func (s Signature) trust() Answer {
	a := Answer{Question: "verdict.ask.trust", Key: "verdict.trust." + s.Trust, Detail: "verdict.trust." + s.Trust + ".detail"}
	switch s.Trust {
	case "trusted":
		a.Tone, a.Icon = "good", "badge-check"
	case "internal":
		a.Tone, a.Icon = "info", "building-2"
	case "revoked":
		a.Tone, a.Icon = "bad", "shield-x"
	default:
		a.Tone, a.Icon = "warn", "shield-question-mark"
	}
	return a
}

// Compared says whether a file is, byte for byte, a version we have issued.
type Compared struct {
	Name string
	Same bool
}

// missingView is /v/{token} when there is no such letter, or too many tries.
type missingView struct {
	Frame
	Limited bool
	Minutes int // to wait, when limited
}
