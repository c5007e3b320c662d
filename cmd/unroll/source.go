package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

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

// formatOf returns the format of a file, asked for by name or judged by the
// path and then by what the file begins with; and that beginning, if it was read.
func formatOf(asked, path string) (f *data.Format, begin string, err error) {
	if asked != formatAuto {
		f, err = formatNamed(asked)
	} else if info, statErr := os.Stat(path); path != "-" && statErr != nil {
		return nil, "", pathError(path, statErr)
	} else if path != "-" && info.IsDir() {
		return data.FormatNamed(formatGo), "", nil
	} else {
		f = data.FormatOf(path)
	}
	if err != nil || f != nil && f.Reads != data.OfWords|data.OfVectors {
		return f, "", err
	}
	begin, cut, err := beginOf(path)
	if f == nil && err == nil {
		f = data.Detect(begin, cut)
	}
	switch {
	case f != nil || err != nil:
	case begin == "":
		err = fmt.Errorf("%s: is empty, expected data to train on", shown(path))
	case !utf8.ValidString(begin[:max(len(begin)-utf8.UTFMax, 0)]):
		err = fmt.Errorf("%s: invalid UTF-8 at its beginning, expected UTF-8 text", shown(path))
	default:
		err = fmt.Errorf("%s: cannot tell its format from its name or its beginning: say it with --format %s", shown(path), formatList())
	}
	return f, begin, err
}

// beginOf returns what a file begins with.
func beginOf(path string) (text string, cut bool, err error) {
	in, err := open(path)
	if err != nil {
		return "", false, err
	}
	text, cut = in.begin()
	if in.regular {
		return text, cut, in.Close()
	}
	lookedAt[path] = in
	return text, cut, nil
}

// shown is how a path is called.
func shown(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
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
	judged  bool // by what a file begins with
}

// sourceOf returns how files of a format are read for a model.
func sourceOf(f *data.Format, c model.Config) source {
	return source{format: f, options: data.Options{Whole: c.Task == model.TaskClassify, Column: c.Column, Unit: c.Unit, Pieces: evalPieces,
		Words: c.Words, Inputs: c.Inputs, Group: c.Group, PerStep: c.PerStep}}
}

// readsOf returns what a model reads.
func readsOf(c model.Config) data.Reads {
	switch {
	case c.Vector > 0:
		return data.OfVectors
	case c.Task == model.TaskLM:
		return data.OfText
	case c.Format == formatGo:
		return data.OfGo
	}
	return data.OfWords
}

// tell says what a file was taken for, where that was judged.
func (s source) tell(path string) {
	if s.judged {
		fmt.Fprintf(os.Stderr, "unroll: %s is read as %s\n", shown(path), s.format.Name)
	}
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
// text evalPieces of them. The options are complete then.
func (s *source) read(path string) ([]data.Sequence, error) {
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
	s.options.Name = shown(path)
	sequences, err := s.format.Read(f, &s.options)
	if err == nil && s.format.Reads&data.OfText == 0 {
		err = data.CheckLabels(sequences)
	}
	return sequences, err
}

// readTokens reads a text as its tokens.
func (s source) readTokens(path string) ([]string, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := data.ReadText(f, shown(path))
	return s.options.Tokens(text), err
}
