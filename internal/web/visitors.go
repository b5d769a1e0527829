package web

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often one address may ask what anybody may ask, and how often it may try a
// code or a password. An office behind one address shares them.
const (
	publicPerMinute, publicBurst = 60, 30
	codesPerMinute, codesBurst   = 12, 10
	// mostVisitors bounds memory; when it is reached the oldest half is forgotten.
	mostVisitors = 10_000
)

// visitors counts how often each address asks.
type visitors struct {
	mu    sync.Mutex
	rate  rate.Limit
	burst int
	known map[string]*visitor
}

type visitor struct {
	limit *rate.Limiter
	seen  time.Time
}

func newVisitors(perMinute, burst int) *visitors {
	return &visitors{rate: rate.Every(time.Minute / time.Duration(perMinute)), burst: burst, known: map[string]*visitor{}}
}

func (v *visitors) allow(address string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	who, ok := v.known[address]
	if !ok {
		if len(v.known) >= mostVisitors {
			v.forget(now)
		}
		who = &visitor{limit: rate.NewLimiter(v.rate, v.burst)}
		v.known[address] = who
	}
	who.seen = now
	return who.limit.AllowN(now, 1)
}

// forget drops those who have not asked for a while; their allowance would be full
// again anyway.
func (v *visitors) forget(now time.Time) {
	for a, who := range v.known {
		if now.Sub(who.seen) > time.Minute {
			delete(v.known, a)
		}
	}
	for a := range v.known {
		if len(v.known) < mostVisitors/2 {
			break
		}
		delete(v.known, a)
	}
}

// limited serves a page as long as the address does not ask too often.
func (s *server) limited(v *visitors, h handler) handler {
	return func(c *call) error {
		if v.allow(c.ClientIP(), s.o.Now()) {
			return h(c)
		}
		c.Header("Retry-After", "60")
		f := c.frame("")
		f.Narrow = true
		return s.r.render(c.Writer, http.StatusTooManyRequests, "missing", &missingView{Frame: f, Limited: true, Minutes: 1})
	}
}
