package local

import (
	"context"
	"sort"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	bsearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"naskah/search"
)

const (
	defaultLimit = 20
	maxLimit     = 200
	// maxOffset bounds paging: nobody leafs through more, and Bleve keeps that many
	// hits in memory.
	maxOffset = 10_000
	// manyValues is more than any filter has; years and kinds are tens, units hundreds.
	manyValues = 1000
)

func itoa(n int) string { return strconv.Itoa(n) }

// Query implements search.Index.
func (x *Index) Query(ctx context.Context, q search.Question) (answer search.Answer, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer guard(&err)
	began := time.Now()
	if x.closed {
		return answer, stopped(nil)
	}
	answer.Counts = search.Counts{Years: map[int]int{}, Kinds: map[string]int{}, Units: map[string]int{}, Directions: map[string]int{}, States: map[string]int{}}
	if len(q.Readers) == 0 {
		return answer, nil
	}
	scored, err := builder{x.live}.scored(q.Text)
	if err != nil {
		return answer, stopped(err)
	}
	res, err := x.live.SearchInContext(ctx, request(scored, q))
	if err != nil {
		return answer, stopped(err)
	}
	answer.Total = int(res.Total) //nolint:gosec // number of letters
	take(&answer.Counts, res.Facets)
	if err := x.otherCounts(ctx, scored, q, &answer.Counts); err != nil {
		return answer, err
	}
	answer.Hits, err = x.describe(ctx, scored, res.Hits)
	answer.Took = time.Since(began)
	return answer, err
}

func facetFields() []string {
	return []string{fieldYear, fieldKind, fieldUnit, fieldWay, fieldState}
}

func request(scored query.Query, q search.Question) *bleve.SearchRequest {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	req := bleve.NewSearchRequestOptions(filtered(scored, q, ""), min(limit, maxLimit), min(max(q.Offset, 0), maxOffset), false)
	req.SortBy(order(q))
	chosen := members(q.Filter)
	for _, f := range facetFields() {
		if len(chosen[filterName(f)]) == 0 {
			req.AddFacet(f, bleve.NewFacetRequest(f, manyValues))
		}
	}
	return req
}

// order is Bleve's sorting; equal places are broken by the letter's id.
func order(q search.Question) []string {
	switch {
	case q.Order == search.ByOldest:
		return []string{fieldDate, "_id"}
	case q.Order == search.ByNewest, q.Text == "":
		return []string{"-" + fieldDate, "_id"}
	default:
		return []string{"-_score", "-" + fieldDate, "_id"}
	}
}

// otherCounts asks, for each member that is filtered, what another choice would
// give.
func (x *Index) otherCounts(ctx context.Context, scored query.Query, q search.Question, counts *search.Counts) error {
	for name, values := range members(q.Filter) {
		if len(values) == 0 {
			continue
		}
		req := bleve.NewSearchRequestOptions(filtered(scored, q, name), 0, 0, false)
		req.Score = "none"
		req.AddFacet(string(name), bleve.NewFacetRequest(string(name), manyValues))
		res, err := x.live.SearchInContext(ctx, req)
		if err != nil {
			return stopped(err)
		}
		take(counts, res.Facets)
	}
	return nil
}

func take(counts *search.Counts, facets bsearch.FacetResults) {
	into := map[string]map[string]int{fieldKind: counts.Kinds, fieldUnit: counts.Units, fieldWay: counts.Directions, fieldState: counts.States}
	for name, f := range facets {
		if f.Terms == nil {
			continue
		}
		for _, t := range f.Terms.Terms() {
			if name == fieldYear {
				if year, err := strconv.Atoi(t.Term); err == nil {
					counts.Years[year] = t.Count
				}
			} else if t.Term != "" {
				into[name][t.Term] = t.Count
			}
		}
	}
}

