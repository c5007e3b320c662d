package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

func labelCommand() *cobra.Command {
	var f inputFlags
	var scores, spans, split bool
	c := &cobra.Command{
		Use:   "label -m MODEL [FILE|-]",
		Short: "Label a file or standard input",
		Long: `Label a file or standard input, as it comes.

Go source is never parsed: it is read character by character, and comes out as
JSON, one run of characters with the same label a line,
  {"start": byte, "end": byte, "label": "comment", "text": "// A"}
or in colour on a terminal. The network begins anew where a declaration probably
does, after an empty line at the margin. Raw text comes out likewise, a word a
line. Every other format comes out as it went in, but for the labels: in their
column, key or comment, or a new one. What the input is is judged by its name and
its beginning, and said where that is not plain. --scores adds z_t, the probability
of every label in the order of "unroll info", for each step: as "scores" of runs
and JSON, in CoNLL-U's last column, or in a new column "scores"; of a whole
sequence, as "scores" in JSON or a comment "# scores = ...".

--spans writes what the labels mark together instead (BIO, BIOES and their like,
read as conlleval does), a line of JSON each,
  {"start": byte, "end": byte, "label": "place", "text": "New York"}
whatever the format: bytes of the input from its beginning, the first word's first
and the one behind the last word's last.`,
		Example: `  unroll label -m model.safetensors main.go
  unroll label -m tagger.safetensors < words.conllu
  echo "Dogs don't bark." | unroll label -m tagger.safetensors --split-contractions
  echo "I flew to New York." | unroll label -m entities.safetensors --spans`,
		Args: arguments(0, 1),
	}
	f.bind(c)
	c.Flags().BoolVar(&scores, "scores", false, "add the probability of every label")
	c.Flags().BoolVar(&spans, "spans", false, "the spans that BIO or BIOES labels mark, with their places in bytes, instead of the file")
	c.Flags().BoolVar(&split, "split-contractions", false, "of raw text: take don't as do and n't, as Universal Dependencies do")
	c.RunE = func(_ *cobra.Command, args []string) error {
		return f.label(append(args, "-")[0], scores, spans, split)
	}
	return c
}

func (f *inputFlags) label(path string, scores, spans, split bool) error {
	m, err := loadModel(f.model)
	if err != nil {
		return err
	}
	if m.Config.Task == model.TaskLM {
		return usagef("%s is a language model, which has nothing to label with: try unroll generate", f.model)
	}
	if err := checkSpans(m, f.model); spans && err != nil {
		return err
	}
	source, err := f.source(m, path)
	if err != nil {
		return err
	}
	if scores && strings.TrimSpace(source.options.Column) == data.ScoresName {
		return usagef("--label-column %s is where --scores puts the scores: expected another", data.ScoresName)
	}
	if split && source.format.Name != formatText {
		return usagef("--split-contractions does nothing here: it goes with raw text, not %s", source.format.Name)
	}
	score, err := newScorer(m, 1)
	if err != nil {
		return err
	}
	defer score.close()
	in, err := open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	source.options.Name, source.options.Split, source.options.Places = shown(path), split, spans
	return newLabelling(score, source, scores).run(in, os.Stdout)
}

// labelling is the labelling of a file.
type labelling struct {
	*scorer
	source source
	scores bool
	stream *model.Labeller // labels the parts of sequences; nil where they come whole
	part   data.Part       // at work
	labels []string        // of it, where it may be a part of a sequence
	z      []float32
}

func newLabelling(s *scorer, from source, scores bool) *labelling {
	l := &labelling{scorer: s, source: from, scores: scores}
	if !from.format.Parts || s.model.Config.Task == model.TaskClassify {
		return l
	}
	if stream, err := s.model.NewLabeller(s.net); err == nil { // other models need whole sequences
		l.stream, l.source.options.Stream = stream, true
	}
	return l
}

// run fills in the labels of in. What is complete is written before the input
// is waited for: somebody may want to see it first.
func (l *labelling) run(in *inputFile, to io.Writer) error {
	out := bufio.NewWriterSize(to, bufferSize)
	o := l.source.options
	o.Scores = l.scores
	if colored() && !l.scores && l.source.format.Reads == data.OfGo {
		o.Paint = func(text, label string) string { return paint(text, classColors[label]) }
	}
	r := l.source.format.Rewrite(in.Reader, out, o)
	in.pause = func() error {
		if err := r.Pause(); err != nil {
			return err
		}
		return out.Flush()
	}
	write := r.Write
	if o.Places {
		write = func(labels []string, z []float32) error { return writeSpans(out, l.part, labels, z) }
	}
	err := l.all(r, write)
	if unwritten := out.Flush(); unwritten != nil { // what was labelled before an error is written, too
		return unwritten // if it cannot be, err may only say where in the input that was
	}
	return err
}

// all labels part after part.
func (l *labelling) all(r data.Rewriter, write func(labels []string, z []float32) error) (err error) {
	for first := true; ; first = false {
		l.part, err = r.Next()
		if err == io.EOF {
			return r.Close()
		}
		if err != nil {
			return err
		}
		labels, z, err := l.label(l.part)
		if err != nil {
			return fmt.Errorf("%s: %w", l.part.Name, err)
		}
		if first {
			l.source.tell(l.source.options.Name)
		}
		if err := write(labels, z); err != nil {
			return err
		}
	}
}

// label labels a part; z is nil unless scores are wanted.
func (l *labelling) label(p data.Part) (labels []string, z []float32, err error) {
	switch {
	case len(p.Tokens)+len(p.X) == 0:
		return nil, nil, nil
	case (p.X != nil) != (l.model.Config.Vector > 0):
		return nil, nil, errors.Join(l.model.CheckTokens(), l.model.CheckVectors())
	case l.stream != nil:
		return l.step(p)
	case p.X != nil:
		labels, z, err = l.model.LabelVectors(l.net, p.X)
	default:
		labels, z, err = l.model.Label(l.net, p.Tokens)
	}
	if !l.scores {
		z = nil
	}
	return labels, z, err
}

// step labels a part of a sequence whose end is not known.
func (l *labelling) step(p data.Part) (labels []string, z []float32, err error) {
	if err := model.FiniteRows(p.X, l.model.Config.Vector); err != nil {
		return nil, nil, fmt.Errorf("vector %w", err)
	}
	if !p.Continues {
		l.stream.Reset()
	}
	l.labels, l.z = l.labels[:0], l.z[:0]
	next := func(label string) {
		l.labels = append(l.labels, label)
		if l.scores {
			l.z = append(l.z, l.stream.Scores()...)
		}
	}
	for _, token := range p.Tokens {
		next(l.stream.Step(token))
	}
	for _, x := range p.X {
		next(l.stream.StepVector(x))
	}
	if l.scores {
		z = l.z
	}
	return l.labels, z, nil
}
