package setup

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // logos are PNG or JPEG
	_ "image/png"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/problem"
	"naskah/internal/typeset"
)

// Kind is what an administrator may say about a kind of letter.
type Kind struct {
	Name, Layout, Classification, Series, NumberFormat, Sample, PublicView string
}

func (k Kind) check(d Desk) (Kind, error) {
	k.Name, k.Series = strings.TrimSpace(k.Name), strings.Trim(plainCode.ReplaceAllString(strings.ToLower(k.Series), "-"), "-")
	if k.Name == "" || k.Series == "" {
		return k, empty("Isi nama jenis surat dan buku nomornya.", "Fill in the kind's name and its number book.")
	}
	if !slices.Contains([]string{"publik", "kode", "tidak"}, k.PublicView) {
		return k, empty("Pilih siapa yang boleh melihat suratnya lewat kode QR.", "Choose who may see the letter through its QR code.")
	}
	return k, checkFormat(k.NumberFormat, d)
}

var plainCode = regexp.MustCompile(`[^a-z0-9]+`)

// SaveKind adds a kind ("" as code) or changes one. A new kind takes its code from
// its name. The number's form must show the running number, or two letters would
// bear the same.
func (d Desk) SaveKind(ctx context.Context, actor account.Actor, code string, k Kind) error {
	k, err := k.check(d)
	if err != nil {
		return err
	}
	fresh := code == ""
	if fresh {
		if code = strings.Trim(plainCode.ReplaceAllString(strings.ToLower(k.Name), "-"), "-"); code == "" {
			return empty("Nama jenis surat ini tidak dapat dipakai.", "This name cannot be used.")
		}
	}
	return d.change(ctx, actor, entry{"kind-saved", "kind", code, k}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Kind(ctx, actor.OfficeID, code)
		switch {
		case fresh && err == nil:
			return problem.New(problem.Conflict, "Jenis surat dengan nama itu sudah ada.", "There is a kind of that name already.", nil)
		case !fresh && err != nil:
			return gone(err)
		case err != nil && !errors.Is(err, problem.NotFound):
			return err
		}
		if fresh {
			if !slices.Contains(letter.Kinds(), k.Layout) {
				return empty("Pilih bentuk suratnya.", "Choose the layout.")
			}
			row = db.LetterKind{OfficeID: actor.OfficeID, Code: code, Layout: k.Layout, Direction: string(letter.Outgoing), Place: newKindsPlace}
		}
		row.Name, row.Classification, row.Series, row.NumberFormat, row.Sample, row.PublicView = k.Name, strings.TrimSpace(k.Classification), k.Series, k.NumberFormat, k.Sample, k.PublicView
		if fresh {
			return tx.Insert(ctx, &row)
		}
		return tx.Update(ctx, &row)
	})
}

// newKindsPlace puts new kinds behind the usual ones and before incoming letters.
const newKindsPlace = 5

func checkFormat(format string, d Desk) error {
	if !strings.Contains(format, "{urut") {
		return empty("Format nomor harus memuat {urut}, supaya tidak ada dua surat bernomor sama.", "The number format must hold {urut}, or two letters would bear one number.")
	}
	_, err := Example(format, d)
	return err
}

// Example is a number in this format as it would look today; problem.Invalid
// names what is not known in it.
func Example(format string, d Desk) (string, error) {
	return letter.FormatNumber(format, letter.NumberParts{Classification: "000.1.5", Seq: 12, Unit: "Kec", Kind: "und", ClassMark: "B", Date: d.Now()})
}

// Limits of an imported list of archive codes: the full national list has 2,940.
const (
	maxCodes     = 20000
	maxCodesFile = 4 << 20
)

var codeShape = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)

// ImportClassifications adds and renames archive codes from a table with the
// columns code, name and, if wanted, everyday words; parted by comma, semicolon or
// tab. Nothing is taken when one line is wrong: the sentence names the line.
func (d Desk) ImportClassifications(ctx context.Context, actor account.Actor, file []byte) (int, error) {
	if err := actor.Require(account.CanAdminister); err != nil {
		return 0, err
	}
	rows, err := readCodes(actor.OfficeID, file)
	if err != nil {
		return 0, err
	}
	return len(rows), d.change(ctx, actor, entry{"classification-imported", "office", actor.OfficeID, len(rows)}, func(ctx context.Context, tx db.Tx) error {
		return tx.PutClassifications(ctx, rows)
	})
}

func readCodes(officeID string, file []byte) ([]db.Classification, error) {
	if len(file) == 0 || len(file) > maxCodesFile || !utf8.Valid(file) {
		return nil, empty("Berkas ini kosong, terlalu besar, atau bukan CSV UTF-8. Simpan ulang tabelnya sebagai “CSV UTF-8”.", "This file is empty, too large or not a CSV in UTF-8. Save the table again as “CSV UTF-8”.")
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	r.Comma = commaOf(file)
	known := map[string]int{}
	var rows []db.Classification
	for heading := true; ; heading = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badLine(lineOf(err), err)
		}
		line, _ := r.FieldPos(0)
		row := codeOf(officeID, record)
		if !codeShape.MatchString(row.Code) || row.Name == "" {
			if heading && !strings.ContainsAny(record[0], "0123456789") { // the columns' names
				continue
			}
			return nil, badLine(line, nil)
		}
		if at, ok := known[row.Code]; ok {
			rows[at] = row
			continue
		}
		known[row.Code] = len(rows)
		if rows = append(rows, row); len(rows) > maxCodes {
			return nil, empty("Daftar ini lebih dari 20.000 kode.", "This list has more than 20,000 codes.")
		}
	}
	if len(rows) == 0 {
		return nil, empty("Tidak ada kode di dalam berkas ini. Kolom pertama kode, kolom kedua namanya.", "There is no code in this file. The first column is the code, the second its name.")
	}
	return rows, nil
}

