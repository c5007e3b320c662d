package model

import (
	"math/rand/v2"
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
	m, err := New(c, v, []string{"A", "B", "C", "D"}, 1, 1)
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
		n, err := NewNetwork(c, v.Size(), len(m.Labels), slices.Clone(m.Params), make([]float32, len(m.Params)), team)
		if err != nil {
			t.Fatal(err)
		}
		ids, targets := slices.Repeat([]int32{1}, rows), make([]int32, rows)
		for i := range targets {
			targets[i] = int32(i % len(m.Labels))
		}
		n.Begin(b)
		n.Step(0, rows, ids, targets)
		r := rand.New(rand.NewPCG(1, 1))
		for i := range n.dx {
			n.dx[i] = float32(r.NormFloat64())
		}
		clear(n.Grads)
		for _, phase := range []func(int){n.embedRows, n.outputRows, n.lossRows, n.outputGrads, n.embedGrads} {
			for _, w := range order {
				phase(w)
			}
		}
		return n.Grads
	}
	if !slices.Equal(run([]int{0, 1, 2}), run([]int{2, 0, 1})) {
		t.Error("the order of the workers changes the gradients")
	}
}
