package train

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
)

// Hooks are what a training tells while it runs; each may be nil.
type Hooks struct {
	Event func(Event)
	Best  func(*model.Model) error // the model has the best parameters so far; an error ends the training
}

// Fit trains a model on labelled sequences, scoring it on dev, which may be
// empty, after every epoch. The model returned has the parameters of the best
// epoch. When ctx ends, so does training, without an error: Result tells. The
// model is then the best so far or, before the first epoch ended, the model as
// it was. With an error comes the best model so far, nil if there is none.
func Fit(ctx context.Context, training, dev []data.Sequence, o Options, h Hooks) (*model.Model, Result, error) {
	if err := o.Validate(); err != nil {
		return nil, Result{}, err
	}
	m, err := newModel(training, o)
	if err != nil {
		return nil, Result{}, err
	}
	examples, err := Encode(m, training)
	if err != nil {
		return nil, Result{}, err
	}
	devExamples, err := Encode(m, dev)
	if err != nil {
		return nil, Result{}, err
	}
	if h.Event == nil {
		h.Event = func(Event) {}
	}
	t, err := newTrainer(m, o, h.Event)
	if err != nil {
		return nil, Result{}, err
	}
	defer t.team.Close()
	t.keep = func() error {
		if h.Best == nil {
			return nil
		}
		return h.Best(m)
	}
	result, err := t.run(ctx, examples, devExamples)
	if err != nil && result.BestEpoch == 0 {
		m = nil
	}
	return m, result, err
}

// newModel returns a fresh model with the vocabulary and the labels, sorted,
// of the training data.
func newModel(training []data.Sequence, o Options) (*model.Model, error) {
	if len(training) == 0 {
		return nil, errors.New("no sequences to train on")
	}
	for i, s := range training {
		if err := complete(s, i); err != nil {
			return nil, err
		}
	}
	counts := map[string]int{}
	seen := map[string]bool{}
	for _, s := range training {
		for _, t := range s.Tokens {
			counts[t]++
		}
		for _, l := range s.Labels {
			seen[l] = true
		}
	}
	var labels []string
	for l := range seen {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	vocab, err := model.CountVocab(counts, o.MinCount)
	if err != nil {
		return nil, err
	}
	return model.New(o.Model, vocab, labels, o.EmbedScale, o.Seed)
}

// Encode turns labelled sequences into examples of the model. Labels that it
// does not know become loss.NoLabel.
func Encode(m *model.Model, sequences []data.Sequence) ([]Example, error) {
	labels := make(map[string]int32, len(m.Labels))
	for i, l := range m.Labels {
		labels[l] = int32(i)
	}
	examples := make([]Example, len(sequences))
	for i, s := range sequences {
		if err := complete(s, i); err != nil {
			return nil, err
		}
		e := Example{IDs: m.Vocab.Encode(make([]int32, 0, len(s.Tokens)), s.Tokens), Labels: make([]int32, len(s.Labels))}
		for t, l := range s.Labels {
			id, ok := labels[l]
			if !ok {
				id = loss.NoLabel
			}
			e.Labels[t] = id
		}
		examples[i] = e
	}
	return examples, nil
}

// complete says what is wrong with a labelled sequence, if anything.
func complete(s data.Sequence, i int) error {
	if len(s.Tokens) > 0 && len(s.Tokens) == len(s.Labels) {
		return nil
	}
	name := s.Name
	if name == "" {
		name = fmt.Sprintf("sequence %d", i+1)
	}
	return fmt.Errorf("%s: %d tokens and %d labels, expected as many of both and at least 1", name, len(s.Tokens), len(s.Labels))
}
