package office

import (
	"context"
	"errors"

	"naskah/internal/account"
	"naskah/internal/db"
)

// demoDesk is how far an incoming letter of the demo has come.
type demoDesk int

const (
	deskRegistered demoDesk = iota
	deskForwarded
	deskDisposed
	deskCompleted
	deskFiled
)

// demoDesk takes a registered letter there, as its people would.
func (o *Office) demoDesk(ctx context.Context, clerk account.Actor, l db.Letter, stop demoDesk) error {
	if stop == deskRegistered {
		return nil
	}
	l, err := o.Forward(ctx, clerk, l.ID, "")
	if err != nil || stop == deskForwarded {
		return err
	}
	if stop == deskFiled {
		_, err = o.FileAway(ctx, clerk, l.ID, "Pemberitahuan 2026")
		return err
	}
	head, errHead := o.demoActor(ctx, "camat")
	kasi, errKasi := o.demoActor(ctx, "kasi")
	if errHead != nil || errKasi != nil {
		return errors.Join(errHead, errKasi)
	}
	today, err := o.Today(ctx, head)
	if err != nil {
		return err
	}
	to := []string{kasi.Holdings[0].PositionID}
	_, err = o.Dispose(ctx, head, l.ID, Order{To: to, Instructions: []string{"Tindak lanjuti", "Laporkan hasilnya"}, Note: "Koordinasikan dengan Polsek.", Due: today.AddDate(0, 0, 3)})
	if err != nil || stop == deskDisposed {
		return err
	}
	given, err := o.DB.Assignments(ctx, l.ID)
	if err != nil {
		return err
	}
	_, err = o.Report(ctx, kasi, given[0].ID, Report{Text: "Sudah dihadiri dan dilaporkan secara lisan."})
	return err
}
