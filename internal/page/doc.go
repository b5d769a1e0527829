// Package page answers every question about a foreign PDF or picture: its kind,
// its pages, their boxes, words and pictures (PDFium, sandboxed).
package page
