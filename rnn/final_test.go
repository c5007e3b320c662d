package rnn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// finalLengths are of sequences of which some end together, one after a step.
var finalLengths = []int{9, 6, 6, 3, 3, 3, 1}

// finalConfigs are all cells, of one direction and two, of a layer and two.
func finalConfigs() (all []rnn.Config) {
	for _, cell := range rnn.Cells() {
		for layers := 1; layers <= 2; layers++ {
			for _, both := range []bool{false, true} {
				all = append(all, rnn.Config{Cell: cell, Input: 3, Hidden: 4, Layers: layers, Bidirectional: both, LearnH0: true})
			}
		}
	}
	return all
}

// chunkLengths are those that c can run in.
func chunkLengths(c rnn.Config) []int {
	if c.Bidirectional {
		return []int{9}
	}
	return []int{1, 2, 3, 4, 8, 9}
}

// inChunks runs the batch forward in chunks of so many steps and calls f after
// each, with the sequences [lo, hi) that ended in it.
func (w *work[F]) inChunks(chunk int, f func(from, to, lo, hi int)) {
	in := w.net.Config().Input
	w.net.Begin(w.batch, rnn.States[F]{})
	for from := 0; from < w.batch.Steps(); from += chunk {
		to := min(from+chunk, w.batch.Steps())
		w.net.Forward(from, to, w.x[w.batch.Off[from]*in:w.batch.Off[to]*in])
		lo, hi := w.batch.Ending(from, to)
		f(from, to, lo, hi)
	}
}

// TestFinalIsTheOutputAtTheEnds wants the final outputs to be those of the
// whole batch at every sequence's last step and, of the backward direction, at
// its first, in the chunk where a sequence ends and in no other.
func TestFinalIsTheOutputAtTheEnds(t *testing.T) {
	for _, c := range finalConfigs() {
		w := newWork[float64](t, c, nil, finalLengths...)
		width := c.Output()
		h := slices.Clone(w.step(9))
		for _, chunk := range chunkLengths(c) {
			seen := 0
			w.inChunks(chunk, func(from, to, lo, hi int) {
				const blank = 42
				got := slices.Repeat([]float64{blank}, (hi-lo+1)*width) // and a row that is not asked for
				w.net.Final(got)
				for b := lo; b < hi; b++ {
					last := w.batch.Row(b, finalLengths[b]-1)
					want := slices.Clone(h[last*width : (last+1)*width])
					if c.Bidirectional {
						copy(want[c.Hidden:], h[b*width+c.Hidden:])
					}
					if row := got[(b-lo)*width : (b-lo+1)*width]; !slices.Equal(row, want) {
						t.Errorf("%+v, steps [%d, %d): sequence %d ends with %v, want %v", c, from, to, b, row, want)
					}
				}
				if !slices.Equal(got[(hi-lo)*width:], slices.Repeat([]float64{blank}, width)) {
					t.Errorf("%+v, steps [%d, %d): a row behind the last is written", c, from, to)
				}
				seen += hi - lo
			})
			if seen != len(finalLengths) {
				t.Errorf("%+v, chunks of %d: %d sequences end, want %d", c, chunk, seen, len(finalLengths))
			}
		}
	}
}

// TestFinalIsTheState wants the final outputs of one direction, and the halves
// of those of two, to be the states that the top layer ended in.
func TestFinalIsTheState(t *testing.T) {
	for _, c := range finalConfigs() {
		w := newWork[float64](t, c, nil, finalLengths...)
		w.inChunks(9, func(_, _, lo, hi int) {
			got := make([]float64, (hi-lo)*c.Output())
			w.net.Final(got)
			for d := range c.Directions() {
				state, _ := w.net.State(c.Layers-1, d)
				for b := range finalLengths {
					row := got[b*c.Output()+d*c.Hidden:][:c.Hidden]
					if want := state[b*c.Hidden : (b+1)*c.Hidden]; !slices.Equal(row, want) {
						t.Errorf("%+v: direction %d of sequence %d ends with %v, its state is %v", c, d, b, row, want)
					}
				}
			}
		})
	}
}

