package rnn

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

// TestByUnits wants the bits of one thread from teams that share steps out by
// units, forward and, where the weights are large, backward; and that they do.
func TestByUnits(t *testing.T) {
	for _, k := range []struct {
		config        Config
		sequences     int
		forward, back bool
	}{
		{Config{Cell: LSTM, Input: 9, Hidden: 256, Layers: 1}, 17, true, false},
		{Config{Cell: GRU, Input: 9, Hidden: 256, Layers: 1}, 17, true, false},
		{Config{Cell: LSTM, Input: 33, Hidden: 384, Layers: 2}, 9, true, true},
		{Config{Cell: GRU, Input: 9, Hidden: 384, Layers: 1, LearnH0: true}, 11, true, true},
		{Config{Cell: Tanh, Input: 9, Hidden: 640, Layers: 1}, 8, true, true},
		{Config{Cell: ReLU, Input: 9, Hidden: 640, Layers: 1}, 8, true, true},
		{Config{Cell: Tanh, Input: 9, Hidden: 128, Layers: 1}, 40, false, false},
	} {
		lengths := []int{5, 5}
		for len(lengths) < k.sequences {
			lengths = append(lengths, max(5-len(lengths)/4, 1))
		}
		want, one := runOnce(t, k.config, lengths, nil)
		if one.forwardByUnits(k.sequences) || one.backwardByUnits(k.sequences) {
			t.Errorf("%s: one worker shares out", k.config.Cell)
		}
		for _, threads := range []int{2, 3} {
			team := NewTeam(threads)
			got, l := runOnce(t, k.config, lengths, team)
			team.Close()
			if !slices.Equal(got, want) {
				t.Errorf("%s of %d, %d threads: other bits than one", k.config.Cell, k.config.Hidden, threads)
			}
			if threads > 2 || kernel.Name() == "generic" {
				continue // three workers may share unevenly
			}
			if f, b := l.forwardByUnits(k.sequences), l.backwardByUnits(k.sequences); f != k.forward || b != k.back {
				t.Errorf("%s of %d: by units forward %v, backward %v, want %v and %v", k.config.Cell, k.config.Hidden, f, b, k.forward, k.back)
			}
		}
	}
}

// runOnce returns all that a step of training computes, and its first layer.
func runOnce(t *testing.T, c Config, lengths []int, team *Team) (all []float32, l *layer[float32]) {
	t.Helper()
	n, err := New[float32](c, nil, nil, team)
	if err != nil {
		t.Fatal(err)
	}
	n.Training(true)
	b, err := NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(size int, scale float64) []float32 {
		v := make([]float32, size)
		for i := range v {
			v[i] = float32(scale * r.NormFloat64())
		}
		return v
	}
	copy(n.Params(), draw(len(n.Params()), 0.1))
	x, dh, dx := draw(b.Rows()*c.Input, 1), draw(b.Rows()*c.Hidden, 1), make([]float32, b.Rows()*c.Input)
	n.Begin(b, States[float32]{})
	out := slices.Clone(n.Forward(0, b.Steps(), x))
	n.Backward(dh, dx)
	return slices.Concat(out, n.Grads(), dx), n.levels[0].directions[0]
}
