package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"unicode/utf8"
)

// funcs are what templates may call, in one language.
func (r *Renderer) funcs(p phrases) template.FuncMap {
	return template.FuncMap{
		"t": p.t, "n": p.n, "has": p.has,
		"date": p.date, "longdate": p.longDate, "datetime": p.dateTime, "zonedtime": p.zonedTime, "clock": p.clock,
		"number": p.number, "size": p.size, "percent": p.percent,
		"asset": r.assets.url, "icon": r.icon,
		"dict": dict, "input": input, "badge": badgeOf, "arg": url.QueryEscape,
		"short": short, "breaks": breaks, "look": mainFirst, "add": func(a, b int) int { return a + b },
	}
}

// icon is a picture beside a word, never instead of one.
func (r *Renderer) icon(name string) (template.HTML, error) {
	if !r.assets.icons[name] {
		return "", fmt.Errorf("no icon %q", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + r.assets.urls["icons.svg"] + "#" + name + `"/></svg>`), nil
}

// dict makes a map of names and values, so that a component can take several.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("names and values must come in pairs")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("name %v is no text", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

// short cuts a long text at a word, with dots.
func short(limit int, s string) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	cut := string([]rune(s)[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > limit/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:") + "…"
}

// mainFirst is the class of the i-th button beside others: only the first is the
// main one.
func mainFirst(i int) string {
	if i == 0 {
		return "main"
	}
	return ""
}

// breaks lets a long number break after its slashes; what is copied stays the
// number.
func breaks(number string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(number), "/", "/<wbr>"))
}
