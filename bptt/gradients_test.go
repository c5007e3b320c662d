package bptt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Backward against central differences, every gradient, on the smallest sizes
// and on random ones. The bound is the differences' own error: see numeric.
func TestBackwardAgainstCentralDifferences(t *testing.T) {
	shapes := [][4]int{ // T, I, H, K
		{1, 1, 1, 1}, {1, 1, 1, 2}, {1, 3, 1, 2}, {1, 1, 4, 3}, {2, 1, 1, 3}, {2, 3, 4, 3}, {5, 1, 3, 1}, {6, 2, 1, 2},
	}
	rng := rand.New(rand.NewPCG(7, 7))
	for range 40 {
		shapes = append(shapes, [4]int{1 + rng.IntN(8), 1 + rng.IntN(4), 1 + rng.IntN(5), 1 + rng.IntN(4)})
	}
	worst := 0.0
	for i, s := range shapes {
		p := newProblem(uint64(i), s[0], s[1], s[2], s[3], 0.5)
		g := p.n.Backward(p.forward(t))
		e := closeGradients(t, fmt.Sprintf("shape %v", s), g, p.numeric(t, wholeLoss), 1e-9)
		worst = math.Max(worst, e)
	}
	t.Logf("worst relative error %.3g", worst)
}

// The recursion and the double sum add the same terms in a different order, so
// they differ by rounding alone; from gradients that vanish (small weights) to
// gradients that grow.
func TestRecursionAgainstDoubleSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	worst := 0.0
	for i := range 300 {
		T, I, H, K := 1+i%30, 1+rng.IntN(6), 1+rng.IntN(8), 1+rng.IntN(5)
		scale := []float64{0.1, 0.5, 1.5}[i%3]
		p := newProblem(uint64(i), T, I, H, K, scale)
		tr := p.forward(t)
		what := fmt.Sprintf("T %d I %d H %d K %d scale %g", T, I, H, K, scale)
		worst = math.Max(worst, closeGradients(t, what, p.n.Backward(tr), p.n.DoubleSum(tr), 1e-12))
	}
	t.Logf("worst relative error %.3g", worst)
}

// One label has probability 1 whatever the network says: no loss, no gradient.
func TestOneLabelHasNoGradient(t *testing.T) {
	p := newProblem(3, 4, 2, 3, 1, 1)
	tr := p.forward(t)
	if tr.Loss != 0 {
		t.Errorf("loss %v, want 0", tr.Loss)
	}
	for _, g := range tensors(p.n.Backward(tr)) {
		for i, v := range g.data {
			if v != 0 {
				t.Errorf("%s[%d] = %v, want 0", g.name, i, v)
			}
		}
	}
}

// The index of a step is the paper's t, and entry 0 is empty but for h_0.
func TestIndicesAreThePapers(t *testing.T) {
	p := newProblem(9, 3, 2, 4, 5, 0.5)
	tr := p.forward(t)
	g := p.n.Backward(tr)
	if tr.T() != 3 || len(tr.X) != 4 || len(tr.Alpha) != 4 || len(tr.Z) != 4 || len(g.X) != 4 {
		t.Fatalf("T = %d, want 3 steps and 4 entries everywhere", tr.T())
	}
	if tr.X[0] != nil || tr.Alpha[0] != nil || tr.Z[0] != nil || tr.Y[0] != -1 || tr.StepLoss[0] != 0 || g.X[0] != nil {
		t.Error("an entry 0 that should be empty is not")
	}
	closeTo(t, "h_0", tr.H[0], p.h0, 0)
	for s := 1; s <= 3; s++ {
		closeTo(t, "x_t", tr.X[s], p.x[s-1], 0)
		if tr.Y[s] != p.y[s-1] {
			t.Errorf("y_%d = %d, want %d", s, tr.Y[s], p.y[s-1])
		}
		if r := p.n.Terms(tr, s); len(r) != s+1 || r[0] != nil {
			t.Errorf("Terms(%d) has %d entries, want %d of which the first is nil", s, len(r), s+1)
		}
	}
}

// A Trace and Gradients are the caller's: nothing in them is shared with the
// arguments, with each other or with the network.
func TestResultsAreCopies(t *testing.T) {
	p := newProblem(4, 3, 2, 3, 2, 0.5)
	tr := p.forward(t)
	want := p.n.Backward(tr)
	p.x[0][0], p.h0[0], p.y[0] = 99, 99, 1-p.y[0]
	tr.DAlpha(1)[0] = 99
	p.n.Terms(tr, 2)[1][0] = 99
	scratch := p.n.Backward(tr)
	for _, g := range tensors(scratch) {
		g.data[0] = 99
	}
	closeGradients(t, "after the caller wrote to all it may", p.n.Backward(tr), want, 0)
}

func BenchmarkBackward(b *testing.B) {
	p := newProblem(1, 30, 16, 32, 8, 0.3)
	tr := p.forward(b)
	b.ReportAllocs()
	for b.Loop() {
		p.n.Backward(tr)
	}
}

func BenchmarkDoubleSum(b *testing.B) {
	p := newProblem(1, 30, 16, 32, 8, 0.3)
	tr := p.forward(b)
	b.ReportAllocs()
	for b.Loop() {
		p.n.DoubleSum(tr)
	}
}
