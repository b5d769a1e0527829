// Package jobs does queued work later, at least once.
//
// It is River with one client for both databases, so that work is queued in the
// very transaction that needs it. A job may run twice: every step must bear
// that. Each of our kinds is a kind of River's too; the payload is the job's
// JSON.
package jobs
