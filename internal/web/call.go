package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/office"
	"naskah/internal/problem"
)

// call is one request with who asks.
type call struct {
	*gin.Context
	s      *server
	actor  account.Actor
	person db.Person
	office db.Office
	kinds  map[string]string // names of kinds, once asked for
}

// handler answers a call; an error becomes the error page.
type handler func(c *call) error

const (
	sessionPerson = "person"
	sessionBegun  = "begun" // when this session signed in, Unix seconds
)

// open serves pages that anybody may see.
func (s *server) open(h handler) gin.HandlerFunc {
	return func(gc *gin.Context) {
		c := &call{Context: gc, s: s}
		if err := c.identify(); err != nil && problem.KindOf(err) != problem.SignedOut {
			s.fail(c, err)
			return
		}
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

// signed serves pages for people who are signed in; others are sent to sign in and
// come back.
func (s *server) signed(h handler) gin.HandlerFunc {
	return func(gc *gin.Context) {
		c := &call{Context: gc, s: s}
		err := c.identify()
		if problem.KindOf(err) == problem.SignedOut {
			back := ""
			if c.Request.Method == http.MethodGet {
				back = "?kembali=" + url.QueryEscape(c.Request.URL.RequestURI())
			}
			c.Redirect(http.StatusSeeOther, "/masuk"+back)
			return
		}
		if err == nil && !c.person.CodeUntil.IsZero() && !strings.HasPrefix(c.Request.URL.Path, newPasswordPath) {
			c.Redirect(http.StatusSeeOther, newPasswordPath)
			return
		}
		if err == nil {
			err = h(c)
		}
		if err != nil {
			s.fail(c, err)
		}
	}
}

// identify finds who is signed in, with what they hold at this very moment.
func (c *call) identify() error {
	ctx := c.Request.Context()
	id := c.s.sessions.GetString(ctx, sessionPerson)
	if id == "" {
		return problem.SignedOut
	}
	actor, err := c.s.o.Office.Actor(ctx, id)
	if err != nil {
		return err
	}
	if c.person, err = c.s.o.Office.DB.Person(ctx, id); err != nil {
		return err
	}
	if c.office, err = c.s.o.Office.DB.Office(ctx, actor.OfficeID); err != nil {
		return err
	}
	if c.beforeCode(ctx) {
		return problem.SignedOut
	}
	c.actor = actor
	return nil
}

// beforeCode says that the session is older than the person's one-time code: who
// sits at it has not shown the code, and must not choose the new password.
func (c *call) beforeCode(ctx context.Context) bool {
	if c.person.CodeUntil.IsZero() {
		return false
	}
	given := c.person.CodeUntil.Add(-office.CodeLife)
	return time.Unix(c.s.sessions.GetInt64(ctx, sessionBegun), 0).Before(given.Truncate(time.Second))
}

// lang is the language of the person, or the one chosen in this session.
func (c *call) lang() string {
	if l := c.s.sessions.GetString(c.Request.Context(), "lang"); l != "" {
		return l
	}
	if c.person.Language == English {
		return English
	}
	return Indonesian
}

// t is a phrase in the call's language; a missing one is its key.
func (c *call) t(key string, pairs ...any) string {
	text, err := c.s.words[c.lang()].t(key, pairs...)
	if err != nil {
		return key
	}
	return text
}

// pick chooses between the two languages.
func (c *call) pick(id, en string) string { return c.s.words[c.lang()].pick(id, en) }

// frame is what the layout needs.
func (c *call) frame(place string) Frame {
	f := Frame{Lang: c.lang(), TextSize: StandardTextSize, Path: c.Request.URL.RequestURI(), Place: place, Demo: len(c.s.o.Demo) > 0, Office: c.office.Name, Help: helpTopic(c.FullPath())}
	if c.Request.Method != http.MethodGet {
		f.Path = "/"
	}
	if size := c.s.sessions.GetInt(c.Request.Context(), "size"); size > 0 {
		f.TextSize = size
	}
	if c.actor.PersonID == "" {
		return f
	}
	f.TextSize = c.person.TextSize
	f.Person = &Person{Name: c.actor.Name, Title: c.actor.Title()}
	for _, a := range []account.Ability{account.CanRegister, account.CanWrite, account.CanReview, account.CanSign, account.CanArchive, account.CanAdminister, account.IsHead} {
		if c.actor.Can(a) {
			f.Person.May = append(f.Person.May, string(a))
		}
	}
	if err := c.s.o.Office.OCR.Ready(c.Request.Context()); err != nil {
		f.Notice = c.sentence(err)
	}
	return f
}

// zone is the office's; times are shown in it.
func (c *call) zone() *time.Location {
	loc, err := time.LoadLocation(c.office.TimeZone)
	if err != nil || c.office.TimeZone == "" {
		return time.FixedZone("WIB", 7*60*60)
	}
	return loc
}

func (c *call) in(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(c.zone())
}

func (c *call) sentence(err error) string { return problem.Sentence(err, c.lang()) }

// show writes a page.
func (c *call) show(page string, view framed) error {
	return c.s.r.render(c.Writer, http.StatusOK, page, view)
}

// showForm writes a page whose form came back with what was typed.
func (c *call) showForm(page string, view framed) error {
	return c.s.r.render(c.Writer, http.StatusUnprocessableEntity, page, view)
}

func (c *call) to(path string) error {
	c.Redirect(http.StatusSeeOther, path)
	return nil
}

// back is the path of ours that a form wants to go back to; anything else is home.
func back(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return "/"
	}
	return path
}

// retype says whether the person can mend the error in the form they just sent.
func retype(err error) bool {
	switch problem.KindOf(err) {
	case problem.Invalid, problem.TooLarge, problem.Unsupported, problem.Conflict, problem.RateLimited, problem.SignedOut, problem.Unavailable:
		return true
	}
	return false
}

// status is the one place where kinds of failure become HTTP.
func status(err error) int {
	switch problem.KindOf(err) {
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.SignedOut:
		return http.StatusUnauthorized
	case problem.Conflict:
		return http.StatusConflict
	case problem.TooLarge:
		return http.StatusRequestEntityTooLarge
	case problem.Unsupported:
		return http.StatusUnsupportedMediaType
	case problem.RateLimited:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail writes the error page: what happened, what to do, who helps. Faults of ours
// get a number that finds their log line.
func (s *server) fail(c *call, err error) {
	if errors.Is(err, http.ErrAbortHandler) || c.Request.Context().Err() != nil {
		return // the asker is gone
	}
	kind := problem.KindOf(err)
	v := &errorView{Frame: c.frame(""), Kind: string(kind), Sentence: c.sentence(err), Helper: c.pick("Kasubag Umum", "the head of general affairs")}
	v.Narrow = true
	if kind == problem.Internal || kind == problem.Unavailable {
		raw := make([]byte, 4)
		_, _ = rand.Read(raw)
		v.Incident, v.Again = hex.EncodeToString(raw), v.Path
		s.o.Log.Error("request failed", "incident", v.Incident, "route", c.FullPath(), "error", err)
	}
	if c.Writer.Written() {
		return
	}
	if wantsJSON(c.Request) {
		c.JSON(status(err), gin.H{"kind": kind, "sentence": v.Sentence})
		return
	}
	if e := s.r.render(c.Writer, status(err), "error", v); e != nil {
		s.o.Log.Error("error page", "error", e)
		http.Error(c.Writer, v.Sentence, status(err))
	}
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
