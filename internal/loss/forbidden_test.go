package loss

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// forbidSome forbids transitions at random, but not all labellings of so many
// steps, and sets their parameters to NaN, since they must not be read.
func forbidSome(r *rand.Rand, f *CRF[float64], steps int) {
	k, share := f.K, 0.7*r.Float64()
	for {
		f.Forbidden = make([]bool, (k+1)*(k+1))
		for i := range f.Forbidden {
			f.Forbidden[i] = r.Float64() < share
		}
		possible := false
		paths(k, steps, func(y []int32) { possible = possible || f.Allows(y) })
		if possible {
			break
		}
	}
	for i := range k {
		for j := range k {
			hide(f, &f.Trans[i*k+j], i, j)
		}
		hide(f, &f.Start[i], k, i)
		hide(f, &f.End[i], i, k)
	}
	f.Pack()
}

func hide(f *CRF[float64], param *float64, from, to int) {
	if f.Forbidden[from*(f.K+1)+to] {
		*param = math.NaN()
	}
}

// constrained calls f with CRFs of up to 4 labels with random forbidden
// transitions, and lengths up to 6.
func constrained(times int, f func(r *rand.Rand, f *CRF[float64], steps int)) {
	r := rand.New(rand.NewPCG(5, 6))
	for k := 1; k <= 4; k++ {
		for steps := 1; steps <= 6; steps++ {
			for range times {
				c := newCRF(r, k, 1.5)
				forbidSome(r, c, steps)
				f(r, c, steps)
			}
		}
	}
}

// TestForbiddenAgainstAllPaths compares what TestCRFAgainstAllPaths does with
// sums over every path that is left.
func TestForbiddenAgainstAllPaths(t *testing.T) {
	constrained(20, func(r *rand.Rand, f *CRF[float64], steps int) { againstAllPaths(t, r, f, steps) })
}

// TestForbiddenIsExactlyZero wants the marginals to be exactly 0 where no path
// goes, and their sum to be 1 at every step; no gradient and no best label
// where a transition is forbidden; no finite loss of labels that use one.
func TestForbiddenIsExactlyZero(t *testing.T) {
	constrained(10, func(r *rand.Rand, f *CRF[float64], steps int) {
		k, alpha := f.K, normals[float64](r, f.K*steps)
		all := sumPaths(f, alpha, steps)
		var c Chain
		z := slices.Clone(alpha)
		f.Marginals(&c, z)
		for s := range steps {
			sum := 0.0
			for j, v := range z[s*k : (s+1)*k] {
				if (v == 0) != (all.marginals[s*k+j] == 0) {
					t.Errorf("z[%d,%d] = %v, want %v", s, j, v, all.marginals[s*k+j])
				}
				sum += v
			}
			wantNear(t, "the sum of the marginals", sum, 1, 1e-12)
		}
		y := make([]int32, steps)
		if f.Decode(&c, alpha, y); !f.Allows(y) {
			t.Errorf("the best labels are %v, which are forbidden", y)
		}
		f.NLL(&c, slices.Clone(alpha), all.allowed[0])
		for i := range k {
			for j := range k {
				wantNone(t, f, c.Pairs[i*k+j], i, j)
			}
			wantNone(t, f, c.Ends[i], k, i)
			wantNone(t, f, c.Ends[k+i], i, k)
		}
		paths(k, steps, func(y []int32) {
			allowed := !math.IsInf(pathScore(f, alpha, y), -1)
			if f.Allows(y) != allowed {
				t.Errorf("%v allowed: %v, want %v", y, !allowed, allowed)
			}
			if l := f.Loss(&c, slices.Clone(alpha), y); math.IsInf(l, 1) == allowed || math.IsNaN(l) {
				t.Errorf("%v, allowed %v: loss %v", y, allowed, l)
			}
		})
	})
}

func wantNone(t *testing.T, f *CRF[float64], grad float64, from, to int) {
	t.Helper()
	if f.Forbidden[from*(f.K+1)+to] && grad != 0 {
		t.Errorf("K %d: the forbidden transition from %d to %d has the gradient %v", f.K, from, to, grad)
	}
}

