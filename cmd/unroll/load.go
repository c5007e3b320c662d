package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/unroll-go/unroll/internal/model"
)

// open opens a file, or standard input for "-".
func open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return os.Stdin, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, pathError(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s: is a directory, expected a file", path)
	}
	return f, nil
}

// pathError is a failed operation's cause after the file's name.
func pathError(path string, err error) error {
	return fmt.Errorf("%s: %w", path, cause(err))
}

// cause takes the operation and the path off an error.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// warn writes a line to standard error.
func warn(format string, a ...any) {
	fmt.Fprintln(os.Stderr, "unroll: warning:", oneLine(fmt.Sprintf(format, a...)))
}

// warnSkipped warns of the files of a directory that could not be read.
func warnSkipped(skipped []error) {
	const most = 5
	for i, err := range skipped {
		if i == most {
			warn("left out %d more files", len(skipped)-most)
			return
		}
		warn("left out %v", err)
	}
}

// loadModel reads a model from a file.
func loadModel(path string) (*model.Model, error) {
	if path == "" {
		return nil, usagef("no model: say which with -m MODEL")
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := model.Read(f)
	if err != nil {
		return nil, pathError(path, err)
	}
	return m, nil
}
