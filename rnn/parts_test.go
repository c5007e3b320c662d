package rnn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// inParts goes forward and backward over steps [from, to) in parts.
func (w *work[F]) inParts(from, to int, recompute bool) (h []F) {
	c := w.net.Config()
	rows := func(v []F, i, j, width int) []F { return v[w.batch.Off[i]*width : w.batch.Off[j]*width] }
	borders := w.net.Parts(from, to, recompute)
	for i, q := range borders[1:] {
		w.net.Forward(borders[i], q, rows(w.x, borders[i], q, c.Input))
	}
	for i := len(borders) - 2; i >= 0; i-- {
		p, q := borders[i], borders[i+1]
		h = append(slices.Clone(w.net.Again(p, q, rows(w.x, p, q, c.Input))), h...)
		w.net.Backward(rows(w.dh, p, q, c.Output()), rows(w.dx, p, q, c.Input))
	}
	return h
}

// run does a batch from its beginning, in parts or, with nil, at once.
func (w *work[F]) run(dropout float64, recompute *bool) (h []F) {
	w.net.SetDropout(dropout, newRand())
	clear(w.net.Grads())
	w.net.Begin(w.batch, rnn.States[F]{})
	if recompute != nil {
		return w.inParts(0, w.batch.Steps(), *recompute)
	}
	h = slices.Clone(w.net.Forward(0, w.batch.Steps(), w.x))
	w.net.Backward(w.dh, w.dx)
	return h
}

// TestParts wants the same bits of h, the gradients, ∂L/∂x, ∂L/∂h_0 and the
// last states from a batch at once, in parts that are kept, and in parts that are computed again.
func TestParts(t *testing.T) {
	both(t, testParts[float32], testParts[float64])
}

func both(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

var batches = map[string][]int{
	"one":    {10_000},
	"ragged": {10_000, 5_999, 2_049, 2_049, 700, 1},
	"short":  {30, 3},
}

func testParts[F rnn.Float](t *testing.T) {
	for _, cell := range rnn.Cells() {
		for name, lengths := range batches {
			for _, threads := range []int{1, 2}[:min(len(lengths), 2)] {
				team := rnn.NewTeam(threads)
				c := rnn.Config{Cell: cell, Input: 3, Hidden: 5, Layers: 2, LearnH0: name == "ragged"}
				what := fmt.Sprint(cell, " ", name, " ", threads)
				sameBits[F](t, what, c, 0.25, team, lengths)
				team.Close()
			}
		}
	}
}

func sameBits[F rnn.Float](t *testing.T, what string, c rnn.Config, dropout float64, team *rnn.Team, lengths []int) {
	t.Helper()
	whole := newWork[F](t, c, nil, lengths...)
	rnn.Init(c, whole.net.Params(), newRand()) // nothing explodes
	h := whole.run(dropout, nil)
	for _, recompute := range []bool{false, true} {
		w := newWork[F](t, c, team, lengths...)
		copy(w.net.Params(), whole.net.Params())
		for range 2 { // the second time in memory that is there
			got := w.run(dropout, &recompute)
			if !slices.Equal(got, h) || !slices.Equal(w.net.Grads(), whole.net.Grads()) || !slices.Equal(w.dx, whole.dx) {
				t.Fatalf("%s, recompute %v: other bits than at once", what, recompute)
			}
			for l := range c.Layers {
				if !sameStates(w.net, whole.net, l) {
					t.Errorf("%s, recompute %v: other states of layer %d than at once", what, recompute, l)
				}
			}
		}
	}
}

func sameStates[F rnn.Float](a, b *rnn.Net[F], layer int) bool {
	ah, ac := a.State(layer, 0)
	bh, bc := b.State(layer, 0)
	adh, adc := a.StateGradient(layer, 0)
	bdh, bdc := b.StateGradient(layer, 0)
	return slices.Equal(ah, bh) && slices.Equal(ac, bc) && slices.Equal(adh, bdh) && slices.Equal(adc, bdc)
}

// TestPartsOfChunks wants chunks that are run in parts to be the chunks that
// are run at once: truncated backpropagation through time.
func TestPartsOfChunks(t *testing.T) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 2, Hidden: 5, Layers: 2}
		whole := newWork[float64](t, c, nil, 9000, 8000, 3000)
		whole.step(4000)
		for _, recompute := range []bool{false, true} {
			w := newWork[float64](t, c, nil, 9000, 8000, 3000)
			clear(w.net.Grads())
			w.net.Begin(w.batch, rnn.States[float64]{})
			for from := 0; from < 9000; from += 4000 {
				w.inParts(from, min(from+4000, 9000), recompute)
			}
			if !slices.Equal(w.net.Grads(), whole.net.Grads()) || !slices.Equal(w.dx, whole.dx) {
				t.Errorf("%s, recompute %v: other bits than chunks at once", cell, recompute)
			}
		}
	}
}

