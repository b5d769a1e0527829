package local

import (
	"math"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// columns are the order of a segment's letters: their ids and days. A segment never
// changes, so they are read once; 100,000 letters take about 8 MB.
type columns struct {
	ids  []string
	days []int32 // since 1970; unknown when the letter has no date
}

const unknownDay = -1 << 31

// columnCache holds the columns of the segments in use.
type columnCache struct {
	mu sync.Mutex
	of map[uint64]*columns
}

// parts are the segments of the snapshot with their columns; what is no longer in
// use is forgotten.
func (c *columnCache) parts(s *scorch.IndexSnapshot) ([]*part, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := make(map[uint64]*columns, len(s.Segments()))
	parts := make([]*part, 0, len(s.Segments()))
	u := &unpacker{}
	for _, segment := range s.Segments() {
		p := newPart(segment, c.of[segment.Id()], u)
		if p.columns == nil {
			var err error
			if p.columns, err = readColumns(p); err != nil {
				return nil, err
			}
		}
		of[segment.Id()] = p.columns
		parts = append(parts, p)
	}
	c.of = of
	return parts, nil
}

func readColumns(p *part) (*columns, error) {
	n := p.Segment().Count()
	c := &columns{ids: make([]string, n), days: make([]int32, n)}
	for i := range c.days {
		c.days[i] = unknownDay
	}
	// The ids are read from their dictionary: asking each letter for its own would draw
	// all stored text into memory.
	ids, err := p.words(fieldID, "", nil, math.MaxInt)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		set, err := p.letters(fieldID, id)
		if err != nil {
			return nil, err
		}
		set.Iterate(func(letter uint32) bool { c.ids[letter] = id; return true })
	}
	days, err := p.words(fieldDate, "", nil, maxTerms)
	if err != nil {
		return nil, err
	}
	for _, term := range days {
		set, err := p.letters(fieldDate, term)
		if err != nil {
			return nil, err
		}
		c.setDay(set, term)
	}
	return c, nil
}

func (c *columns) setDay(set *roaring.Bitmap, term string) {
	day, err := time.Parse(time.DateOnly, term)
	if err != nil {
		return // years of five digits: such a letter sorts as one without a date
	}
	set.Iterate(func(letter uint32) bool {
		c.days[letter] = int32(day.Unix() / 86400) //nolint:gosec // years of four digits
		return true
	})
}
