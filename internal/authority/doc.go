// Package authority is the office's own certificates, timestamps and revocation
// answers; it seals and opens a person's key and keeps nothing of it.
package authority