// TestForbiddenAgainstCentralDifferences compares the gradients of L, and the
// marginals with those of log Z. A transition is used at most 5 times, so that
// the third derivatives are below 12 and slope's error below 1e-8.
func TestForbiddenAgainstCentralDifferences(t *testing.T) {
	constrained(3, func(r *rand.Rand, f *CRF[float64], steps int) {
		k, alpha := f.K, normals[float64](r, f.K*steps)
		allowed := sumPaths(f, alpha, steps).allowed
		y := allowed[r.IntN(len(allowed))]
		var c Chain
		logZ := func() float64 {
			f.Marginals(&c, slices.Clone(alpha))
			return c.LogZ
		}
		nll := func() float64 {
			f.Pack()
			return f.NLL(&c, slices.Clone(alpha), y)
		}
		z, dalpha := slices.Clone(alpha), slices.Clone(alpha)
		f.Marginals(&c, z)
		f.NLL(&c, dalpha, y)
		pairs, ends := slices.Clone(c.Pairs), slices.Clone(c.Ends)
		for i := range alpha {
			wantNear(t, fmt.Sprintf("∂ log Z/∂alpha[%d]", i), z[i], slope(&alpha[i], logZ), 1e-8)
		}
		for _, v := range []struct {
			name    string
			x, grad []float64
		}{{"alpha", alpha, dalpha}, {"Trans", f.Trans, pairs}, {"Start", f.Start, ends[:k]}, {"End", f.End, ends[k:]}} {
			for i := range v.x {
				wantNear(t, fmt.Sprintf("∂L/∂%s[%d]", v.name, i), v.grad[i], slope(&v.x[i], nll), 1e-8)
			}
		}
	})
}

// TestNothingForbiddenChangesNoBit wants the same bits from a CRF with nothing
// forbidden as from one that is told so.
func TestNothingForbiddenChangesNoBit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const k, steps = 5, 40
	f := newCRF(r, k, 3)
	alpha, y := normals[float64](r, steps*k), anyTargets(r, steps, k)
	run := func() (c Chain, z, dalpha []float64, nll float64, best []int32) {
		f.Pack()
		z, dalpha, best = slices.Clone(alpha), slices.Clone(alpha), make([]int32, steps)
		f.Marginals(&c, z)
		nll = f.NLL(&c, dalpha, y)
		f.Decode(&c, alpha, best)
		return c, z, dalpha, nll, best
	}
	c, z, dalpha, nll, best := run()
	f.Forbidden = make([]bool, (k+1)*(k+1))
	d, z2, dalpha2, nll2, best2 := run()
	wantEqual(t, "marginals", z2, z)
	wantEqual(t, "∂L/∂alpha", dalpha2, dalpha)
	wantEqual(t, "loss", []float64{nll2, d.LogZ}, []float64{nll, c.LogZ})
	wantEqual(t, "∂L/∂Trans", d.Pairs, c.Pairs)
	wantEqual(t, "∂L/∂Start, End", d.Ends, c.Ends)
	if !slices.Equal(best, best2) {
		t.Errorf("best labels %v, want %v", best2, best)
	}
}

// bioCRF returns a CRF of the labels O, B-x, I-x, B-y, I-y, in which I-x must
// follow B-x or I-x and I-y must follow B-y or I-y, with scores of ±100.
func bioCRF(r *rand.Rand) *CRF[float32] {
	const k = 5
	f := &CRF[float32]{K: k, Trans: make([]float32, k*k), Start: make([]float32, k), End: make([]float32, k), Forbidden: make([]bool, (k+1)*(k+1))}
	for _, v := range [][]float32{f.Trans, f.Start, f.End} {
		hundreds(r, v)
	}
	for from := range k + 1 {
		for _, inside := range []int{2, 4} {
			f.Forbidden[from*(k+1)+inside] = from != inside && from != inside-1
		}
	}
	f.Pack()
	return f
}

// TestForbiddenIsFinite is TestCRFIsFinite for spans.
func TestForbiddenIsFinite(t *testing.T) {
	const steps = 10_000
	r := rand.New(rand.NewPCG(9, 9))
	f, y := bioCRF(r), make([]int32, steps)
	for i := range y { // O, or a span
		if y[i] = []int32{0, 1, 3}[r.IntN(3)]; i > 0 && y[i-1] > 0 && r.IntN(2) == 0 {
			y[i] = (y[i-1]-1)/2*2 + 2
		}
	}
	if !f.Allows(y) {
		t.Fatal("the true labels are forbidden")
	}
	wantFinite(t, r, f, y)
	best, alpha, z := make([]int32, steps), make([]float32, steps*f.K), make([]float32, steps*f.K)
	hundreds(r, alpha)
	var c Chain
	if f.Decode(&c, alpha, best); !f.Allows(best) {
		t.Error("the best labels are forbidden")
	}
	copy(z, alpha)
	if f.Marginals(&c, z); z[2] != 0 || z[4] != 0 {
		t.Errorf("z_1 is %v, want 0 inside of spans", z[:5])
	}
}

func TestCRFAllocatesNothing(t *testing.T) {
	const steps = 7
	r := rand.New(rand.NewPCG(1, 2))
	f, y, best := bioCRF(r), make([]int32, steps), make([]int32, steps)
	alpha := make([]float32, steps*f.K)
	var c Chain
	step := func() {
		hundreds(r, alpha)
		f.Pack()
		f.Decode(&c, alpha, best)
		if f.Allows(y) {
			f.NLL(&c, alpha, y)
		}
		f.Loss(&c, alpha, best)
	}
	step()
	if n := testing.AllocsPerRun(50, step); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
