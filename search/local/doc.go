// Package local answers from an index in a folder (Bleve).
//
// One Bleve document a letter. Short fields have edge n-grams, so that a prefix
// is one term; in the text of pages a prefix expands to at most 64 terms, because
// wide prefixes are what makes Bleve slow (p99 284 ms raw at 100,000 letters).
// Snippets and places are asked for in a second query, of the found letters alone.
package local
