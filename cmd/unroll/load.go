package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// The formats.
const (
	formatAuto   = "auto"
	formatGo     = "go"
	formatConllu = "conllu"
	formatText   = "text"
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

// readLabelled reads all labelled sequences of a file, or of a directory of Go.
func readLabelled(path, format string, column int) ([]data.Sequence, error) {
	if format == formatGo && path != "-" {
		sequences, skipped, err := data.ReadGo(path)
		warnSkipped(skipped)
		return sequences, err
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch format {
	case formatConllu:
		return data.ReadConllu(f, path, column)
	case formatText:
		characters, err := data.ReadText(f, path)
		if err != nil {
			return nil, err
		}
		return data.NextTokens(path, characters, evalPieces)
	}
	src, err := io.ReadAll(f)
	if err != nil {
		return nil, pathError(path, err)
	}
	return data.Declarations(path, src)
}

// evalPieces is into how many pieces a text is cut to be scored: few, so that
// little is lost at their beginnings, but enough to score them together.
const evalPieces = 8

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