// commaOf is what parts the columns, seen in the first line.
func commaOf(file []byte) rune {
	first, _, _ := bytes.Cut(file, []byte("\n"))
	for _, comma := range []rune{'\t', ';'} {
		if strings.ContainsRune(string(first), comma) {
			return comma
		}
	}
	return ','
}

func codeOf(officeID string, record []string) db.Classification {
	cells := append(record, "", "")
	return db.Classification{OfficeID: officeID, Code: strings.Trim(strings.TrimSpace(cells[0]), "."), Name: strings.TrimSpace(cells[1]), Aliases: strings.TrimSpace(cells[2])}
}

// lineOf is where the CSV reader stopped.
func lineOf(err error) int {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return at.Line
	}
	return 0
}

func badLine(line int, cause error) error {
	return problem.New(problem.Invalid, fmt.Sprintf("Baris %d tidak dapat dibaca: kolom pertama harus kode seperti 000.1.5, kolom kedua namanya. Tidak ada yang diubah.", line),
		fmt.Sprintf("Line %d cannot be read: the first column must be a code like 000.1.5, the second its name. Nothing was changed.", line), cause)
}

// SaveClassification adds or renames one code.
func (d Desk) SaveClassification(ctx context.Context, actor account.Actor, code, name, aliases string) error {
	code, name = strings.TrimSpace(code), strings.TrimSpace(name)
	if !codeShape.MatchString(code) || name == "" {
		return empty("Isi kode seperti 000.1.5 dan namanya.", "Fill in a code like 000.1.5 and its name.")
	}
	return d.change(ctx, actor, entry{"classification-saved", "classification", code, name}, func(ctx context.Context, tx db.Tx) error {
		return tx.PutClassifications(ctx, []db.Classification{{OfficeID: actor.OfficeID, Code: code, Name: name, Aliases: strings.TrimSpace(aliases)}})
	})
}

// RemoveClassification takes a code off the list; letters keep what they bear.
func (d Desk) RemoveClassification(ctx context.Context, actor account.Actor, code string) error {
	return d.change(ctx, actor, entry{"classification-removed", "classification", code, nil}, func(ctx context.Context, tx db.Tx) error {
		return tx.Remove(ctx, &db.Classification{OfficeID: actor.OfficeID, Code: code})
	})
}

// Largest logo: it is printed 24 mm high and goes into every letter.
const (
	maxLogo       = 512 << 10
	maxLogoPixels = 2000
)

// SaveLetterhead changes the head and foot of every letter from now on. An empty
// logo keeps the one before; noLogo takes it away.
func (d Desk) SaveLetterhead(ctx context.Context, actor account.Actor, head typeset.Letterhead, t typeset.Template, noLogo bool) error {
	if len(head.Lines) == 0 {
		return empty("Kop surat perlu paling sedikit satu baris.", "The letterhead needs at least one line.")
	}
	if err := checkLogo(head.Logo); err != nil {
		return err
	}
	return d.change(ctx, actor, entry{"letterhead-changed", "office", actor.OfficeID, t}, func(ctx context.Context, tx db.Tx) error {
		row, err := tx.Office(ctx, actor.OfficeID)
		if err != nil {
			return err
		}
		if len(head.Logo) == 0 && !noLogo {
			old, _, err := Look(row)
			if err != nil {
				return err
			}
			head.Logo = old.Logo
		}
		h, err := json.Marshal(head)
		if err != nil {
			return fmt.Errorf("letterhead: %w", err)
		}
		tpl, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("template: %w", err)
		}
		row.Letterhead, row.Template = string(h), string(tpl)
		return tx.Update(ctx, &row)
	})
}

func checkLogo(logo []byte) error {
	if len(logo) == 0 {
		return nil
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(logo))
	if err != nil || len(logo) > maxLogo || c.Width > maxLogoPixels || c.Height > maxLogoPixels {
		return problem.New(problem.Invalid, "Logo harus gambar PNG atau JPEG, paling besar 500 KB dan 2.000 × 2.000 titik.", "The logo must be a PNG or JPEG picture of at most 500 KB and 2,000 × 2,000 dots.", err)
	}
	if _, _, err := image.Decode(bytes.NewReader(logo)); err != nil {
		return problem.New(problem.Invalid, "Gambar logo ini rusak. Simpan ulang sebagai PNG.", "This logo is broken. Save it again as PNG.", fmt.Errorf("%s: %w", format, err))
	}
	return nil
}

// Look reads how an office's letters look.
func Look(o db.Office) (typeset.Letterhead, typeset.Template, error) {
	head, t := typeset.Letterhead{}, typeset.DefaultTemplate()
	if err := json.Unmarshal([]byte(o.Letterhead), &head); err != nil {
		return head, t, fmt.Errorf("letterhead of office %s: %w", o.ID, err)
	}
	if o.Template != "" {
		if err := json.Unmarshal([]byte(o.Template), &t); err != nil {
			return head, t, fmt.Errorf("template of office %s: %w", o.ID, err)
		}
	}
	return head, t, nil
}

// SaveInstructions replaces the standard words of dispositions, one a line; none
// brings the usual ones back.
func (d Desk) SaveInstructions(ctx context.Context, actor account.Actor, lines []string) error {
	return d.change(ctx, actor, entry{"instructions-changed", "office", actor.OfficeID, lines}, func(ctx context.Context, tx db.Tx) error {
		return tx.SetInstructions(ctx, actor.OfficeID, lines)
	})
}
