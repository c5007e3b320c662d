package data

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// cell is where a field of a record stands, quotes included.
type cell struct{ from, to int }

// record is a row of a table (RFC 4180) as it stands in the file, its ending
// included. A blank line is one without cells.
type record struct {
	line  int // number of its first line
	raw   string
	cells []cell
}

// value returns field i, without quotes.
func (r *record) value(i int) string {
	v := r.raw[r.cells[i].from:r.cells[i].to]
	if strings.HasPrefix(v, `"`) {
		return strings.ReplaceAll(v[1:len(v)-1], `""`, `"`)
	}
	return v
}

// values returns all fields.
func (r *record) values() []string {
	all := make([]string, len(r.cells))
	for i := range all {
		all[i] = r.value(i)
	}
	return all
}

// tableReader reads a table of comma- or tab-separated values record by record.
type tableReader struct {
	lines     *lineReader
	separator byte // 0 until the first record tells: a tab if it has one
	columns   int  // of every record, once the first is read
}

// next returns the next record, or io.EOF.
func (t *tableReader) next() (record, error) {
	raw, err := t.lines.next()
	if err != nil {
		return record{}, err
	}
	r := record{line: t.lines.line, raw: raw}
	if strings.Count(raw, `"`)%2 == 1 {
		if r.raw, err = t.goOn(r); err != nil {
			return r, err
		}
	}
	if err := t.split(&r); err != nil {
		return r, t.errorf(r, "%w", err)
	}
	return r, nil
}

// goOn returns a record whose first line ends within a quoted field.
func (t *tableReader) goOn(r record) (string, error) {
	raw := []byte(r.raw)
	for open := true; open; {
		more, err := t.lines.next()
		if err == io.EOF || len(raw)+len(more) > MaxLine {
			return "", t.errorf(r, "%w", errNoClosingQuote)
		}
		if err != nil {
			return "", err
		}
		raw = append(raw, more...)
		open = strings.Count(more, `"`)%2 == 0
	}
	return string(raw), nil
}

var errNoClosingQuote = errors.New("no closing quote, expected fields as in RFC 4180")

// split finds the record's cells.
func (t *tableReader) split(r *record) error {
	end, at := len(trimEnding(r.raw)), 0
	if r.line == 1 && strings.HasPrefix(r.raw, byteOrderMark) {
		at = len(byteOrderMark)
	}
	if trimBlanks(r.raw[at:end]) == "" && (t.separator != '\t' || at == end) {
		return nil
	}
	if t.separator == 0 {
		t.separator = ','
		if strings.Contains(r.raw, "\t") {
			t.separator = '\t'
		}
	}
	for {
		to, err := t.cellEnd(r.raw[:end], at)
		if err != nil {
			return err
		}
		r.cells = append(r.cells, cell{at, to})
		if to == end {
			break
		}
		at = to + 1
	}
	if t.columns == 0 {
		t.columns = len(r.cells)
	}
	if len(r.cells) != t.columns {
		return fmt.Errorf("%s, expected %d as in the first line", plural(len(r.cells), "column"), t.columns)
	}
	return nil
}

// cellEnd is where the cell ends that begins at from.
func (t *tableReader) cellEnd(text string, from int) (int, error) {
	if !strings.HasPrefix(text[from:], `"`) {
		n := strings.IndexByte(text[from:], t.separator)
		if n < 0 {
			n = len(text) - from
		}
		if strings.Contains(text[from:from+n], `"`) {
			return 0, errors.New(`a quote inside a field, expected the field in quotes and its quotes twice`)
		}
		return from + n, nil
	}
	for at := from + 1; ; at += 2 {
		n := strings.IndexByte(text[at:], '"')
		if n < 0 {
			return 0, errNoClosingQuote
		}
		if at += n + 1; at == len(text) || text[at] == t.separator {
			return at, nil
		}
		if text[at] != '"' {
			return 0, fmt.Errorf("%.10q after a closing quote, expected %q", text[at:], t.separator)
		}
		at--
	}
}

// quote returns a value as a field.
func (t *tableReader) quote(value string) string {
	if strings.ContainsAny(value, "\"\r\n"+string(rune(t.separator))) {
		return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
	return value
}

// errorf reports what is wrong with a record.
func (t *tableReader) errorf(r record, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", t.lines.name, r.line, fmt.Errorf(format, args...))
}
