package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"naskah/internal/account"
	"naskah/internal/problem"
)

// The JSON API does what the pages do, for programs that speak for a person with
// a token (naskah token add). OpenAPI 3.1 is made from the types below.

const apiPath = "/api/v1"

type actorKey struct{}

// actorOf is who the token speaks for.
func actorOf(ctx context.Context) account.Actor {
	a, _ := ctx.Value(actorKey{}).(account.Actor) // every operation but the public ones has one
	return a
}

func (s *server) api(e *gin.Engine) error {
	config := huma.DefaultConfig("Naskah", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/openapi", "", ""
	config.CreateHooks = nil // no $schema member in answers: the keys are the contract
	config.Info.Description = "Surat sebuah kantor: menerima, mencari, menulis, menandatangani, memeriksa."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "naskah token add"}}
	api := humagin.New(e, config)
	api.UseMiddleware(s.apiActor(api))
	s.apiLetters(api)
	s.apiWriting(api)
	s.apiDesk(api)
	s.apiPeople(api)
	s.apiChecking(api)
	return nil
}

// apiActor asks every operation that names a token for it.
func (s *server) apiActor(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if len(c.Operation().Security) == 0 {
			next(c)
			return
		}
		token, ok := strings.CutPrefix(c.Header("Authorization"), "Bearer ")
		actor, err := account.Actor{}, error(problem.SignedOut)
		if ok {
			actor, err = s.o.Office.ActorByToken(c.Context(), token)
		}
		if err != nil {
			e := s.apiError(err)
			if werr := huma.WriteErr(api, c, e.GetStatus(), e.Error()); werr != nil {
				s.o.Log.Warn("api answer", "error", werr)
			}
			return
		}
		next(huma.WithValue(c, actorKey{}, actor))
	}
}

// apiError puts a problem into the API's form (RFC 9457), with its sentence.
func (s *server) apiError(err error) huma.StatusError {
	code := status(err)
	if code == http.StatusInternalServerError {
		s.o.Log.Error("api request failed", "error", err)
	}
	return huma.NewError(code, problem.Sentence(err, Indonesian))
}

// operation describes one operation; public ones need no token.
func operation(method, path, id, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: apiPath + path, OperationID: id, Summary: summary, Security: []map[string][]string{{"token": {}}}}
}

// answer is a body of any kind.
type answer[T any] struct{ Body T }

// serve registers an operation whose errors are problems.
func serveAPI[I, O any](s *server, api huma.API, op huma.Operation, do func(ctx context.Context, in *I) (O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := do(ctx, in)
		if err != nil {
			var known huma.StatusError
			if errors.As(err, &known) {
				return nil, err
			}
			return nil, s.apiError(err)
		}
		return &answer[O]{out}, nil
	})
}

// ByID is an operation on one letter. It is exported because huma looks into exported
// members alone.
type ByID struct {
	ID string `path:"id" doc:"nomor pengenal surat"`
}

// day is a date without a time.
func day(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.Format(time.DateOnly)
	return &text
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
