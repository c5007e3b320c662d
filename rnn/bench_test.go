package rnn_test

import (
	"fmt"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

func benchmark(b *testing.B, t, n, i, h int) {
	lengths := make([]int, n)
	for j := range lengths {
		lengths[j] = t
	}
	w := newWork[float32](b, rnn.Config{Cell: rnn.Tanh, Input: i, Hidden: h, Layers: 1}, nil, lengths...)
	work := float64(2*t*n*h*(i+h)) / 1e9
	gflops := func(b *testing.B, passes float64) {
		b.ReportMetric(passes*work*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
	}
	b.Run("forward", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.net.Begin(w.batch, rnn.States[float32]{})
			w.net.Forward(0, t, w.x)
		}
		gflops(b, 1)
	})
	b.Run("step", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.net.Begin(w.batch, rnn.States[float32]{})
			w.net.Forward(0, t, w.x)
			w.net.Backward(w.dh, w.dx)
		}
		gflops(b, 3)
	})
	b.Run("stream", func(b *testing.B) {
		s, err := w.net.NewStream()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			s.Step(w.x[:i])
		}
	})
}

func BenchmarkTanh(b *testing.B) {
	for _, s := range [][4]int{{50, 1, 64, 64}, {25, 32, 128, 128}, {100, 64, 256, 256}} {
		b.Run(fmt.Sprintf("T%d_B%d_I%d_H%d", s[0], s[1], s[2], s[3]), func(b *testing.B) { benchmark(b, s[0], s[1], s[2], s[3]) })
	}
}
