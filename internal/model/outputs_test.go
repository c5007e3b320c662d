package model_test

import (
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// withConfig returns a network of other options on the same parameters.
func withConfig(t *testing.T, m *model.Model, change func(c *model.Config)) *model.Network[float64] {
	t.Helper()
	c := m.Config
	change(&c)
	n, err := model.NewNetwork(c, m.Dims(), double(m.Params), make([]float64, len(m.Params)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestClassesAreTheLastStepsLabels wants a model of one direction that
// classifies to say of a sequence what it would say as a tagger at its end.
func TestClassesAreTheLastStepsLabels(t *testing.T) {
	for _, k := range kinds() {
		if c := k.config(1); c.Task != model.TaskClassify || c.Bidirectional {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			p := newProblem(t, m, someLengths...)
			z, _ := predict(network(t, m, double(m.Params), nil), p, p.Steps())
			tagger := withConfig(t, m, func(c *model.Config) { c.Task = model.TaskTag })
			tagger.Begin(p.Batch, p.forms)
			all, _, _ := tagger.Predict(0, p.Steps(), model.Chunk{Tokens: p.Tokens, IDs: p.IDs, X: p.X})
			for b, n := range p.Lengths {
				row := p.Row(b, n-1)
				if got, want := z[b*p.k:(b+1)*p.k], all[row*p.k:(row+1)*p.k]; !slices.Equal(got, want) {
					t.Errorf("sequence %d: z %v, want %v", b, got, want)
				}
			}
		})
	}
}

// TestRealValuesAndTheirLoss wants z of real values to be α, whose softmax is
// the same network's z where it labels, and the loss the sum of squares.
func TestRealValuesAndTheirLoss(t *testing.T) {
	for _, k := range kinds() {
		if k.config(1).Output != model.Real {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			m := k.model(t, 1)
			p := newProblem(t, m, someLengths...)
			n := network(t, m, double(m.Params), nil)
			alpha, got := predict(n, p, p.Steps())
			want := 0.0
			for i, a := range alpha {
				d := a - float64(p.Values[i])
				want += d * d
			}
			if math.Abs(got-want) > 1e-14*want || train(n, p, p.Steps()) != got {
				t.Errorf("loss %v, in training %v, want %v", got, train(n, p, p.Steps()), want)
			}
			n.Begin(p.Batch, p.forms)
			alone, best, l := n.Predict(0, p.Steps(), model.Chunk{Tokens: p.Tokens, IDs: p.IDs, X: p.X})
			if !slices.Equal(alone, alpha) || l != 0 || slices.Max(best) != 0 || slices.Min(best) != 0 {
				t.Errorf("without values z is another, or the loss %v or the labels %v not 0", l, best)
			}
			labels := withConfig(t, m, func(c *model.Config) { c.Output = model.Softmax })
			labels.Begin(p.Batch, p.forms)
			z, _, _ := labels.Predict(0, p.Steps(), model.Chunk{Tokens: p.Tokens, IDs: p.IDs, X: p.X})
			for r := 0; r < len(z); r += p.k {
				sum := 0.0
				for _, a := range alpha[r : r+p.k] {
					sum += math.Exp(a)
				}
				for i, v := range z[r : r+p.k] {
					if want := math.Exp(alpha[r+i]) / sum; math.Abs(v-want) > 1e-14 {
						t.Errorf("output %d: softmax %v, of the values %v", r/p.k, v, want)
					}
				}
			}
		})
	}
}

// TestConstraintsHold wants labels that break no rule and no probability where
// none may be, whatever the scores, where a CRF without constraints breaks them.
func TestConstraintsHold(t *testing.T) {
	for _, s := range []span.Scheme{span.BIO, span.BIOES} {
		labels := []string{"B-y", "O", "I-x", "B-x", "I-y"}
		if s == span.BIOES {
			labels = append(labels, "E-x", "E-y", "S-y")
		}
		c := shape{rnn.Tanh, 1, false}.config(4, 5)
		constrained(s)(&c)
		m := newModel(t, c, oddTokens, labels)
		for i, v := range param(t, m, "out.weight") {
			param(t, m, "out.weight")[i] = 20 * v // so that few labellings come near the best
		}
		p := newProblem(t, m, 30, 29, 18, 2, 1)
		n, free := network(t, m, double(m.Params), nil), m.Dims()
		if got := breaks(n, p, m, s); got > 0 {
			t.Errorf("%s: %d sequences break it", s, got)
		}
		n.Begin(p.Batch, p.forms)
		if z, _, _ := n.Predict(0, p.Steps(), p.part(0, p.Steps())); z[m.LabelID("I-x")] != 0 {
			t.Errorf("%s: a sequence begins with I-x with probability %v", s, z[m.LabelID("I-x")])
		}
		free.Forbidden = nil
		n, err := model.NewNetwork(c, free, double(m.Params), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if breaks(n, p, m, s) == 0 {
			t.Errorf("%s: without constraints no sequence breaks it: the test proves little", s)
		}
	}
}

// breaks returns how many of the sequences break the scheme.
func breaks(n *model.Network[float64], p problem, m *model.Model, s span.Scheme) (sequences int) {
	n.Begin(p.Batch, p.forms)
	_, best, _ := n.Predict(0, p.Steps(), model.Chunk{Tokens: p.Tokens, IDs: p.IDs})
	for b, steps := range p.Lengths {
		var said []string
		for i := range steps {
			said = append(said, m.Labels[best[p.Row(b, i)]])
		}
		if s.Breaks(said) >= 0 {
			sequences++
		}
	}
	return sequences
}
