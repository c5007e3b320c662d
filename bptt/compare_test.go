package bptt_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// relErr is max|a-b| / max(max|b|, 1e-8), the measure of every comparison here.
// Slices of different lengths, and NaN anywhere, are infinitely far apart.
func relErr(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	diff, size := 0.0, 1e-8
	for i := range b {
		diff = math.Max(diff, math.Abs(a[i]-b[i]))
		size = math.Max(size, math.Abs(b[i]))
	}
	if e := diff / size; !math.IsNaN(e) {
		return e
	}
	return math.Inf(1)
}

// closeTo fails the test unless got is within tol of want, and returns how far
// it is.
func closeTo(t *testing.T, what string, got, want []float64, tol float64) float64 {
	t.Helper()
	e := relErr(got, want)
	if e > tol {
		t.Errorf("%s: relative error %.3g, want at most %g", what, e, tol)
	}
	return e
}

// farFrom fails the test if got is within tol of want.
func farFrom(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	if e := relErr(got, want); e < tol {
		t.Errorf("%s: relative error %.3g, want at least %g", what, e, tol)
	}
}

type tensor struct {
	name string
	data []float64
}

// tensors lists the seven gradients, those by x_1..x_T as one.
func tensors(g *bptt.Gradients) []tensor {
	return []tensor{
		{"Wxh", g.Wxh}, {"Whh", g.Whh}, {"Bh", g.Bh}, {"Whz", g.Whz}, {"Bz", g.Bz},
		{"H0", g.H0}, {"X", slices.Concat(g.X...)},
	}
}

// closeGradients compares all seven and returns the largest error.
func closeGradients(t *testing.T, what string, got, want *bptt.Gradients, tol float64) float64 {
	t.Helper()
	worst, b := 0.0, tensors(want)
	for i, a := range tensors(got) {
		worst = math.Max(worst, closeTo(t, what+" "+a.name, a.data, b[i].data, tol))
	}
	return worst
}

// problem is a network and a sequence to run it on.
type problem struct {
	n  *bptt.Network
	x  [][]float64
	h0 []float64
	y  []int
}

// newProblem draws weights of standard deviation scale, and a sequence.
func newProblem(seed uint64, T, I, H, K int, scale float64) *problem {
	rng := rand.New(rand.NewPCG(seed, 1))
	normal := func(v []float64, scale float64) []float64 {
		for i := range v {
			v[i] = scale * rng.NormFloat64()
		}
		return v
	}
	p := &problem{n: bptt.New(I, H, K), h0: normal(make([]float64, H), 0.5)}
	for _, w := range [][]float64{p.n.Wxh, p.n.Whh, p.n.Bh, p.n.Whz, p.n.Bz} {
		normal(w, scale)
	}
	for range T {
		p.x = append(p.x, normal(make([]float64, I), 1))
		p.y = append(p.y, rng.IntN(K))
	}
	return p
}

func (p *problem) forward(t testing.TB) *bptt.Trace {
	t.Helper()
	tr, err := p.n.Forward(p.x, p.h0, p.y)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// jacobian returns how f's result moves with each number of v, which f reads, as
// rows by columns: entry (i,j) is df_i/dv_j. Central differences of sixth order,
// with the stencil (-1, 9, -45, 0, 45, -9, 1)/60. Their error is step^6/140
// times a seventh derivative, which in these networks can reach 1e6, plus the
// rounding of f over step, some 1e-13. The step is near the best for the sum of
// the two.
func jacobian(f func() []float64, v []float64) matrix {
	const step = 0.003
	columns := make(matrix, len(v))
	for j, v0 := range v {
		at := func(s float64) []float64 {
			v[j] = v0 + s*step
			return f()
		}
		up, down := matrix{at(1), at(2), at(3)}, matrix{at(-1), at(-2), at(-3)}
		for i := range up[0] {
			d := 45*(up[0][i]-down[0][i]) - 9*(up[1][i]-down[1][i]) + (up[2][i] - down[2][i])
			columns[j] = append(columns[j], d/(60*step))
		}
		v[j] = v0
	}
	return columns.t()
}

// numeric returns the gradients of f, a loss read off the trace, by differences.
func (p *problem) numeric(t testing.TB, f func(*bptt.Trace) float64) *bptt.Gradients {
	by := func(v []float64) []float64 {
		return jacobian(func() []float64 { return []float64{f(p.forward(t))} }, v)[0]
	}
	n := p.n
	g := &bptt.Gradients{
		Wxh: by(n.Wxh), Whh: by(n.Whh), Bh: by(n.Bh), Whz: by(n.Whz), Bz: by(n.Bz),
		H0: by(p.h0), X: make([][]float64, len(p.x)+1),
	}
	for i := range p.x {
		g.X[i+1] = by(p.x[i])
	}
	return g
}

func wholeLoss(tr *bptt.Trace) float64 { return tr.Loss }
