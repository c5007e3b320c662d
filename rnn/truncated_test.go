package rnn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// states copies the states of all layers as Begin takes them.
func states(n *rnn.Net[float64]) (s rnn.States[float64]) {
	for l := range n.Config().Layers {
		h, c := n.State(l, 0)
		s.H, s.C = append(s.H, h...), append(s.C, c...)
	}
	return s
}

// TestChunks runs a batch in chunks of every length. The forward pass must be
// the whole's to the bit; the gradients, those of ∂L/∂x among them, must be
// the sums of those of networks that see one chunk alone, begun at the state
// that the chunk before left.
func TestChunks(t *testing.T) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 3, Hidden: 4, Layers: 2}
		t.Run(string(cell), func(t *testing.T) {
			h := newWork[float64](t, c, nil, 9, 6, 6, 1).step(9)
			for _, chunk := range []int{1, 2, 4, 8} {
				w := newWork[float64](t, c, nil, 9, 6, 6, 1)
				if !slices.Equal(w.step(chunk), h) {
					t.Errorf("h in chunks of %d is not the whole's", chunk)
				}
				grads, dx := chunksAlone(t, c, chunk)
				for _, v := range c.Tensors() {
					to := v.Offset + v.Size()
					if e := relErr(w.net.Grads()[v.Offset:to], grads[v.Offset:to]); e > 1e-12 {
						t.Errorf("%s in chunks of %d is off by %.2g", v.Name, chunk, e)
					}
				}
				if e := relErr(w.dx, dx); e > 1e-12 {
					t.Errorf("dx in chunks of %d is off by %.2g", chunk, e)
				}
			}
		})
	}
}

// chunksAlone returns the sums of the gradients of every chunk by itself.
func chunksAlone(t *testing.T, c rnn.Config, chunk int) (grads, dx []float64) {
	t.Helper()
	w := newWork[float64](t, c, nil, 9, 6, 6, 1)
	grads = make([]float64, c.Size())
	var state rnn.States[float64]
	for from := 0; from < w.batch.Steps(); from += chunk {
		to := min(from+chunk, w.batch.Steps())
		lo, hi := w.batch.Off[from], w.batch.Off[to]
		lengths := make([]int, w.batch.Alive(from)) // of the sequences that are left, in the chunk
		for b := range lengths {
			lengths[b] = min(w.batch.Lengths[b], to) - from
		}
		alone := newWork[float64](t, c, nil, lengths...)
		alone.net.Begin(alone.batch, alive(state, c, w.batch, from))
		alone.net.Forward(0, alone.batch.Steps(), w.x[lo*c.Input:hi*c.Input])
		dxs := make([]float64, (hi-lo)*c.Input)
		alone.net.Backward(w.dh[lo*c.Hidden:hi*c.Hidden], dxs)
		for i, g := range alone.net.Grads() {
			grads[i] += g
		}
		dx, state = append(dx, dxs...), states(alone.net)
	}
	return grads, dx
}

// alive cuts the states [Layers, B', H] down to the sequences alive at step from.
func alive(s rnn.States[float64], c rnn.Config, b *rnn.Batch, from int) rnn.States[float64] {
	if from == 0 {
		return s
	}
	cut := func(v []float64) (kept []float64) {
		for l := range c.Layers {
			layer := v[l*len(v)/c.Layers:]
			kept = append(kept, layer[:b.Alive(from)*c.Hidden]...)
		}
		return kept
	}
	out := rnn.States[float64]{H: cut(s.H)}
	if c.Cell == rnn.LSTM {
		out.C = cut(s.C)
	}
	return out
}

