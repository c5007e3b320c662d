package explain

import (
	"math"
	"math/rand/v2"
	"testing"
)

// jacobiNorm returns the largest singular value of m [rows, n] by one-sided
// Jacobi rotations (Hestenes 1958), which make the columns orthogonal: their
// lengths are then the singular values. It shares nothing with norm.
func jacobiNorm(m []float64, n int) float64 {
	rows := len(m) / n
	columns := make([][]float64, n)
	for j := range columns {
		for i := range rows {
			columns[j] = append(columns[j], m[i*n+j])
		}
	}
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	for range 60 {
		worst := 0.0
		for p := range n {
			for q := p + 1; q < n; q++ {
				a, b, c := dot(columns[p], columns[p]), dot(columns[q], columns[q]), dot(columns[p], columns[q])
				if c == 0 {
					continue
				}
				worst = max(worst, math.Abs(c)/math.Sqrt(a*b))
				zeta := (b - a) / (2 * c)
				tan := math.Copysign(1/(math.Abs(zeta)+math.Hypot(1, zeta)), zeta)
				cos := 1 / math.Hypot(1, tan)
				for i := range rows {
					x, y := columns[p][i], columns[q][i]
					columns[p][i], columns[q][i] = cos*(x-tan*y), cos*(tan*x+y)
				}
			}
		}
		if worst < 1e-14 {
			break
		}
	}
	top := 0.0
	for _, c := range columns {
		top = max(top, math.Sqrt(dot(c, c)))
	}
	return top
}

// Norms that are known.
func TestNormOfKnownMatrices(t *testing.T) {
	const n = 40
	r := rand.New(rand.NewPCG(1, 1))
	u, v := normal(n, 1, r), normal(n, 1, r)
	diagonal := func(f func(i int) float64) []float64 {
		m := make([]float64, n*n)
		for i := range n {
			m[i*n+i] = f(i)
		}
		return m
	}
	// I − 2uuᵀ/uᵀu mirrors: it is orthogonal.
	mirror := diagonal(func(int) float64 { return 1 })
	outer := make([]float64, n*n)
	for i := range n {
		for j := range n {
			mirror[i*n+j] -= 2 * u[i] * u[j] / inner(u, u)
			outer[i*n+j] = u[i] * v[j]
		}
	}
	shift := make([]float64, n*n) // nilpotent: all eigenvalues 0, norm 1
	for i := range n - 1 {
		shift[i*n+i+1] = 1
	}
	for _, c := range []struct {
		name string
		m    []float64
		want float64
	}{
		{"zero", make([]float64, n*n), 0},
		{"diagonal", diagonal(func(i int) float64 { return float64(i - 30) }), 30},
		{"geometric", diagonal(func(i int) float64 { return math.Pow(0.5, float64(i)) }), 1},
		{"close together", diagonal(func(i int) float64 { return 1 + 1e-3*float64(i) }), 1.039},
		{"orthogonal", mirror, 1},
		{"rank one", outer, math.Sqrt(inner(u, u) * inner(v, v))},
		{"nilpotent", shift, 1},
	} {
		var m norm
		if got := m.of(c.m, n); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%s: norm %.15g, want %.15g", c.name, got, c.want)
		}
	}
	var m norm
	if got := m.of([]float64{-3}, 1); got != 3 {
		t.Errorf("norm of (-3) is %v", got)
	}
}

// Norms of random matrices, and of products of them, against Jacobi's rotations.
func TestNormAgainstJacobi(t *testing.T) {
	var m norm
	for n := 1; n <= 33; n += 4 {
		r := rand.New(rand.NewPCG(uint64(n), 2))
		var c chain
		c.begin(n)
		for range 5 {
			size := c.step(normal(n*n, 1/math.Sqrt(float64(n)), r), n)
			near(t, "chain", []float64{size}, []float64{jacobiNorm(c.product, n)}, 1e-9)
			near(t, "norm", []float64{m.of(c.product, n)}, []float64{size}, 1e-9)
		}
	}
}

// A product may leave what float64 holds, and come back.
func TestChainKeepsItsScale(t *testing.T) {
	var c chain
	c.begin(2)
	grow, shrink := []float64{1e60, 0, 0, 1e59}, []float64{0, 1e-60, 1e-60, 0}
	for range 6 {
		c.step(grow, 2)
	}
	if got := c.step([]float64{1, 0, 0, 1}, 2); got != math.MaxFloat64 {
		t.Errorf("norm of 1e360 is %v, want the largest number", got)
	}
	var got float64
	for range 6 {
		got = c.step(shrink, 2)
	}
	if math.Abs(got-1) > 1e-12 {
		t.Errorf("norm of 1e360·1e-360 is %v, want 1", got)
	}
}
