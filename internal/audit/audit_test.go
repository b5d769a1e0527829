package audit_test

import (
	"reflect"
	"testing"
	"time"

	"naskah/internal/audit"
)

func chain(n int) []audit.Entry {
	var out []audit.Entry
	var seq int64
	var hash string
	for range n {
		e := audit.Entry{ID: "id", OfficeID: "office", At: time.Now(), PersonID: "p", Actor: "Asep", Title: "Camat", Action: "sign", Kind: "letter", ObjectID: "l", Detail: `{"a":1}`}.Chain(seq, hash)
		out, seq, hash = append(out, e), e.Seq, e.Hash
	}
	return out
}

func check(entries []audit.Entry) int {
	var c audit.Checker
	for i, e := range entries {
		if c.Next(e) != nil {
			return i
		}
	}
	return -1
}

func TestWholeChainIsUnbroken(t *testing.T) {
	t.Parallel()
	if at := check(chain(5)); at != -1 {
		t.Fatalf("broken at %d", at)
	}
}

func TestAnyChangedMemberBreaksTheChainThere(t *testing.T) {
	t.Parallel()
	members := reflect.TypeFor[audit.Entry]()
	for i := range members.NumField() {
		entries := chain(3)
		field := reflect.ValueOf(&entries[1]).Elem().Field(i)
		switch field.Interface().(type) {
		case string:
			field.SetString(field.String() + "x")
		case int64:
			field.SetInt(field.Int() + 1)
		case time.Time:
			field.Set(reflect.ValueOf(entries[1].At.Add(time.Millisecond)))
		}
		if at := check(entries); at != 1 {
			t.Errorf("%s changed, broken at %d", members.Field(i).Name, at)
		}
	}
}

func TestRemovedAndReorderedEntriesAreFound(t *testing.T) {
	t.Parallel()
	whole := chain(4)
	for name, entries := range map[string][]audit.Entry{
		"first removed":  whole[1:],
		"middle removed": {whole[0], whole[2], whole[3]},
		"swapped":        {whole[0], whole[2], whole[1], whole[3]},
		"twice":          {whole[0], whole[0]},
	} {
		if check(entries) == -1 {
			t.Errorf("%s: not found", name)
		}
	}
}

func TestTextsCannotBeMovedBetweenMembers(t *testing.T) {
	t.Parallel()
	a, b := audit.Entry{Actor: `a","b`, Title: "c"}, audit.Entry{Actor: "a", Title: `b","c`}
	if a.Sum() == b.Sum() {
		t.Fatal("two entries have one hash")
	}
}

func TestTheSameMomentInAnotherZoneHasTheSameHash(t *testing.T) {
	t.Parallel()
	e := audit.Entry{At: time.Now()}.Chain(0, "")
	e.At = e.At.In(time.FixedZone("WIB", 7*3600))
	if e.Sum() != e.Hash {
		t.Fatal("the zone counts")
	}
}
