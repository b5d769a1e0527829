package revision

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObjectsAreReadAsTheStandardWritesThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Object{
		"null":              nil,
		"true":              true,
		"-17 ":              int64(-17),
		"+.5":               0.5,
		"/A#20B":            Name("A B"),
		"/":                 Name(""),
		"[1 2 R]":           nil, // "2 R" is no object
		"[1 0 R 2]":         Array{Ref{1, 0}, int64(2)},
		"<4 1 4>":           nil,
		"% note\n7":         int64(7),
		"<</A null/B 1>>":   nil,
		"<</A 1 /A 2>>":     nil,
		"(\\101\\\n(x)\\))": nil,
	} {
		p := parser{buf: []byte(in), whole: true}
		got, err := p.object(0)
		switch in {
		case "[1 2 R]":
			// one number, one reference without a second number
			if diff := cmp.Diff(Array{Ref{1, 2}}, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", in, err, diff)
			}
		case "<4 1 4>":
			if s, ok := got.(String); !ok || !bytes.Equal(s.Value, []byte{0x41, 0x40}) || s.End != 7 {
				t.Errorf("%s: %v %v", in, got, err)
			}
		case "<</A null/B 1>>":
			if d, ok := got.(*Dict); !ok || d.Get("A") != nil || len(d.Keys()) != 2 {
				t.Errorf("%s: %v %v", in, got, err)
			}
		case "<</A 1 /A 2>>":
			if d, ok := got.(*Dict); !ok || len(d.Repeated) != 1 || d.Get("A") != int64(1) {
				t.Errorf("%s: %v %v", in, got, err)
			}
		case "(\\101\\\n(x)\\))":
			if s, ok := got.(String); !ok || string(s.Value) != "A(x))" {
				t.Errorf("%s: %v %v", in, got, err)
			}
		default:
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", in, err, diff)
			}
		}
	}
}

func TestWhatIsNoObjectIsAnError(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", ")", "<", "<<", "<</A", "<</A>>", "<<1 2>>", "[1", "(", "(\\", "<4g>", "<41", "NaN", "Inf", "nul", "{", "1e9999", string(bytes.Repeat([]byte("["), 200))} {
		p := parser{buf: []byte(in), whole: true}
		if o, err := p.object(0); err == nil {
			t.Errorf("%.20q gives %v", in, o)
		}
	}
}

// What was read, written again, is read the same.
func FuzzObjectsSurviveWriting(f *testing.F) {
	for _, s := range []string{"<</A[1 0 R(x\\\\)<41>]/B#20<</C -1.5>>>>", "[true false null 0.000001]", "/A#00", "((()))"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		p := parser{buf: in, whole: true}
		o, err := p.object(0)
		if err != nil {
			return
		}
		var one, two bytes.Buffer
		Write(&one, o)
		q := parser{buf: one.Bytes(), whole: true}
		again, err := q.object(0)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", in, one.Bytes(), err)
		}
		Write(&two, again)
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("%q, then %q", one.Bytes(), two.Bytes())
		}
	})
}
