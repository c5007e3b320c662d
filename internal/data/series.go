package data

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// labelName is the labels' column of a table unless another is given.
const labelName = "label"

// seriesReader reads a table whose rows are time steps, or whole sequences.
//
// The first row is a header unless one of its fields is a number. Columns are
// given by name, where there is a header, or by number as in [columnForm].
type seriesReader struct {
	table   tableReader
	options *Options
	appends bool // the labels' column may be one more than there are

	names   []string // the header's; nil without
	known   bool     // what follows
	inputs  []int    // x, columns from 0
	label   int      // columns from 0; the number of columns where it is new
	group   int      // −1 for none
	leftOut []string // columns that are nothing
	pending *record  // read already
}

func newSeriesReader(in io.Reader, o *Options, appends bool) *seriesReader {
	return &seriesReader{table: tableReader{lines: newLineReader(in, o.Name)}, options: o, appends: appends, group: -1}
}

// next returns the next record with whether it is the header, or io.EOF.
func (s *seriesReader) next() (r record, header bool, err error) {
	if s.pending != nil {
		r, s.pending = *s.pending, nil
		return r, false, nil
	}
	first := s.table.columns == 0
	if r, err = s.table.next(); err != nil || len(r.cells) == 0 {
		return r, false, err
	}
	if first && !slices.ContainsFunc(r.values(), isNumberText) {
		for _, name := range r.values() {
			s.names = append(s.names, lineEnds.Replace(name))
		}
		return r, true, s.tell(r, s.findColumns(len(r.cells)))
	}
	if first {
		err = s.findColumns(len(r.cells))
	}
	if !s.known && err == nil {
		err = s.begin(&r)
		s.known = true
	}
	return r, false, s.tell(r, err)
}

// tell says where what is wrong is wrong.
func (s *seriesReader) tell(r record, err error) error {
	if err == nil {
		return nil
	}
	return s.table.errorf(r, "%w", err)
}

// lineEnds makes spaces of those within a column's name, which is said in errors
// of one line.
var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func isNumberText(text string) bool {
	_, err := parseNumber(trimBlanks(text))
	return err == nil
}

// findColumns finds the columns that the options say, of n.
func (s *seriesReader) findColumns(n int) (err error) {
	o := s.options
	if s.label, err = s.findLabel(n); err != nil {
		return err
	}
	if o.Group != "" {
		if s.group, err = s.find(o.Group, n); err != nil {
			return err
		}
		if s.group == s.label {
			return fmt.Errorf("column %s is the labels' and tells sequences apart, expected two columns", s.name(s.label))
		}
	}
	return s.findInputs(n)
}

// findInputs finds the columns of x that the options say, of n.
func (s *seriesReader) findInputs(n int) error {
	for _, name := range s.options.Inputs {
		c, err := s.find(name, n)
		if err != nil {
			return err
		}
		if c == s.label || c == s.group {
			return fmt.Errorf("column %s is the labels' or tells sequences apart, expected another for x", s.name(c))
		}
		s.inputs = append(s.inputs, c)
	}
	return nil
}

// begin sees from the first row after the header what x is, unless it was said.
func (s *seriesReader) begin(r *record) error {
	if len(s.inputs) == 0 {
		s.chooseInputs(r)
		if err := s.findInputs(len(r.cells)); err != nil {
			return err
		}
	}
	if len(s.inputs) == 0 {
		return fmt.Errorf("no column of numbers besides %s, expected some for x", s.name(s.label))
	}
	if p := s.options.PerStep; p > 0 && len(s.inputs)%p != 0 {
		return fmt.Errorf("%s, expected a multiple of %d, the numbers of a step", plural(len(s.inputs), "number"), p)
	}
	return nil
}

// chooseInputs makes x of all columns that have a number in the first row.
func (s *seriesReader) chooseInputs(r *record) {
	for c := range r.cells {
		switch {
		case c == s.label || c == s.group:
		case isNumberText(r.value(c)):
			s.options.Inputs = append(s.options.Inputs, s.name(c))
		default:
			s.leftOut = append(s.leftOut, s.name(c))
		}
	}
}

