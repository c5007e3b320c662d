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
	f := &CRF[float64]{K: k, Trans: draw(k * k), Start: draw(k), End: draw(k)}
	f.Pack()
	return f
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
		againstAllPaths(t, r, newCRF(r, k, 1.5), steps)
	}
}

// pathSums are sums over every path, found one path after the other.
type pathSums struct {
	logZ                   float64
	marginals, pairs, ends []float64 // [T, K], [K, K], [2, K] expected numbers
	best                   []int32
	allowed                [][]int32 // the paths of a probability above 0
}

func sumPaths(f *CRF[float64], alpha []float64, steps int) pathSums {
	k, z, best := f.K, 0.0, math.Inf(-1)
	s := pathSums{marginals: make([]float64, steps*k), pairs: make([]float64, k*k), ends: make([]float64, 2*k)}
	paths(k, steps, func(y []int32) {
		v := pathScore(f, alpha, y)
		if math.IsInf(v, -1) {
			return
		}
		s.allowed = append(s.allowed, slices.Clone(y))
		if v > best {
			best, s.best = v, slices.Clone(y)
		}
		p := math.Exp(v)
		z += p
		s.ends[y[0]] += p
		s.ends[k+int(y[steps-1])] += p
		for i, l := range y {
			s.marginals[i*k+int(l)] += p
			if i > 0 {
				s.pairs[int(y[i-1])*k+int(l)] += p
			}
		}
	})
	for _, v := range [][]float64{s.marginals, s.pairs, s.ends} {
		for i := range v {
			v[i] /= z
		}
	}
	s.logZ = math.Log(z)
	return s
}

// pathScore is s(y) from the parameters; −∞ if y is forbidden.
func pathScore(f *CRF[float64], alpha []float64, y []int32) float64 {
	sum, from := 0.0, f.K
	for t, label := range y {
		to := int(label)
		switch {
		case f.Forbidden != nil && f.Forbidden[from*(f.K+1)+to]:
			return math.Inf(-1)
		case t == 0:
			sum += f.Start[to]
		default:
			sum += f.Trans[from*f.K+to]
		}
		sum += alpha[t*f.K+to]
		from = to
	}
	if f.Forbidden != nil && f.Forbidden[from*(f.K+1)+f.K] {
		return math.Inf(-1)
	}
	return sum + f.End[from]
}

func againstAllPaths(t *testing.T, r *rand.Rand, f *CRF[float64], steps int) {
	t.Helper()
	k := f.K
	alpha := make([]float64, steps*k)
	for i := range alpha {
		alpha[i] = 2 * r.NormFloat64()
	}
	want := sumPaths(f, alpha, steps)
	truth := want.allowed[r.IntN(len(want.allowed))]
	var c Chain
	got := slices.Clone(alpha)
	f.Marginals(&c, got)
	near(t, "marginals", got, want.marginals)
	near(t, "log Z", []float64{c.LogZ}, []float64{want.logZ})
	y := make([]int32, steps)
	f.Decode(&c, alpha, y)
	if !slices.Equal(y, want.best) {
		t.Errorf("K %d, T %d: best labels %v, want %v", k, steps, y, want.best)
	}

	loss := want.logZ - pathScore(f, alpha, truth)
	z := slices.Clone(alpha)
	near(t, "loss", []float64{f.Loss(&c, z, truth)}, []float64{loss})
	wantEqual(t, "z of Loss", z, got)
	got = slices.Clone(alpha)
	near(t, "loss", []float64{f.NLL(&c, got, truth)}, []float64{loss})
	for i, l := range truth {
		want.marginals[i*k+int(l)]--
		if i > 0 {
			want.pairs[int(truth[i-1])*k+int(l)]--
		}
	}
	want.ends[truth[0]]--
	want.ends[k+int(truth[steps-1])]--
	near(t, "∂L/∂alpha", got, want.marginals)
	near(t, "∂L/∂Trans", c.Pairs, want.pairs)
	near(t, "∂L/∂Start, End", c.Ends, want.ends)
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-12*max(1, math.Abs(want[i]))) { // NaN is not near
			t.Errorf("%s[%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}

// TestCRFIsFinite wants a finite loss and marginals that are probabilities in
// float32 over 10,000 steps with scores of ±100.
func TestCRFIsFinite(t *testing.T) {
	const k, steps = 4, 10_000
	r := rand.New(rand.NewPCG(2, 2))
	f := &CRF[float32]{K: k, Trans: make([]float32, k*k), Start: make([]float32, k), End: make([]float32, k)}
	hundreds(r, f.Trans)
	f.Pack()
	y := make([]int32, steps)
	for i := range y {
		y[i] = int32(r.IntN(k))
	}
	wantFinite(t, r, f, y)
}

// hundreds sets v to numbers of ±100.
func hundreds(r *rand.Rand, v []float32) {
	for i := range v {
		v[i] = float32(200*r.Float64() - 100)
	}
}

// wantFinite wants marginals that are probabilities for random scores, and a
// finite loss and gradients for the labels y.
func wantFinite(t *testing.T, r *rand.Rand, f *CRF[float32], y []int32) {
	t.Helper()
	k := f.K
	alpha := make([]float32, len(y)*k)
	hundreds(r, alpha)
	var c Chain
	z := slices.Clone(alpha)
	f.Marginals(&c, z)
	for s := range y {
		sum := 0.0
		for _, v := range z[s*k : (s+1)*k] {
			sum += float64(v)
		}
		if !(math.Abs(sum-1) <= 1e-5) { // nor NaN
			t.Fatalf("step %d: marginals add up to %v", s, sum)
		}
	}
	if l := f.NLL(&c, alpha, y); !(l > 0) || math.IsInf(l, 0) {
		t.Errorf("loss %v", l)
	}
	for i, v := range slices.Concat(c.Pairs, c.Ends) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("gradient %d of the transitions is %v", i, v)
		}
	}
}
