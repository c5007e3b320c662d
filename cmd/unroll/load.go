package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/unroll-go/unroll/internal/model"
)

// inputFile is an input that is open, or standard input.
type inputFile struct {
	*bufio.Reader
	pause   func() error // called before each read that may have to wait; nil for nothing
	from    *os.File
	regular bool // there is nobody at its other end to wait for
}

// bufferSize is that of inputs and outputs, and how much of a file its format
// is judged by.
const bufferSize = 1 << 16

func newFile(from *os.File) *inputFile {
	f := &inputFile{from: from}
	info, err := from.Stat()
	f.regular = err == nil && info.Mode().IsRegular()
	f.Reader = bufio.NewReaderSize(pausing{f}, bufferSize)
	return f
}

// pausing reads from a file, after its pause.
type pausing struct{ *inputFile }

func (p pausing) Read(b []byte) (int, error) {
	if p.pause != nil && !p.regular {
		if err := p.pause(); err != nil {
			return 0, err
		}
	}
	return p.from.Read(b)
}

func (f *inputFile) Close() error {
	if f.from == os.Stdin {
		return nil
	}
	return f.from.Close()
}

// begin returns the beginning of the file, which stays to be read: a line and
// what there is behind it for now, at most bufferSize. cut says that there may be
// more.
func (f *inputFile) begin() (text string, cut bool) {
	if f.regular {
		f.Peek(bufferSize)
	}
	var b []byte
	for err := error(nil); err == nil && len(b) < bufferSize && bytes.IndexByte(b, '\n') < 0; {
		_, err = f.Peek(len(b) + 1)
		b, _ = f.Peek(f.Buffered())
	}
	return string(b), len(b) == bufferSize || !f.regular
}

// standardInput is there once, so that what was looked at is still read.
var standardInput = sync.OnceValue(func() *inputFile { return newFile(os.Stdin) })

// lookedAt has the pipes whose beginning was looked at and is still to be read.
var lookedAt = map[string]*inputFile{}

// open opens a file, or standard input for "-".
func open(path string) (*inputFile, error) {
	if path == "-" {
		return standardInput(), nil
	}
	if f := lookedAt[path]; f != nil {
		delete(lookedAt, path)
		return f, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, pathError(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s: is a directory, expected a file", path)
	}
	return newFile(f), nil
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
