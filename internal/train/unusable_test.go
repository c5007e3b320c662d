package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/loss"
)

// TestInfiniteLossIsSkipped makes a label impossible: its loss is infinite,
// though all gradients are finite, and no update may follow.
func TestInfiniteLossIsSkipped(t *testing.T) {
	tr, examples := newLoop(t, small(), nil)
	tr.steps = 1
	if err := tr.batch.fill(examples, []int{0}, 0, nil); err != nil {
		t.Fatal(err)
	}
	for _, v := range tr.model.Tensors() {
		if v.Name == "out.bias" {
			tr.model.Params[v.Offset+int(tr.batch.all.Labels[0])] = float32(math.Inf(-1))
		}
	}
	tr.net.Begin(&tr.batch.layout, examples.Forms)
	before := slices.Clone(tr.model.Params)
	sum, _, norm, ok := tr.trainChunk(0, tr.batch.layout.Steps())
	if !math.IsInf(sum, 1) || !finite(norm) {
		t.Fatalf("loss %v and norm %v, want an infinite loss of finite gradients", sum, norm)
	}
	if ok || !slices.Equal(before, tr.model.Params) {
		t.Error("an update follows an infinite loss")
	}
}

// TestUnlabelledStepsDoNotCount wants the mean gradient to be that of the
// labelled steps alone: of two sequences, one of unknown labels changes nothing.
func TestUnlabelledStepsDoNotCount(t *testing.T) {
	update := func(indices ...int) ([]float32, int, float64) {
		tr, examples := newLoop(t, small(), nil)
		tr.steps = 1
		all := examples.All
		length := len(all[0].Tokens)
		all[1] = Example{Tokens: all[0].Tokens, Labels: slices.Repeat([]int32{loss.NoLabel}, length)}
		if err := tr.batch.fill(examples, indices, 0, nil); err != nil {
			t.Fatal(err)
		}
		tr.net.Begin(&tr.batch.layout, examples.Forms)
		_, n, norm, ok := tr.trainChunk(0, tr.batch.layout.Steps())
		if !ok || n != length {
			t.Fatalf("%d labelled steps, want %d", n, length)
		}
		return tr.model.Params, n, norm
	}
	alone, _, aloneNorm := update(0)
	both, _, bothNorm := update(0, 1)
	for i, v := range alone {
		if math.Abs(float64(v-both[i])) > 1e-6 {
			t.Fatalf("parameter %d is %v, without unlabelled steps %v", i, both[i], v)
		}
	}
	if math.Abs(aloneNorm-bothNorm) > 1e-6*aloneNorm {
		t.Errorf("norm %v, without unlabelled steps %v", bothNorm, aloneNorm)
	}
}

// TestLabelsAreSorted wants the labels of a new model in order, of which there
// are too many for the order of a map to be that by chance.
func TestLabelsAreSorted(t *testing.T) {
	labels := strings.Split("zyxwvutsrqponmlkjihgfedcba", "")
	m, err := fresh([]data.Sequence{{Tokens: labels, Labels: labels}}, small())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(m.Labels) || len(m.Labels) != 26 {
		t.Errorf("labels %q", m.Labels)
	}
}
