package web

import (
	"fmt"
	"net/url"
	"slices"
)

// Form is what a person typed, and what was wrong with it. A failed form comes
// back with everything they typed, passwords excepted.
type Form struct {
	Values url.Values
	Errors []FieldError
}

// FieldError says in one sentence what to do about a field. Field may be empty
// when the form as a whole failed.
type FieldError struct {
	Field    string
	Sentence string
}

// Value is the first value of a field.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// Has says whether a ticked or chosen field holds the value.
func (f Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// At is the i-th value of a field that occurs several times.
func (f Form) At(name string, i int) string {
	if v := f.Values[name]; i < len(v) {
		return v[i]
	}
	return ""
}

// Error is the sentence for a field, or "".
func (f Form) Error(name string) string {
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Sentence
		}
	}
	return ""
}

// Fail gives the form with one more sentence.
func (f Form) Fail(field, sentence string) Form {
	f.Errors = append(slices.Clone(f.Errors), FieldError{field, sentence})
	return f
}

// Option is one choice in a list.
type Option struct {
	Value string
	Label string
}

// field is what the components "field", "area", "choose", "radios" and "secret"
// draw. Texts are keys of phrases.
type field struct {
	Name, ID      string
	Label, Hint   string // keys
	Value, Error  string
	Type          string
	Auto          string // autocomplete
	Mode          string // inputmode
	List          string // id of a datalist
	Width         string // s, m, l: how long an answer is expected
	Rows, Max     int
	Optional      bool
	Accept        string
	Multiple      bool
	Options       []Option
	Form          Form
	Index         int
	IndexedLabel  bool // the label's phrase takes N
	EmptyLabelKey string
}

// input makes a field for a component: input "nomor" .Form "register.number" and
// then pairs: "hint" key, "type" t, "auto" a, "mode" m, "list" id, "width" w,
// "rows" n, "max" n, "optional" true, "options" list, "at" i, "empty" key.
func input(name string, form Form, label string, pairs ...any) (field, error) {
	f := field{Name: name, ID: "f-" + name, Label: label, Form: form, Type: "text", Auto: "off", Width: "l", Value: form.Value(name), Error: form.Error(name)}
	set, err := dict(pairs...)
	if err != nil {
		return f, err
	}
	for key, v := range set {
		if err := f.set(key, v); err != nil {
			return f, fmt.Errorf("field %s: %w", name, err)
		}
	}
	if f.Type == "password" {
		f.Value = ""
	}
	return f, nil
}

func (f *field) set(key string, v any) error {
	switch x := v.(type) {
	case string:
		return f.setText(key, x)
	case int:
		return f.setNumber(key, x)
	case bool:
		f.Optional = f.Optional || key == "optional" && x
		f.Multiple = f.Multiple || key == "multiple" && x
		return nil
	case []Option:
		f.Options = x
		return nil
	default:
		return fmt.Errorf("%s cannot be %T", key, v)
	}
}

func (f *field) setText(key, v string) error {
	places := map[string]*string{
		"hint": &f.Hint, "type": &f.Type, "auto": &f.Auto, "mode": &f.Mode, "list": &f.List,
		"width": &f.Width, "accept": &f.Accept, "empty": &f.EmptyLabelKey, "value": &f.Value, "id": &f.ID,
	}
	p, ok := places[key]
	if !ok {
		return fmt.Errorf("nothing is called %s", key)
	}
	*p = v
	return nil
}

func (f *field) setNumber(key string, v int) error {
	switch key {
	case "rows":
		f.Rows = v
	case "max":
		f.Max = v
	case "at":
		f.Index, f.IndexedLabel = v, true
		if v > 0 {
			f.ID = fmt.Sprintf("f-%s-%d", f.Name, v+1)
		}
		f.Value = f.Form.At(f.Name, v)
		if v > 0 {
			f.Error = "" // the sentence stands at the first
		}
	default:
		return fmt.Errorf("nothing is called %s", key)
	}
	return nil
}

// Describe are the ids that explain the field to a screen reader.
func (f field) Describe() string {
	var ids string
	if f.Hint != "" {
		ids = f.ID + "-hint"
	}
	if f.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.ID + "-salah"
	}
	return ids
}
