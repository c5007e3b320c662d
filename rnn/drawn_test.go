package rnn

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// numbers are a network, a batch and all that it takes, drawn from one seed.
type numbers[F Float] struct {
	net       *Net[F]
	batch     *Batch
	x, dh, dx []F
}

// drawn draws them for net or, if it is nil, for a new one.
func drawn[F Float](t *testing.T, c Config, net *Net[F], team *Team, lengths []int) *numbers[F] {
	t.Helper()
	var err error
	if net == nil {
		if net, err = New[F](c, nil, nil, team); err != nil {
			t.Fatal(err)
		}
	}
	b, err := NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(size int, scale float64) []F {
		v := make([]F, size)
		for i := range v {
			v[i] = F(scale * r.NormFloat64())
		}
		return v
	}
	copy(net.Params(), draw(len(net.Params()), 0.1))
	return &numbers[F]{net, b, draw(b.Rows()*c.Input, 1), draw(b.Rows()*c.Output(), 1), make([]F, b.Rows()*c.Input)}
}

// rows returns those of the steps [from, to), so many numbers each.
func (d *numbers[F]) rows(v []F, width, from, to int) []F {
	return v[d.batch.Off[from]*width : d.batch.Off[to]*width]
}

// step returns all that a step of training computes.
func (d *numbers[F]) step(training bool) []F {
	d.net.Training(training)
	clear(d.net.Grads())
	d.net.Begin(d.batch, States[F]{})
	out := slices.Clone(d.net.Forward(0, d.batch.Steps(), d.x))
	d.net.Backward(d.dh, d.dx)
	return slices.Concat(out, d.net.Grads(), d.dx)
}

// stepOf is step of a network, or of a new one.
func stepOf(t *testing.T, c Config, net *Net[float32], team *Team, lengths []int, training bool) []float32 {
	return drawn(t, c, net, team, lengths).step(training)
}

// runOnce returns all that a step of training of a new network computes, and its first layer.
func runOnce[F Float](t *testing.T, c Config, lengths []int, team *Team) (all []F, l *layer[F]) {
	t.Helper()
	d := drawn[F](t, c, nil, team, lengths)
	return d.step(true), d.net.levels[0].directions[0]
}

// falling returns so many lengths, the first the given one, each by so much less.
func falling(sequences, first, less int) (lengths []int) {
	for s := range sequences {
		lengths = append(lengths, max(first-less*s, 1))
	}
	return lengths
}
