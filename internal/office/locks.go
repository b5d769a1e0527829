package office

import (
	"hash/maphash"
	"sync"
)

// locks gives one lock a letter without keeping a lock for every letter: two
// letters may share one, which costs time and is never wrong.
type locks struct {
	seed maphash.Seed
	some [64]sync.Mutex
}

func newLocks() *locks { return &locks{seed: maphash.MakeSeed()} }

func (l *locks) lock(id string) (unlock func()) {
	m := &l.some[maphash.String(l.seed, id)%uint64(len(l.some))]
	m.Lock()
	return m.Unlock
}