// TestFinalBackIsFinalTurned wants a gradient of the final outputs at the rows
// that Final takes them from, and zero in all others.
func TestFinalBackIsFinalTurned(t *testing.T) {
	for _, c := range finalConfigs() {
		w := newWork[float64](t, c, nil, finalLengths...)
		width := c.Output()
		for _, chunk := range chunkLengths(c) {
			w.inChunks(chunk, func(from, to, lo, hi int) {
				base, rows := w.batch.Off[from], w.batch.Range(from, to)
				dfinal, want := make([]float64, (hi-lo)*width), make([]float64, rows*width)
				for b := lo; b < hi; b++ {
					for j := range width {
						row := w.batch.Row(b, finalLengths[b]-1) - base
						if j >= c.Hidden { // the backward direction's
							row = b
						}
						dfinal[(b-lo)*width+j] = float64(100*b + j + 1)
						want[row*width+j] = dfinal[(b-lo)*width+j]
					}
				}
				const blank = 42
				dout := slices.Repeat([]float64{blank}, (rows+1)*width) // what was there before, and a row behind
				w.net.FinalBack(dout, dfinal)
				if !slices.Equal(dout[:rows*width], want) {
					t.Errorf("%+v, steps [%d, %d): %v, want %v", c, from, to, dout[:rows*width], want)
				}
				if !slices.Equal(dout[rows*width:], slices.Repeat([]float64{blank}, width)) {
					t.Errorf("%+v, steps [%d, %d): a row behind the last is written", c, from, to)
				}
			})
		}
	}
}

// TestFinalGradients compares the gradients of L = Σ v·final with central
// differences, in float64 below 1e-8 of the largest.
func TestFinalGradients(t *testing.T) {
	const h = 1e-3
	for _, c := range finalConfigs() {
		if c.Cell == rnn.ReLU { // its kinks are package check's
			continue
		}
		t.Run(fmt.Sprintf("%s-%d-%t", c.Cell, c.Layers, c.Bidirectional), func(t *testing.T) {
			w := newWork[float64](t, c, nil, finalLengths...)
			v := draw(newRand(), len(finalLengths)*c.Output())
			final := make([]float64, len(v))
			loss := func() (sum float64) {
				w.inChunks(9, func(int, int, int, int) {})
				w.net.Final(final)
				for i, f := range final {
					sum += v[i] * f
				}
				return sum
			}
			loss()
			dout := make([]float64, w.batch.Rows()*c.Output())
			w.net.FinalBack(dout, v)
			w.net.Backward(dout, w.dx)
			for what, both := range map[string][2][]float64{"parameters": {w.net.Params(), w.net.Grads()}, "x": {w.x, w.dx}} {
				slopes := make([]float64, len(both[0]))
				for i, at := range both[0] {
					for _, d := range []struct{ step, weight float64 }{{1, 2.0 / 3}, {2, -1.0 / 12}} { // of fourth order
						both[0][i] = at + d.step*h
						slopes[i] += d.weight * loss()
						both[0][i] = at - d.step*h
						slopes[i] -= d.weight * loss()
					}
					both[0][i] = at
					slopes[i] /= h
				}
				if e := relErr(both[1], slopes); !(e < 1e-8) {
					t.Errorf("the gradient of %s is off by %.2g", what, e)
				}
			}
		})
	}
}

// TestFinalAllocatesNothing wants no allocation in a whole step once warm.
func TestFinalAllocatesNothing(t *testing.T) {
	c := rnn.Config{Cell: rnn.LSTM, Input: 3, Hidden: 4, Layers: 2, Bidirectional: true}
	w := newWork[float32](t, c, nil, finalLengths...)
	final, dout := make([]float32, len(finalLengths)*c.Output()), make([]float32, w.batch.Rows()*c.Output())
	step := func() {
		w.net.Start(w.batch, rnn.States[float32]{})
		w.net.Forward(0, 9, w.x)
		w.net.Final(final)
		w.net.FinalBack(dout, final)
		w.net.Backward(dout, w.dx)
	}
	w.net.Pack()
	step()
	if n := testing.AllocsPerRun(20, step); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// TestStartKeepsWhatIsPacked wants Start to begin a batch with the parameters
// as they were at the last Pack, and Begin with those of now.
func TestStartKeepsWhatIsPacked(t *testing.T) {
	for _, c := range finalConfigs() {
		w := newWork[float64](t, c, nil, finalLengths...)
		before := slices.Clone(w.step(9))
		weights := w.net.Params()
		kept := slices.Clone(weights)
		w.net.Pack()
		w.net.Start(w.batch, rnn.States[float64]{})
		if h := w.net.Forward(0, 9, w.x); !slices.Equal(h, before) {
			t.Errorf("%+v: started anew, the output is another", c)
		}
		for i := range weights {
			weights[i] *= 0.5
		}
		w.net.Begin(w.batch, rnn.States[float64]{})
		if h := w.net.Forward(0, 9, w.x); slices.Equal(h, before) {
			t.Errorf("%+v: begun with other parameters, the output is the same", c)
		}
		copy(weights, kept)
		w.net.Pack()
		w.net.Start(w.batch, rnn.States[float64]{})
		if h := w.net.Forward(0, 9, w.x); !slices.Equal(h, before) {
			t.Errorf("%+v: packed again, the output is another", c)
		}
	}
}
