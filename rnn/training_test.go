package rnn_test

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// large are networks and a batch of which matrix units compute every product.
var large = []rnn.Config{
	{Cell: rnn.Tanh, Input: 100, Hidden: 192, Layers: 2, LearnH0: true},
	{Cell: rnn.ReLU, Input: 192, Hidden: 200, Layers: 1},
	{Cell: rnn.LSTM, Input: 90, Hidden: 130, Layers: 2},
	{Cell: rnn.GRU, Input: 100, Hidden: 150, Layers: 1, Bidirectional: true},
}

func largeLengths() []int {
	lengths := slices.Repeat([]int{25}, 40) // of 1,024 rows and more
	return append(lengths, 24, 20, 11, 3, 1)
}

func (w *work[F]) train(on bool) []F {
	w.net.Training(on)
	return w.step(w.batch.Steps())
}

// TestTrainingIsAsExact holds what matrix units compute to float64, beside what
// the other kernels do: within twice their error, and 5e-6 in any case.
func TestTrainingIsAsExact(t *testing.T) {
	for _, c := range large {
		c := c
		exact := newWork[float64](t, c, nil, largeLengths()...)
		plain, fast := newWork[float32](t, c, nil, largeLengths()...), newWork[float32](t, c, nil, largeLengths()...)
		small := convert[float32](exact.net.Params())
		for i := range small {
			small[i] /= 8 // so that the states do not saturate
			exact.net.Params()[i] = float64(small[i])
		}
		copy(plain.net.Params(), small)
		copy(fast.net.Params(), small)
		copy(exact.x, wide(plain.x))
		copy(exact.dh, wide(plain.dh))
		h, hPlain, hFast := exact.train(true), plain.train(false), fast.train(true)
		compare := func(name string, want []float64, plain, fast []float32) {
			t.Helper()
			usual, got := relErr(wide(plain), want), relErr(wide(fast), want)
			if !(got <= max(2*usual, 2e-7) && got < 5e-6) {
				t.Errorf("%s %s: error %.2g, of the other kernels %.2g", c.Cell, name, got, usual)
			}
		}
		compare("h", h, hPlain, hFast)
		compare("dx", exact.dx, plain.dx, fast.dx)
		for _, v := range c.Tensors() {
			to := v.Offset + v.Size()
			compare(v.Name, exact.net.Grads()[v.Offset:to], plain.net.Grads()[v.Offset:to], fast.net.Grads()[v.Offset:to])
		}
	}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// TestTrainingGivesTheSameBits wants them from any team.
func TestTrainingGivesTheSameBits(t *testing.T) {
	for _, c := range large {
		one := newWork[float32](t, c, nil, largeLengths()...)
		h := one.train(true)
		for _, threads := range []int{2, 3} {
			team := rnn.NewTeam(threads)
			w := newWork[float32](t, c, team, largeLengths()...)
			if got := w.train(true); !slices.Equal(got, h) || !slices.Equal(w.net.Grads(), one.net.Grads()) || !slices.Equal(w.dx, one.dx) {
				t.Errorf("%s: other bits from %d threads", c.Cell, threads)
			}
			team.Close()
		}
	}
}

// TestTrainingInPartsGivesTheSameBits wants them of one thread and of two.
func TestTrainingInPartsGivesTheSameBits(t *testing.T) {
	lengths := append(slices.Repeat([]int{300}, 17), 280, 120)
	for _, cell := range []rnn.Cell{rnn.LSTM, rnn.GRU, rnn.Tanh} {
		c := rnn.Config{Cell: cell, Input: 64, Hidden: 96, Layers: 2}
		whole := newWork[float32](t, c, nil, lengths...)
		rnn.Init(c, whole.net.Params(), newRand()) // nothing explodes
		whole.train(true)
		for _, threads := range []int{1, 2} {
			team := rnn.NewTeam(threads)
			parts := newWork[float32](t, c, team, lengths...)
			copy(parts.net.Params(), whole.net.Params())
			parts.net.Training(true)
			for _, recompute := range []bool{false, true} {
				clear(parts.net.Grads())
				parts.net.Begin(parts.batch, rnn.States[float32]{})
				parts.inParts(0, 300, recompute)
				if !slices.Equal(parts.net.Grads(), whole.net.Grads()) || !slices.Equal(parts.dx, whole.dx) {
					t.Errorf("%s, %d threads, recompute %v: other bits in parts", cell, threads, recompute)
				}
			}
			team.Close()
		}
	}
}

// TestTrainingOfFewGivesTheSameBits has more workers than sequences, and layers
// of which some products or none are worth matrix units.
func TestTrainingOfFewGivesTheSameBits(t *testing.T) {
	for _, lengths := range [][]int{{300}, {200, 99, 1}} {
		for _, c := range []rnn.Config{
			{Cell: rnn.Tanh, Input: 1, Hidden: 1, Layers: 2},
			{Cell: rnn.ReLU, Input: 600, Hidden: 33, Layers: 1},
			{Cell: rnn.LSTM, Input: 90, Hidden: 17, Layers: 1},
			{Cell: rnn.GRU, Input: 31, Hidden: 96, Layers: 1},
		} {
			one := newWork[float32](t, c, nil, lengths...)
			rnn.Init(c, one.net.Params(), newRand()) // nothing explodes
			h := one.train(true)
			for _, threads := range []int{3, 5} {
				team := rnn.NewTeam(threads)
				w := newWork[float32](t, c, team, lengths...)
				copy(w.net.Params(), one.net.Params())
				if got := w.train(true); !slices.Equal(got, h) || !slices.Equal(w.net.Grads(), one.net.Grads()) || !slices.Equal(w.dx, one.dx) {
					t.Errorf("%s, %d sequences: other bits from %d threads", c.Cell, len(lengths), threads)
				}
				team.Close()
			}
		}
	}
}

// TestTrainingForgetsTheBatchBefore wants a batch of few sequences, for which
// weights are not cut, to have the same bits after one of many, for which they are.
func TestTrainingForgetsTheBatchBefore(t *testing.T) {
	c := rnn.Config{Cell: rnn.LSTM, Input: 64, Hidden: 96, Layers: 1}
	want := newWork[float32](t, c, nil, 200, 200)
	h := want.train(true)
	many, err := rnn.NewBatch(slices.Repeat([]int{8}, 64)...)
	if err != nil {
		t.Fatal(err)
	}
	w := newWork[float32](t, c, nil, 200, 200)
	w.net.Training(true)
	w.net.Begin(many, rnn.States[float32]{})
	w.net.Forward(0, 8, make([]float32, many.Rows()*c.Input))
	w.net.Backward(make([]float32, many.Rows()*c.Hidden), make([]float32, many.Rows()*c.Input))
	clear(w.net.Grads())
	w.net.Start(w.batch, rnn.States[float32]{})
	got := w.net.Forward(0, 200, w.x)
	w.net.Backward(w.dh, w.dx)
	if !slices.Equal(got, h) || !slices.Equal(w.net.Grads(), want.net.Grads()) || !slices.Equal(w.dx, want.dx) {
		t.Error("other bits after a batch of many sequences")
	}
}

// TestTrainingLeavesTheRestAlone wants what is computed outside of training to
// be the same in whatever batch.
func TestTrainingLeavesTheRestAlone(t *testing.T) {
	c := large[2]
	w := newWork[float32](t, c, nil, largeLengths()...)
	h := w.step(w.batch.Steps())
	w.train(true)
	if got := w.train(false); !slices.Equal(got, h) {
		t.Error("other bits after training")
	}
	alone := newWork[float32](t, c, nil, 25)
	for step := range 25 {
		copy(alone.x[step*c.Input:(step+1)*c.Input], w.x[w.batch.Off[step]*c.Input:])
	}
	got := alone.step(25)
	for step := range 25 {
		if row := w.batch.Off[step] * c.Hidden; !slices.Equal(got[step*c.Hidden:(step+1)*c.Hidden], h[row:row+c.Hidden]) {
			t.Fatalf("step %d: other bits alone", step)
		}
	}
}
