package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// TestEveryCombination wants what TestDifferences does of every cell, depth,
// direction, input and output together, each in a small network.
func TestEveryCombination(t *testing.T) {
	for _, cell := range rnn.Cells() {
		t.Run(string(cell), func(t *testing.T) {
			t.Parallel()
			checked, skipped, seed := 0, 0, uint64(0)
			for _, in := range Inputs {
				for _, out := range Outputs {
					for shape := range 6 {
						c := model.Config{Task: model.TaskTag, Cell: cell, Hidden: 2, Layers: 1 + shape/2,
							Bidirectional: shape%2 == 1, LearnH0: shape < 4}
						seed++
						n, left := differences(t, c, in, out, rand.New(rand.NewPCG(seed, 7)))
						checked, skipped = checked+n, skipped+left
					}
				}
			}
			if skipped > checked/20 {
				t.Errorf("%d of %d elements left out", skipped, checked+skipped)
			}
		})
	}
}

// differences checks every parameter of a case of short sequences, in which
// gradients vanish less than in long ones. It returns how many elements it
// checked and how many it left out. In float32 it allows 2e-5, twice what
// golden files must be within: the activations in assembly are off by up to
// 3e-7, five times what rounding is, and the sums of so small networks cancel.
func differences(t *testing.T, c model.Config, in, out string, r *rand.Rand) (checked, skipped int) {
	t.Helper()
	k, err := caseOf(c, in, out, r)
	if err != nil {
		t.Fatal(err)
	}
	if k, err = NewCase(k.Config, k.Dims, []int{3, 2, 2, 1}, nil, r); err != nil {
		t.Fatal(err)
	}
	if k.Config.Output == model.Softmax && c.Layers == 2 {
		k.drawWeights(r)
	}
	rows, skipped, err := k.Differences(0, r)
	if err != nil {
		t.Fatal(err)
	}
	rows32, err := k.Float32()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s, %s, %d layers, two directions %t", in, out, c.Layers, c.Bidirectional)
	for i, row := range rows {
		if !row.OK() {
			row.RelErr = longSteps(t, k, i)
		}
		if !row.OK() {
			t.Errorf("%s: %s is off by %.2g", name, row.Name, row.RelErr)
		}
		if e := rows32[i]; e.RelErr >= max(2*Limit32, perRounding*e.Rounding) {
			t.Errorf("%s: in float32 %s is off by %.2g, rounding does %.2g", name, e.Name, e.RelErr, e.Rounding)
		}
		checked += row.Elements
	}
	return checked, skipped
}

// longSteps returns the error of the case's tensor i against differences of
// long steps. Where a gradient has all but vanished the loss, rounded as it is,
// hardly moves by short ones: their error grows as the step shrinks.
func longSteps(t *testing.T, k *Case, i int) float64 {
	t.Helper()
	net, b, err := network(k, slices.Clone(k.Params))
	if err != nil {
		t.Fatal(err)
	}
	d := &differ{k: k, net: net, batch: b}
	net.Begin(b, &k.forms)
	net.Step(0, b.Steps(), k.chunk)
	grads := slices.Clone(net.Grads)
	d.loss()
	d.base = d.pattern(nil)
	var all []float64
	for _, step := range []float64{1e-2, 3e-2} {
		var got, want []float64
		for e, v := 0, net.Tensors[i]; e < v.Size(); e++ {
			if slope, ok := d.difference(v.Offset+e, step); ok {
				got, want = append(got, grads[v.Offset+e]), append(want, slope)
			}
		}
		if len(got) > 0 {
			all = append(all, RelErr(got, want))
		}
	}
	if len(all) == 0 {
		t.Errorf("%s: a kink everywhere", net.Tensors[i].Name)
		return 1
	}
	return slices.Min(all)
}
