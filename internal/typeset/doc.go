// Package typeset lays a draft out as a letter (fpdf) and hands it to pdf.
//
// A letter becomes rows, rows become pages, pages are painted. Breaking lines and
// pages is ours and not fpdf's, for one reason: what reviewers have initialled
// and what is signed must have the same lines on the same pages, though only the
// second has a number, a date and a QR. Everything that is filled in later has
// its place reserved, so the layout never depends on it.
package typeset
