package data

import (
	"bufio"
	"fmt"
	"io"
	"slices"
)

var csvFormat = &Format{
	Name: "csv", Endings: []string{".csv"}, Reads: OfVectors, Table: true, Column: labelName, Key: true, Whole: true, Parts: true,
	Check: func(o Options) error {
		if o.PerStep < 0 {
			return fmt.Errorf("%d numbers a step, expected at least 1", o.PerStep)
		}
		if o.PerStep > 0 && (!o.Whole || o.Group != "") {
			return errPerStep
		}
		return checkNames(append(o.Inputs, o.Column, o.Group)...)
	},
	Read: readSeries,
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		r := &seriesRewriter{out: out, options: o}
		r.in = newSeriesReader(in, &r.options, true)
		return r
	},
}

// maxPart is the most rows of a part.
const maxPart = 4096

// seriesRewriter fills in the column of the labels, which may be a new one at
// the end, and one of the scores. A sequence comes whole, or where labels do not
// wait for its end in parts: as many rows as the input has for now, at most maxPart.
type seriesRewriter struct {
	in      *seriesReader
	out     *bufio.Writer
	options Options

	now    []record // rows, blank lines and the header
	rows   int      // of them
	group  string   // of the last row
	begun  bool     // a row was there
	header int      // its place in now; −1 for none
}

func (r *seriesRewriter) Next() (Part, error) {
	r.now, r.rows, r.header = r.now[:0], 0, -1
	p := Part{Continues: true}
	for size := 0; !r.complete(); {
		now, header, err := r.in.next()
		if err == io.EOF && len(r.now) > 0 {
			break
		}
		if err != nil {
			return p, err
		}
		if header {
			r.header = len(r.now)
		}
		if isRow := !header && len(now.cells) > 0; isRow {
			group := r.in.groupOf(&now)
			if begins := !r.begun || group != r.group; begins && r.rows > 0 {
				r.in.pending = &now
				break
			} else if begins || r.options.PerStep > 0 {
				p.Continues, p.Name = false, fmt.Sprintf("%s:%d", r.options.Name, now.line)
			}
			r.begun, r.group = true, group
			r.rows++
			if p.X, err = r.in.steps(p.X, &now); err != nil {
				return p, err
			}
		}
		if size += len(now.raw); size > MaxSentence {
			return p, r.in.table.errorf(now, "sequence longer than %d bytes, expected a column that tells sequences apart, or a model of one direction and softmax", MaxSentence)
		}
		r.now = append(r.now, now)
	}
	return p, nil
}

// complete says whether the part at work need not wait for another row.
func (r *seriesRewriter) complete() bool {
	switch {
	case r.rows == 0:
		return false
	case r.options.PerStep > 0:
		return true
	}
	return r.options.Stream && (r.rows == maxPart || r.in.pending == nil && r.in.table.lines.r.Buffered() == 0)
}

func (r *seriesRewriter) Write(labels []string, z []float32) error {
	t, all := 0, len(labels)
	for i := range r.now {
		now := &r.now[i]
		line := now.raw
		switch {
		case i == r.header:
			line = r.fill(now, r.options.Column, ScoresName, true)
		case len(now.cells) > 0:
			scores := ""
			if z != nil {
				scores = joinScores(row(z, t, all), ",")
			}
			line = r.fill(now, labels[t], scores, false)
			if !r.options.Whole {
				t++
			}
		}
		if _, err := r.out.WriteString(line); err != nil {
			return err
		}
	}
	return nil
}

// fill puts a label and scores, if there are any, into a row or the header.
func (r *seriesRewriter) fill(now *record, label, scores string, header bool) string {
	t, n := &r.in.table, len(now.cells)
	end := len(trimEnding(now.raw))
	var edits []edit
	put := func(c int, text string) {
		text = t.quote(text)
		if c < n && !header {
			edits = append(edits, edit{now.cells[c].from, now.cells[c].to, text})
		} else if c >= n {
			edits = append(edits, edit{end, end, string(rune(t.separator)) + text})
		}
	}
	put(r.in.label, label)
	if r.options.Scores {
		put(r.in.scoresColumn(n), scores)
	}
	return apply(now.raw, edits)
}

// scoresColumn is that of n, from 0, into which scores are put: one of that name
// that has nothing else, or n for a new one.
func (s *seriesReader) scoresColumn(n int) int {
	c := slices.Index(s.names, ScoresName)
	if c < 0 || c == s.label || c == s.group || slices.Contains(s.inputs, c) {
		return n
	}
	return c
}

func (r *seriesRewriter) Pause() error { return nil }
func (r *seriesRewriter) Close() error { return nil }
