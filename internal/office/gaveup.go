package office

import (
	"context"
	"encoding/json"

	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
)

// GaveUp is told of a job that will not be tried again. A letter whose reading was
// given up says so and goes to the index with its fields; anybody can see it and
// hand in a better scan.
func (o *Office) GaveUp(ctx context.Context, kind string, payload []byte, cause error) {
	o.Log.Error("job given up", "job", kind, "error", cause)
	if kind != jobRead {
		return
	}
	var job ReadJob
	err := json.Unmarshal(payload, &job)
	if err == nil {
		var l db.Letter
		if l, err = o.DB.Letter(ctx, job.LetterID); err == nil && l.ReadState != string(letter.Failed) {
			err = o.giveUpReading(ctx, l, problem.New(problem.Internal, "Surat ini tidak berhasil dibaca setelah berkali-kali dicoba. Pindai lagi, lalu kirim lagi.",
				"This letter could not be read after many tries. Scan it again and send it again.", cause))
		}
	}
	if err != nil {
		o.Log.Error("letter of a given-up job", "error", err)
	}
}
