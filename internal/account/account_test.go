package account

import (
	"errors"
	"strings"
	"testing"
	"time"

	"naskah/internal/letter"
	"naskah/internal/problem"
)

func person(id, office, unit, position string, role Role) Actor {
	return Actor{PersonID: id, OfficeID: office, Holdings: []Holding{{
		PositionID: position, OfficeID: office, UnitID: unit, Role: role, Abilities: DefaultAbilities(role),
	}}}
}

func TestSecurityClassDecidesWhoSees(t *testing.T) {
	t.Parallel()
	camat := person("camat", "ccl", "", "n-camat", RoleHead)
	kasi := person("kasi", "ccl", "pem", "n-kasi", RoleSection)
	other := person("other", "ccl", "kes", "n-other", RoleSection)
	archivist := person("cucu", "ccl", "umum", "n-arsip", RoleArchivist)
	author := person("deni", "ccl", "umum", "n-catat", RoleClerk)
	stranger := person("x", "lain", "pem2", "n-x", RoleHead)
	everyone := map[string]Actor{"camat": camat, "kasi": kasi, "other": other, "archivist": archivist, "author": author, "stranger": stranger}
	for class, may := range map[letter.Class]string{
		letter.Open:       "camat kasi other archivist author",
		letter.Restricted: "camat kasi archivist author",
		letter.Secret:     "camat author",
		letter.TopSecret:  "author",
	} {
		readers := Audience{OfficeID: "ccl", UnitID: "pem", Class: class, People: []string{"deni"}}.Readers()
		for name, actor := range everyone {
			if got, want := actor.MaySee(readers), strings.Contains(may, name); got != want {
				t.Errorf("%s letter, %s: sees %v, want %v", class, name, got, want)
			}
		}
	}
}

func TestWhoActsForAPositionSeesWhatItTakesPartIn(t *testing.T) {
	t.Parallel()
	readers := Audience{OfficeID: "ccl", Class: letter.Secret, Positions: []string{"n-sekcam"}}.Readers()
	plt := person("plt", "ccl", "kes", "n-sekcam", RoleSection)
	if !plt.MaySee(readers) {
		t.Fatal("the acting secretary must see it")
	}
	if (Actor{}).MaySee(readers) {
		t.Fatal("nobody must see nothing")
	}
}

func TestAnOverseerSeesOpenLettersBelowAndNoMore(t *testing.T) {
	t.Parallel()
	boss := person("boss", "kab", "", "n-boss", RoleHead)
	boss.Below = []string{"ccl"}
	if !boss.MaySee(Audience{OfficeID: "ccl", Class: letter.Open}.Readers()) {
		t.Fatal("an open letter below must be seen")
	}
	if boss.MaySee(Audience{OfficeID: "ccl", Class: letter.Secret}.Readers()) {
		t.Fatal("a secret letter below must not be seen")
	}
}

func TestRefusalSaysWhoMay(t *testing.T) {
	t.Parallel()
	clerk := person("deni", "ccl", "", "n", RoleClerk)
	if err := clerk.Require(CanRegister); err != nil {
		t.Fatal(err)
	}
	err := clerk.Require(CanAdminister)
	if !errors.Is(err, problem.Forbidden) || !strings.Contains(problem.Sentence(err, "id"), "Kasubag Umum") {
		t.Fatalf("got %v", err)
	}
}

func TestPasswordIsKnownAgainAndNothingElse(t *testing.T) {
	t.Parallel()
	kept := HashPassword("tiga kata mudah")
	if !CheckPassword(kept, "tiga kata mudah") {
		t.Fatal("the right password was refused")
	}
	for _, wrong := range []string{"", "tiga kata", "Tiga kata mudah"} {
		if CheckPassword(kept, wrong) {
			t.Errorf("%q was let in", wrong)
		}
	}
	for _, broken := range []string{"", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "plain"} {
		if CheckPassword(broken, "") {
			t.Errorf("kept text %q lets people in", broken)
		}
	}
	if err := CheckNewPassword("pendek"); !errors.Is(err, problem.Invalid) {
		t.Fatalf("got %v", err)
	}
}

func TestAppointmentCountsOnItsLastDay(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 11, d, 10, 0, 0, 0, time.UTC) }
	from, until := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)
	for d, want := range map[int]bool{2: false, 3: true, 5: true, 6: false} {
		if got := HoldsAt(from, until, day(d)); got != want {
			t.Errorf("day %d: %v", d, got)
		}
	}
	if !HoldsAt(from, time.Time{}, day(30)) {
		t.Error("an open appointment ended")
	}
}