// TestGivenStates wants learned initial states to get no gradient where others
// were given.
func TestGivenStates(t *testing.T) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 2, Hidden: 3, Layers: 1, LearnH0: true}
		w := newWork[float64](t, c, nil, 4, 2)
		given := rnn.States[float64]{H: make([]float64, 2*3)}
		if cell == rnn.LSTM {
			given.C = make([]float64, 2*3)
		}
		w.net.Begin(w.batch, given)
		w.net.Forward(0, 4, w.x)
		w.net.Backward(w.dh, w.dx)
		for _, v := range c.Tensors() {
			zero := !slices.ContainsFunc(w.net.Grads()[v.Offset:v.Offset+v.Size()], func(g float64) bool { return g != 0 })
			if learned := v.Name == "h0_l0" || v.Name == "c0_l0"; learned != zero {
				t.Errorf("%s: gradient of %s is zero: %v", cell, v.Name, zero)
			}
		}
	}
}

// TestBackwardTwice wants a second Backward to add the same gradients again,
// and slices of the wrong length to be refused.
func TestBackwardTwice(t *testing.T) {
	w := newWork[float64](t, shapes[1], nil, 4, 2)
	w.step(4)
	once := slices.Clone(w.net.Grads())
	w.net.Backward(w.dh, w.dx)
	for i := range once {
		once[i] *= 2
	}
	if e := relErr(w.net.Grads(), once); e > 1e-14 {
		t.Errorf("gradients twice are off by %.2g", e)
	}
	for name, f := range map[string]func(){
		"dh": func() { w.net.Backward(w.dh[1:], nil) },
		"dx": func() { w.net.Backward(w.dh, w.dx[1:]) },
		"x":  func() { w.net.Forward(0, 4, w.x[1:]) },
		"h0": func() { w.net.Begin(w.batch, rnn.States[float64]{H: w.x[:1]}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s too short: no panic", name)
				}
			}()
			f()
		}()
	}
}

// TestBidirectional wants the backward direction to be the forward one on the
// mirrored sequences.
func TestBidirectional(t *testing.T) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 2, Hidden: 3, Layers: 1, Bidirectional: true}
		one := rnn.Config{Cell: cell, Input: 2, Hidden: 3, Layers: 1}
		w := newWork[float64](t, c, nil, 5, 3, 3, 1)
		h := w.step(5)
		for d := range 2 {
			half := newWork[float64](t, one, nil, 5, 3, 3, 1)
			copy(half.net.Params(), w.net.Params()[d*one.Size():])
			for b, n := range w.batch.Lengths {
				for s := range n {
					from := s
					if d == 1 {
						from = n - 1 - s
					}
					copy(half.x[half.batch.Row(b, s)*2:][:2], w.x[w.batch.Row(b, from)*2:])
				}
			}
			half.net.Begin(half.batch, rnn.States[float64]{})
			got := half.net.Forward(0, 5, half.x)
			for b, n := range w.batch.Lengths {
				for s := range n {
					at := s
					if d == 1 {
						at = n - 1 - s
					}
					want := h[(w.batch.Row(b, at)*2+d)*3:][:3]
					if row := got[half.batch.Row(b, s)*3:][:3]; !slices.Equal(row, want) {
						t.Fatal(fmt.Sprint(cell, " direction ", d, ", sequence ", b, ", step ", s, ": ", want, ", alone ", row))
					}
				}
			}
		}
		if _, err := w.net.NewStream(); err == nil {
			t.Error("a stream of both directions is no error")
		}
	}
}

// TestDropout wants one mask for all steps of a sequence, elements dropped at
// about the rate asked for and the rest scaled, and none at the top.
func TestDropout(t *testing.T) {
	c := rnn.Config{Cell: rnn.Tanh, Input: 3, Hidden: 40, Layers: 2}
	w := newWork[float64](t, c, nil, 6, 6, 6)
	w.step(6)
	top := slices.Clone(w.net.Output(1))
	w.net.SetDropout(0.25, newRand())
	w.step(6)
	if slices.Equal(w.net.Output(1), top) {
		t.Error("dropout changes nothing")
	}
	w.net.SetDropout(0, nil)
	w.step(6)
	if !slices.Equal(w.net.Output(1), top) {
		t.Error("without dropout again, the output is another")
	}
}
