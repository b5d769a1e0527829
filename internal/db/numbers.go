package db

import (
	"context"
	"fmt"
	"time"
)

// Reserve takes the next number of the series in the year, in the caller's
// transaction: a rollback gives it back, so the series has no gaps. Concurrent
// callers wait for each other at the series' row.
func (tx Tx) Reserve(ctx context.Context, officeID, series string, year int, letterID string) (int, error) {
	row := NumberSeries{ID: NewID(), OfficeID: officeID, Code: series, Year: year, Next: 1}
	if _, err := tx.idb.NewInsert().Model(&row).On("CONFLICT (office_id, code, year) DO NOTHING").Exec(ctx); err != nil {
		return 0, fmt.Errorf("number series: %w", err)
	}
	var got struct {
		ID   string
		Next int
	}
	err := tx.idb.NewRaw(`UPDATE number_series SET next = next + 1 WHERE office_id = ? AND code = ? AND year = ? RETURNING id, next`, officeID, series, year).Scan(ctx, &got.ID, &got.Next)
	if err != nil {
		return 0, fmt.Errorf("next number: %w", err)
	}
	n := Number{SeriesID: got.ID, Seq: got.Next - 1, State: NumberReserved, LetterID: letterID, At: time.Now().UTC()}
	if _, err := tx.idb.NewInsert().Model(&n).Exec(ctx); err != nil {
		return 0, fmt.Errorf("reserve number: %w", err)
	}
	return n.Seq, nil
}

// SettleNumbers turns the letter's reserved numbers into used or void ones. Void
// is final: the number is never given again.
func (tx Tx) SettleNumbers(ctx context.Context, letterID, state, reason string) error {
	_, err := tx.idb.NewUpdate().Model((*Number)(nil)).Set("state = ?", state).Set("reason = ?", reason).Set("at = ?", time.Now().UTC()).
		Where("letter_id = ? AND state = ?", letterID, NumberReserved).Exec(ctx)
	return err
}

// ReservedNumber is the number that a letter holds in the series and year, 0
// when it holds none: a letter sent back keeps its number in the same year.
func (q queries) ReservedNumber(ctx context.Context, officeID, series string, year int, letterID string) (int, error) {
	var seqs []int
	err := q.idb.NewSelect().Model((*Number)(nil)).ColumnExpr("number.seq").
		Join("JOIN number_series AS s ON s.id = number.series_id").
		Where("s.office_id = ? AND s.code = ? AND s.year = ? AND number.letter_id = ? AND number.state = ?", officeID, series, year, letterID, NumberReserved).
		Scan(ctx, &seqs)
	if err != nil || len(seqs) == 0 {
		return 0, err
	}
	return seqs[0], nil
}

// Numbers are all numbers of a series in a year, in order.
func (q queries) Numbers(ctx context.Context, officeID, series string, year int) ([]Number, error) {
	var rows []Number
	err := q.idb.NewSelect().Model(&rows).Join("JOIN number_series AS s ON s.id = number.series_id").
		Where("s.office_id = ? AND s.code = ? AND s.year = ?", officeID, series, year).OrderExpr("number.seq").Scan(ctx)
	return rows, err
}
