package main

import (
	"bufio"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

func labelCommand() *cobra.Command {
	var f inputFlags
	var scores bool
	c := &cobra.Command{
		Use:   "label -m MODEL [FILE|-]",
		Short: "Label a file or standard input",
		Long: `Label a file or standard input, as it comes.

Go source is never parsed: it is read character by character, and comes out as
JSON, one run of characters with the same label a line,
  {"start": byte, "end": byte, "label": "comment", "text": "// A"}
or in colour on a terminal. The network begins anew where a declaration probably
does, after an empty line at the margin. CoNLL-U comes out as it went in, with the labels'
column filled in. --scores adds z_t, the probability of every label in the order
of "unroll info", for each step: as "scores" of a run, or in CoNLL-U's last column.
A model of whole sentences fills in the comment that has their label, and with
--scores adds "# scores = ...".`,
		Example: `  unroll label -m model.safetensors main.go
  unroll label -m tagger.safetensors < words.conllu`,
		Args: arguments(0, 1),
	}
	f.bind(c)
	c.Flags().BoolVar(&scores, "scores", false, "add the probability of every label")
	c.RunE = func(_ *cobra.Command, args []string) error {
		return f.label(append(args, "-")[0], scores)
	}
	return c
}

func (f *inputFlags) label(path string, scores bool) error {
	m, err := loadModel(f.model)
	if err != nil {
		return err
	}
	if m.Config.Task == model.TaskLM {
		return usagef("%s is a language model, which has nothing to label with: try unroll generate", f.model)
	}
	source, err := f.source(m)
	if err != nil {
		return err
	}
	if err := m.CheckLabels(); err != nil {
		return pathError(f.model, err)
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
	l := newLabelling(score, source, scores)
	l.source.options.Name = path
	return l.run(in, os.Stdout)
}

// labelling is the labelling of a file.
type labelling struct {
	*scorer
	source source
	scores bool
	stream *model.Labeller // labels the parts of sequences; nil where they come whole
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
func (l *labelling) run(in io.Reader, to io.Writer) error {
	out := bufio.NewWriter(to)
	pause := &pausing{Reader: in}
	o := l.source.options
	if colored() && !l.scores {
		o.Paint = func(text, label string) string { return paint(text, classColors[label]) }
	}
	r := l.source.format.Rewrite(bufio.NewReader(pause), out, o)
	if !isRegular(in) {
		pause.before = func() error {
			if err := r.Pause(); err != nil {
				return err
			}
			return out.Flush()
		}
	}
	err := l.all(r)
	if flushed := out.Flush(); err == nil { // what was labelled before an error is written, too
		err = flushed
	}
	return err
}

// all labels part after part.
func (l *labelling) all(r data.Rewriter) error {
	for {
		part, err := r.Next()
		if err == io.EOF {
			return r.Close()
		}
		if err != nil {
			return err
		}
		labels, z, err := l.label(part)
		if err == nil {
			err = r.Write(labels, z)
		}
		if err != nil {
			return err
		}
	}
}

// label labels a part; z is nil unless scores are wanted.
func (l *labelling) label(p data.Part) (labels []string, z []float32, err error) {
	if len(p.Tokens) == 0 {
		return nil, nil, nil
	}
	if l.stream == nil {
		labels, z, err = l.model.Label(l.net, p.Tokens)
		if !l.scores {
			z = nil
		}
		return labels, z, err
	}
	if !p.Continues {
		l.stream.Reset()
	}
	l.z = l.z[:0]
	for _, token := range p.Tokens {
		labels = append(labels, l.stream.Step(token))
		if l.scores {
			l.z = append(l.z, l.stream.Scores()...)
		}
	}
	if l.scores {
		z = l.z
	}
	return labels, z, nil
}

// pausing is a reader that does something before each read.
type pausing struct {
	io.Reader
	before func() error
}

func (p *pausing) Read(b []byte) (int, error) {
	if p.before != nil {
		if err := p.before(); err != nil {
			return 0, err
		}
	}
	return p.Reader.Read(b)
}

// isRegular says whether the input is a file, at whose other end nobody waits.
func isRegular(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}
