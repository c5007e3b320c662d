package docs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/explain"
	"github.com/unroll-go/unroll/internal/show"
)

var (
	jsonBlock  = regexp.MustCompile("(?s)```json\n(.*?)```")
	plainBlock = regexp.MustCompile("(?s)```\n([^`]*?)```\n")
	tableKeys  = regexp.MustCompile("(?m)^\\| (`.*?`) \\|")
	quoted     = regexp.MustCompile("`([^`]+)`")
)

// caseDocuments say how a case is written, in both languages.
var caseDocuments = []string{"case.md", "case.ko.md"}

// TestCaseRuns wants the case of both documents to be the same and to pass, and
// to say the lines that stand below it.
func TestCaseRuns(t *testing.T) {
	text := read(t, caseDocuments[0])
	example := jsonBlock.FindStringSubmatch(text)[1]
	if ko := jsonBlock.FindStringSubmatch(read(t, caseDocuments[1]))[1]; ko != example {
		t.Error("the documents have different cases")
	}
	e, err := explain.ReadExample(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Explain(explain.None)
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("the checks are %+v", r.Checks)
	}
	var b strings.Builder
	s := show.Screen{Lang: show.English, Columns: 80}
	if err := s.Report(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, file := range caseDocuments {
		shown := plainBlock.FindStringSubmatch(strings.Replace(read(t, file), "```json\n"+example+"```", "", 1))
		if shown == nil {
			t.Fatalf("%s shows nothing", file)
		}
		for line := range strings.Lines(shown[1]) {
			if line != "...\n" && !strings.Contains(b.String(), line) {
				t.Errorf("%s: explain does not say %q", file, line)
			}
		}
	}
}

// TestCaseKeys wants both tables to have the same keys, all of the case's among
// them, and those that are said to be needed to be asked for.
func TestCaseKeys(t *testing.T) {
	var tables [2][]string
	for i, file := range caseDocuments {
		for _, row := range tableKeys.FindAllStringSubmatch(read(t, file), -1) {
			for _, m := range quoted.FindAllStringSubmatch(row[1], -1) {
				tables[i] = append(tables[i], m[1])
			}
		}
	}
	if !slices.Equal(tables[0], tables[1]) {
		t.Errorf("the tables have the keys\n%q\n%q", tables[0], tables[1])
	}
	example := []byte(jsonBlock.FindStringSubmatch(read(t, caseDocuments[0]))[1])
	for _, path := range tables[0] {
		changed, ok := without(t, example, strings.SplitN(path, ".", 2))
		if _, err := explain.ReadExample(bytes.NewReader(changed)); ok && (err == nil) != (path == "case.name") {
			t.Errorf("without %s: error %v", path, err)
		}
	}
	needed := []string{"case.cell", "case.layers", "case.T", "case.I", "case.H", "case.K", "case.B", "case.lengths", "params.rnn.weight_ih_l0", "params.rnn.weight_hh_l0",
		"params.rnn.bias_ih_l0", "params.rnn.bias_hh_l0", "params.out.weight", "params.out.bias", "x", "h0", "targets"}
	for _, path := range needed {
		if _, ok := without(t, example, strings.SplitN(path, ".", 2)); !ok || !slices.Contains(tables[0], path) {
			t.Errorf("%s is not in the example and the table", path)
		}
	}
}

// without takes the value at a path out of a JSON object; ok says whether it was there.
func without(t *testing.T, object []byte, path []string) (changed []byte, ok bool) {
	t.Helper()
	var top map[string]json.RawMessage
	if err := json.Unmarshal(object, &top); err != nil {
		t.Fatal(err)
	}
	value, ok := top[path[0]]
	delete(top, path[0])
	if ok && len(path) > 1 {
		top[path[0]], ok = without(t, value, path[1:])
	}
	changed, err := json.Marshal(top)
	if err != nil {
		t.Fatal(err)
	}
	return changed, ok
}

// TestCaseIsLinked wants the READMEs and the help to lead to the documents.
func TestCaseIsLinked(t *testing.T) {
	for file, want := range map[string]string{
		"../README.md": "(docs/case.md)", "../README.ko.md": "(docs/case.ko.md)", "../cmd/unroll/explain.go": "docs/case.md",
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(source), want) {
			t.Errorf("%s does not lead to %s", file, want)
		}
	}
}
