// Package revision judges and appends: a strict reader of a PDF's bytes revision
// by revision, and the writer of increments.
//
// It reads only what a question needs, through io.ReaderAt, and is bounded on any
// bytes: depth of nesting, number of sections, size of an object, of a decoded
// stream. What other readers repair in silence (a wrong startxref, an object that
// is not where the table says) is an error here: a signature over bytes that two
// readers read differently proves nothing.
package revision
