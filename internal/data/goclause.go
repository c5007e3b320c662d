package data

import (
	"path"
	"strings"
)

// WithClauses returns the training sequences followed by a package clause for
// every file that they are from, named as its directory is. A clause is no
// declaration, but every file that is to be labelled begins with one. train
// itself is not changed.
func WithClauses(train []Sequence) []Sequence {
	all := append([]Sequence(nil), train...)
	last := ""
	for _, s := range train {
		file, _, _ := strings.Cut(s.Name, ":")
		if file == last {
			continue
		}
		last = file
		if dir := path.Base(path.Dir(file)); dir != "." && dir != "/" {
			text := "package " + dir
			clause := goSequence(text, goClasses([]byte(text)))
			clause.Name = file
			all = append(all, clause)
		}
	}
	return all
}
