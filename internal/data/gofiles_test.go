package data

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files, by slash-separated name, and returns their directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGoFiles(t *testing.T) {
	files := map[string]string{}
	for _, name := range strings.Fields(`b.go a/c.go a-b/d.go a/b/e.go a/x_test.go x.txt .h.go _u.go
		testdata/x.go a/testdata/x.go vendor/v/x.go .git/x.go _old/x.go Vendor/f.go`) {
		files[name] = "package p"
	}
	dir := tree(t, files)
	got, err := goFilePaths(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range got {
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		got[i] = filepath.ToSlash(name)
	}
	if want := strings.Fields("Vendor/f.go a-b/d.go a/b/e.go a/c.go b.go"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A directory given by name is read even if its name would be left out.
func TestGoFilesNamed(t *testing.T) {
	dir := tree(t, map[string]string{"_x/a.go": "package p", "_x/a.txt": ""})
	file := filepath.Join(dir, "_x", "a.go")
	for _, given := range []string{filepath.Join(dir, "_x"), file} {
		if got, err := goFilePaths(given); err != nil || !slices.Equal(got, []string{file}) {
			t.Errorf("goFilePaths(%q) = %q, %v", given, got, err)
		}
	}
}

func TestGoFilesErrors(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "", "a_test.go": "package p"})
	for name, want := range map[string]string{
		".":     ": no Go files",
		"a.txt": ": no Go files",
		"gone":  ": ", // and the system's words
	} {
		given := filepath.Join(dir, name)
		_, err := goFilePaths(given)
		if err == nil || !strings.HasPrefix(err.Error(), filepath.Clean(given)+want) {
			t.Errorf("goFilePaths(%q): error %v, want %q", name, err, want)
		}
	}
}

func TestSplitOf(t *testing.T) {
	for n, want := range map[int]string{
		1: "0", 2: "00", 3: "012", 4: "0012", 9: "000000012", 10: "0000000012",
		19: "0000000012000000001", 21: "000000001200000000120",
	} {
		got := ""
		for i := range n {
			got += fmt.Sprint(splitOf(i, n))
		}
		if got != want {
			t.Errorf("n = %d: got %s, want %s", n, got, want)
		}
	}
}

func TestGoDir(t *testing.T) {
	dir := tree(t, map[string]string{
		"x.go":        "package x\nvar root = 1",
		"a/b.go":      "package a\nvar b = 1",
		"a/a.go":      "package a\nvar a = 1\nvar both = 2",
		"a/b/c.go":    "package b\nvar c = 1",
		"a/broken.go": "package a\nvar =",
		"d/d.go":      "package d\nvar d = 1\nvar both = 2\nvar root = 1",
		"doc/doc.go":  "package doc",
		"z/big.go":    "package z\n" + strings.Repeat(" ", maxGoFile),
	})
	train, dev, test, skipped, err := GoDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, split := range []struct {
		name      string
		sequences []Sequence
		want      []string // the packages in order: ".", "a", "a/b", "d"
	}{
		{"train", train, []string{"x.go:2 var root = 1", "a/a.go:2 var a = 1", "a/a.go:3 var both = 2", "a/b.go:2 var b = 1"}},
		{"dev", dev, []string{"a/b/c.go:2 var c = 1"}},
		{"test", test, []string{"d/d.go:2 var d = 1"}},
	} {
		got := textsOf(split.sequences)
		for i, s := range split.sequences {
			got[i] = s.Name + " " + got[i]
		}
		if !slices.Equal(got, split.want) {
			t.Errorf("%s: got %q, want %q", split.name, got, split.want)
		}
	}
	if got := fmt.Sprint(skipped); len(skipped) != 2 || !strings.Contains(got, "a/broken.go:2:5: ") || !strings.Contains(got, "z/big.go: larger than") {
		t.Errorf("skipped %v", skipped)
	}
}

func TestGoDirOnePackage(t *testing.T) {
	var src strings.Builder
	src.WriteString("package p\n")
	for i := range 10 {
		fmt.Fprintf(&src, "var v%d = 0\n", i)
	}
	dir := tree(t, map[string]string{"p.go": src.String()})
	train, dev, test, _, err := GoDir(filepath.Join(dir, "p.go"))
	if err != nil || len(train) != 8 || len(dev) != 1 || len(test) != 1 || test[0].Name != "p.go:11" {
		t.Errorf("%d, %d, %d declarations, error %v", len(train), len(dev), len(test), err)
	}
}

func TestGoDirErrors(t *testing.T) {
	dir := tree(t, map[string]string{"a.go": "package", "b.go": "package b"})
	_, _, _, skipped, err := GoDir(dir)
	if err == nil || !strings.HasPrefix(err.Error(), dir+": no declaration in 2 Go files") || len(skipped) != 1 {
		t.Errorf("error %v, skipped %v", err, skipped)
	}
	if _, _, _, _, err := GoDir(filepath.Join(dir, "gone")); err == nil {
		t.Error("missing directory: no error")
	}
}

// goFilePaths are the files that goFiles finds, as paths.
func goFilePaths(dir string) ([]string, error) {
	root, names, err := goFiles(dir)
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(root, filepath.FromSlash(name)))
	}
	return paths, err
}
