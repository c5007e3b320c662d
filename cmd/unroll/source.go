package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// The formats of files, and the data that has none because it is made up.
const (
	formatAuto   = "auto"
	formatGo     = "go"
	formatConllu = "conllu"
	formatText   = "text"
	dataCopy     = "copy"
	dataAdding   = "adding"
)

// formatOf returns the format of a file, asked for by name or seen from the path.
func formatOf(asked, path string) (string, error) {
	switch asked {
	case formatGo, formatConllu, formatText:
		return asked, nil
	case formatAuto:
	default:
		return "", usagef("format %q is unknown: expected auto, go, conllu or text", asked)
	}
	info, err := os.Stat(path)
	switch {
	case path == "-":
		return "", usagef("standard input: say its format with --format go, conllu or text")
	case err != nil:
		return "", pathError(path, err)
	case info.IsDir(), strings.HasSuffix(path, ".go"):
		return formatGo, nil
	case strings.HasSuffix(path, ".conllu"):
		return formatConllu, nil
	case strings.HasSuffix(path, ".txt"):
		return formatText, nil
	}
	return "", fmt.Errorf("%s: cannot tell its format from its name: expected a directory, .go, .conllu or .txt, or --format", path)
}

// source says how labelled files are read.
type source struct {
	format string
	task   string
	column string // of CoNLL-U: the labels' column; or, of a model that classifies, the comment that has the label
	unit   string // of a text: its tokens
}

// validate says what is wrong with s, as wrong usage.
func (s source) validate() error {
	if s.format != formatConllu {
		return nil
	}
	if s.task == model.TaskClassify {
		if s.column == "" {
			return usagef("no comment that has a sentence's label: say its name with --label-column")
		}
		return nil
	}
	if _, err := data.ParseColumn(s.column); err != nil {
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
	if s.format == formatGo && path != "-" {
		sequences, skipped, err := data.ReadGo(path)
		warnSkipped(skipped)
		return sequences, err
	}
	if s.format == formatText {
		tokens, err := s.readTokens(path)
		if err != nil {
			return nil, err
		}
		return data.NextTokens(path, tokens, evalPieces)
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch {
	case s.format == formatConllu && s.task == model.TaskClassify:
		return data.ReadConlluClasses(f, path, s.column)
	case s.format == formatConllu:
		column, err := data.ParseColumn(s.column)
		if err != nil {
			return nil, usageError{err}
		}
		return data.ReadConllu(f, path, column)
	}
	src, err := io.ReadAll(f)
	if err != nil {
		return nil, pathError(path, err)
	}
	return data.Declarations(path, src)
}

// readTokens reads a text as its tokens.
func (s source) readTokens(path string) ([]string, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := data.ReadText(f, path)
	return tokens(text, s.unit), err
}

// tokens splits a text as a model reads it.
func tokens(text, unit string) []string {
	if unit == model.UnitWords {
		return data.Words(text)
	}
	return data.Characters(text)
}
