package office

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image/jpeg"
	"sync"

	"naskah/internal/account"
	"naskah/internal/db"
	"naskah/internal/letter"
	"naskah/internal/page"
	"naskah/internal/problem"
)

// pictureCacheBytes bounds the pictures kept in memory: some two hundred pages
// at reading size.
const pictureCacheBytes = 32 << 20

// Widths of page pictures in pixels; others are rounded up to these, so that the
// cache is not filled by asking.
func pictureWidths() []int { return []int{240, 900, 1600} }

type pictureKey struct {
	ref    string
	number int
	width  int
}

// pictureCache keeps the newest pictures up to a number of bytes.
type pictureCache struct {
	mu    sync.Mutex
	limit int
	size  int
	order *list.List // of *picture, newest first
	byKey map[pictureKey]*list.Element
}

type picture struct {
	key  pictureKey
	jpeg []byte
}

func newPictureCache(limit int) *pictureCache {
	return &pictureCache{limit: limit, order: list.New(), byKey: map[pictureKey]*list.Element{}}
}

func (c *pictureCache) get(key pictureKey) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*picture).jpeg //nolint:forcetypeassert // only pictures are put in
}

func (c *pictureCache) put(key pictureKey, jpeg []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&picture{key, jpeg})
	for c.size += len(jpeg); c.size > c.limit && c.order.Len() > 1; {
		last := c.order.Back()
		old := c.order.Remove(last).(*picture) //nolint:forcetypeassert // only pictures are put in
		delete(c.byKey, old.key)
		c.size -= len(old.jpeg)
	}
}

// PagePicture gives a page of a letter as JPEG, as a person sees it.
func (o *Office) PagePicture(ctx context.Context, actor account.Actor, id string, number, width int) ([]byte, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	file, err := o.displayFile(ctx, l)
	if err != nil {
		return nil, err
	}
	return o.pictureOf(ctx, file, number, width)
}

// PageCount is how many pages the letter shows now.
func (o *Office) PageCount(ctx context.Context, actor account.Actor, id string) (int, error) {
	l, err := o.seen(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	if l.Direction == string(letter.Incoming) && l.Pages > 0 {
		return l.Pages, nil
	}
	file, err := o.displayFile(ctx, l)
	if err != nil {
		return 0, err
	}
	src, err := o.openFile(ctx, file)
	if err != nil {
		return 0, err
	}
	defer o.closing(src)
	return src.doc.Pages(), nil
}

// PublicPicture gives the first page of a signed letter to the public, when its
// kind allows it.
func (o *Office) PublicPicture(ctx context.Context, token string) ([]byte, error) {
	v, err := o.CheckToken(ctx, token)
	if err != nil {
		return nil, err
	}
	if !v.PublicView || v.Report == nil {
		return nil, problem.New(problem.Forbidden, "Halaman surat ini tidak ditampilkan untuk umum.", "This letter's page is not shown to the public.", nil)
	}
	file, err := o.DB.LetterFile(ctx, v.LetterID, db.RoleSigned)
	if err != nil {
		return nil, err
	}
	return o.pictureOf(ctx, file, 1, 900)
}

// DraftPicture gives a page of the draft's preview as JPEG.
func (o *Office) DraftPicture(ctx context.Context, actor account.Actor, id string, number int) ([]byte, error) {
	raw, err := o.PreviewDraft(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	doc, err := o.Pages.Open(ctx, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	defer doc.Close() //nolint:errcheck // only read
	return o.render(ctx, doc, number, 900)
}

func (o *Office) pictureOf(ctx context.Context, file db.File, number, width int) ([]byte, error) {
	key := pictureKey{file.Ref, number, roundWidth(width)}
	if known := o.pictures.get(key); known != nil {
		return known, nil
	}
	src, err := o.openFile(ctx, file)
	if err != nil {
		return nil, err
	}
	defer o.closing(src)
	out, err := o.render(ctx, src.doc, number, key.width)
	if err == nil {
		o.pictures.put(key, out)
	}
	return out, err
}

func roundWidth(width int) int {
	all := pictureWidths()
	for _, w := range all {
		if width <= w {
			return w
		}
	}
	return all[len(all)-1]
}

func (o *Office) render(ctx context.Context, doc *page.Document, number, width int) ([]byte, error) {
	if number < 1 || number > doc.Pages() {
		return nil, problem.New(problem.NotFound, fmt.Sprintf("Surat ini tidak punya halaman %d.", number), fmt.Sprintf("This letter has no page %d.", number), nil)
	}
	size, err := doc.Size(ctx, number)
	if err != nil {
		return nil, err
	}
	const pointsPerInch = 72
	dpi := max(int(float64(width)*pointsPerInch/max(size.Width, 1)), 10)
	img, err := doc.Picture(ctx, number, dpi)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 75}); err != nil {
		return nil, fmt.Errorf("page to JPEG: %w", err)
	}
	return b.Bytes(), nil
}
