package data

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// The default corpus: packages of the standard library. Those that hold
// near-copies of each other's code stand in the same split (strings and bytes,
// path, path/filepath and io/fs, the template packages, go/...).
var (
	goTrain = []string{
		"archive/tar", "compress/flate", "context", "encoding/binary", "encoding/json", "encoding/xml",
		"errors", "flag", "fmt", "go/ast", "go/parser", "go/scanner", "image", "image/color", "image/png",
		"log/slog", "net/url", "regexp", "regexp/syntax", "strconv", "sync", "text/template",
		"text/template/parse", "time",
	}
	goDev = []string{
		"container/heap", "container/list", "container/ring", "encoding/csv", "io/fs", "path",
		"path/filepath", "text/tabwriter",
	}
	goTest = []string{"bufio", "bytes", "strings"}
)

// SplitStats says what one split of a corpus holds.
type SplitStats struct {
	Declarations int
	Characters   int
	Cut          int // declarations shortened to MaxDeclaration, those dropped included
	Dropped      int // declarations left out because an earlier split has the same text
}

// CorpusStats says what the splits of a corpus hold.
type CorpusStats struct {
	Train, Dev, Test SplitStats
}

// GoCorpus reads the default corpus from a Go installation: the top-level
// declarations of fixed lists of standard packages, tests left out. All files
// of a package are read whatever system they are for, so that one Go version
// gives the same corpus everywhere. Texts that an earlier split has (the
// training set first, then the development set) are dropped from dev and test.
//
// goroot is what `go env GOROOT` prints. Names are relative to its src.
func GoCorpus(goroot string) (train, dev, test []Sequence, stats CorpusStats, err error) {
	splits := [...]struct {
		packages  []string
		sequences *[]Sequence
		stats     *SplitStats
	}{
		{goTrain, &train, &stats.Train},
		{goDev, &dev, &stats.Dev},
		{goTest, &test, &stats.Test},
	}
	seen := texts{}
	for _, s := range splits {
		for _, pkg := range s.packages {
			sequences, cut, err := readPackage(goroot, pkg)
			if err != nil {
				return nil, nil, nil, CorpusStats{}, err
			}
			*s.sequences = append(*s.sequences, sequences...)
			s.stats.Cut += cut
		}
		*s.sequences, s.stats.Dropped = seen.unseen(*s.sequences)
		s.stats.Declarations = len(*s.sequences)
		s.stats.Characters = characterCount(*s.sequences)
	}
	return train, dev, test, stats, nil
}

// readPackage returns the declarations of one standard package, file by file
// in the order of their names.
func readPackage(goroot, pkg string) (sequences []Sequence, cut int, err error) {
	dir := filepath.Join(goroot, "src", filepath.FromSlash(pkg))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, pathError(dir, err)
	}
	for _, e := range entries {
		if !isGoFile(e.Name()) {
			continue
		}
		s, n, err := readGoFile(filepath.Join(dir, e.Name()), path.Join(pkg, e.Name()))
		if err != nil {
			return nil, 0, err
		}
		sequences, cut = append(sequences, s...), cut+n
	}
	if len(sequences) == 0 {
		return nil, 0, fmt.Errorf("%s: no Go files, expected the package %s", dir, pkg)
	}
	return sequences, cut, nil
}

// texts is the set of the texts of earlier splits.
type texts map[string]bool

// unseen leaves out the sequences whose text an earlier split has, tells how
// many, and adds the rest. Texts may repeat within the split itself.
func (t texts) unseen(sequences []Sequence) (kept []Sequence, dropped int) {
	var added []string
	for _, s := range sequences {
		text := strings.Join(s.Tokens, "")
		if t[text] {
			dropped++
			continue
		}
		kept, added = append(kept, s), append(added, text)
	}
	for _, text := range added {
		t[text] = true
	}
	return kept, dropped
}

// GoCorpusPackages returns the number of packages of the default corpus.
func GoCorpusPackages() int { return len(goTrain) + len(goDev) + len(goTest) }
