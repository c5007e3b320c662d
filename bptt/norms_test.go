package bptt_test

import (
	"math"
	"slices"
	"testing"

	"github.com/unroll-go/unroll/bptt"
)

// singularValues returns the smallest and the largest, by turning pairs of
// columns until all are orthogonal (one-sided Jacobi).
func singularValues(m matrix) (smallest, largest float64) {
	columns := m.t()
	for range 30 {
		for i := range columns {
			for j := range i {
				orthogonalize(columns[i], columns[j])
			}
		}
	}
	norms := make([]float64, len(columns))
	for i, c := range columns {
		norms[i] = norm(c)
	}
	return slices.Min(norms), slices.Max(norms)
}

// orthogonalize turns u and v in their plane until they are orthogonal.
func orthogonalize(u, v []float64) {
	uu, vv, uv := dot(u, u), dot(v, v), dot(u, v)
	if uv == 0 {
		return
	}
	half := (vv - uu) / (2 * uv)
	tan := math.Copysign(1/(math.Abs(half)+math.Sqrt(1+half*half)), half)
	cos := 1 / math.Sqrt(1+tan*tan)
	for i := range u {
		u[i], v[i] = cos*(u[i]-tan*v[i]), cos*(tan*u[i]+v[i])
	}
}

func dot(u, v []float64) (s float64) {
	for i := range u {
		s += u[i] * v[i]
	}
	return s
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }

func spectralNorm(m matrix) float64 {
	_, largest := singularValues(m)
	return largest
}

// The norm of dh_t/dh_k lies between the products of the smallest and of the
// largest factors; with one unit it is both. So does that of r(t,k) stay below
// what the loss gives h_t times the larger.
func TestNormBound(t *testing.T) {
	const T, rounding = 12, 1e-9
	for seed := range uint64(60) {
		H := 1 + int(seed%5)
		p := newProblem(seed, T, 2, H, 3, []float64{0.1, 0.5, 1.5}[seed%3])
		tr := p.forward(t)
		least, most := singularValues(mat(p.n.Whh, H))
		for last := 1; last <= T; last++ {
			r, below, above := p.n.Terms(tr, last), 1.0, 1.0
			fromLoss := norm(row(tr.DAlpha(last)).times(mat(p.n.Whz, H))[0]) // dL(t)/dh_t
			for k := last; k >= 1; k-- {
				slopes := slope(tr.H[k])
				flat, steep := singularValues(slopes)
				if got, limit := norm(r[k]), fromLoss*above*steep; got > limit*(1+rounding) {
					t.Errorf("seed %d: r(%d,%d) has norm %v, want at most %v", seed, last, k, got, limit)
				}
				below, above = below*flat*least, above*steep*most
				got := spectralNorm(p.between(tr, last, k-1))
				if got > above*(1+rounding) || got < below*(1-rounding) {
					t.Errorf("seed %d: dh_%d/dh_%d has norm %v, want %v..%v", seed, last, k-1, got, below, above)
				}
				if H == 1 {
					closeTo(t, "one unit", []float64{got}, []float64{above}, rounding)
				}
			}
		}
	}
}

// still is a network that stays at h_t = h: inputs make up for what Whh does.
func still(Whh matrix, h []float64, T int) *problem {
	H := len(h)
	p := &problem{n: bptt.New(H, H, 1), h0: h, y: make([]int, T)}
	p.n.Whh, p.n.Wxh = Whh.flat(), identity(H).flat()
	moved := row(h).times(Whh.t())[0]
	x := make([]float64, H)
	for i := range x {
		x[i] = math.Atanh(h[i]) - moved[i]
	}
	for range T {
		p.x = append(p.x, x)
	}
	return p
}

// reach is the norm of dh_T/dh_0 in the still network.
func reach(t *testing.T, Whh matrix, h []float64, T int) float64 {
	t.Helper()
	p := still(Whh, h, T)
	return spectralNorm(p.between(p.forward(t), T, 0))
}

var atZero = []float64{0, 0} // where the slopes are 1

func scaled(m matrix, by float64) matrix {
	return fill(len(m), len(m[0]), func(i, j int) float64 { return by * m[i][j] })
}

func rotation(angle float64) matrix {
	s, c := math.Sincos(angle)
	return matrix{{c, -s}, {s, c}}
}

