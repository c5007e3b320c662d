package rnn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/rnn"
)

// TestLearnedStatesInChunks wants learned initial states to get the gradient
// of the first chunk alone: the second begins where the first ended.
func TestLearnedStatesInChunks(t *testing.T) {
	for _, cell := range rnn.Cells() {
		c := rnn.Config{Cell: cell, Input: 2, Hidden: 3, Layers: 2, LearnH0: true}
		w := newWork[float64](t, c, nil, 6, 5)
		w.net.Begin(w.batch, rnn.States[float64]{})
		rows := w.batch.Off[3]
		w.net.Forward(0, 3, w.x[:rows*2])
		w.net.Backward(w.dh[:rows*3], nil)
		first := slices.Clone(w.net.Grads())
		w.step(3)
		for _, v := range c.Tensors() {
			learned := strings.HasPrefix(v.Name, "h0") || strings.HasPrefix(v.Name, "c0")
			to := v.Offset + v.Size()
			if same := slices.Equal(first[v.Offset:to], w.net.Grads()[v.Offset:to]); same != learned {
				t.Errorf("%s: %s has the gradient of the first chunk: %v", cell, v.Name, same)
			}
		}
	}
}
