package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/internal/train"
)

func trainCommand() *cobra.Command {
	var f trainFlags
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a model",
		Long: `Train a recurrent network to label sequences, and write it to one file.

Without --train it learns Go from the source of the Go installation: what every
character is part of, a comment, a string, a number, a keyword, an operator, an
identifier or space. --train takes a directory of Go code; a file whose words or
vectors, or (--task classify) sequences of them, bear labels: CoNLL-U, columns,
JSON lines, a table (CSV, TSV); or a text (.txt), for a language model of its
characters or words. --data makes up the copy-memory task
or the adding problem, which show how far back a cell can look.

What is not said is picked for the data, and shown.

After each epoch that is the best so far the model's file is written anew. At the
end a line warns of a gradient that vanishes or explodes with distance.
Ctrl-C ends the training, with status 0 if a model was saved.`,
		Example: `  unroll train
  unroll train --train . -o mine.safetensors
  unroll train --train en_ewt-ud-train.conllu --dev en_ewt-ud-dev.conllu --test en_ewt-ud-test.conllu --label-column upos
  unroll train --train words.tsv --word-column 1 --label-column -1
  unroll train --train series.csv --label-column state
  unroll train --train shakespeare.txt -o lm.safetensors
  unroll train --data copy --steps 50 --cell lstm`,
		Args: arguments(0, 0),
	}
	f.bind(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
		c.SetContext(ctx)
		return f.run(c)
	}
	return c
}

func (f *trainFlags) run(c *cobra.Command) error {
	reading := context.AfterFunc(c.Context(), func() { // which waits for nobody
		fmt.Fprintln(os.Stderr, "unroll: interrupted before the training began: nothing saved")
		os.Exit(1)
	})
	corpus, err := f.corpus(c)
	if err != nil {
		return err
	}
	if !reading() {
		select {} // the program ends
	}
	if f.out, err = outputFile(f.out, "model", f.train, f.dev, f.test, f.vectors); err != nil {
		return err
	}
	show := newProgress(f.quiet || f.json)
	training := f.describe(show, corpus)
	hooks := train.Hooks{Event: show.event,
		Model: func(m *model.Model) {
			describeModel(show, m)
			corpus.warnUnseen(m)
		},
		Memory: func(m train.Memory) { describeMemory(show, m) },
		Best:   func(m *model.Model) error { return train.Save(m, f.out) }}
	if f.json {
		hooks.Event = jsonEvents(os.Stdout)
	}
	m, result, err := train.Fit(c.Context(), training, corpus.dev, f.options, hooks)
	show.close()
	if err != nil && result.BestEpoch > 0 {
		err = fmt.Errorf("%w; %s has the best so far, of epoch %d", err, f.out, result.BestEpoch)
	}
	if err != nil {
		return err
	}
	if !result.Interrupted {
		f.watch(m, training, corpus, result)
		err = f.report(c.Context(), m, corpus, result)
	}
	if c.Context().Err() != nil {
		return f.interrupted(m, result)
	}
	return err
}

// describe says what the training is about to do, and returns what it trains on.
func (f *trainFlags) describe(show *progress, c *corpus) []data.Sequence {
	fmt.Fprintln(show, c.about)
	training := c.train
	if c.format == formatGo {
		training = data.WithClauses(data.WithWrapped(training, wrapEvery))
	}
	fmt.Fprintf(show, "%s to train on\n", size(c.train))
	if more := training[len(c.train):]; len(more) > 0 {
		fmt.Fprintf(show, "%s more: declarations made a comment or raw string, and package clauses\n", size(more))
	}
	fmt.Fprintf(show, "%s to choose the best epoch by\n", size(c.dev))
	if len(c.test) > 0 {
		fmt.Fprintf(show, "%s to score\n", size(c.test))
	}
	if f.pretrained != "" {
		fmt.Fprintln(show, f.pretrained)
	}
	if f.options.ClassWeights == train.BalancedWeights {
		fmt.Fprintln(show, "labels weighted by n/(K·n_c) in the loss of training, not in that of dev")
	}
	if len(f.picked) > 0 {
		fmt.Fprintf(show, "picked for this data: %s\n", strings.Join(f.picked, " "))
	}
	return training
}

// describeModel says what is about to be trained.
func describeModel(show *progress, m *model.Model) {
	said := plural(len(m.Labels), "label")
	if m.Config.Output == model.Real {
		said = fmt.Sprintf("%d value(s)", len(m.Labels))
	}
	if s := m.Config.Constraints; s != span.None {
		said += fmt.Sprintf(" that keep to %s", strings.ToUpper(string(s)))
	}
	read := plural(len(m.Vocab.Tokens()), "token")
	if m.Config.Vector > 0 {
		read = fmt.Sprintf("vectors of %d", m.Config.Vector)
	}
	if m.CharVocab != nil {
		read += " and " + plural(len(m.CharVocab.Tokens()), "character")
	}
	if len(m.Labels) == 1 && m.Config.Output != model.Real {
		warn("there is only one label, %q, so there is nothing to learn", m.Labels[0])
	}
	fmt.Fprintf(show, "%s parameters: %s in, %s out\n", thousands(len(m.Params)), read, said)
}

// warnUnseen warns of the labels of dev and test that training does not have.
func (c *corpus) warnUnseen(m *model.Model) {
	if m.Config.Task == model.TaskLM {
		return // it has a label for them
	}
	known := map[string]bool{}
	for _, l := range m.Labels {
		known[l] = true
	}
	var found []string
	for _, part := range []struct {
		of        string
		sequences []data.Sequence
	}{{"dev", c.dev}, {"test", c.test}} {
		n := 0
		for _, s := range part.sequences {
			for _, l := range s.Labels {
				if !known[l] {
					n++
				}
			}
		}
		if n > 0 {
			found = append(found, plural(n, unitOf(m))+" of "+part.of)
		}
	}
	if len(found) > 0 {
		warnUnknown(strings.Join(found, " and "))
	}
}

// wrapEvery is how rarely a declaration of the training text is given once
// more as a comment or a raw string, where only the opening tells.
const wrapEvery = 10

// interrupted says what Ctrl-C left. Before the first epoch ended no model was
// saved yet: then the model as it was is, unless that would take the place of
// another.
func (f *trainFlags) interrupted(m *model.Model, r train.Result) error {
	said := fmt.Sprintf("interrupted in epoch %d of %d; %s has the best so far, of epoch %d", r.Epochs, f.options.Epochs, f.out, r.BestEpoch)
	if r.BestEpoch == 0 {
		if _, err := os.Stat(f.out); err == nil || r.Steps == 0 {
			return fmt.Errorf("interrupted before the first epoch ended: nothing saved")
		}
		if err := train.Save(m, f.out); err != nil {
			return err
		}
		said = fmt.Sprintf("interrupted before the first epoch ended; %s has the model as it was after %d steps", f.out, r.Steps)
	}
	if f.json {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"event": "interrupted", "epoch": r.Epochs, "best_epoch": r.BestEpoch, "steps": r.Steps, "model": f.out})
	}
	fmt.Fprintln(os.Stderr, said)
	return nil
}

// size says how many sequences and tokens there are.
func size(sequences []data.Sequence) string {
	n := 0
	for _, s := range sequences {
		n += s.Steps()
	}
	return plural(len(sequences), "sequence") + " (" + plural(n, "step") + ")"
}

// plural is a number of things: 1 step, 1,234 steps.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