// describe asks for the places of the found letters alone, and cuts a snippet of
// each.
func (x *Index) describe(ctx context.Context, scored query.Query, found bsearch.DocumentMatchCollection) ([]search.Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]string, len(found))
	for i, h := range found {
		ids[i] = h.ID
	}
	both := bleve.NewBooleanQuery()
	both.AddMust(bleve.NewDocIDQuery(ids))
	both.AddShould(scored)
	req := bleve.NewSearchRequestOptions(both, len(ids), 0, false)
	req.IncludeLocations = true
	req.Fields = []string{fieldMeta, fieldPages}
	res, err := x.live.SearchInContext(ctx, req)
	if err != nil {
		return nil, stopped(err)
	}
	byID := map[string]*bsearch.DocumentMatch{}
	for _, h := range res.Hits {
		byID[h.ID] = h
	}
	hits := make([]search.Hit, 0, len(found))
	for _, h := range found {
		hit := search.Hit{ID: h.ID, Score: h.Score}
		if d := byID[h.ID]; d != nil {
			describeHit(&hit, d)
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

func describeHit(hit *search.Hit, d *bsearch.DocumentMatch) {
	pages, terms := matches(d.Locations[fieldPages])
	meta, metaTerms := matches(d.Locations[fieldMeta])
	hit.Terms = sortedKeys(terms, metaTerms)
	written := texts(d.Fields[fieldPages])
	if n, ok := bestPart(pages); ok && n < len(written) {
		hit.Page, hit.Snippet = n+1, snippet(written[n], pages[n].marks)
		return
	}
	shorts := texts(d.Fields[fieldMeta])
	if n, ok := bestPart(meta); ok && n < len(shorts) {
		hit.Snippet = snippet(shorts[n], meta[n].marks)
		return
	}
	if len(written) > 0 {
		hit.Snippet = snippet(written[0], nil)
	}
}

// part is the places of matches in one page or short field.
type part struct {
	marks []search.Span
	terms map[string]bool
}

func matches(found bsearch.TermLocationMap) (map[int]*part, map[string]bool) {
	parts, terms := map[int]*part{}, map[string]bool{}
	for term, places := range found {
		terms[term] = true
		for _, l := range places {
			n := 0
			if len(l.ArrayPositions) > 0 {
				n = int(l.ArrayPositions[0]) //nolint:gosec // index of a page
			}
			p := parts[n]
			if p == nil {
				p = &part{terms: map[string]bool{}}
				parts[n] = p
			}
			p.terms[term] = true
			p.marks = append(p.marks, search.Span{Start: int(l.Start), End: int(l.End)}) //nolint:gosec // offsets of a page
		}
	}
	for _, p := range parts {
		sort.Slice(p.marks, func(i, j int) bool { return p.marks[i].Start < p.marks[j].Start })
	}
	return parts, terms
}

// bestPart is the page with the most different words, then the most places, then
// the first.
func bestPart(parts map[int]*part) (int, bool) {
	best, found := 0, false
	for n, p := range parts {
		b := parts[best]
		if !found || len(p.terms) > len(b.terms) || len(p.terms) == len(b.terms) && (len(p.marks) > len(b.marks) || len(p.marks) == len(b.marks) && n < best) {
			best, found = n, true
		}
	}
	return best, found
}

func texts(v any) []string {
	switch t := v.(type) {
	case string:
		return []string{t}
	case []any:
		out := make([]string, len(t))
		for i, s := range t {
			out[i], _ = s.(string)
		}
		return out
	}
	return nil
}

func sortedKeys(sets ...map[string]bool) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range sets {
		for k := range s {
			if !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	sort.Strings(out)
	return out
}

// Match implements search.Matcher.
func (x *Index) Match(ctx context.Context, id, question string) (terms []string, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer guard(&err)
	if x.closed {
		return nil, stopped(nil)
	}
	scored, err := builder{x.live}.scored(question)
	if err != nil {
		return nil, stopped(err)
	}
	hits, err := x.describe(ctx, scored, bsearch.DocumentMatchCollection{{ID: id}})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	return hits[0].Terms, nil
}
