package data

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxText is the largest text, in bytes, that is read whole to train on.
const maxText = 1 << 30

// ReadText reads a whole text, for [Characters] or [Words]. It must be UTF-8
// and have at least two characters.
func ReadText(r io.Reader, name string) (string, error) {
	var b strings.Builder
	n, err := io.Copy(&b, io.LimitReader(r, maxText+1))
	switch {
	case err != nil:
		return "", pathError(name, err)
	case n > maxText:
		return "", fmt.Errorf("%s: larger than %d bytes, expected a text of at most that", name, maxText)
	}
	text := b.String()
	if line := brokenLine(text); line > 0 {
		return "", fmt.Errorf("%s:%d: invalid UTF-8, expected UTF-8 text", name, line)
	}
	if before, _, nul := strings.Cut(text, "\x00"); nul {
		return "", fmt.Errorf("%s:%d: NUL byte, expected UTF-8 text", name, strings.Count(before, "\n")+1)
	}
	if n := utf8.RuneCountInString(text); n < 2 {
		return "", fmt.Errorf("%s: %s, expected at least 2", name, plural(n, "character"))
	}
	return text, nil
}

// brokenLine returns the number of the first line that is not UTF-8, or 0.
func brokenLine(text string) int {
	if utf8.ValidString(text) {
		return 0
	}
	line := 1
	for rest := text; ; line++ {
		first, after, more := strings.Cut(rest, "\n")
		if !utf8.ValidString(first) || !more {
			return line
		}
		rest = after
	}
}

// NextTokens makes sequences for a language model: every token is labelled
// with the one after it. The text is cut into that many pieces of equal length
// (the last few tokens may be left out), fewer if it is too short.
func NextTokens(name string, tokens []string, pieces int) ([]Sequence, error) {
	pieces = min(pieces, len(tokens)-1)
	if pieces < 1 {
		return nil, errors.New(name + ": no token has one after it, expected at least 2 tokens")
	}
	length := (len(tokens) - 1) / pieces
	sequences := make([]Sequence, pieces)
	for i := range sequences {
		from, to := i*length, (i+1)*length
		sequences[i] = Sequence{Name: fmt.Sprintf("%s, token %d", name, from+1), Tokens: tokens[from:to], Labels: tokens[from+1 : to+1]}
	}
	return sequences, nil
}
