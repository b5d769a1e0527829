package db

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/uptrace/bun"

	"naskah/internal/problem"
)

// tables are all rows of a backup, parents before children. Sessions and one-use
// tokens are left out: they mean nothing elsewhere. River's jobs are left out
// too: what waits is queued anew from the letters.
func tables() []any {
	return []any{
		(*Office)(nil), (*Unit)(nil), (*Person)(nil), (*Position)(nil), (*Appointment)(nil), (*Key)(nil), (*Token)(nil), (*LetterKind)(nil), (*Classification)(nil),
		(*Letter)(nil), (*letterReader)(nil), (*Draft)(nil), (*Version)(nil), (*Initial)(nil), (*File)(nil), (*Page)(nil), (*NumberSeries)(nil), (*Number)(nil), (*Verification)(nil), (*auditRow)(nil),
		(*Disposition)(nil), (*Assignment)(nil), (*Delivery)(nil), (*Copy)(nil), (*Opened)(nil), (*Instruction)(nil), (*Renewal)(nil),
	}
}

func tableName(model any) string {
	field, _ := reflect.TypeOf(model).Elem().FieldByName("BaseModel")
	return field.Tag.Get("bun")[len("table:"):]
}

type exported struct {
	Table string          `json:"table"`
	Row   json.RawMessage `json:"row"`
}

// Export writes all rows as of one moment, one JSON object a line, the same on
// both databases. refs is called with each object that the rows need.
func (d *DB) Export(ctx context.Context, w io.Writer, refs func(ref string) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.reader.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin export: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	out := bufio.NewWriter(w)
	for _, model := range tables() {
		if err := d.exportTable(ctx, tx, out, model); err != nil {
			return fmt.Errorf("export %s: %w", tableName(model), err)
		}
	}
	if err := (queries{idb: tx}).EachRef(ctx, refs); err != nil {
		return fmt.Errorf("export references: %w", err)
	}
	if err := json.NewEncoder(out).Encode(exported{endOfBackup, []byte("null")}); err != nil {
		return fmt.Errorf("end export: %w", err)
	}
	return out.Flush()
}

// endOfBackup is the table of the last line: a backup that was cut off between two
// rows lacks it.
const endOfBackup = "end"

// exportTable walks the table with one cursor, so that its size does not matter.
func (d *DB) exportTable(ctx context.Context, tx bun.Tx, w io.Writer, model any) (err error) {
	rows, err := tx.NewSelect().Model(model).OrderExpr("1, 2").Rows(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	name, rowType := tableName(model), reflect.TypeOf(model).Elem()
	for rows.Next() {
		row := reflect.New(rowType).Interface()
		if err := d.reader.ScanRow(ctx, rows, row); err != nil {
			return err
		}
		if err := writeRow(w, name, row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func writeRow(w io.Writer, table string, row any) error {
	raw, err := json.Marshal(row)
	if err != nil {
		return err
	}
	line, err := json.Marshal(exported{table, raw})
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// maxLine bounds one row of a backup: a page's text is the largest.
const maxLine = 64 << 20

// Import fills an empty database with what Export wrote, in one transaction. A
// database that holds anything is problem.Conflict.
func (d *DB) Import(ctx context.Context, r io.Reader) error {
	offices, err := d.Offices(ctx)
	if err != nil {
		return err
	}
	if len(offices) > 0 {
		return problem.New(problem.Conflict, "Basis data ini sudah berisi. Pulihkan ke folder atau basis data yang kosong.",
			"This database is not empty. Restore into an empty folder or database.", nil)
	}
	models := map[string]reflect.Type{}
	for _, m := range tables() {
		models[tableName(m)] = reflect.TypeOf(m).Elem()
	}
	return d.InTx(ctx, func(ctx context.Context, tx Tx) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		whole := false
		for lines.Scan() {
			whole = bytes.HasPrefix(lines.Bytes(), []byte(`{"table":"`+endOfBackup+`"`))
			if whole {
				continue
			}
			if err := importRow(ctx, tx, models, lines.Bytes()); err != nil {
				return err
			}
		}
		if err := lines.Err(); err != nil {
			return err
		}
		if !whole {
			return damagedBackup(errors.New("its end is missing"))
		}
		return nil
	})
}

func importRow(ctx context.Context, tx Tx, models map[string]reflect.Type, line []byte) error {
	var e exported
	if err := json.Unmarshal(line, &e); err != nil {
		return damagedBackup(err)
	}
	rowType, ok := models[e.Table]
	if !ok {
		return damagedBackup(fmt.Errorf("unknown table %q", e.Table))
	}
	row := reflect.New(rowType)
	dec := json.NewDecoder(bytes.NewReader(e.Row))
	dec.DisallowUnknownFields()
	if err := dec.Decode(row.Interface()); err != nil {
		return damagedBackup(err)
	}
	_, err := tx.idb.NewInsert().Model(row.Interface()).Exec(ctx)
	return err
}

func damagedBackup(cause error) error {
	return problem.New(problem.Invalid, "Berkas cadangan rusak atau dari versi lain. Pakai cadangan lain.", "The backup is damaged or of another version. Use another backup.", cause)
}
