package model

import (
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// TestSharesInAnyOrder lets the workers of each phase take their turns last
// first, which must give the same bits: so none adds to what another adds to.
func TestSharesInAnyOrder(t *testing.T) {
	const workers, rows = 3, 50
	c := Config{Task: TaskTag, Cell: rnn.Tanh, Embed: 7, Hidden: 5, Layers: 1, Output: Softmax}
	v, err := NewVocab([]string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(c, Vocabs{Vocab: v}, []string{"A", "B", "C", "D"}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	team := kernel.NewTeam(workers)
	defer team.Close()
	b, err := rnn.NewBatch(rows)
	if err != nil {
		t.Fatal(err)
	}
	run := func(order []int) []float32 {
		n, err := NewNetwork(c, m.Dims(), slices.Clone(m.Params), make([]float32, len(m.Params)), team)
		if err != nil {
			t.Fatal(err)
		}
		ids, targets := slices.Repeat([]int32{1}, rows), make([]int32, rows)
		for i := range targets {
			targets[i] = int32(i % len(m.Labels))
		}
		n.Begin(b, nil)
		n.Step(0, rows, Chunk{IDs: ids, Labels: targets})
		clear(n.Grads)
		clear(n.dh)
		for _, phase := range []func(int){n.outputRows, n.output.(*softmax[float32]).rows, n.inputGrads, n.outputGrads} {
			for _, w := range order {
				phase(w)
			}
		}
		if !slices.ContainsFunc(n.Grads, func(g float32) bool { return g != 0 }) {
			t.Fatal("no gradients: the test proves little")
		}
		return append(n.Grads, n.dh...)
	}
	if !slices.Equal(run([]int{0, 1, 2}), run([]int{2, 0, 1})) {
		t.Error("the order of the workers changes the gradients")
	}
}
