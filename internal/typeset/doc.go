// Package typeset lays a draft out as a letter (fpdf) and hands it to pdf.
package typeset
