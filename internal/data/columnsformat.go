package data

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strconv"
)

var columnsFormat = &Format{
	Name: "columns", Endings: []string{".conll", ".iob", ".iob2", ".bio"}, Column: "-1", Whole: true, Reads: OfWords, Columns: true,
	Check: func(o Options) error {
		if o.Whole {
			return checkComment(o.Column)
		}
		return checkNames(o.Column, o.Words)
	},
	Read: readColumns,
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		f := newColumnForm(o, true)
		return &columnsRewriter{sentenceReader{lines: newLineReader(in, o.Name), form: f}, f, out, o, nil}
	},
}

// newColumnForm returns the columns that o gives; appends says whether that of
// the labels may be a new one.
func newColumnForm(o Options, appends bool) *columnForm {
	f := &columnForm{words: cmp.Or(o.Words, "1"), labels: o.Column, appends: appends}
	if o.Whole {
		f.labels = "-1" // which is not used: a comment has them
	}
	return f
}

// readColumns reads a whole file of columns to train on; see columnForm.
func readColumns(in io.Reader, o *Options) ([]Sequence, error) {
	f := newColumnForm(*o, o.Whole)
	r := &sentenceReader{lines: newLineReader(in, o.Name), form: f}
	if o.Whole {
		return readClasses(r, o.Column)
	}
	b := trainingSet{shared: sharedStrings{}, column: func() int { return f.labelColumn }}
	if err := eachSentence(r, b.add); err != nil {
		return nil, err
	}
	if isColumnNumber(o.Column) { // the same of a file that has no labels yet
		o.Column = strconv.Itoa(f.labelColumn)
	}
	return b.finish(o.Name, f.columnName(f.labelColumn), f)
}

// columnsRewriter fills in the column of the labels, which may be a new one at
// the end, or the comment that has the sequence's; scores come into a new last
// column, or a comment.
type columnsRewriter struct {
	sentenceReader
	columns *columnForm
	out     *bufio.Writer
	options Options
	now     *Sentence
}

func (r *columnsRewriter) Next() (p Part, err error) {
	if r.now, err = r.read(); err == nil {
		p.Tokens = r.now.Words()
		if r.options.Places {
			p.Places = r.now.places()
		}
		r.extendHeader()
	}
	return p, err
}

// extendHeader gives a header names for the columns that are added.
func (r *columnsRewriter) extendHeader() {
	f, i := r.columns, r.now.header-1
	if i < 0 || r.options.Whole {
		return
	}
	if f.labelColumn > len(f.names) {
		r.now.lines[i] = addToLine(r.now.lines[i], f.separator+f.labels)
	}
	if r.options.Scores && f.scoresColumn() == 0 {
		r.now.lines[i] = addToLine(r.now.lines[i], f.separator+ScoresName)
	}
}

// scoresColumn is the column of that name that the file has already, or 0 where
// there is none or it has the labels.
func (f *columnForm) scoresColumn() int {
	c := slices.Index(f.names, ScoresName) + 1
	if c == f.labelColumn {
		return 0
	}
	return c
}

func (r *columnsRewriter) Write(labels []string, z []float32) error {
	if len(labels) > 0 {
		if err := r.fill(labels, z); err != nil {
			return err
		}
	}
	_, err := r.now.WriteTo(r.out)
	return err
}

func (r *columnsRewriter) fill(labels []string, z []float32) error {
	if r.options.Whole {
		return r.now.setClass(r.options.Column, labels[0], z)
	}
	if err := r.now.SetColumn(r.columns.labelColumn, labels); err != nil || z == nil {
		return err
	}
	scores := make([]string, len(labels))
	for t := range scores {
		scores[t] = joinScores(row(z, t, len(labels)), ",")
	}
	if c := r.columns.scoresColumn(); c > 0 {
		return r.now.SetColumn(c, scores)
	}
	for w, i := range r.now.words {
		r.now.lines[i] = addToLine(r.now.lines[i], r.columns.separator+scores[w])
	}
	return nil
}

// addToLine puts text before a line's ending.
func addToLine(line, text string) string {
	at := len(trimEnding(line))
	return line[:at] + text + line[at:]
}

func (r *columnsRewriter) Pause() error { return nil }
func (r *columnsRewriter) Close() error { return nil }
