package explain

import (
	"math"
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// doubled is an example in twice the precision, and the network run in it: code
// that shares nothing with bptt, forward alone. Central differences of it are
// the textbook's, (L(w + δ) - L(w - δ)) / 2δ: with 32 digits the step can be so
// small that neither its square nor rounding counts, however large or small the
// weights are. In float64 no step is right for all.
type doubled struct {
	i, h, k                   int
	wxh, whh, bh, whz, bz, h0 []double
	x                         []double // [T, I]
	y                         []int
	alpha                     []double // [T, K], of the last run
}

// difference is δ. What it leaves out is δ²/6 = 2e-21 times a third derivative.
const difference = 1e-10

func newDoubled(e *Example) *doubled {
	n := e.Net
	d := &doubled{i: n.I, h: n.H, k: n.K, y: e.Y,
		wxh: widen(n.Wxh), whh: widen(n.Whh), bh: widen(n.Bh), whz: widen(n.Whz), bz: widen(n.Bz),
		h0: widen(e.H0), x: widen(slices.Concat(e.X...)), alpha: make([]double, len(e.X)*n.K)}
	d.losses()
	return d
}

func widen(v []float64) []double {
	out := make([]double, len(v))
	for i := range v {
		out[i].hi = v[i]
	}
	return out
}

// losses returns L(1), ..., L(T).
func (d *doubled) losses() []double {
	losses := make([]double, len(d.y))
	h, next := d.h0, make([]double, d.h)
	for t := range d.y {
		for j := range next {
			a := d.bh[j].plus(dot(d.whh[j*d.h:], h)).plus(dot(d.wxh[j*d.i:], d.x[t*d.i:][:d.i]))
			next[j] = a.tanh()
		}
		h, next = next, make([]double, d.h)
		alpha := d.alpha[t*d.k:][:d.k]
		for j := range alpha {
			alpha[j] = d.bz[j].plus(dot(d.whz[j*d.h:], h))
		}
		losses[t] = negLog(alpha, d.y[t])
	}
	return losses
}

// dot returns the inner product of v and as many elements of w.
func dot(w, v []double) (s double) {
	for i := range v {
		s = s.plus(w[i].times(v[i]))
	}
	return s
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
	return sum.log().plus(top).minus(alpha[y])
}

// slopes returns the derivatives of all losses by v, a number of d: entry t is
// that of L(t), entry 0 that of their sum.
func (d *doubled) slopes(v *double) []float64 {
	at := *v
	*v = at.plus(double{difference, 0})
	above := d.losses()
	*v = at.minus(double{difference, 0})
	below := d.losses()
	*v = at
	slopes, sum := make([]float64, len(d.y)+1), double{}
	for t := range d.y {
		s := above[t].minus(below[t])
		slopes[t+1], sum = s.hi/(2*difference), sum.plus(s)
	}
	slopes[0] = sum.hi / (2 * difference)
	return slopes
}

// alphaSlope returns the derivative of L(t) by element e of the alphas [T, K], one
// of alpha_t: no other loss depends on it.
func (d *doubled) alphaSlope(e int) float64 {
	t := e / d.k
	alpha := slices.Clone(d.alpha[t*d.k:][:d.k])
	v := &alpha[e%d.k]
	at := *v
	*v = at.plus(double{difference, 0})
	above := negLog(alpha, d.y[t])
	*v = at.minus(double{difference, 0})
	return above.minus(negLog(alpha, d.y[t])).hi / (2 * difference)
}

// numeric is a tensor's derivatives by central differences, of all elements or
// of some.
type numeric struct {
	elements []int       // which; ascending
	slopes   [][]float64 // of each: as slopes returns them; of alpha's entry 0 alone
}

// of returns the derivatives of L(t), or of L for t = 0, the only one of alpha.
func (n numeric) of(t int) []float64 {
	out := make([]float64, len(n.elements))
	for i, s := range n.slopes {
		out[i] = s[t]
	}
	return out
}

// pick returns the elements of a tensor that there are derivatives of.
func (n numeric) pick(v []float64) []float64 {
	out := make([]float64, len(n.elements))
	for i, e := range n.elements {
		out[i] = v[e]
	}
	return out
}

// at returns the derivatives by row t of a tensor [T, width], of all rows for 0.
func (n numeric) at(t, width int) numeric {
	if t == 0 {
		return n
	}
	var row numeric
	for i, e := range n.elements {
		if e/width == t-1 {
			row.elements, row.slopes = append(row.elements, e%width), append(row.slopes, n.slopes[i])
		}
	}
	return row
}

// budget is about how many products all differences may take: a fraction of a second.
const budget = 3e7

// exponential is how many products one takes as long as.
const exponential = 20

// differences returns the derivatives by every tensor. Where all elements would
// take too long it takes some of each: those evenly apart, and the one with the
// largest gradient.
func (e *Example) differences(tr *bptt.Trace) map[string]numeric {
	d, g := newDoubled(e), e.Net.Backward(tr)
	all := map[string][]double{"Wxh": d.wxh, "Whh": d.whh, "bh": d.bh, "Whz": d.whz, "bz": d.bz, "h0": d.h0, "x": d.x}
	least := 1
	if e.T() == 2 {
		least = 2 // one of each step's x_t and alpha_t
	}
	afford := func(one int) int { return max(least, budget/(2*one*len(all))) } // for two runs of so many products each
	alpha := numeric{elements: sample(slices.Concat(alphaGradients(tr)...), afford(exponential*d.k))}
	for _, i := range alpha.elements { // first: other runs leave other alphas
		alpha.slopes = append(alpha.slopes, []float64{d.alphaSlope(i)})
	}
	byName := map[string]numeric{"alpha": alpha}
	most := afford(len(d.y) * (d.h*(d.h+d.i+d.k) + exponential*(d.h+d.k)))
	for name, v := range all {
		n := numeric{elements: sample(gradient(g, name, 0), most)}
		for _, i := range n.elements {
			n.slopes = append(n.slopes, d.slopes(&v[i]))
		}
		byName[name] = n
	}
	return byName
}

// sample returns up to most places of v, evenly apart but for the largest one's.
func sample(v []float64, most int) []int {
	var places []int
	stride := (len(v) + most - 1) / most
	for i := 0; i < len(v); i += stride {
		places = append(places, i)
	}
	if top := largest(v); !slices.Contains(places, top) {
		places[top/stride] = top
	}
	return places
}

// largest returns the place of the largest element, without its sign.
func largest(v []float64) int {
	top := 0
	for i := range v {
		if math.Abs(v[i]) > math.Abs(v[top]) {
			top = i
		}
	}
	return top
}
