package data

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxSentence is the longest sequence, in bytes of its file, that is read.
const MaxSentence = 64 << 20

const byteOrderMark = "\ufeff"

// form is how a format has words in lines, and what is known of a word in
// columns, counted from 1.
type form interface {
	kind(body string, first bool) (lineKind, error) // of a line without its ending; first: no word stands before it in its sentence
	extent(body string, c int) (from, to int)       // where a word's line has column c, or where it would be put
	before(body string, c int) string               // what is put before a value there
	has(c int) bool                                 // whether there can be such a column
	word() int                                      // the column of the words
	columnName(c int) string
	formatName() string
	fits(value string) bool // whether it can stand in a column, besides being text without tabs and line ends
}

// lineKind is what a line is in its sentence.
type lineKind int

const (
	otherLine lineKind = iota // a comment and the like, kept
	wordLine
	headerLine // kept, too
	blankLine  // the end
)

// sentenceReader reads sentences that end in a blank line.
type sentenceReader struct {
	lines *lineReader
	form  form
	err   error // once set, every read returns it
}

func (r *sentenceReader) read() (*Sentence, error) {
	if r.err != nil {
		return nil, r.err
	}
	s, err := r.next()
	if err != nil {
		r.err = err
		return nil, err
	}
	return s, nil
}

func (r *sentenceReader) next() (*Sentence, error) {
	s := &Sentence{Name: r.lines.name, Line: r.lines.line + 1, from: r.lines.to, form: r.form}
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

// Sentence is one sentence of a file of lines with all that stands around it:
// comments, multi-word ranges, empty nodes and the blank line after it.
type Sentence struct {
	Name string // the file's name, as given to NewConlluReader
	Line int    // number of its first line in the file, from 1

	lines  []string // as read, endings included
	words  []int    // indices in lines of the lines whose id is a plain integer
	added  int      // lines that were not read but inserted, all before the first word
	from   int      // where the first line begins in the file, in bytes
	form   form
	header int // number of its line among lines, from 1; 0 for none
}

// add appends one line and tells whether it ends the sentence.
func (s *Sentence) add(raw string) (end bool, err error) {
	s.lines = append(s.lines, raw)
	i := len(s.lines) - 1
	kind, err := s.form.kind(s.body(i), len(s.words) == 0)
	switch kind {
	case wordLine:
		s.words = append(s.words, i)
	case headerLine:
		s.header = i + 1
	}
	return kind == blankLine, err
}

// body is line i without its ending and, on the file's first line, without the
// byte order mark.
func (s *Sentence) body(i int) string {
	return trimEnding(s.lines[i])[s.start(i):]
}

// start is where the body of line i begins in it.
func (s *Sentence) start(i int) int {
	if s.Line+i == 1 && strings.HasPrefix(s.lines[i], byteOrderMark) {
		return len(byteOrderMark)
	}
	return 0
}

// Words returns the forms of the sentence's words, without multi-word ranges
// and empty nodes. It is empty for a sentence of comments only.
func (s *Sentence) Words() []string { return s.Column(s.form.word()) }

// Column returns the values of column c, from 1 to 10, one a word of
// [Sentence.Words]. The slice belongs to the caller.
func (s *Sentence) Column(c int) []string {
	s.mustHave(c)
	values := make([]string, len(s.words))
	for w, i := range s.words {
		body := s.body(i)
		from, to := s.form.extent(body, c)
		values[w] = body[from:to]
	}
	return values
}

// places says where the words stand, in a file whose words have spaces between
// them.
func (s *Sentence) places() []Place {
	places, at, i := make([]Place, len(s.words)), s.from, 0
	for w, line := range s.words {
		for ; i < line; i++ {
			at += len(s.lines[i])
		}
		from, to := s.form.extent(s.body(i), s.form.word())
		places[w] = Place{From: at + s.start(i) + from, To: at + s.start(i) + to, After: " "}
	}
	return places
}

func (s *Sentence) mustHave(c int) {
	if !s.form.has(c) {
		panic(fmt.Sprintf("data: column %d, expected one that there is", c))
	}
}

// SetColumn replaces column c, from 2 to 10, in the lines of the words, and
// leaves every other byte as it is. It fails, and changes nothing, if there is
// not one value a word or if a value would break the format.
func (s *Sentence) SetColumn(c int, values []string) error {
	if c == ColumnID && s.form == (conlluForm{}) {
		return s.errorf(0, "ids cannot be replaced, expected another column")
	}
	s.mustHave(c)
	if len(values) != len(s.words) {
		return s.errorf(0, "%d values for column %s, expected %d, one a word", len(values), s.form.columnName(c), len(s.words))
	}
	for w, v := range values {
		if v == "" || strings.ContainsAny(v, "\t\r\n\x00") || !utf8.ValidString(v) || !s.form.fits(v) {
			return s.errorf(s.words[w], "value %.40q for column %s, expected text without tabs and line ends", v, s.form.columnName(c))
		}
	}
	for w, i := range s.words {
		body, start := s.body(i), s.start(i)
		from, to := s.form.extent(body, c)
		s.lines[i] = s.lines[i][:start+from] + s.form.before(body, c) + values[w] + s.lines[i][start+to:]
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
