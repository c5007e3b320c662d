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
		{Cell: rnn.Tanh, Input: 8, Hidden: 128, Layers: 1},
		{Cell: rnn.ReLU, Input: 8, Hidden: 96, Layers: 2},
		{Cell: rnn.GRU, Input: 8, Hidden: 37, Layers: 2},
		{Cell: rnn.LSTM, Input: 8, Hidden: 70, Layers: 1},
		{Cell: rnn.LSTM, Input: 24, Hidden: 32, Layers: 2, Bidirectional: true},
	} {
		for _, dropout := range []float64{0, 0.5} {
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
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
