package unroll_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/unroll-go/unroll"

// order lists the packages so that each imports only what stands before it,
// and of that only what it names.
var order = []struct {
	name    string
	imports []string // of this module
}{
	{"bptt", nil},
	{"internal/file", nil},
	{"internal/kernel", nil},
	{"internal/seq", nil},
	{"internal/span", nil},
	{"internal/data", nil},
	{"internal/metrics", []string{"internal/span"}},
	{"rnn", []string{"internal/kernel", "internal/seq"}},
	{"internal/input", []string{"internal/kernel", "internal/seq", "rnn"}},
	{"internal/loss", []string{"internal/kernel"}},
	{"internal/optim", []string{"internal/kernel"}},
	{"internal/model", []string{"internal/kernel", "internal/seq", "internal/span", "internal/data", "rnn", "internal/input", "internal/loss"}},
	{"internal/train", []string{"internal/file", "internal/seq", "internal/span", "internal/data", "internal/metrics", "rnn", "internal/input", "internal/loss", "internal/optim", "internal/model"}},
	{"internal/check", []string{"internal/kernel", "internal/span", "rnn", "internal/input", "internal/loss", "internal/model"}},
	{"internal/explain", []string{"bptt", "internal/check", "internal/data", "internal/input", "internal/kernel", "internal/model", "internal/seq", "rnn"}},
	{"internal/show", []string{"internal/explain"}},
	{"internal/bench", []string{"internal/kernel", "rnn"}},
	{".", []string{"rnn", "internal/data", "internal/optim", "internal/model", "internal/train"}},
	{"internal/fetch", nil},
	{"cmd/unroll", nil}, // anything
}

// others are modules that packages import which the command alone does.
var others = map[string][]string{
	"internal/fetch": {"github.com/rogpeppe/go-internal/lockedfile"},
}

// TestImports wants imports to point one way, and nothing but the standard
// library below the command and what it alone imports.
func TestImports(t *testing.T) {
	packages := parsePackages(t)
	var before []string
	for _, o := range order {
		p, ok := packages[o.name]
		if !ok {
			t.Errorf("%s: listed here, but no such package", o.name)
			continue
		}
		for _, imported := range p.imports {
			local, ours := strings.CutPrefix(imported, module)
			local = strings.TrimPrefix(local, "/")
			switch {
			case o.name == "cmd/unroll":
			case !ours && slices.Contains(others[o.name], imported):
			case !ours && strings.Contains(imported, "."):
				t.Errorf("%s imports %s: only the command may import other modules", o.name, imported)
			case ours && !slices.Contains(o.imports, local):
				t.Errorf("%s imports %s, which is not listed here", o.name, local)
			case ours && !slices.Contains(before, local):
				t.Errorf("%s imports %s, which stands after it", o.name, local)
			}
		}
		before = append(before, o.name)
		delete(packages, o.name)
	}
	for name := range packages {
		t.Errorf("%s: a package that is not listed here", name)
	}
}

// TestPackageDocs wants a doc comment on every package.
func TestPackageDocs(t *testing.T) {
	for name, p := range parsePackages(t) {
		if p.docs != 1 {
			t.Errorf("%s: %d package comments, want one", name, p.docs)
		}
	}
}

type parsed struct {
	imports []string
	docs    int
}

// parsePackages parses the imports of every package, tests left out.
func parsePackages(t *testing.T) map[string]*parsed {
	t.Helper()
	packages := map[string]*parsed{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if _, err := os.Stat(path.Join(name, "go.mod")); d.IsDir() && name != "." && err == nil {
			return fs.SkipDir // a module of its own
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		p := packages[path.Dir(name)]
		if p == nil {
			p = &parsed{}
			packages[path.Dir(name)] = p
		}
		for _, i := range f.Imports {
			p.imports = append(p.imports, strings.Trim(i.Path.Value, `"`))
		}
		if f.Doc != nil {
			p.docs++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}
