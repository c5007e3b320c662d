package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// inputFlags are how eval and label take their input.
type inputFlags struct {
	model, format, column, words string
}

func (f *inputFlags) bind(c *cobra.Command) {
	c.Flags().SortFlags = false
	c.Flags().StringVarP(&f.model, "model", "m", "", "the model's file")
	c.Flags().StringVar(&f.format, "format", formatAuto, "of the input: auto (by its name, its beginning and what the model was trained on), "+formatList())
	c.Flags().StringVar(&f.column, "label-column", "", "column, comment or key of the labels (default as in training)")
	c.Flags().StringVar(&f.words, "word-column", "", "of a file of columns: the words' (default as in training)")
}

// source says how a file, or standard input, is read for a model.
func (f *inputFlags) source(m *model.Model, path string) (source, error) {
	c := m.Config
	format, judged, err := f.formatFor(c, path)
	if err != nil {
		return source{}, err
	}
	if format.Name != c.Format { // whose columns are others
		c.Column, c.Words, c.Inputs, c.Group, c.PerStep = "", "", nil, "", 0
		if c.Task != model.TaskClassify {
			c.Column = format.Column
		}
	}
	s := sourceOf(format, c)
	s.judged = judged
	s.options.Column, s.options.Words = cmp.Or(f.column, s.options.Column), cmp.Or(f.words, s.options.Words)
	switch {
	case c.Task == model.TaskClassify && !format.Whole:
		return s, usagef("%s labels whole sequences, which %s has no place for: expected --format %s", f.model, format.Name,
			strings.Join(data.FormatNames(func(f *data.Format) bool { return f.Whole }), " or "))
	case f.words != "" && !format.Columns:
		return s, usagef("--word-column does nothing here: it goes with a file of columns, not %s", format.Name)
	case format.Columns && isNumber(c.Column) && f.words == "" && f.column != "" && !isNumber(f.column):
		return s, usagef("--label-column %.40s: %s was trained on columns by number, expected a number, or --word-column by name as well", f.column, f.model)
	case c.Output == model.Real:
		return s, usagef("%s gives values, which %s has not", f.model, format.Name)
	}
	return s, s.validate()
}

func isNumber(column string) bool {
	_, err := strconv.Atoi(column)
	return err == nil
}

// formatFor returns the format of a file to be read for a model: the one that
// was asked for or, if it has what the model reads, the one that the file's name
// tells, or its beginning. What has neither is, of vectors, in the format that the
// model was trained on; of words, text, unless it may well be in columns as those.
func (f *inputFlags) formatFor(c model.Config, path string) (format *data.Format, judged bool, err error) {
	own := data.FormatNamed(c.Format)
	reads := readsOf(c)
	switch {
	case c.Format == dataCopy || c.Format == dataAdding:
		return nil, false, usagef("%s was trained on made-up data (%s), which no file has", f.model, c.Format)
	case f.format != formatAuto:
		if format, err = formatNamed(f.format); err == nil && format.Reads&reads == 0 {
			err = usagef("the model was trained on %s, not on %s", cmp.Or(c.Format, "other sequences"), format.Name)
		}
		return format, false, err
	case reads == data.OfGo || reads == data.OfText:
		return own, false, nil
	}
	if format = data.FormatOf(path); format != nil && format.Reads&reads != 0 {
		return format, false, nil
	}
	begin, cut, err := beginOf(path)
	if err != nil {
		return nil, false, err
	}
	switch format = data.Detect(begin, cut); {
	case format != nil && format.Reads&reads != 0:
		return format, true, nil
	case own == nil && reads == data.OfVectors:
		return nil, false, usagef("the model does not say what format it labels: say it with --format")
	case reads == data.OfVectors, begin == "" && own != nil, own != nil && own.Columns && data.LooksLikeColumns(begin, cut, sourceOf(own, c).options):
		return own, true, nil
	}
	return data.FormatNamed(formatText), true, nil
}

func evalCommand() *cobra.Command {
	var f inputFlags
	var asJSON bool
	var threads int
	c := &cobra.Command{
		Use:   "eval -m MODEL FILE...",
		Short: "Score a model on labelled data",
		Long: `Score a model on labelled data: accuracy; each label's precision, recall and F1;
their mean (macro); which labels are confused most. Where labels mark spans (BIO,
BIOES and their like) also the F1 of all labels but O together (micro), and of
the spans, by the rules of conlleval: a span is right if its first step, its last
and its type are.

A file may be a directory of Go code, or - for standard input. With several files
the score is over all of them together.`,
		Example: `  unroll eval -m model.safetensors main.go
  unroll eval -m tagger.safetensors en_ewt-ud-test.conllu --json`,
		Args: arguments(1, -1),
	}
	f.bind(c)
	c.Flags().IntVar(&threads, "threads", runtime.GOMAXPROCS(0), "the result has the same bits whatever their number")
	c.Flags().BoolVar(&asJSON, "json", false, "the scores as one JSON object")
	c.RunE = func(c *cobra.Command, files []string) error { return f.eval(c, files, threads, asJSON) }
	return c
}

func (f *inputFlags) eval(c *cobra.Command, files []string, threads int, asJSON bool) error {
	if err := checkThreads(threads); err != nil {
		return err
	}
	m, err := loadModel(f.model)
	if err != nil {
		return err
	}
	var sequences []data.Sequence
	for _, path := range files {
		source, err := f.source(m, path)
		if err != nil {
			return err
		}
		if source.format.Name == formatText && m.Config.Task != model.TaskLM {
			return fmt.Errorf("%s: is read as text, which has no labels to score a model by: expected another format", shown(path))
		}
		s, err := source.read(path)
		if err != nil {
			return err
		}
		source.tell(path)
		sequences = append(sequences, s...)
	}
	score, err := newScorer(m, threads)
	if err != nil {
		return err
	}
	defer score.close()
	e, err := score.evaluate(c.Context(), sequences)
	if err != nil {
		return err
	}
	if m.Config.Task == model.TaskLM && !asJSON {
		return showText(os.Stdout, m, e)
	}
	if n := e.UnknownTokens(); n > 0 {
		warnUnknown(plural(n, unitOf(m)))
	}
	warnWithoutLoss(e, "")
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(jsonScores(e, m))
	}
	return showEvaluation(os.Stdout, e, unitOf(m), size(sequences))
}

// unitOf returns what a model gives a label.
func unitOf(m *model.Model) string {
	if m.Config.Task == model.TaskClassify {
		return "sequence"
	}
	return "step"
}

// warnUnknown warns of what has labels that the model does not know.
func warnUnknown(what string) {
	warn("labels that the model does not know count as wrong: those of %s", what)
}

// warnWithoutLoss warns of labels that the model could not score.
func warnWithoutLoss(e *train.Evaluation, of string) {
	if n := e.WithoutLoss(); n > 0 {
		warn("the loss leaves out %s%s, whose sequence has a label that the model does not know, or one that breaks its constraints", plural(n, "step"), of)
	}
}

// checkThreads refuses a number of threads that makes no sense.
func checkThreads(n int) error {
	if n < 1 || n > train.MaxThreads {
		return usagef("%d threads: expected 1 to %d", n, train.MaxThreads)
	}
	return nil
}
