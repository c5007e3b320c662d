package rnn_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

func BenchmarkZ(b *testing.B) {
	f := strings.Fields(os.Getenv("ZS"))
	n := make([]int, 4)
	for i := range n {
		n[i], _ = strconv.Atoi(f[i+1])
	}
	lengths := make([]int, n[1])
	for j := range lengths {
		lengths[j] = n[0]
	}
	w := newWork[float32](b, rnn.Config{Cell: rnn.Cell(f[0]), Input: n[2], Hidden: n[3], Layers: 1}, nil, lengths...)
	for b.Loop() {
		w.net.Begin(w.batch, rnn.States[float32]{})
		w.net.Forward(0, n[0], w.x)
		if len(f) < 6 {
			w.net.Backward(w.dh, w.dx)
		}
	}
}
