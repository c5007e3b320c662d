package train

import (
	"context"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// Hooks are what a training tells while it runs; each may be nil.
type Hooks struct {
	Model  func(*model.Model) // what is about to be trained
	Memory func(Memory)       // steps need more memory than is left
	Event  func(Event)
	Best   func(*model.Model) error // the model has the best parameters so far; an error ends the training
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
	m, err := fresh(training, o)
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
	if h.Memory == nil {
		h.Memory = func(Memory) {}
	}
	if h.Model != nil {
		h.Model(m)
	}
	t, err := newTrainer(m, o, h.Event)
	if err != nil {
		return nil, Result{}, err
	}
	defer t.team.Close()
	t.weigh(examples.All)
	t.limitMemory(examples.All, h.Memory)
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
