// Package fetch gets public data sets: it downloads the files of a set over
// HTTPS, goes on after an interruption, verifies every byte by SHA-256 and
// unpacks archives. Only the command imports it.
//
//   - [Sets] are the sets that have a name.
//   - A [Client] gets one into a folder.
//
// A file has its name only when it is whole and verified; until then it stands
// beside it, as NAME.part.
package fetch
