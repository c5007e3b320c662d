package loss

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func newCRF(r *rand.Rand, k int, scale float64) *CRF[float64] {
	draw := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = scale * r.NormFloat64()
		}
		return v
	}
	return &CRF[float64]{K: k, Trans: draw(k * k), Start: draw(k), End: draw(k)}
}

// paths calls f with every labelling of so many steps; there are k^steps.
func paths(k, steps int, f func(y []int32)) {
	y := make([]int32, steps)
	for {
		f(y)
		t := 0
		for ; t < steps; t++ {
			if y[t]++; int(y[t]) < k {
				break
			}
			y[t] = 0
		}
		if t == steps {
			return
		}
	}
}

// TestCRFAgainstAllPaths compares log Z, the marginals, both sets of expected
// transitions and the best labels with sums over every path.
func TestCRFAgainstAllPaths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, shape := range [][2]int{{1, 1}, {1, 5}, {2, 1}, {2, 6}, {3, 5}, {5, 4}} {
		k, steps := shape[0], shape[1]
		f := newCRF(r, k, 1.5)
		alpha := make([]float64, steps*k)
		for i := range alpha {
			alpha[i] = 2 * r.NormFloat64()
		}
		truth := make([]int32, steps)
		for i := range truth {
			truth[i] = int32(r.IntN(k))
		}
		z, best := 0.0, math.Inf(-1)
		marginals, pairs, ends := make([]float64, steps*k), make([]float64, k*k), make([]float64, 2*k)
		var bestPath []int32
		paths(k, steps, func(y []int32) {
			s := f.score(alpha, y)
			p := math.Exp(s)
			z += p
			if s > best {
				best, bestPath = s, slices.Clone(y)
			}
			ends[y[0]] += p
			ends[k+int(y[steps-1])] += p
			for i, l := range y {
				marginals[i*k+int(l)] += p
				if i > 0 {
					pairs[int(y[i-1])*k+int(l)] += p
				}
			}
		})
		for _, v := range [][]float64{marginals, pairs, ends} {
			for i := range v {
				v[i] /= z
			}
		}
		var c Chain
		got := slices.Clone(alpha)
		f.Marginals(&c, got)
		near(t, "marginals", got, marginals)
		near(t, "log Z", []float64{c.LogZ}, []float64{math.Log(z)})
		y := make([]int32, steps)
		f.Decode(&c, alpha, y)
		if !slices.Equal(y, bestPath) {
			t.Errorf("K %d, T %d: best labels %v, want %v", k, steps, y, bestPath)
		}

		got = slices.Clone(alpha)
		nll := f.NLL(&c, got, truth)
		near(t, "loss", []float64{nll}, []float64{math.Log(z) - f.score(alpha, truth)})
		for i, l := range truth {
			marginals[i*k+int(l)]--
			if i > 0 {
				pairs[int(truth[i-1])*k+int(l)]--
			}
		}
		ends[truth[0]]--
		ends[k+int(truth[steps-1])]--
		near(t, "∂L/∂alpha", got, marginals)
		near(t, "∂L/∂Trans", c.Pairs, pairs)
		near(t, "∂L/∂Start, End", c.Ends, ends)
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12*max(1, math.Abs(want[i])) {
			t.Errorf("%s[%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}

// TestCRFIsFinite wants a finite loss and marginals that are probabilities in
// float32 over 10,000 steps with scores of ±100.
func TestCRFIsFinite(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const k, steps = 4, 10_000
	f := &CRF[float32]{K: k, Trans: make([]float32, k*k), Start: make([]float32, k), End: make([]float32, k)}
	for i := range f.Trans {
		f.Trans[i] = float32(200*r.Float64() - 100)
	}
	alpha, y := make([]float32, steps*k), make([]int32, steps)
	for i := range alpha {
		alpha[i] = float32(200*r.Float64() - 100)
	}
	for i := range y {
		y[i] = int32(r.IntN(k))
	}
	var c Chain
	z := slices.Clone(alpha)
	f.Marginals(&c, z)
	for s := range steps {
		sum := 0.0
		for _, v := range z[s*k : (s+1)*k] {
			sum += float64(v)
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Fatalf("step %d: marginals add up to %v", s, sum)
		}
	}
	if l := f.NLL(&c, alpha, y); !(l > 0) || math.IsInf(l, 0) {
		t.Errorf("loss %v", l)
	}
}
