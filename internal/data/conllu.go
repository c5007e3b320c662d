package data

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The columns of CoNLL-U, counted from 1 as its documentation does
// (https://universaldependencies.org/format.html).
const (
	ColumnID = iota + 1
	ColumnForm
	ColumnLemma
	ColumnUPOS
	ColumnXPOS
	ColumnFeats
	ColumnHead
	ColumnDeprel
	ColumnDeps
	ColumnMisc
)

var columnNames = [...]string{"id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"}

// ParseColumn gives the column that a name, in upper or lower case, or a
// number from 1 to 10 stands for.
func ParseColumn(name string) (int, error) {
	for i, n := range columnNames {
		if strings.EqualFold(name, n) {
			return i + 1, nil
		}
	}
	if n, err := strconv.Atoi(name); err == nil && isColumn(n) {
		return n, nil
	}
	return 0, fmt.Errorf("unknown column %.40q, expected %s or a number from 1 to 10",
		name, strings.Join(columnNames[:], ", "))
}

func isColumn(c int) bool { return ColumnID <= c && c <= ColumnMisc }

// ConlluReader reads CoNLL-U sentence by sentence.
type ConlluReader struct{ sentenceReader }

// NewConlluReader reads from r; name stands for the file in errors. Bytes
// beyond the sentence returned may have been taken from r.
func NewConlluReader(r io.Reader, name string) *ConlluReader {
	return &ConlluReader{sentenceReader{lines: newLineReader(r, name), form: conlluForm{}}}
}

// Read returns the next sentence, or io.EOF after the last one. A sentence
// ends with its blank line and is returned without waiting for the line after,
// so a pipe can be labelled as it is written. Comments that no word follows,
// and a blank line after a blank line, come as sentences without words: writing
// all sentences gives the file again.
//
// The sentence belongs to the caller. After an error Read returns it again.
func (r *ConlluReader) Read() (*Sentence, error) { return r.read() }

// conlluForm is how CoNLL-U has words in lines.
type conlluForm struct{}

func (conlluForm) kind(body string, _ bool) (lineKind, error) {
	switch {
	case body == "":
		return blankLine, nil
	case body[0] == '#':
		return otherLine, nil
	}
	word, err := parseWord(body)
	if !word {
		return otherLine, err
	}
	return wordLine, err
}

func (conlluForm) extent(body string, c int) (from, to int) { return fieldExtent(body, c) }
func (conlluForm) before(string, int) string                { return "" }
func (conlluForm) columnName(c int) string                  { return columnNames[c-1] }
func (conlluForm) fits(string) bool                         { return true }
func (conlluForm) word() int                                { return ColumnForm }
func (conlluForm) formatName() string                       { return "CoNLL-U" }
func (conlluForm) has(c int) bool                           { return isColumn(c) }

// parseWord checks a line that is neither blank nor a comment, and tells
// whether it is a word: ranges (1-2) and empty nodes (1.1) are not.
func parseWord(body string) (word bool, err error) {
	if n := strings.Count(body, "\t") + 1; n != len(columnNames) {
		return false, fmt.Errorf("%s between tabs, expected %d", plural(n, "column"), len(columnNames))
	}
	id := field(body, ColumnID)
	word, ok := parseID(id)
	if !ok {
		return false, fmt.Errorf("id %.40q, expected a number, a range (1-2) or a decimal (1.1)", id)
	}
	if word && field(body, ColumnForm) == "" {
		return false, fmt.Errorf("empty form, expected a word")
	}
	return word, nil
}

func parseID(id string) (word, ok bool) {
	for _, sep := range []string{"-", "."} {
		if from, to, found := strings.Cut(id, sep); found {
			return false, isNumber(from) && isNumber(to)
		}
	}
	return true, isNumber(id)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// field returns column c of a line of ten columns.
func field(body string, c int) string {
	from, to := fieldExtent(body, c)
	return body[from:to]
}

func fieldExtent(body string, c int) (from, to int) {
	for range c - 1 {
		from += strings.IndexByte(body[from:], '\t') + 1
	}
	if n := strings.IndexByte(body[from:], '\t'); n >= 0 {
		return from, from + n
	}
	return from, len(body)
}
