// Package jobs does queued work later, at least once (River).
//
// River knows one kind of job here, an envelope with our own kind and payload:
// so a new kind needs no new type at River, and kinds stay names, not verbs.
// riverpgxv5 cannot join bun's transaction, so both databases go through
// database/sql drivers and one river.Client[*sql.Tx].
package jobs
