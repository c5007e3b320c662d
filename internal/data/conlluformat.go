package data

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
)

var conlluFormat = &Format{
	Name: "conllu", Endings: []string{".conllu"}, Reads: OfWords, Column: "upos", Whole: true,
	Check: checkConllu,
	Read: func(in io.Reader, o *Options) ([]Sequence, error) {
		if o.Whole {
			return ReadConlluClasses(in, o.Name, o.Column)
		}
		column, err := ParseColumn(o.Column)
		if err != nil {
			return nil, err
		}
		return ReadConllu(in, o.Name, column)
	},
	Rewrite: func(in *bufio.Reader, out *bufio.Writer, o Options) Rewriter {
		return &conlluRewriter{in: NewConlluReader(in, o.Name), out: out, options: o}
	},
}

// checkConllu checks the column, or the comment, of the labels.
func checkConllu(o Options) error {
	if o.Whole {
		return checkComment(o.Column)
	}
	_, err := ParseColumn(o.Column)
	return err
}

func checkComment(key string) error {
	if key == "" {
		return errors.New("no comment that has a sentence's label: say its name with --label-column")
	}
	return checkCommentKey(trimBlanks(key))
}

// conlluRewriter fills in the column of the words' labels, or the comment that
// has the sentence's; scores come into the last column, or a comment.
type conlluRewriter struct {
	in      *ConlluReader
	out     *bufio.Writer
	options Options
	now     *Sentence
}

func (r *conlluRewriter) Next() (p Part, err error) {
	if r.now, err = r.in.Read(); err == nil {
		p.Tokens = r.now.Words()
		if r.options.Places {
			p.Places = r.places()
		}
	}
	return p, err
}

// places says where the words stand, and which have no space after them.
func (r *conlluRewriter) places() []Place {
	places := r.now.places()
	for w, misc := range r.now.Column(ColumnMisc) {
		if slices.Contains(strings.Split(misc, "|"), "SpaceAfter=No") {
			places[w].After = ""
		}
	}
	return places
}

func (r *conlluRewriter) Write(labels []string, z []float32) error {
	if len(labels) > 0 {
		if err := r.fill(labels, z); err != nil {
			return err
		}
	}
	_, err := r.now.WriteTo(r.out)
	return err
}

func (r *conlluRewriter) fill(labels []string, z []float32) error {
	if r.options.Whole {
		return r.now.setClass(r.options.Column, labels[0], z)
	}
	column, err := ParseColumn(r.options.Column)
	if err != nil {
		return err
	}
	if err := r.now.SetColumn(column, labels); err != nil || z == nil {
		return err
	}
	misc, k := r.now.Column(ColumnMisc), len(z)/len(labels)
	for t := range misc {
		misc[t] = withScores(misc[t], z[t*k:(t+1)*k])
	}
	return r.now.SetColumn(ColumnMisc, misc)
}

func (r *conlluRewriter) Pause() error { return nil }
func (r *conlluRewriter) Close() error { return nil }

// setClass sets the comment that has the sentence's label and, where there are
// any, that with its scores.
func (s *Sentence) setClass(key, label string, z []float32) error {
	if err := s.SetComment(key, label); err != nil || z == nil {
		return err
	}
	return s.SetComment(ScoresName, joinScores(z, ","))
}

// withScores adds Scores=0.91,0.09 to a MISC value, in the place of an older one.
func withScores(misc string, z []float32) string {
	entry := "Scores=" + joinScores(z, ",")
	var kept []string
	for _, e := range strings.Split(misc, "|") {
		if e != "_" && !strings.HasPrefix(e, "Scores=") {
			kept = append(kept, e)
		}
	}
	return strings.Join(append(kept, entry), "|")
}
