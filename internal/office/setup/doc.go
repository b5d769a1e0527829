// Package setup is what an administrator does: the office and those below it, its
// units, positions, people and appointments, kinds of letter and their numbers,
// the archive's codes, letterhead and footers, standard instructions, and the
// renewal of a certificate whose passphrase is forgotten.
//
// Everything that a regulation may change stands here as data (design: rules for
// data). Every verb is recorded in the audit and asks for CanAdminister;
// renewals may be asked and confirmed by heads too.
package setup
