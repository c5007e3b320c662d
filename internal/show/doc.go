// Package show shows what package explain computed, in English and Korean: on
// a terminal, and as a page of HTML that needs nothing else.
package show