// A largest singular value below 1 is enough for the gradient to vanish: of 0.9,
// in 66 steps below 1e-3; where the slopes are 1 no sooner.
func TestSigmaBelowOneVanishes(t *testing.T) {
	for seed := range uint64(20) {
		p := newProblem(seed, 66, 2, 5, 3, 0.7)
		p.n.Whh = scaled(mat(p.n.Whh, 5), 0.9/spectralNorm(mat(p.n.Whh, 5))).flat()
		if got := spectralNorm(p.between(p.forward(t), 66, 0)); got >= 1e-3 {
			t.Errorf("seed %d: dh_66/dh_0 has norm %v", seed, got)
		}
	}
	W := scaled(rotation(0.3), 0.9)
	if got := reach(t, W, atZero, 65); got <= 1e-3 {
		t.Errorf("slopes of 1: dh_65/dh_0 has norm %v, want more than 1e-3", got)
	}
	if got := reach(t, W, atZero, 66); got >= 1e-3 {
		t.Errorf("slopes of 1: dh_66/dh_0 has norm %v, want less than 1e-3", got)
	}
}

// One above 1 is not enough for it to grow: Whh may be nilpotent, or the units
// saturated.
func TestSigmaAboveOneMayVanish(t *testing.T) {
	nilpotent := matrix{{0, 2}, {0, 0}}
	if s, got := spectralNorm(nilpotent), reach(t, nilpotent, []float64{0.1, -0.2}, 2); s != 2 || got != 0 {
		t.Errorf("nilpotent: sigma_max %v, dh_2/dh_0 has norm %v, want 2 and 0", s, got)
	}
	saturated := []float64{0.99, -0.99}
	got := reach(t, scaled(rotation(0), 2), saturated, 10) // 1 - h^2 = 0.0199
	closeTo(t, "saturated", []float64{got}, []float64{math.Pow(2*0.0199, 10)}, 1e-6)
}

// The smallest singular value times the smallest slope above 1 is enough to grow.
func TestSmallestSigmaAboveOneExplodes(t *testing.T) {
	h := []float64{0.5, 0.6} // slopes 0.75 and 0.64
	if got, least := reach(t, scaled(rotation(1), 2), h, 40), math.Pow(2*0.64, 40); got < least {
		t.Errorf("dh_40/dh_0 has norm %v, want at least 1.28^40 = %v", got, least)
	}
}

// Where all slopes are 1, dh_t/dh_0 is Whh^t, and the spectral radius decides:
// here 0.5, with a largest singular value of 10. It grows first, then vanishes.
func TestRadiusDecidesWhereSlopesAreOne(t *testing.T) {
	W := matrix{{0.5, 10}, {0, 0.5}}
	if s, one, ten, twenty := spectralNorm(W), reach(t, W, atZero, 1), reach(t, W, atZero, 10), reach(t, W, atZero, 20); s < 10 || one != s || ten < 0.1 || twenty > 1e-3 {
		t.Errorf("sigma_max %v; norms %v, %v, %v after 1, 10, 20 steps", s, one, ten, twenty)
	}
	for _, radius := range []float64{0.9, 1, 1.1} {
		got := reach(t, scaled(rotation(0.7), radius), atZero, 100)
		closeTo(t, "a turn, scaled", []float64{got}, []float64{math.Pow(radius, 100)}, 1e-9)
	}
}

// Elsewhere it does not: here it is 0, Whh^2 = 0, and yet the gradient grows,
// 3.6-fold a step, because the slopes 1 and 0.1 stand between.
func TestRadiusOfZeroMayExplode(t *testing.T) {
	W := matrix{{4, -4}, {4, -4}}
	for _, v := range W.times(W).flat() {
		if v != 0 {
			t.Fatalf("Whh^2 = %v, want 0", W.times(W))
		}
	}
	h := []float64{0, math.Sqrt(0.9)}
	got := reach(t, W, h, 8) / reach(t, W, h, 7)
	closeTo(t, "a step's growth", []float64{got}, []float64{3.6}, 1e-6)
}

// A vanishing gradient is not zero: here the terms of (11) that reach back less
// than 12 steps are all of it but for 1e-4, and the rest, 28 steps and more of
// them, adds nothing.
func TestVanishingLosesTheFarTermsAlone(t *testing.T) {
	const T, near = 40, 12
	p := newProblem(13, T, 2, 5, 3, 0.7)
	p.n.Whh = scaled(mat(p.n.Whh, 5), 0.5/spectralNorm(mat(p.n.Whh, 5))).flat()
	tr := p.forward(t)
	total := fill(5, 5, func(_, _ int) float64 { return 0 })
	for last := 1; last <= T; last++ {
		total = total.plus(p.whhTerms(tr, last, max(1, last-near+1), last))
	}
	whole := p.n.Backward(tr).Whh
	closeTo(t, "the near terms", total.flat(), whole, 1e-4)
	if size := norm(whole); size < 0.1 {
		t.Errorf("the gradient has norm %v", size)
	}
}
