package model

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// TestForbiddenLabelsAreAsUnknown wants a sequence whose labels the field
// forbids to have no loss and no gradient, like one with an unknown label, and
// parameters changed in the middle of a batch to be in use after Repack.
func TestForbiddenLabelsAreAsUnknown(t *testing.T) {
	const v, k = 3, 3
	c := Config{Task: TaskTag, Cell: rnn.Tanh, Embed: 2, Hidden: 3, Layers: 1, Output: CRF}
	d := Dims{Tokens: v, Labels: k, Forbidden: make([]bool, (k+1)*(k+1))}
	d.Forbidden[0*(k+1)+1] = true // label 1 after label 0
	size, err := Size(c, d)
	if err != nil {
		t.Fatal(err)
	}
	params, r := make([]float64, size), rand.New(rand.NewPCG(1, 1))
	for i := range params {
		params[i] = r.NormFloat64()
	}
	b, err := rnn.NewBatch(3, 2)
	if err != nil {
		t.Fatal(err)
	}
	ids := []int32{0, 1, 2, 2, 1}
	n, err := NewNetwork(c, d, params, make([]float64, size), nil)
	if err != nil {
		t.Fatal(err)
	}
	step := func(targets []int32) (sum float64, grads []float64) {
		clear(n.Grads)
		n.Begin(b, nil)
		sum = n.Step(0, 3, Chunk{IDs: ids, Labels: targets})
		return sum, slices.Clone(n.Grads)
	}
	predict := func(targets []int32) (sum float64) {
		_, _, sum = n.Predict(0, 3, Chunk{IDs: ids, Labels: targets})
		return sum
	}
	targets := []int32{0, 2, 1, 0, 2} // the first sequence is 0 1 2, the second 2 0
	forbidden, grads := step(targets)
	n.Begin(b, nil)
	evaluated := predict(targets)
	targets[0] = loss.NoLabel
	unknown, want := step(targets)
	if forbidden != unknown || forbidden != evaluated || !(forbidden > 0) || !slices.Equal(grads, want) {
		t.Errorf("loss %v, evaluated %v, with an unknown label %v, with the same gradients: %v",
			forbidden, evaluated, unknown, slices.Equal(grads, want))
	}

	n.Begin(b, nil)
	params[size-1]++ // the score of label 2 at the end
	n.Repack()
	changed := predict(targets)
	if again, _ := step(targets); changed != again || changed == unknown {
		t.Errorf("loss %v after Repack, %v after Begin, %v before the parameters changed", changed, again, unknown)
	}
}
