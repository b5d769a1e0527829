// Package verify says who signed a PDF, when, and what changed since.
//
// A verdict is a conjunction: the bytes are what was signed (structure, digest,
// signature value), nothing that is not on the list was added afterwards, and the
// certificate leads to a root that somebody chose to trust. Trust is told apart
// from integrity: an intact signature of an unknown issuer is INDETERMINATE, never
// failed (ETSI EN 319 102-1). The analysis of changes denies by default.
package verify
