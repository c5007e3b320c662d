package main

import (
	"bufio"
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
	out := bufio.NewWriter(os.Stdout)
	if source.format == formatConllu {
		err = labelConllu(out, in, path, &filler{score, source.column, scores})
	} else {
		err = labelGo(out, in, score, scores, !isRegular(in))
	}
	if err != nil {
		return err
	}
	return out.Flush()
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

// labelConllu fills CoNLL-U in, a sentence at a time.
func labelConllu(out *bufio.Writer, in io.Reader, name string, f *filler) error {
	r := data.NewConlluReader(in, name)
	for {
		s, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(s.Words()) > 0 {
			if err := f.fill(s); err != nil {
				return err
			}
		}
		if _, err := s.WriteTo(out); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// filler fills sentences in: the column of their words' labels or, for a model
// that classifies, the comment that has the sentence's.
type filler struct {
	*scorer
	column string
	scores bool
}

func (f *filler) fill(s *data.Sentence) error {
	labels, z, err := f.model.Label(f.net, s.Words())
	if err != nil {
		return err
	}
	if f.model.Config.Task == model.TaskClassify {
		return f.fillComment(s, labels[0], z)
	}
	column, err := data.ParseColumn(f.column)
	if err != nil {
		return err
	}
	if err := s.SetColumn(column, labels); err != nil || !f.scores {
		return err
	}
	misc, k := s.Column(data.ColumnMisc), len(f.model.Labels)
	for t := range misc {
		misc[t] = withScores(misc[t], z[t*k:(t+1)*k])
	}
	return s.SetColumn(data.ColumnMisc, misc)
}

func (f *filler) fillComment(s *data.Sentence, label string, z []float32) error {
	if err := s.SetComment(f.column, label); err != nil || !f.scores {
		return err
	}
	return s.SetComment("scores", joined(z))
}

// joined writes probabilities as 0.91,0.09.
func joined(z []float32) string {
	text := make([]string, len(z))
	for i, v := range z {
		text[i] = fmt.Sprintf("%.6g", v)
	}
	return strings.Join(text, ",")
}

// withScores adds Scores=0.91,0.09 to a MISC value, in the place of an older one.
func withScores(misc string, z []float32) string {
	entry := "Scores=" + joined(z)
	var kept []string
	for _, e := range strings.Split(misc, "|") {
		if e != "_" && !strings.HasPrefix(e, "Scores=") {
			kept = append(kept, e)
		}
	}
	return strings.Join(append(kept, entry), "|")
}
