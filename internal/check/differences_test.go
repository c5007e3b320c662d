package check

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// TestDifferences wants every parameter's gradient within 1e-7 of central
// differences, and float32's within 1e-5 of float64's, or three times what rounding the
// parameters does, for random networks.
func TestDifferences(t *testing.T) {
	for _, cell := range rnn.Cells() {
		checked, skipped := 0, 0
		for seed := range uint64(40) {
			r := rand.New(rand.NewPCG(seed, 99))
			k, err := RandomCase(cell, r)
			if err != nil {
				t.Fatal(err)
			}
			rows, n, err := k.Differences(0, r)
			if err != nil {
				t.Fatal(err)
			}
			rows32, err := k.Float32()
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				if row.RelErr >= 1e-7 || rows32[i].RelErr >= max(1e-5, 3*rows32[i].Rounding) {
					t.Errorf("%s %d, %+v: %s is off by %.2g, in float32 by %.2g", cell, seed, k.Config, row.Name, row.RelErr, rows32[i].RelErr)
				}
				checked += row.Elements
			}
			skipped += n
		}
		if skipped > checked/20 {
			t.Errorf("%s: %d of %d elements left out", cell, skipped, checked+skipped)
		}
	}
}

// TestDifferencesNotice breaks a gradient and wants the differences to tell.
func TestDifferencesNotice(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	c := model.Config{Task: model.TaskTag, Output: model.Softmax, Cell: rnn.Tanh, Embed: 2, Hidden: 3, Layers: 1}
	k, err := NewCase(c, model.Dims{Tokens: 3, Labels: 2}, []int{4}, nil, r)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := k.Differences(0, r)
	if err != nil || Worst(rows).RelErr >= LimitDiff {
		t.Fatal(rows, err)
	}
	// The gradient of other targets is not this loss's.
	wrong := *k
	y := k.chunk.Labels
	wrong.chunk.Labels = []int32{1 - y[0], y[1], y[2], y[3]}
	g, err := gradients[float64](&wrong)
	if err != nil {
		t.Fatal(err)
	}
	right, err := gradients[float64](k)
	if err != nil {
		t.Fatal(err)
	}
	if RelErr(g, right) < 1e-2 {
		t.Error("gradients of different losses agree")
	}
}

// TestSample wants only so many elements of each tensor.
func TestSample(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	c := model.Config{Task: model.TaskTag, Output: model.Softmax, Cell: rnn.Tanh, Embed: 4, Hidden: 4, Layers: 1}
	k, err := NewCase(c, model.Dims{Tokens: 5, Labels: 2}, []int{3}, nil, r)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := k.Differences(3, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Elements > 3 {
			t.Errorf("%s: %d elements checked, want at most 3", row.Name, row.Elements)
		}
	}
}

func TestRelErr(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		want float64
	}{
		{nil, nil, 0},
		{[]float64{1, 2}, []float64{1, 4}, 0.5},
		{[]float64{1e-9}, []float64{0}, 0.1},
		{[]float64{math.NaN()}, []float64{1}, math.Inf(1)},
		{[]float64{1}, []float64{math.Inf(1)}, math.Inf(1)},
		{[]float64{1}, []float64{1, 2}, math.Inf(1)},
	} {
		if got := RelErr(c.a, c.b); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("RelErr(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
