package data

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxGoFile is the largest Go file, in bytes, that is read.
const maxGoFile = 10 << 20

// goFiles returns the slash-separated names, sorted, of the Go files in a
// directory and those below it, and the directory that they are relative to.
// Tests, and files and directories that the go command ignores (testdata,
// vendor, names that begin with "." or "_"), are left out, as are symbolic
// links. If dir is itself a .go file, that file is returned. It is an error if
// there are none.
func goFiles(dir string) (root string, names []string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return "", nil, pathError(dir, err)
	}
	if !info.IsDir() && strings.HasSuffix(dir, ".go") {
		return filepath.Dir(dir), []string{filepath.Base(dir)}, nil
	}
	if info.IsDir() {
		names, err = walkGo(dir)
	}
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: no Go files, expected a .go file or a directory that has some", dir)
	}
	return dir, names, err
}

func walkGo(dir string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return pathError(path.Join(dir, name), err)
		case d.IsDir() && name != "." && ignoredDir(d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular() && isGoFile(d.Name()):
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names) // the walk sorts each directory, not the names as a whole
	return names, err
}

func ignoredDir(name string) bool {
	return name == "testdata" || name == "vendor" || isHidden(name)
}

func isGoFile(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !isHidden(name)
}

func isHidden(name string) bool { return name[0] == '.' || name[0] == '_' }

// readGoFile returns the declarations of one file, and how many of them were
// cut.
func readGoFile(file, name string) (sequences []Sequence, cut int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, pathError(name, err)
	}
	defer f.Close()
	return readGo(f, name)
}

// readGo is readGoFile of what is open.
func readGo(in io.Reader, name string) (sequences []Sequence, cut int, err error) {
	src, err := io.ReadAll(io.LimitReader(in, maxGoFile+1))
	if err != nil {
		return nil, 0, pathError(name, err)
	}
	if len(src) > maxGoFile {
		return nil, 0, fmt.Errorf("%s: larger than %d bytes, expected a Go file of at most that", name, maxGoFile)
	}
	return declarations(name, src)
}

// pathError is the cause of a failed operation after the name the user knows.
func pathError(name string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}
