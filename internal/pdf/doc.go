// Package pdf writes PDF files: from pictures, stamped, with a text layer,
// split, merged, finished as PDF/A.
//
// It is the only user of pdfcpu, and uses it to read: its parser copes with every
// kind of cross-reference and light damage, under limits. Writing is ours
// (writer.go, copy.go), because what we sign must be the same bytes for the same
// letter, with a classic cross-reference table without holes and nothing in the
// file that the pages do not need; pdfcpu's writer stamps the time and its own
// name into every file.
package pdf
