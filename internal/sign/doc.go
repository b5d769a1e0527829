// Package sign adds a signature and a trusted time to a PDF.
//
// The core is digest out, signature in: Prepare gives the digest to sign and a
// value that can be kept (it is JSON) until Finish takes the signature. Sign does
// both with a key at hand. The letters in comments (B1, C3, I5, …) are those of
// the checklist after ETSI EN 319 142-1, EN 319 122-1 and ISO 32000-2 §12.8.
package sign
