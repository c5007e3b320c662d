package data

import "strings"

// GoStarts tells, of text that is read character by character and never
// parsed, where a declaration probably begins: at a line that follows an empty
// one and starts with neither space nor a closing bracket. The training
// sequences begin at declarations, and so should a labeller. It errs inside a
// raw string or comment with such a line. The zero value is at the beginning
// of a text.
type GoStarts struct{ newlines int }

// Next takes the next character and says whether a declaration begins with it.
func (g *GoStarts) Next(character string) bool {
	switch character {
	case "\n":
		g.newlines++
		return false
	case "\r":
		return false
	}
	begins := g.newlines >= 2 && !strings.Contains(" \t)}]", character)
	g.newlines = 0
	return begins
}
