package explain

import (
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// doubled is an example in twice the precision, and the network run in it: code
// that shares nothing with bptt, forward alone. Central differences of it are
// the textbook's, (L(w + δ) - L(w - δ)) / 2δ: with 32 digits the step can be so
// small that neither its square nor rounding counts, unless numbers are very
// large. In float64 no step is right for all.
type doubled struct {
	i, h, k                   int
	wxh, whh, bh, whz, bz, h0 []double
	x                         []double // [T, I]
	y                         []int
	ofA, ofH, ofAlpha         []double // what float64's pass was rounded by (pin): [T, H], [T, H], [T, K]
	alpha                     []double // [T, K], of the example as it is
}

func newDoubled(e *Example, tr *bptt.Trace) *doubled {
	n, T := e.Net, e.T()
	d := &doubled{i: n.I, h: n.H, k: n.K, y: e.Y,
		wxh: widen(n.Wxh), whh: widen(n.Whh), bh: widen(n.Bh), whz: widen(n.Whz), bz: widen(n.Bz),
		h0: widen(e.H0), x: widen(slices.Concat(e.X...)),
		ofA: make([]double, T*n.H), ofH: make([]double, T*n.H), ofAlpha: make([]double, T*n.K)}
	d.pin(tr)
	d.alpha = make([]double, T*n.K)
	d.run(func(t int, alpha []double) { copy(d.alpha[t*d.k:], alpha) })
	return d
}

func widen(v []float64) []double {
	out := make([]double, len(v))
	for i := range v {
		out[i].hi = v[i]
	}
	return out
}

// run hands out α_1, ..., α_T, t from 0; they are overwritten by the next.
func (d *doubled) run(visit func(t int, alpha []double)) {
	h, next, alpha := slices.Clone(d.h0), make([]double, d.h), make([]double, d.k)
	for t := range d.y {
		for j := range next {
			next[j] = d.sum(t, j, h).plus(d.ofA[t*d.h+j]).tanh().plus(d.ofH[t*d.h+j])
		}
		for j := range alpha {
			alpha[j] = d.output(j, next).plus(d.ofAlpha[t*d.k+j])
		}
		visit(t, alpha)
		h, next = next, h
	}
}

// sum is element j of W_hh h + W_xh x_t + b_h.
func (d *doubled) sum(t, j int, h []double) double {
	return d.bh[j].plus(dot(d.whh[j*d.h:], h)).plus(dot(d.wxh[j*d.i:], d.x[t*d.i:][:d.i]))
}

// output is element j of W_hz h + b_z.
func (d *doubled) output(j int, h []double) double {
	return d.bz[j].plus(dot(d.whz[j*d.h:], h))
}

// dot returns the inner product of v and as many elements of w.
func dot(w, v []double) (s double) {
	for i := range v {
		s = s.plus(w[i].times(v[i]))
	}
	return s
}

// losses returns L(1), ..., L(T).
func (d *doubled) losses() []double {
	losses := make([]double, len(d.y))
	d.run(func(t int, alpha []double) { losses[t] = negLog(alpha, d.y[t]) })
	return losses
}

// negLog returns -log softmax(alpha)[y].
func negLog(alpha []double, y int) double {
	top := alpha[0]
	for _, a := range alpha {
		if a.hi > top.hi {
			top = a
		}
	}
	sum := double{}
	for _, a := range alpha {
		sum = sum.plus(a.minus(top).exp())
	}
	return sum.log().plus(top.minus(alpha[y]))
}

// slopes returns the derivatives of all losses by v, a number of d, from
// differences of a step: entry t is that of L(t), entry 0 that of their sum.
func (d *doubled) slopes(v *double, step float64) []float64 {
	var above, below []double
	width := around(v, step, func() { above = d.losses() }, func() { below = d.losses() })
	slopes, sum := make([]float64, len(d.y)+1), double{}
	for t := range d.y {
		s := above[t].minus(below[t])
		slopes[t+1], sum = s.hi/width, sum.plus(s)
	}
	slopes[0] = sum.hi / width
	return slopes
}

// alphaSlopes returns the derivative of L(t) by element e of the alphas [T, K], one
// of alpha_t, as slopes would: no other loss depends on it.
func (d *doubled) alphaSlopes(e int, step float64) []float64 {
	t := e / d.k
	alpha := slices.Clone(d.alpha[t*d.k:][:d.k])
	var above, below double
	width := around(&alpha[e%d.k], step, func() { above = negLog(alpha, d.y[t]) }, func() { below = negLog(alpha, d.y[t]) })
	return []float64{above.minus(below).hi / width}
}

// around calls functions with v a step above and below where it is, and returns
// how far apart that was: where v is large, its digits do not reach to the step's.
func around(v *double, step float64, above, below func()) (width float64) {
	at := *v
	up, down := at.plus(double{step, 0}), at.minus(double{step, 0})
	*v = up
	above()
	*v = down
	below()
	*v = at
	return up.minus(down).hi
}