// TestPartsBidirectional wants one part, and its bits.
func TestPartsBidirectional(t *testing.T) {
	c := rnn.Config{Cell: rnn.LSTM, Input: 3, Hidden: 4, Layers: 2, Bidirectional: true}
	sameBits[float32](t, "two directions", c, 0.25, nil, []int{5000, 400})
}

// TestBorders wants parts of at least 2048 rows and of as many steps as the
// square root of all, that cover the steps.
func TestBorders(t *testing.T) {
	for _, c := range []struct{ steps, batch, parts int }{
		{1, 1, 1}, {2048, 1, 1}, {2400, 1, 1}, {2401, 1, 2}, {1_000_000, 1, 417}, {100, 512, 10}, {6400, 64, 77},
	} {
		w := newWork[float32](t, rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 1, Layers: 1}, nil, slices.Repeat([]int{c.steps}, c.batch)...)
		w.net.Begin(w.batch, rnn.States[float32]{})
		borders := w.net.Parts(0, c.steps, true)
		if len(borders) != c.parts+1 || borders[0] != 0 || borders[c.parts] != c.steps || !slices.IsSorted(borders) {
			t.Errorf("%d steps of %d sequences: %d parts, want %d", c.steps, c.batch, len(borders)-1, c.parts)
		}
	}
}

// TestPartsAllocate wants no allocation once warm.
func TestPartsAllocate(t *testing.T) {
	for _, recompute := range []bool{false, true} {
		c := rnn.Config{Cell: rnn.LSTM, Input: 2, Hidden: 5, Layers: 2}
		w := newWork[float32](t, c, nil, 5000, 3000)
		step := func() {
			w.net.Begin(w.batch, rnn.States[float32]{})
			borders := w.net.Parts(0, 5000, recompute)
			for i, to := range borders[1:] {
				w.net.Forward(borders[i], to, w.x[w.batch.Off[borders[i]]*2:w.batch.Off[to]*2])
			}
			for i := len(borders) - 2; i >= 0; i-- {
				from, to := w.batch.Off[borders[i]], w.batch.Off[borders[i+1]]
				w.net.Again(borders[i], borders[i+1], w.x[from*2:to*2])
				w.net.Backward(w.dh[from*5:to*5], nil)
			}
		}
		step()
		if n := testing.AllocsPerRun(3, step); n != 0 {
			t.Errorf("recompute %v: %v allocations", recompute, n)
		}
	}
}

// TestPartsRefused wants a panic for steps that are no part.
func TestPartsRefused(t *testing.T) {
	w := newWork[float32](t, rnn.Config{Cell: rnn.Tanh, Input: 1, Hidden: 1, Layers: 1}, nil, 5)
	w.net.Begin(w.batch, rnn.States[float32]{})
	w.net.Parts(0, 5, true)
	for name, f := range map[string]func(){
		"no steps": func() { w.net.Parts(3, 3, true) },
		"no part":  func() { w.net.Again(0, 4, w.x[:4]) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
