package bptt_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A line of code that ends in equation numbers: code // (3)  or  code // (8), (12)
var citing = regexp.MustCompile(`^\s*[^\s/].*// (\(\d+\)(?:, \(\d+\))*)$`)

var number = regexp.MustCompile(`\(\d+\)`)

// Every equation from (2) to (14) ends a line of code that computes it, and
// doc.go lists it.
func TestEveryEquationIsCited(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	cited := map[string]string{}
	var doc string
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case name == "doc.go":
			doc = string(source)
		case !strings.HasSuffix(name, "_test.go"):
			addCitations(cited, name, string(source))
		}
	}
	for i := 2; i <= 14; i++ {
		eq := fmt.Sprintf("(%d)", i)
		if cited[eq] == "" {
			t.Errorf("no line of code ends in // %s", eq)
		}
		if !strings.Contains(doc, "\n//\t"+eq+" ") {
			t.Errorf("doc.go does not list %s", eq)
		}
		t.Logf("%s %s", eq, cited[eq])
	}
}

// addCitations notes for each number where it is cited.
func addCitations(cited map[string]string, name, source string) {
	for i, line := range strings.Split(source, "\n") {
		if m := citing.FindStringSubmatch(line); m != nil {
			for _, eq := range number.FindAllString(m[1], -1) {
				cited[eq] += fmt.Sprintf("%s:%d ", name, i+1)
			}
		}
	}
}
