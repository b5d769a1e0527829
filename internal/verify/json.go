package verify

import "time"

// SignatureJSON has the keys of the public contract; all are always present.
type SignatureJSON struct {
	Field         string     `json:"field"`
	Indication    string     `json:"indication"`
	SubIndication string     `json:"sub_indication"`
	Level         string     `json:"level"`
	Coverage      string     `json:"coverage"`
	Changes       string     `json:"changes"`
	Signer        string     `json:"signer"`
	ClaimedTime   *time.Time `json:"claimed_time"`
	ProvenTime    *time.Time `json:"proven_time"`
	Trusted       bool       `json:"trusted"`
	Reasons       []string   `json:"reasons"`
}

// FileJSON is one file's report under the public contract.
type FileJSON struct {
	File       string          `json:"file"`
	Conclusion string          `json:"conclusion"`
	Signatures []SignatureJSON `json:"signatures"`
	Error      *string         `json:"error"`
}

// JSON is the report under the public contract, its sentences in the language
// ("id" or "en").
func (r Report) JSON(file, lang string) FileJSON {
	out := FileJSON{File: file, Conclusion: r.Conclusion, Signatures: []SignatureJSON{}}
	if r.Conclusion == Unreadable {
		text := r.Error.In(lang)
		out.Error = &text
	}
	for _, s := range r.Signatures {
		j := SignatureJSON{
			Field: s.Field, Indication: s.Indication, SubIndication: s.SubIndication, Level: s.Level, Coverage: s.Coverage, Changes: s.Changes,
			Signer: s.Signer, ClaimedTime: timeOrNil(s.ClaimedTime), ProvenTime: timeOrNil(s.ProvenTime), Trusted: s.Trusted, Reasons: []string{},
		}
		for _, reason := range s.Reasons {
			j.Reasons = append(j.Reasons, reason.In(lang))
		}
		out.Signatures = append(out.Signatures, j)
	}
	return out
}

// In is the sentence in the language.
func (r Reason) In(lang string) string {
	if lang == "en" {
		return r.EN
	}
	return r.ID
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
