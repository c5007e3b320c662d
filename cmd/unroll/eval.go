package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/train"
)

// inputFlags are how eval and label take their input.
type inputFlags struct {
	model, format, column string
}

func (f *inputFlags) bind(c *cobra.Command) {
	c.Flags().SortFlags = false
	c.Flags().StringVarP(&f.model, "model", "m", "", "the model's file")
	c.Flags().StringVar(&f.format, "format", formatAuto, "of the input: auto (the format that the model was trained on), go, conllu or text")
	c.Flags().StringVar(&f.column, "label-column", "", "CoNLL-U column, or comment, of the labels (default the one that the model was trained on)")
}

// source says how the input of a model is read.
func (f *inputFlags) source(m *model.Model) (source, error) {
	c := m.Config
	s := source{format: f.format, task: c.Task, column: f.column, unit: c.Unit}
	if s.format == formatAuto {
		s.format = c.Format
	}
	if s.column == "" {
		s.column = c.Column
	}
	switch {
	case s.format == "":
		return s, usagef("the model does not say what format it labels: say it with --format go or conllu")
	case s.format == dataCopy || s.format == dataAdding:
		return s, usagef("%s was trained on made-up data (%s), which no file has", f.model, s.format)
	case s.format != formatGo && s.format != formatConllu && s.format != formatText:
		return s, usagef("format %q is unknown: expected auto, go, conllu or text", s.format)
	case c.Format != "" && s.format != c.Format:
		return s, usagef("the model was trained on %s, not on %s", c.Format, s.format)
	}
	if c.Task == model.TaskClassify && s.format != formatConllu {
		return s, usagef("%s labels whole sequences, which %s has no place for: expected --format conllu", f.model, s.format)
	}
	if c.Vector > 0 || c.Output == model.Real {
		return s, usagef("%s reads vectors or gives values, which %s has not", f.model, s.format)
	}
	return s, s.validate()
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
	source, err := f.source(m)
	if err != nil {
		return err
	}
	var sequences []data.Sequence
	for _, path := range files {
		s, err := source.read(path)
		if err != nil {
			return err
		}
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
		warnUnknown(fmt.Sprintf("%s %ss", thousands(n), unitOf(m)))
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
	warn("%s have labels that the model does not know; they count as wrong", what)
}

// warnWithoutLoss warns of labels that the model could not score.
func warnWithoutLoss(e *train.Evaluation, of string) {
	if n := e.WithoutLoss(); n > 0 {
		warn("%d steps%s have no loss: their sequence has a label that the model does not know, or one that breaks its constraints", n, of)
	}
}

// checkThreads refuses a number of threads that makes no sense.
func checkThreads(n int) error {
	if n < 1 || n > train.MaxThreads {
		return usagef("%d threads: expected 1 to %d", n, train.MaxThreads)
	}
	return nil
}
