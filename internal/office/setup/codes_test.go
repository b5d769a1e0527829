package setup

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"naskah/internal/db"
	"naskah/internal/problem"
)

func TestAListOfCodesIsReadWhateverPartsItsColumns(t *testing.T) {
	t.Parallel()
	want := []db.Classification{{OfficeID: "o", Code: "000.1.5", Name: "Rapat Pimpinan", Aliases: "rapat"}, {OfficeID: "o", Code: "900", Name: "Keuangan"}}
	for name, file := range map[string]string{
		"comma":            "000.1.5,Rapat Pimpinan,rapat\n900,Keuangan\n",
		"semicolon, names": "\ufeffKode;Nama;Kata\r\n000.1.5;Rapat Pimpinan;rapat\r\n\r\n900;Keuangan;\r\n",
		"tab":              "000.1.5.\tRapat Pimpinan\trapat\n900\tKeuangan",
		"a code twice":     "900,Lama\n000.1.5,x\n000.1.5,Rapat Pimpinan,rapat\n900,Keuangan\n",
	} {
		got, err := readCodes("o", []byte(file))
		if name == "a code twice" && len(got) == 2 {
			got[0], got[1] = got[1], got[0]
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b db.Classification) bool {
			return a.Code == b.Code && a.Name == b.Name && a.Aliases == b.Aliases
		})); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestAWrongLineIsNamed(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"000,1;Umum\n":               "Baris 1",
		"Kode;Nama\n900;Keuangan\nx": "Baris 3",
		"900;Keuangan\n\n\n901;\n":   "Baris 4",
		"":                           "kosong",
		"Kode;Nama\n":                "Tidak ada kode",
		"\xff\xfe9\x000\x000":        "CSV UTF-8",
	} {
		if _, err := readCodes("o", []byte(file)); !errors.Is(err, problem.Invalid) || !strings.Contains(problem.Sentence(err, "id"), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func FuzzAListOfCodesIsReadOrRefused(f *testing.F) {
	for _, seed := range []string{"000.1.5,Rapat,rapat\n", "Kode;Nama\n900;Keuangan", "9\t\"x\ny\"\n", "\ufeff,;\n", "900,\"Keu"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := readCodes("o", file)
		if err != nil && !errors.Is(err, problem.Invalid) {
			t.Fatalf("no sentence: %v", err)
		}
		for _, r := range rows {
			if !codeShape.MatchString(r.Code) || r.Name == "" {
				t.Fatalf("took %+v", r)
			}
		}
	})
}
