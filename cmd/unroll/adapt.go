package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/internal/train"
)

// leastUpdates is how many updates a training should have: small data are gone
// over more often, in smaller batches.
const (
	leastUpdates = 1800
	mostEpochs   = 50
	leastBatches = 50 // an epoch
)

// adapt picks what depends on the data themselves, and checks the options again.
func (f *trainFlags) adapt(flags *pflag.FlagSet, c *corpus) error {
	o, d := &f.options, f.defaults(c.format)
	words := map[string]bool{}
	for _, s := range c.train {
		for _, t := range s.Tokens {
			words[data.NFC(t)] = true
		}
	}
	if err := f.adaptWidth(c); err != nil {
		return err
	}
	if f.vectors != "" {
		if err := f.readVectors(flags, words); err != nil {
			return err
		}
	}
	if !d.fixed {
		f.adaptUpdates(flags, c)
	}
	if d.words && f.task == model.TaskTag && o.BPTT == 0 && o.ClassWeights == train.NoWeights && inSpans(c.train) {
		pick(f, flags, "output", &o.Model.Output, model.CRF)
	}
	if err := o.Validate(); err != nil {
		return usageError{err}
	}
	return nil
}

// adaptWidth makes vectors as wide as those of the data.
func (f *trainFlags) adaptWidth(c *corpus) error {
	x := c.train[0].X
	switch {
	case !f.series:
		return nil // what has no tokens is refused with its place
	case x == nil:
		return fmt.Errorf("%s: no vectors, expected x in every sequence", c.train[0].Name)
	}
	f.options.Model.Vector = len(x[0])
	return nil
}

// adaptUpdates picks the batch and the epochs by the number of sequences.
func (f *trainFlags) adaptUpdates(flags *pflag.FlagSet, c *corpus) {
	o, d := &f.options, f.defaults(c.format)
	n := len(c.train)
	if c.format != formatText { // whose pieces are its batch
		pick(f, flags, "batch", &o.Batch, min(d.batch, max(n/leastBatches, 1)))
	}
	updates := max((n+o.Batch-1)/o.Batch, 1)
	if o.BPTT > 0 {
		updates = max(n/o.Batch, 1) * (c.train[0].Steps()/o.BPTT + 1)
	}
	pick(f, flags, "epochs", &o.Epochs, max(d.epochs, min((leastUpdates+updates-1)/updates, mostEpochs)))
}

// inSpans says whether the labels are BIO or BIOES.
func inSpans(sequences []data.Sequence) bool {
	distinct := map[string]bool{}
	for _, s := range sequences {
		for _, l := range s.Labels {
			distinct[l] = true
		}
	}
	return span.Detect(slices.Collect(maps.Keys(distinct)), func(yield func([]string) bool) {
		for _, s := range sequences {
			if !yield(s.Labels) {
				return
			}
		}
	}) != span.None
}

// readVectors reads --vectors: those of the training data's words, or of their
// lower case, and of the first words of the file.
func (f *trainFlags) readVectors(flags *pflag.FlagSet, words map[string]bool) error {
	in, err := open(f.vectors)
	if err != nil {
		return err
	}
	defer in.Close()
	wanted := map[string]bool{}
	for w := range words {
		wanted[w], wanted[strings.ToLower(w)] = true, true
	}
	v, err := data.ReadVectors(in, f.vectors, func(w string) bool { return wanted[w] }, f.vectorWords)
	if err != nil {
		return err
	}
	if flags.Changed("embed") && f.options.Model.Embed != v.Width {
		return usagef("--embed %d and vectors of %d numbers in %s: expected the same", f.options.Model.Embed, v.Width, f.vectors)
	}
	if v.Skipped > 0 {
		warn("left out %d lines of %s whose word is empty or not UTF-8", v.Skipped, f.vectors)
	}
	pick(f, flags, "embed", &f.options.Model.Embed, v.Width)
	found := 0
	for w := range words {
		if v.ByWord[w] != nil || v.ByWord[strings.ToLower(w)] != nil {
			found++
		}
	}
	f.pretrained = fmt.Sprintf("pretrained vectors of %d for %s of the %s words to train on, and %s words in all", v.Width, thousands(found), thousands(len(words)), thousands(len(v.ByWord)))
	if found == 0 {
		warn("%s has none of the words to train on", f.vectors)
	}
	f.options.Vectors = v.ByWord
	return nil
}
