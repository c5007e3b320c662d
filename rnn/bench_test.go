package rnn_test

import (
	"fmt"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// BenchmarkLayer times each cell in a stream's shape, a tagger's and a big one:
// a forward pass, a training step with every gradient, a step of a stream.
func BenchmarkLayer(b *testing.B) {
	for _, cell := range rnn.Cells() {
		for _, s := range [][4]int{{50, 1, 64, 64}, {25, 32, 128, 128}, {100, 64, 256, 256}} {
			t, n, i, h := s[0], s[1], s[2], s[3]
			b.Run(fmt.Sprintf("%s/T%d_B%d_I%d_H%d", cell, t, n, i, h), func(b *testing.B) {
				benchmark[float32](b, rnn.Config{Cell: cell, Input: i, Hidden: h, Layers: 1}, t, n)
			})
		}
	}
}

// BenchmarkLayer64 is the tagger's shape in float64.
func BenchmarkLayer64(b *testing.B) {
	for _, cell := range rnn.Cells() {
		b.Run(string(cell), func(b *testing.B) {
			benchmark[float64](b, rnn.Config{Cell: cell, Input: 128, Hidden: 128, Layers: 1}, 25, 32)
		})
	}
}

func benchmark[F rnn.Float](b *testing.B, c rnn.Config, t, n int) {
	lengths := make([]int, n)
	for j := range lengths {
		lengths[j] = t
	}
	w := newWork[F](b, c, nil, lengths...)
	gates := map[rnn.Cell]int{rnn.LSTM: 4, rnn.GRU: 3}[c.Cell]
	step := 2 * float64(max(gates, 1)*c.Hidden*(c.Input+c.Hidden)) // floating-point operations of a row
	pass := step * float64(t*n)
	b.Run("forward", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.net.Begin(w.batch, rnn.States[F]{})
			w.net.Forward(0, t, w.x)
		}
		reportGFLOPS(b, pass)
	})
	b.Run("step", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.net.Begin(w.batch, rnn.States[F]{})
			w.net.Forward(0, t, w.x)
			w.net.Backward(w.dh, w.dx)
		}
		reportGFLOPS(b, 3*pass)
	})
	b.Run("stream", func(b *testing.B) {
		s, err := w.net.NewStream()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			s.Step(w.x[:c.Input])
		}
		reportGFLOPS(b, step)
	})
}

func reportGFLOPS(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}