// findLabel returns the labels' column of n, and completes the options so that
// it is the same in a file without.
func (s *seriesReader) findLabel(n int) (int, error) {
	o := s.options
	column := cmp.Or(o.Column, labelName)
	c, err := s.find(column, n)
	number, _ := strconv.Atoi(column)
	switch {
	case s.appends && (number == n+1 || number == 0 && s.names != nil && !slices.Contains(s.names, column)):
		return n, nil
	case err != nil:
		return 0, err
	case number != 0:
		column = strconv.Itoa(c + 1)
	}
	o.Column = column
	return c, nil
}

// find returns a column, from 0, of n.
func (s *seriesReader) find(column string, n int) (int, error) {
	if i := slices.Index(s.names, column); i >= 0 {
		return i, namedOnce(s.names, column)
	}
	number, err := strconv.Atoi(column)
	switch {
	case err == nil && number >= 1 && number <= n:
		return number - 1, nil
	case err == nil && number < 0 && -number <= n:
		return n + number, nil
	case err == nil:
		return 0, fmt.Errorf("%s, none of them number %d", plural(n, "column"), number)
	case s.names == nil:
		return 0, fmt.Errorf("no header with a column %.40q, expected one, or the column's number", column)
	}
	return 0, fmt.Errorf("no column %.40q in the header, expected one of %.100s", column, strings.Join(s.names, ", "))
}

// name is what column c, from 0, is called.
func (s *seriesReader) name(c int) string {
	if c < len(s.names) {
		return s.names[c]
	}
	return strconv.Itoa(c + 1)
}

// x returns the numbers of a row.
func (s *seriesReader) x(r *record) ([]float32, error) {
	x := make([]float32, len(s.inputs))
	for i, c := range s.inputs {
		v, err := parseNumber(trimBlanks(r.value(c)))
		if err != nil {
			return nil, s.table.errorf(*r, "column %s is %w", s.name(c), err)
		}
		x[i] = v
	}
	return x, nil
}

// steps adds a row to a sequence: one step, or all of them.
func (s *seriesReader) steps(to [][]float32, r *record) ([][]float32, error) {
	x, err := s.x(r)
	if err != nil {
		return nil, err
	}
	per := cmp.Or(s.options.PerStep, len(x))
	for ; len(x) > 0; x = x[per:] {
		to = append(to, x[:per:per])
	}
	return to, nil
}

// groupOf is the value that tells a row's sequence.
func (s *seriesReader) groupOf(r *record) string {
	if s.group < 0 {
		return ""
	}
	return r.value(s.group)
}

// readSeries reads a whole table to train on.
func readSeries(in io.Reader, o *Options) (sequences []Sequence, err error) {
	s, shared := newSeriesReader(in, o, false), sharedStrings{}
	group := ""
	for {
		r, header, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if header || len(r.cells) == 0 {
			continue
		}
		if len(sequences) == 0 || o.PerStep > 0 || s.groupOf(&r) != group {
			group = strings.Clone(s.groupOf(&r))
			sequences = append(sequences, Sequence{Name: fmt.Sprintf("%s:%d", o.Name, r.line)})
		}
		now := &sequences[len(sequences)-1]
		if now.X, err = s.steps(now.X, &r); err != nil {
			return nil, err
		}
		if err := s.addLabel(now, shared.one(r.value(s.label))); err != nil {
			return nil, s.table.errorf(r, "%w", err)
		}
	}
	o.LeftOut = append(o.LeftOut, s.leftOut...)
	if len(sequences) == 0 {
		return nil, fmt.Errorf("%s: no rows, expected a table", o.Name)
	}
	return sequences, nil
}

// addLabel adds a row's label.
func (s *seriesReader) addLabel(to *Sequence, label string) error {
	switch {
	case label == "":
		return fmt.Errorf("column %s is empty, expected a label", s.name(s.label))
	case !s.options.Whole || len(to.Labels) == 0:
		to.Labels = append(to.Labels, label)
	case to.Labels[0] != label:
		return fmt.Errorf("label %.40q in a sequence of label %.40q, expected one for all its rows", label, to.Labels[0])
	}
	return nil
}

var errPerStep = errors.New("rows that are whole sequences have one label each: expected --task classify, and no column that tells sequences apart")
