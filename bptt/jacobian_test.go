package bptt_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// The derivatives that the paper's equations are products of, each against
// central differences.

// (2) and (3) on the example, with its numbers put in by hand.
func TestStepByHand(t *testing.T) {
	tr := example(2).forward(t)
	h1 := []float64{math.Tanh(0.1*0.5 + 0.4*-0.5 + 0.5*1), math.Tanh(-0.2*0.5 + 0.3*-0.5 - 0.3*1)}
	alpha1 := []float64{h1[0] - h1[1], 0.5*h1[0] + 2*h1[1]}
	e := []float64{math.Exp(alpha1[0]), math.Exp(alpha1[1])}
	h2 := []float64{math.Tanh(0.1*h1[0] + 0.4*h1[1] + 0.5*-2), math.Tanh(-0.2*h1[0] + 0.3*h1[1] - 0.3*-2)}
	closeTo(t, "h_1", tr.H[1], h1, 1e-15)
	closeTo(t, "alpha_1", tr.Alpha[1], alpha1, 1e-15)
	closeTo(t, "z_1", tr.Z[1], []float64{e[0] / (e[0] + e[1]), e[1] / (e[0] + e[1])}, 1e-15)
	closeTo(t, "h_2", tr.H[2], h2, 1e-15)

	biased := example(2)
	biased.n.Bh, biased.n.Bz = []float64{0.3, -0.1}, []float64{0.2, 0.4}
	b := biased.forward(t)
	closeTo(t, "h_1 with b_h", b.H[1], []float64{math.Tanh(math.Atanh(h1[0]) + 0.3), math.Tanh(math.Atanh(h1[1]) - 0.1)}, 1e-15)
	closeTo(t, "alpha_1 with b_z", b.Alpha[1], []float64{b.H[1][0] - b.H[1][1] + 0.2, 0.5*b.H[1][0] + 2*b.H[1][1] + 0.4}, 1e-15)
}

// h_t depends on h_0 and x_1..x_t, and on no later input: not on "the whole
// sequence".
func TestStateHoldsThePastAlone(t *testing.T) {
	const T = 5
	p := newProblem(10, T, 2, 4, 3, 0.7)
	before := p.forward(t)
	for s := 1; s <= T; s++ {
		x := p.x[s-1][0]
		p.x[s-1][0] += 0.5
		after := p.forward(t)
		p.x[s-1][0] = x
		for k := 1; k <= T; k++ {
			if same := slices.Equal(before.H[k], after.H[k]); same != (k < s) {
				t.Errorf("x_%d changed: h_%d the same is %v", s, k, same)
			}
		}
	}
}

// dz/dalpha = diag(z) - z z^T, and -y/z times that is -y + (sum of y) z: (5)
// for a y that adds up to 1, and not for another.
func TestSoftmaxJacobian(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	for _, K := range []int{1, 2, 3, 6} {
		alpha := make([]float64, K)
		for i := range alpha {
			alpha[i] = 2 * rng.NormFloat64()
		}
		z := bptt.Softmax(alpha)
		meant := fill(K, K, func(i, j int) float64 {
			if i == j {
				return z[i] - z[i]*z[j]
			}
			return -z[i] * z[j]
		})
		numeric := jacobian(func() []float64 { return bptt.Softmax(alpha) }, alpha)
		closeTo(t, "dz/dalpha", meant.flat(), numeric.flat(), right)

		through := func(y []float64) []float64 { // -y/z dz/dalpha
			return fill(1, K, func(_, j int) float64 { return -y[j] / z[j] }).times(meant).flat()
		}
		one := oneHot(rng.IntN(K), K)
		soft := bptt.Softmax(z) // of adding up to 1 too
		closeTo(t, "(5)", through(one[0]), minus(z, one[0]), 1e-13)
		closeTo(t, "(5), y not one-hot", through(soft), minus(z, soft), 1e-13)
		twice := one.plus(one)[0]
		farFrom(t, "(5), y adds up to 2", through(twice), minus(z, twice), wrong)
	}
}

// The appendix: tanh' = 1 - tanh^2, by the quotient rule.
func TestSlopeOfTanh(t *testing.T) {
	for _, x := range []float64{-3, -1.2, -0.1, 0, 1e-3, 0.5, 1, 2, 4} {
		h := bptt.Tanh(x)
		v := []float64{x}
		numeric := jacobian(func() []float64 { return []float64{bptt.Tanh(v[0])} }, v)
		closeTo(t, "1 - h^2", []float64{1 - h*h}, numeric[0], right)

		num, den := math.Exp(x)-math.Exp(-x), math.Exp(x)+math.Exp(-x)
		closeTo(t, "the quotient rule", []float64{(den*den - num*num) / (den * den)}, []float64{1 - h*h}, 1e-12)
	}
	for _, c := range []struct{ x, want float64 }{{0, 1}, {1, 0.42}, {3, 0.0099}} { // as docs/derivation.md says
		h := bptt.Tanh(c.x)
		if got := 1 - h*h; math.Abs(got-c.want) > 0.005*c.want {
			t.Errorf("the slope at %v is %v, want %v", c.x, got, c.want)
		}
	}
}

// between is dh_t/dh_k as a product of D_j Whh, the latest step leftmost.
func (p *problem) between(tr *bptt.Trace, t, k int) matrix {
	product := identity(p.n.H)
	for j := t; j > k; j-- {
		product = product.times(slope(tr.H[j]), mat(p.n.Whh, p.n.H))
	}
	return product
}

func identity(n int) matrix { return slope(make([]float64, n)) }

// dh_t/dh_k is the product of D_j Whh over j = t..k+1 in that order: in the
// other order it is something else, as it is with Whh transposed.
func TestJacobianIsAProduct(t *testing.T) {
	const T = 5
	p := newProblem(12, T, 2, 4, 3, 0.7)
	tr := p.forward(t)
	for k := range T {
		for last := k + 1; last <= T; last++ {
			q := &problem{n: p.n, x: p.x[k:last], h0: tr.H[k], y: p.y[k:last]}
			truth := jacobian(func() []float64 { return q.forward(t).H[last-k] }, q.h0).flat()
			closeTo(t, "dh_t/dh_k", p.between(tr, last, k).flat(), truth, right)

			swapped, transposed := identity(p.n.H), identity(p.n.H)
			for j := last; j > k; j-- {
				Whh := mat(p.n.Whh, p.n.H)
				swapped = slope(tr.H[j]).times(Whh, swapped)
				transposed = transposed.times(slope(tr.H[j]), Whh.t())
			}
			if last > k+1 {
				farFrom(t, "the earliest step leftmost", swapped.flat(), truth, wrong)
			}
			farFrom(t, "Whh transposed", transposed.flat(), truth, wrong)
		}
	}
}
