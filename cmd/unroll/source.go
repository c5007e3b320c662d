package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// formatAuto stands for the format that the file's name tells or, for a model
// that is trained already, the one it was trained on.
const formatAuto = "auto"

// The formats that train treats in a way of their own, and the data that has
// no format because it is made up.
const (
	formatGo   = "go"
	formatText = "text"
	dataCopy   = "copy"
	dataAdding = "adding"
)

// formatList names the formats for help and errors.
func formatList() string {
	names := data.FormatNames(func(*data.Format) bool { return true })
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// formatOf returns the format of a file, asked for by name or seen from the path.
func formatOf(asked, path string) (*data.Format, error) {
	if asked != formatAuto {
		return formatNamed(asked)
	}
	info, err := os.Stat(path)
	switch {
	case path == "-":
		return nil, usagef("standard input: say its format with --format %s", formatList())
	case err != nil:
		return nil, pathError(path, err)
	case info.IsDir():
		return data.FormatNamed(formatGo), nil
	}
	if f := data.FormatOf(path); f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("%s: cannot tell its format from its name: expected a directory, .go, .conllu or .txt, or --format", path)
}

// formatNamed returns the format of this name.
func formatNamed(name string) (*data.Format, error) {
	if f := data.FormatNamed(name); f != nil {
		return f, nil
	}
	return nil, usagef("format %q is unknown: expected auto, %s", name, formatList())
}

// source says how labelled files are read.
type source struct {
	format  *data.Format
	options data.Options
}

// sourceOf returns how files of a format are read for a model.
func sourceOf(f *data.Format, c model.Config) source {
	return source{f, data.Options{Whole: c.Task == model.TaskClassify, Column: c.Column, Unit: c.Unit, Pieces: evalPieces}}
}

// validate says what is wrong with s, as wrong usage.
func (s source) validate() error {
	if s.format.Check == nil {
		return nil
	}
	if err := s.format.Check(s.options); err != nil {
		return usageError{err}
	}
	return nil
}

// evalPieces is into how many pieces a text is cut to be scored: few, so that
// little is lost at their beginnings, but enough to score them together.
const evalPieces = 8

// read reads all labelled sequences of a file, or of a directory of Go; of a
// text evalPieces of them.
func (s source) read(path string) ([]data.Sequence, error) {
	if s.format.Name == formatGo && path != "-" {
		sequences, skipped, err := data.ReadGo(path)
		warnSkipped(skipped)
		return sequences, err
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s.options.Name = path
	return s.format.Read(f, s.options)
}

// readTokens reads a text as its tokens.
func (s source) readTokens(path string) ([]string, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := data.ReadText(f, path)
	return s.options.Tokens(text), err
}
