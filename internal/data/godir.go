package data

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// GoDir reads the Go files below a directory (not those that the go command
// ignores, nor tests) and splits their
// declarations into training, development and test sets.
//
// Whole packages, that is directories, go to one split: of every ten in sorted
// order the ninth to dev and the tenth to test; of fewer than ten the last but
// one and the last. With fewer than three packages single declarations are
// split in the same way, which makes an easier test. Texts that an earlier
// split has are dropped from dev and test, and so either can be empty.
//
// Files that cannot be read or parsed, or are larger than 10 MiB, are left out,
// with a one-line error each in skipped. err tells that there is nothing to
// train on. Names are relative to dir.
func GoDir(dir string) (train, dev, test []Sequence, skipped []error, err error) {
	root, names, err := goFiles(dir)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	packages, skipped := readPackages(root, names)
	if len(packages) == 0 {
		skipped, err := nothing(dir, names, skipped)
		return nil, nil, nil, skipped, err
	}
	if len(packages) < minPackages {
		packages = single(slices.Concat(packages...))
	}
	var splits [3][]Sequence
	for i, p := range packages {
		s := splitOf(i, len(packages))
		splits[s] = append(splits[s], p...)
	}
	seen := texts{}
	for s := range splits {
		splits[s], _ = seen.unseen(splits[s])
	}
	return splits[0], splits[1], splits[2], skipped, nil
}

// ReadGo reads the declarations of a Go file, or of all Go files below a
// directory, without splitting them. skipped and err are as for [GoDir].
func ReadGo(dir string) (sequences []Sequence, skipped []error, err error) {
	root, names, err := goFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	packages, skipped := readPackages(root, names)
	if len(packages) == 0 {
		skipped, err := nothing(dir, names, skipped)
		return nil, skipped, err
	}
	return slices.Concat(packages...), skipped, nil
}

// nothing says why there is no declaration in the files. A lone file's own
// error is the error, not one of a file left out.
func nothing(dir string, names []string, skipped []error) (rest []error, err error) {
	if len(names) == 1 && len(skipped) == 1 {
		return nil, skipped[0]
	}
	return skipped, fmt.Errorf("%s: no declaration in %d Go files, expected Go source", dir, len(names))
}

// minPackages is how many packages it takes to have one for each split.
const minPackages = 3

// readPackages returns the declarations of each directory that has any, sorted
// by directory, and an error for each file left out.
func readPackages(root string, names []string) (packages [][]Sequence, skipped []error) {
	byDir := slices.Clone(names)
	slices.SortStableFunc(byDir, func(a, b string) int { return strings.Compare(path.Dir(a), path.Dir(b)) })
	last := ""
	for _, name := range byDir {
		sequences, _, err := readGoFile(filepath.Join(root, filepath.FromSlash(name)), name)
		if err != nil {
			skipped = append(skipped, err)
		}
		if len(sequences) == 0 {
			continue
		}
		if dir := path.Dir(name); dir != last {
			packages, last = append(packages, nil), dir
		}
		p := &packages[len(packages)-1]
		*p = append(*p, sequences...)
	}
	return packages, skipped
}

// single makes a group of each sequence.
func single(sequences []Sequence) [][]Sequence {
	groups := make([][]Sequence, len(sequences))
	for i, s := range sequences {
		groups[i] = []Sequence{s}
	}
	return groups
}

// splitOf is the split (0 train, 1 dev, 2 test) of the i-th of n.
func splitOf(i, n int) int {
	if n < minPackages {
		return 0
	}
	if n < 10 {
		return max(0, i-(n-minPackages))
	}
	return max(0, i%10-7)
}
