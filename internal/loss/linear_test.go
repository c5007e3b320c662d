package loss

import (
	"fmt"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/internal/kernel"
)

func newLinear[F kernel.Float](h, k int) *Linear[F] {
	rng := source()
	return &Linear[F]{
		H: h, K: k, Whz: normals[F](rng, k*h), Bz: normals[F](rng, k),
		GradWhz: normals[F](rng, k*h), GradBz: normals[F](rng, k), // gradients are added to what is there
	}
}

var shapes = [][3]int{{0, 2, 3}, {1, 1, 1}, {2, 5, 1}, {3, 1, 4}, {5, 7, 9}, {70, 6, 5}} // rows, H, K

func TestLinearEqualsTheNaiveLoops(t *testing.T) { both(t, testLinear[float32], testLinear[float64]) }

func testLinear[F kernel.Float](t *testing.T) {
	for _, shape := range shapes {
		rows, H, K := shape[0], shape[1], shape[2]
		rng := source()
		l := newLinear[F](H, K)
		h, dalpha := normals[F](rng, rows*H), normals[F](rng, rows*K)
		alpha, dh := normals[F](rng, rows*K), normals[F](rng, rows*H) // overwritten
		wantAlpha, wantDh := make([]F, rows*K), make([]F, rows*H)
		wantW, wantB := slices.Clone(l.GradWhz), slices.Clone(l.GradBz)
		for r := range rows {
			for j := range K {
				wantAlpha[r*K+j] = l.Bz[j]
				wantB[j] += dalpha[r*K+j]
				for i := range H {
					wantAlpha[r*K+j] += F(l.Whz[j*H+i] * h[r*H+i])
					wantDh[r*H+i] += F(l.Whz[j*H+i] * dalpha[r*K+j])
					wantW[j*H+i] += F(dalpha[r*K+j] * h[r*H+i])
				}
			}
		}
		l.Pack()
		l.Forward(alpha, h, rows)
		l.BackwardInput(dh, dalpha, rows)
		var s kernel.Scratch[F]
		l.BackwardParams(dalpha, h, rows, 0, K, &s)
		for _, c := range []struct {
			name      string
			got, want []F
		}{{"alpha", alpha, wantAlpha}, {"dh", dh, wantDh}, {"dWhz", l.GradWhz, wantW}, {"dbz", l.GradBz, wantB}} {
			for i, want := range c.want { // kernels may fuse multiplication and addition
				wantNear(t, fmt.Sprintf("%s[%d] of %d rows, H %d, K %d", c.name, i, rows, H, K), float64(c.got[i]), float64(want), 100*epsilon[F]())
			}
		}
		again := &Linear[F]{H: H, K: K, Whz: l.Whz, Bz: l.Bz}
		again.PackForward()
		whole := slices.Clone(alpha)
		clear(alpha)
		again.Forward(alpha, h, rows)
		wantEqual(t, "alpha packed for forward alone", alpha, whole)
	}
}

func TestSharesOfBackwardParamsEqualTheWhole(t *testing.T) {
	both(t, testLinearShares[float32], testLinearShares[float64])
}

func testLinearShares[F kernel.Float](t *testing.T) {
	const rows, H, K = 70, 6, 11
	rng := source()
	h, dalpha := normals[F](rng, rows*H), normals[F](rng, rows*K)
	whole := newLinear[F](H, K)
	var s kernel.Scratch[F]
	whole.BackwardParams(dalpha, h, rows, 0, K, &s)
	for size := 1; size <= K+1; size++ {
		l := newLinear[F](H, K)
		for w := size - 1; w >= 0; w-- {
			from, to := kernel.Share(K, w, size)
			l.BackwardParams(dalpha, h, rows, from, to, &s)
		}
		wantEqual(t, fmt.Sprintf("dWhz of %d shares", size), l.GradWhz, whole.GradWhz)
		wantEqual(t, fmt.Sprintf("dbz of %d shares", size), l.GradBz, whole.GradBz)
	}
}

func TestLinearAgainstCentralDifferences(t *testing.T) {
	const rows, H, K = 4, 3, 5
	rng := source()
	l := newLinear[float64](H, K)
	clear(l.GradWhz)
	clear(l.GradBz)
	h, targets, losses := normals[float64](rng, rows*H), anyTargets(rng, rows, K), make([]float64, rows)
	for i := range h {
		h[i] /= 4 // third derivatives below 1, as slope asks for
	}
	for i := range l.Whz {
		l.Whz[i] /= 4
	}
	targets[1] = NoLabel
	alpha, dh := make([]float64, rows*K), make([]float64, rows*H)
	sum := func() float64 {
		l.PackForward()
		l.Forward(alpha, h, rows)
		SoftmaxNLL(alpha, targets, losses, K)
		total := 0.0
		for _, v := range losses {
			total += v
		}
		return total
	}
	l.Pack()
	sum()
	Gradient(alpha, targets, K)
	var s kernel.Scratch[float64]
	l.BackwardInput(dh, alpha, rows)
	l.BackwardParams(alpha, h, rows, 0, K, &s)
	for _, c := range []struct {
		name    string
		x, grad []float64
	}{{"Whz", l.Whz, l.GradWhz}, {"bz", l.Bz, l.GradBz}, {"h", h, dh}} {
		for i := range c.x {
			wantNear(t, fmt.Sprintf("the gradient of %s[%d]", c.name, i), c.grad[i], slope(&c.x[i], sum), 1e-9)
		}
	}
}

func TestLossAllocatesNothing(t *testing.T) {
	const rows, H, K = 3, 4, 5
	l := newLinear[float32](H, K)
	h, alpha, targets, losses := make([]float32, rows*H), make([]float32, rows*K), []int32{0, NoLabel, 4}, make([]float64, rows)
	var s kernel.Scratch[float32]
	step := func() {
		l.Pack()
		l.Forward(alpha, h, rows)
		SoftmaxNLL(alpha, targets, losses, K)
		Gradient(alpha, targets, K)
		l.BackwardParams(alpha, h, rows, 0, K, &s)
		l.BackwardInput(h, alpha, rows)
	}
	step()
	if n := testing.AllocsPerRun(50, step); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
