package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"naskah/internal/office"
)

// Options are what the pages are served with.
type Options struct {
	Office    *office.Office
	Sessions  scs.CtxStore
	PublicURL string
	// Proxies are the addresses whose word about a visitor's address is believed;
	// none unless set.
	Proxies     []string
	Secure      bool // cookies travel over TLS alone
	Log         *slog.Logger
	UploadBytes int64
	// Demo are the invented people that can be tried out; nil outside the demo.
	Demo       []DemoSignIn
	DemoSecret string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

type server struct {
	o        Options
	r        *Renderer
	words    map[string]phrases
	sessions *scs.SessionManager
	public   *visitors // of the pages that anybody may ask
	codes    *visitors // of typed codes and sign-ins: guessing must be slow
}

// A working day with a long lunch; the design's least is eight hours.
const sessionIdle = 9 * time.Hour

// New makes the handler of all pages and of the JSON API.
func New(o Options) (http.Handler, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	words, err := newPhrases()
	if err != nil {
		return nil, err
	}
	s := &server{o: o, r: r, words: words, sessions: scs.New(), public: newVisitors(publicPerMinute, publicBurst), codes: newVisitors(codesPerMinute, codesBurst)}
	s.sessions.Store, s.sessions.IdleTimeout, s.sessions.Lifetime = o.Sessions, sessionIdle, 24*time.Hour
	s.sessions.Cookie.Name, s.sessions.Cookie.Secure, s.sessions.Cookie.SameSite = "naskah", o.Secure, http.SameSiteLaxMode
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Log.Error("session", "error", err)
		http.Error(w, "Naskah sedang tidak dapat mengerjakan ini. Coba lagi sebentar.", http.StatusServiceUnavailable)
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(o.Proxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	engine.HandleMethodNotAllowed = true
	engine.Use(s.log, s.recover, headers)
	s.routes(engine)
	if err := s.api(engine); err != nil {
		return nil, err
	}
	return s.sessions.LoadAndSave(s.crossOrigin(engine)), nil
}

// crossOrigin refuses changes that another site's page asks for: the browser says
// where a request comes from (Sec-Fetch-Site, Origin), so no tokens are needed.
func (s *server) crossOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Permintaan ini datang dari situs lain dan tidak dikerjakan.", http.StatusForbidden)
	}))
	return guard.Handler(next)
}

// headers hold for every answer. Nothing here is for search engines.
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	c.Next()
}

// log writes one line a request: the route's pattern, never the address itself,
// because addresses of /v/ are secrets.
func (s *server) log(c *gin.Context) {
	began := time.Now()
	c.Next()
	s.o.Log.Debug("request", "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(), "ms", time.Since(began).Milliseconds())
}

// recover turns a panic into the general error page and a log line.
func (s *server) recover(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			s.fail(&call{Context: c, s: s}, fmt.Errorf("panic: %v", r))
			c.Abort()
		}
	}()
	c.Next()
}
