package explain

import (
	"math"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// What a look at a model just trained may cost: a share of the training's
// operations that comes to less than a hundredth of its time, even where that
// ran on two threads and matrix units, ten times as fast as these products in
// float64; and never less than a few milliseconds.
const (
	watchShare = 1.0 / 1000
	watchLeast = 1e8
)

// Watch returns how gradients fade or grow in the top layer's forward direction
// of a model that was trained on so many steps, over held-out sequences: of as
// many states as cost little beside the training, one at the least.
func Watch(m *model.Model, heldOut []data.Sequence, trained int) (Flow, error) {
	e, err := New(m, false)
	if err != nil {
		return Flow{}, err
	}
	top := e.report("").Layers
	c := m.Config.Recurrent()
	if err := e.flow(top, "", heldOut, watchSample(c.Size(), stateOf(c), trained)); err != nil {
		return Flow{}, err
	}
	return top[0].Flow, nil
}

// watchSample returns how much may be looked at of a model of so many recurrent
// parameters and states of so many numbers.
func watchSample(params, width, trained int) Sample {
	budget := max(watchShare*6*float64(params)*float64(trained), watchLeast) // forward 2, backward 4 a parameter
	perStep := 2 * math.Pow(float64(width), 3)
	products := int(min(budget/perStep, float64(DefaultSample.Chains*MaxSteps)))
	return Sample{Chains: max(products/MaxSteps, 1), Steps: min(max(products, 1), MaxSteps), Seed: DefaultSample.Seed}
}
