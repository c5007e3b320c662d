package data

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columnForm is how a file of columns has words in lines: a word a line, its
// columns separated by tabs or, in a file whose first line of columns has spaces
// and no tab, by spaces. A line of blanks ends a sequence. A line that begins with
// -DOCSTART- is kept, and so is a comment: "#" alone or "# …", in a file of
// spaces only before the first word of its sequence, since that may be "#".
//
// Columns are given by a number from 1, from -1 on for those from the last, or
// by name: then the file's first line is a header.
type columnForm struct {
	words, labels string // the columns as they were given
	appends       bool   // the labels' column may be one more than there are

	known                   bool // what follows, of the first line of columns
	tabs                    bool
	separator               string // before a column that is put at a line's end
	wordColumn, labelColumn int
	least                   int // columns of a line
	names                   []string
}

func (f *columnForm) kind(body string, first bool) (lineKind, error) {
	switch {
	case strings.Trim(body, " \t") == "":
		return blankLine, nil
	case isColumnComment(body) && (first || f.tabs), isDocumentStart(body):
		return otherLine, nil
	}
	if !f.known {
		header, err := f.begin(body)
		if header || err != nil {
			return headerLine, err
		}
	}
	if n := f.count(body); n < f.least {
		return otherLine, fmt.Errorf("%s, expected at least %d", plural(n, "column"), f.least)
	}
	if from, to := f.extent(body, f.wordColumn); from == to {
		return otherLine, fmt.Errorf("empty column %s, expected a word", f.columnName(f.wordColumn))
	}
	return wordLine, nil
}

func isDocumentStart(body string) bool { return strings.HasPrefix(body, "-DOCSTART-") }

func isColumnComment(body string) bool { return body == "#" || strings.HasPrefix(body, "# ") }

// begin sees from the first line of columns how the file is laid out, and
// whether the line is a header.
func (f *columnForm) begin(body string) (header bool, err error) {
	n := f.count(body)
	f.tabs, f.separator = n == 1 || strings.Contains(body, "\t"), " "
	if f.tabs {
		n, f.separator = f.count(body), "\t"
	}
	if header = !isColumnNumber(f.words) || !isColumnNumber(f.labels); header {
		for c := range n {
			from, to := f.extent(body, c+1)
			f.names = append(f.names, body[from:to])
		}
	}
	if f.wordColumn, err = f.find(f.words, n); err != nil {
		return header, err
	}
	if f.wordColumn > n {
		return header, fmt.Errorf("%s, expected the words in column %s", plural(n, "column"), f.words)
	}
	if f.labelColumn, err = f.findLabel(n); err != nil {
		return header, err
	}
	f.least = max(f.wordColumn, f.labelColumn)
	if f.appends {
		f.least = max(f.wordColumn, f.labelColumn-1)
	}
	f.known = true
	return header, nil
}

// findLabel returns the number of the labels' column of n; n+1 where it is new.
func (f *columnForm) findLabel(n int) (int, error) {
	if f.appends && !isColumnNumber(f.labels) && !slices.Contains(f.names, f.labels) {
		if f.labels == "" || !f.fits(f.labels) {
			return 0, fmt.Errorf("a new column %q, expected a name without spaces in a file of spaces", f.labels)
		}
		return n + 1, nil
	}
	c, err := f.find(f.labels, n)
	switch {
	case err != nil:
		return 0, err
	case c != f.wordColumn:
		return c, nil
	case f.appends && isColumnNumber(f.labels) && strings.HasPrefix(f.labels, "-"): // the last, of a file without labels
		return n + 1, nil
	case n == 1:
		return 0, fmt.Errorf("1 column, expected a word's label in another")
	}
	return 0, fmt.Errorf("words and labels both in column %s, expected two columns", f.words)
}

// isColumnNumber says whether a column is given by number.
func isColumnNumber(column string) bool {
	n, err := strconv.Atoi(column)
	return err == nil && n != 0
}

// find returns the number of a column as it was given, of n.
func (f *columnForm) find(column string, n int) (int, error) {
	number, err := strconv.Atoi(column)
	switch {
	case err == nil && number > 0:
		return number, nil
	case err == nil && number < 0 && -number <= n:
		return n + 1 + number, nil
	case err == nil && number < 0:
		return 0, fmt.Errorf("%s, expected column %d from the last", plural(n, "column"), -number)
	}
	if i := slices.Index(f.names, column); i >= 0 {
		return i + 1, namedOnce(f.names, column)
	}
	return 0, fmt.Errorf("no column %.40q in the header, expected one of %.100s", column, strings.Join(f.names, ", "))
}

// count is the number of columns of a line.
func (f *columnForm) count(body string) int {
	if f.tabs {
		return strings.Count(body, "\t") + 1
	}
	return len(strings.FieldsFunc(body, func(r rune) bool { return r == ' ' }))
}

func (f *columnForm) extent(body string, c int) (from, to int) {
	if f.tabs {
		if c > f.count(body) {
			return len(body), len(body)
		}
		return fieldExtent(body, c)
	}
	for ; c > 0; c-- {
		from = to + len(body[to:]) - len(strings.TrimLeft(body[to:], " "))
		to = len(body)
		if n := strings.IndexByte(body[from:], ' '); n >= 0 {
			to = from + n
		}
	}
	return from, to
}

// before is the separator that a new last column needs.
func (f *columnForm) before(body string, c int) string {
	if c <= f.count(body) || !f.tabs && strings.HasSuffix(body, " ") {
		return ""
	}
	return f.separator
}

func (f *columnForm) has(c int) bool { return c > 0 }
func (f *columnForm) word() int      { return max(f.wordColumn, 1) }

func (f *columnForm) columnName(c int) string {
	if c > 0 && c <= len(f.names) {
		return f.names[c-1]
	}
	return strconv.Itoa(c)
}

// fits refuses a value that would be two columns.
func (f *columnForm) fits(value string) bool { return f.tabs || !strings.Contains(value, " ") }

func (f *columnForm) formatName() string { return "a word a line, in columns" }

// namedOnce says that a header has a name more than once, if it does.
func namedOnce(names []string, name string) error {
	n := 0
	for _, other := range names {
		if other == name {
			n++
		}
	}
	if n > 1 {
		return fmt.Errorf("%d columns %.40q in the header, expected one", n, name)
	}
	return nil
}

// checkNames says which column is given by a name that no header can have, or
// by a number that none has, if one.
func checkNames(names ...string) error {
	for _, n := range names {
		if n == "0" {
			return errors.New("column 0, expected a number from 1, from -1 for the last, or a name")
		}
		if !fitsComment(n) || strings.Contains(n, "\t") {
			return fmt.Errorf("column %.40q, expected UTF-8 text without tabs and line ends", n)
		}
	}
	return nil
}
