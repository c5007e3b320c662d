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
	c.Flags().StringVar(&f.column, "label-column", "", "CoNLL-U column of the labels (default the one that the model was trained on)")
}

// resolve returns the format of the input and, for CoNLL-U, the labels' column.
func (f *inputFlags) resolve(m *model.Model) (format string, column int, err error) {
	format = f.format
	if format == formatAuto {
		format = m.Config.Format
	}
	switch {
	case format == "":
		return "", 0, usagef("the model does not say what format it labels: say it with --format go or conllu")
	case format != formatGo && format != formatConllu && format != formatText:
		return "", 0, usagef("format %q is unknown: expected auto, go, conllu or text", format)
	case m.Config.Format != "" && format != m.Config.Format:
		return "", 0, usagef("the model was trained on %s, not on %s", m.Config.Format, format)
	case format != formatConllu:
		return format, 0, nil
	}
	name := f.column
	if name == "" {
		name = m.Config.Column
	}
	if column, err = data.ParseColumn(name); err != nil {
		return "", 0, usageError{err}
	}
	return format, column, nil
}

func evalCommand() *cobra.Command {
	var f inputFlags
	var asJSON bool
	var threads int
	c := &cobra.Command{
		Use:   "eval -m MODEL FILE...",
		Short: "Score a model on labelled data",
		Long: `Score a model on labelled data: accuracy, and each label's precision, recall
and F1. A file may be a directory of Go code, or - for standard input. With
several files the score is over all of them together.`,
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
	format, column, err := f.resolve(m)
	if err != nil {
		return err
	}
	var sequences []data.Sequence
	for _, path := range files {
		s, err := readLabelled(path, format, column)
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
		return showText(os.Stdout, e)
	}
	if n := e.UnknownTokens(); n > 0 {
		warn("%d steps have labels that the model does not know; they count as wrong", n)
	}
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(jsonScores(e))
	}
	fmt.Printf("accuracy %s   macro F1 %s   loss %.4f nats a step   %s\n\n", percent(e.Accuracy()), percent(e.MacroF1()), e.Loss, size(sequences))
	return showLabels(os.Stdout, e)
}

// checkThreads refuses a number of threads that makes no sense.
func checkThreads(n int) error {
	if n < 1 || n > train.MaxThreads {
		return usagef("%d threads: expected 1 to %d", n, train.MaxThreads)
	}
	return nil
}
