package rnn_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// TestRowBytes measures what a row of a batch costs in memory, by two lengths,
// against what RowBytes says: within 2 %, which leaves room for the pages that large slices begin at.
func TestRowBytes(t *testing.T) {
	for _, c := range []rnn.Config{
		{Cell: rnn.Tanh, Input: 8, Hidden: 32, Layers: 1},
		{Cell: rnn.ReLU, Input: 8, Hidden: 40, Layers: 2},
		{Cell: rnn.GRU, Input: 8, Hidden: 37, Layers: 2},
		{Cell: rnn.LSTM, Input: 8, Hidden: 35, Layers: 1},
		{Cell: rnn.LSTM, Input: 24, Hidden: 24, Layers: 2, Bidirectional: true},
	} {
		for _, dropout := range []float64{0, 0.5}[:c.Layers] {
			const short, long = 12_000, 20_000 // all that grows is large enough for pages
			got := float64(heapOf(t, c, dropout, long)-heapOf(t, c, dropout, short)) / (long - short)
			if want := float64(rnn.RowBytes[float32](c, dropout > 0)); math.Abs(got-want) > 0.02*want {
				t.Errorf("%+v, dropout %v: %.1f bytes a row measured, RowBytes %v", c, dropout, got, want)
			}
		}
	}
}

// heapOf returns the bytes that a network has after a batch of one sequence.
func heapOf(t *testing.T, c rnn.Config, dropout float64, steps int) int {
	w := newWork[float32](t, c, nil, steps)
	before := heap()
	w.run(dropout, new(bool))
	n := heap() - before
	runtime.KeepAlive(w)
	return n
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the pools of fmt held goes with the second
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestMillionSteps wants a sequence of 1,000,000 steps, computed again in parts,
// to need less than 2 MB beyond its input; kept, tanh takes 16 and LSTM 400.
func TestMillionSteps(t *testing.T) {
	const steps = 1_000_000
	for _, cell := range []rnn.Cell{rnn.Tanh, rnn.LSTM} {
		c := rnn.Config{Cell: cell, Input: 1, Hidden: 4, Layers: 1}
		b, err := rnn.NewBatch(steps)
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float32, steps)
		for i := range x {
			x[i] = float32(i % 7)
		}
		before := heap()
		n, err := rnn.New[float32](c, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		rnn.Init(c, n.Params(), newRand())
		n.Begin(b, rnn.States[float32]{})
		borders := n.Parts(0, steps, true)
		for i, to := range borders[1:] {
			n.Forward(borders[i], to, x[borders[i]:to])
		}
		for i := len(borders) - 2; i >= 0; i-- {
			n.Backward(n.Again(borders[i], borders[i+1], x[borders[i]:borders[i+1]]), nil) // of the loss Σ h²/2
		}
		if grew := heap() - before; grew > 2<<20 {
			t.Errorf("%s: %d bytes more, want at most 2 MB", cell, grew)
		}
		if g := n.Grads()[0]; g == 0 || g-g != 0 {
			t.Errorf("%s: gradient %v", cell, g)
		}
		runtime.KeepAlive(x)
	}
}
