package searchtest

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"naskah/search"
)

// Asked is a question with what it asks for.
type Asked struct {
	Kind     string // words, phrase, prefix, short prefix, typo, number, filter, everything or newest
	Question search.Question
	Want     string // the id of a letter that must be among the answers; empty when many are as good
}

// Questions are count questions of all kinds in turn about Letters(seed, n), asked by
// somebody of the office. A question that wants a letter wants one that they may
// see.
func Questions(seed uint64, n, count int) []Asked {
	r := rand.New(rand.NewPCG(seed, 1<<63)) //nolint:gosec // a generator that repeats, not a secret
	ask := []func(*rand.Rand, search.Document) Asked{words2, phrase, prefix, shortPrefix, typo, number, filter, everything, newest}
	out := make([]Asked, 0, count)
	for i := range count {
		d := Letter(seed, r.IntN(n))
		for !sees(d) {
			d = Letter(seed, r.IntN(n))
		}
		a := ask[i%len(ask)](r, d)
		a.Question.Readers = asker()
		out = append(out, a)
	}
	return out
}

func asker() []string {
	return []string{Office, UnitReader("Seksi Pemerintahan"), "person:asep", "position:kasi-pemerintahan", "participant:asep"}
}

func sees(d search.Document) bool {
	for _, a := range asker() {
		for _, b := range d.Readers {
			if a == b {
				return true
			}
		}
	}
	return false
}

// telling are words of the letter's first page and subject that say something:
// letters only, five or more.
func telling(d search.Document) []string {
	var out []string
	for _, w := range strings.Fields(d.Pages[0]) {
		if w = strings.Trim(w, ".,"); len(w) >= 5 && strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) < 0 {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

func words2(r *rand.Rand, d search.Document) Asked {
	w := telling(d)
	return Asked{Kind: "words", Want: d.ID, Question: search.Question{Text: pick(r, w) + " " + pick(r, w) + " " + pick(r, strings.Fields(d.Fields.Subject)) + " "}}
}

func phrase(r *rand.Rand, d search.Document) Asked {
	w := strings.Fields(strings.NewReplacer("\"", "", "\n", " ").Replace(d.Pages[0]))
	at := r.IntN(len(w) - 4)
	return Asked{Kind: "phrase", Want: d.ID, Question: search.Question{Text: `"` + strings.Join(w[at:at+3], " ") + `"`}}
}

func prefix(r *rand.Rand, d search.Document) Asked {
	w := pick(r, telling(d))
	return Asked{Kind: "prefix", Question: search.Question{Text: pick(r, telling(d)) + " " + w[:4]}}
}

func shortPrefix(r *rand.Rand, d search.Document) Asked {
	return Asked{Kind: "short prefix", Question: search.Question{Text: pick(r, telling(d))[:1+r.IntN(3)]}}
}

func typo(r *rand.Rand, d search.Document) Asked {
	w := []byte(pick(r, telling(d)))
	w[1+r.IntN(len(w)-1)] = 'q'
	return Asked{Kind: "typo", Want: d.ID, Question: search.Question{Text: string(w) + " " + pick(r, telling(d)) + " "}}
}

// number is the letter's number as people write it.
func number(r *rand.Rand, d search.Document) Asked {
	n := d.Fields.Number
	switch r.IntN(4) {
	case 0:
		n = strings.NewReplacer("/", " ", ".", " ").Replace(n)
	case 1:
		n = strings.NewReplacer("/", "", ".", "", " ", "").Replace(n)
	case 2:
		n = strings.ToLower(strings.TrimPrefix(n, d.Fields.Classification+"/"))
	}
	return Asked{Kind: "number", Want: d.ID, Question: search.Question{Text: n}}
}

func filter(r *rand.Rand, d search.Document) Asked {
	return Asked{Kind: "filter", Want: d.ID, Question: search.Question{Text: pick(r, telling(d)) + " ", Filter: search.Filter{
		Years: []int{d.Fields.Date.Year()}, Kinds: []string{d.Fields.Kind}, Units: []string{d.Fields.Unit},
	}}}
}

func everything(r *rand.Rand, d search.Document) Asked {
	a := Asked{Kind: "everything"}
	if r.IntN(2) == 0 {
		a.Question.Filter.Years = []int{d.Fields.Date.Year()}
	}
	return a
}

func newest(r *rand.Rand, _ search.Document) Asked {
	return Asked{Kind: "newest", Question: search.Question{Text: pick(r, []string{"kecamatan", "undangan", "desa", "musrenbang", "pengamanan hajat", "rapat koordinasi"}) + " ", Order: search.ByNewest}}
}
