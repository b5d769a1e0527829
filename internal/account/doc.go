// Package account says who a person is, which position they hold, and what they
// may do and see.
package account
