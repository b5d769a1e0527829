package office

import (
	"sync"

	"naskah/internal/letter"
)

// Progress is one step in the reading of a letter.
type Progress struct {
	LetterID string           `json:"letter_id"`
	State    letter.ReadState `json:"state"`
	Done     int              `json:"done"`  // pages read
	Pages    int              `json:"pages"` // 0 while unknown
}

// watchers hands progress to whoever watches. A watcher that does not keep up
// misses steps, never the newest: the channel holds one and is refilled.
type watchers struct {
	mu   sync.Mutex
	next int
	all  map[int]watcher
}

type watcher struct {
	letterID string // "" watches every letter
	ch       chan Progress
}

func (w *watchers) add(letterID string) (<-chan Progress, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[int]watcher{}
	}
	id := w.next
	w.next++
	ch := make(chan Progress, 1)
	w.all[id] = watcher{letterID, ch}
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, id)
	}
}

func (w *watchers) tell(p Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, each := range w.all {
		if each.letterID != "" && each.letterID != p.LetterID {
			continue
		}
		select {
		case <-each.ch: // drop the older step
		default:
		}
		each.ch <- p
	}
}
