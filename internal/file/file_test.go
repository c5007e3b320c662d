package file

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// TestWrite wants a file whole or as it was, and nothing left beside it.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	want := func(content string) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != content {
			t.Errorf("the file has %q, error %v; want %q", got, err, content)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%d files in the folder, want 1", len(entries))
		}
	}
	if err := Write(path, text("old")); err != nil {
		t.Fatal(err)
	}
	want("old")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("half way")
	err := Write(path, func(w io.Writer) error {
		io.WriteString(w, "ha")
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("error %v, want %v", err, failed)
	}
	want("old")
	if err := Write(path, text("new")); err != nil {
		t.Fatal(err)
	}
	want("new")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v, error %v; want what it was", info.Mode(), err)
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                             "no regular file",
		filepath.Join(dir, "none", "f"): "cannot be written",
	} {
		err := Write(path, text("new"))
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ".f.") {
			t.Errorf("%s: error %v, want one of the path that says %q", path, err, want)
		}
	}
}
