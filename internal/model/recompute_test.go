package model_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// longProblem is of several parts, of which every sequence has a loss.
func longProblem(t *testing.T, k kind, lengths ...int) problem {
	p := newProblem(t, k.model(t, 1), lengths...)
	for i, y := range p.Labels {
		if y == loss.NoLabel {
			p.Labels[i] = 0
		}
	}
	return p
}

// TestRecomputeOfEveryKind wants the same bits of the loss and of all
// gradients whether the steps between the borders are kept or computed again,
// with dropout and without.
func TestRecomputeOfEveryKind(t *testing.T) {
	for _, k := range kinds() {
		if err := k.config(1).CheckRecompute(); (err != nil) != k.config(1).Bidirectional {
			t.Errorf("%s: CheckRecompute says %v", k, err)
		}
		for _, lengths := range [][]int{{10_000}, {5000, 5000, 3100, 400, 7}} {
			t.Run(fmt.Sprint(k, "-", len(lengths)), func(t *testing.T) {
				both(t, k, lengths)
			})
		}
	}
}

func both(t *testing.T, k kind, lengths []int) {
	m, p := k.model(t, 1), longProblem(t, k, lengths...)
	for _, dropout := range []float64{0, 0.25} {
		kept := network(t, m, m.Params, nil)
		kept.RNN().SetDropout(dropout, rand.New(rand.NewPCG(1, 1)))
		want := train(kept, p, p.Steps())
		n := network(t, m, m.Params, team(t, 2))
		n.RNN().SetDropout(dropout, rand.New(rand.NewPCG(1, 1)))
		n.SetRecompute(true)
		if got := train(n, p, p.Steps()); got != want {
			t.Errorf("dropout %v: loss %v, kept %v", dropout, got, want)
		}
		sameBits(t, fmt.Sprintf("gradients with dropout %v", dropout), n.Grads, kept.Grads)
	}
}

// TestSlopeOfManyParts wants the gradients of a batch of several parts to be
// the slope of its loss in a random direction, by central differences.
func TestSlopeOfManyParts(t *testing.T) {
	const h = 1e-6
	for _, k := range kinds() {
		if k.config(1).Cell == rnn.ReLU { // a kink has no slope
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			m, p := k.model(t, 1), longProblem(t, k, 3000, 1500, 40)
			n := network(t, m, double(m.Params), nil)
			train(n, p, p.Steps())
			start, r := slices.Clone(n.Params), rand.New(rand.NewPCG(5, 5))
			direction, want := make([]float64, len(start)), 0.0
			for i := range direction {
				direction[i] = r.NormFloat64()
				want += direction[i] * n.Grads[i]
			}
			at := func(h float64) float64 {
				for i, d := range direction {
					n.Params[i] = start[i] + h*d
				}
				_, l := predict(n, p, p.Steps())
				return l
			}
			if slope := (at(h) - at(-h)) / (2 * h); !(math.Abs(slope-want) < 1e-5*math.Abs(want)) {
				t.Errorf("slope %v, by the gradients %v", slope, want)
			}
		})
	}
}
