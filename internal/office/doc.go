// Package office is what the office does with letters: one file per verb.
package office
