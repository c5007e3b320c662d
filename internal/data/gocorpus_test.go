package data

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestCorpusLists(t *testing.T) {
	all := slices.Concat(goTrain, goDev, goTest)
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("a package stands twice in %q", all)
	}
}

// goroot asks the go command that runs the test.
func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command")
	}
	return strings.TrimSpace(string(out))
}

func TestGoCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the standard library")
	}
	train, dev, test, stats, err := GoCorpus(goroot(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", stats)
	earlier := map[string]bool{}
	for _, split := range []struct {
		name      string
		sequences []Sequence
		stats     SplitStats
		min, max  int // characters: Go versions differ
	}{
		{"train", train, stats.Train, 1_400_000, 1_900_000},
		{"dev", dev, stats.Dev, 100_000, 145_000},
		{"test", test, stats.Test, 130_000, 190_000},
	} {
		texts := textsOf(split.sequences)
		for i, text := range texts {
			if earlier[text] {
				t.Errorf("%s: %s is in an earlier split", split.name, split.sequences[i].Name)
			}
		}
		for _, text := range texts {
			earlier[text] = true
		}
		checkStats(t, split.name, split.sequences, split.stats)
		if n := split.stats.Characters; n < split.min || n > split.max {
			t.Errorf("%s: %d characters, want %d to %d", split.name, n, split.min, split.max)
		}
	}
}

func checkStats(t *testing.T, name string, sequences []Sequence, stats SplitStats) {
	t.Helper()
	if stats.Declarations != len(sequences) || stats.Characters != characterCount(sequences) {
		t.Errorf("%s: %+v, but %d sequences of %d characters", name, stats, len(sequences), characterCount(sequences))
	}
	longest := 0
	for _, s := range sequences {
		longest = max(longest, len(s.Tokens))
	}
	if longest > MaxDeclaration || (stats.Cut > 0) != (longest == MaxDeclaration) {
		t.Errorf("%s: longest sequence %d, %d cut", name, longest, stats.Cut)
	}
}

// A made-up standard library: one declaration a package, but for what the test
// is about.
func TestGoCorpusDrops(t *testing.T) {
	files := map[string]string{}
	for _, pkg := range slices.Concat(goTrain, goDev, goTest) {
		files["src/"+pkg+"/a.go"] = "package p\nimport \"unsafe\"\nvar " + strings.ReplaceAll(pkg, "/", "_") + " = 1\n"
		files["src/"+pkg+"/a_test.go"] = "not read"
	}
	files["src/"+goTrain[0]+"/windows.go"] = "//go:build windows\n\npackage p\nvar s = `" + strings.Repeat("x", MaxDeclaration) + "`"
	dir := tree(t, files)
	train, _, _, stats, err := GoCorpus(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(goTrain); stats.Train.Declarations != 2*n+1 || stats.Train.Cut != 1 || stats.Train.Dropped != 0 {
		t.Errorf("train: %+v, want %d declarations, one cut", stats.Train, 2*n+1)
	}
	for _, split := range []struct {
		stats    SplitStats
		packages int
	}{{stats.Dev, len(goDev)}, {stats.Test, len(goTest)}} {
		if split.stats.Declarations != split.packages || split.stats.Dropped != split.packages {
			t.Errorf("%+v, want %d declarations and as many dropped", split.stats, split.packages)
		}
	}
	if want := goTrain[0] + "/a.go:2"; train[0].Name != want {
		t.Errorf("first name %q, want %q", train[0].Name, want)
	}
}

func TestGoCorpusMissing(t *testing.T) {
	_, _, _, _, err := GoCorpus(t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "tar") {
		t.Errorf("error %v, want one that names the first package", err)
	}
}
