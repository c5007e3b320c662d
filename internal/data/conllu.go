package data

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
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

// MaxSentence is the longest sentence, in bytes, that [ConlluReader] reads.
const MaxSentence = 64 << 20

const byteOrderMark = "\ufeff"

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
type ConlluReader struct {
	lines *lineReader
	err   error // once set, every Read returns it
}

// NewConlluReader reads from r; name stands for the file in errors. Bytes
// beyond the sentence returned may have been taken from r.
func NewConlluReader(r io.Reader, name string) *ConlluReader {
	return &ConlluReader{lines: newLineReader(r, name)}
}

// Read returns the next sentence, or io.EOF after the last one. A sentence
// ends with its blank line and is returned without waiting for the line after,
// so a pipe can be labelled as it is written. Comments that no word follows,
// and a blank line after a blank line, come as sentences without words: writing
// all sentences gives the file again.
//
// The sentence belongs to the caller. After an error Read returns it again.
func (r *ConlluReader) Read() (*Sentence, error) {
	if r.err != nil {
		return nil, r.err
	}
	s, err := r.read()
	if err != nil {
		r.err = err
		return nil, err
	}
	return s, nil
}

func (r *ConlluReader) read() (*Sentence, error) {
	s := &Sentence{Name: r.lines.name, Line: r.lines.line + 1}
	size := 0
	for {
		raw, err := r.lines.next()
		if err == io.EOF && len(s.lines) > 0 {
			return s, nil // the next Read meets the end again
		}
		if err != nil {
			return nil, err
		}
		if size += len(raw); size > MaxSentence {
			return nil, r.lines.errorf("sentence longer than %d bytes, expected a blank line after each sentence", MaxSentence)
		}
		end, err := s.add(raw)
		if err != nil {
			return nil, r.lines.errorf("%w", err)
		}
		if end {
			return s, nil
		}
	}
}

// Sentence is one sentence of a CoNLL-U file with all that stands around it:
// comments, multi-word ranges, empty nodes and the blank line after it.
type Sentence struct {
	Name string // the file's name, as given to NewConlluReader
	Line int    // number of its first line in the file, from 1

	lines []string // as read, endings included
	words []int    // indices in lines of the lines whose id is a plain integer
	added int      // lines that were not read but inserted, all before the first word
}

// add appends one line and tells whether it ends the sentence.
func (s *Sentence) add(raw string) (end bool, err error) {
	s.lines = append(s.lines, raw)
	i := len(s.lines) - 1
	body := s.body(i)
	if body == "" {
		return true, nil
	}
	if body[0] == '#' {
		return false, nil
	}
	word, err := parseWord(body)
	if word {
		s.words = append(s.words, i)
	}
	return false, err
}

// body is line i without its ending and, on the file's first line, without the
// byte order mark.
func (s *Sentence) body(i int) string {
	body := trimEnding(s.lines[i])
	if s.Line+i == 1 {
		body = strings.TrimPrefix(body, byteOrderMark)
	}
	return body
}

// parseWord checks a line that is neither blank nor a comment, and tells
// whether it is a word: ranges (1-2) and empty nodes (1.1) are not.
func parseWord(body string) (word bool, err error) {
	if n := strings.Count(body, "\t") + 1; n != len(columnNames) {
		return false, fmt.Errorf("%d tab-separated columns, expected %d", n, len(columnNames))
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

// Words returns the forms of the sentence's words, without multi-word ranges
// and empty nodes. It is empty for a sentence of comments only.
func (s *Sentence) Words() []string { return s.Column(ColumnForm) }

// Column returns the values of column c, from 1 to 10, one a word of
// [Sentence.Words]. The slice belongs to the caller.
func (s *Sentence) Column(c int) []string {
	mustBeColumn(c)
	values := make([]string, len(s.words))
	for w, i := range s.words {
		values[w] = field(s.body(i), c)
	}
	return values
}

func mustBeColumn(c int) {
	if !isColumn(c) {
		panic(fmt.Sprintf("data: column %d, expected 1 to %d", c, ColumnMisc))
	}
}

// SetColumn replaces column c, from 2 to 10, in the lines of the words, and
// leaves every other byte as it is. It fails, and changes nothing, if there is
// not one value a word or if a value would break the format.
func (s *Sentence) SetColumn(c int, values []string) error {
	if c == ColumnID {
		return s.errorf(0, "ids cannot be replaced, expected another column")
	}
	mustBeColumn(c)
	if len(values) != len(s.words) {
		return s.errorf(0, "%d values for column %s, expected %d, one a word", len(values), columnNames[c-1], len(s.words))
	}
	for w, v := range values {
		if v == "" || strings.ContainsAny(v, "\t\r\n\x00") || !utf8.ValidString(v) {
			return s.errorf(s.words[w], "value %.40q for column %s, expected text without tabs and line ends", v, columnNames[c-1])
		}
	}
	for w, i := range s.words {
		body := s.body(i)
		start := strings.Index(s.lines[i], body) // after a byte order mark
		from, to := fieldExtent(body, c)
		s.lines[i] = s.lines[i][:start+from] + values[w] + s.lines[i][start+to:]
	}
	return nil
}

// errorf reports what is wrong with the sentence's line i, counted from 0: the
// first one, or one after all inserted ones.
func (s *Sentence) errorf(i int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", s.Name, s.Line+max(0, i-s.added), fmt.Sprintf(format, args...))
}

// WriteTo writes the sentence's lines, comments and blank line included, as
// they were read but for the columns replaced. It implements [io.WriterTo].
func (s *Sentence) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, strings.Join(s.lines, ""))
	return int64(n), err
}
