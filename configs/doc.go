// Package configs is the settings: one struct with its defaults, read from a file
// and the environment, and the check that they make sense together.
//
// The order is defaults, then the file, then NASKAH_… of the environment, then
// the flags of the command. An unknown key in the file is an error, because a
// setting with a slip in its name would silently not hold. Only cmd reads this
// package; parts are handed their values.
package configs
