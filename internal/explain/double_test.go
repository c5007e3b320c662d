package explain

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exact returns a as it is.
func exact(a double) *big.Float {
	return new(big.Float).SetPrec(300).Add(big.NewFloat(a.hi).SetPrec(300), big.NewFloat(a.lo).SetPrec(300))
}

// closeDouble wants got within tol of want, relative to scale.
func closeDouble(t *testing.T, what string, got double, want *big.Float, scale, tol float64) {
	t.Helper()
	d, _ := new(big.Float).SetPrec(300).Sub(exact(got), want).Float64()
	if !(math.Abs(d) <= tol*scale) {
		t.Errorf("%s is off by %.3g of %.3g", what, d, scale)
	}
}

// bigExp is e^a by its series after halving a 40 times, in 300 bits.
func bigExp(a *big.Float) *big.Float {
	r := new(big.Float).SetMantExp(a, -40)
	sum, term := big.NewFloat(1).SetPrec(300), big.NewFloat(1).SetPrec(300)
	for i := 1; i < 12; i++ {
		term.Mul(term, r).Quo(term, big.NewFloat(float64(i)).SetPrec(300))
		sum.Add(sum, term)
	}
	for range 40 {
		sum.Mul(sum, sum)
	}
	return sum
}

// TestDouble holds the arithmetic to math/big's.
func TestDouble(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() double {
		x := math.Ldexp(r.NormFloat64(), r.IntN(12)-6)
		return quickSum(x, x*math.Ldexp(r.NormFloat64(), -54))
	}
	one := big.NewFloat(1).SetPrec(300)
	for range 2000 {
		a, b := draw(), draw()
		A, B := exact(a), exact(b)
		scale := math.Abs(a.hi) + math.Abs(b.hi)
		closeDouble(t, "a + b", a.plus(b), new(big.Float).Add(A, B), scale, 1e-31)
		closeDouble(t, "a - b", a.minus(b), new(big.Float).Sub(A, B), scale, 1e-31)
		closeDouble(t, "a b", a.times(b), new(big.Float).Mul(A, B), math.Abs(a.hi*b.hi), 1e-31)
		closeDouble(t, "a / b", a.over(b), new(big.Float).Quo(A, B), math.Abs(a.hi/b.hi), 1e-31)

		below := double{}.minus(a.abs())
		closeDouble(t, "exp", below.exp(), bigExp(exact(below)), math.Exp(below.hi), 1e-29)
		e := bigExp(new(big.Float).SetPrec(300).Mul(A, big.NewFloat(-2)))
		th := new(big.Float).SetPrec(300).Quo(new(big.Float).Sub(one, e), new(big.Float).Add(one, e))
		closeDouble(t, "tanh", a.tanh(), th, 1, 1e-30)
		if h := a.tanh(); math.Abs(h.hi) < 0.99 {
			closeDouble(t, "atanh", h.atanh(), exact(a), 1, 1e-28)
		}
		above := a.abs().plus(double{1, 0})
		closeDouble(t, "e^log", double{}.minus(above.log()).exp(), new(big.Float).SetPrec(300).Quo(one, exact(above)), 1, 1e-29)
	}
	if got := (double{-2000, 0}).exp(); got != (double{}) {
		t.Errorf("e^-2000 is %v, want 0", got)
	}
	if got := (double{400, 0}).tanh(); got != (double{1, 0}) {
		t.Errorf("tanh 400 is %v, want 1", got)
	}
}

func BenchmarkDoubleExp(b *testing.B) {
	x := double{-1.3, 1e-18}
	for b.Loop() {
		x.exp()
	}
}

// TestManyLabels wants differences of some numbers where labels are many, and of
// each gradient at least one.
func TestManyLabels(t *testing.T) {
	r := explained(t, drawn(9, sizes{2, 1, 2, 8000}, 0.1), None)
	for _, q := range r.Equations {
		if q.NumericElements == 0 || q.NumericRelErr > 1e-10 || q.Of == "dL/dalpha" && q.NumericElements > 1000 {
			t.Errorf("%s: differences of %d numbers, off by %.2g", q.name(), q.NumericElements, q.NumericRelErr)
		}
	}
}
