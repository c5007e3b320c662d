package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// outputFile returns where a file named path is to be written, which is the
// target of a link, and says early what would go wrong at the end: what is
// there must be a regular file, none of the inputs, in a folder that takes
// files. What says what the file is of: the model.
func outputFile(path, what string, inputs ...string) (string, error) {
	switch path {
	case "":
		return "", usagef("no name for the %s's file", what)
	case "-":
		return "", usagef("the %s is written to a file, not to standard output: expected its name (./- for one that is called -)", what)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: is there and is no regular file, expected a name for the %s's file", path, what)
	}
	for _, in := range inputs {
		if i, inErr := os.Stat(in); err == nil && inErr == nil && os.SameFile(info, i) {
			return "", fmt.Errorf("%s: is the input, expected another name for the %s's file", path, what)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".unroll-*")
	if err != nil {
		return "", fmt.Errorf("%s: no file can be made in its folder: %w", path, cause(err))
	}
	f.Close()
	return path, os.Remove(f.Name())
}
