// Package letter says what a letter is: its fields, kinds, states, the moves
// between them, its text and its number.
package letter
