package explain

import (
	"math"

	"github.com/unroll-go/unroll/bptt"
)

// The gradients are those of the pass that float64 made, rounded as it was. An
// exact pass may be quite another one: where the network is chaotic, states drift
// apart by a factor a step, and of sums of 1e16 the rounding is 1. Differences of
// that one would say nothing of these gradients. So every rounding of the pass is
// put in as a constant, which no derivative sees, and differences are taken around
// the very states that float64 had. What is more than rounding can be is not put
// in: a pass that is wrong stays different.

// unit is the relative error of one rounding.
const unit = 0x1p-53

// perFunction is how many roundings tanh and what is around it may be off by.
const perFunction = 8

// pin measures the roundings of the pass.
func (d *doubled) pin(tr *bptt.Trace) {
	for t := range d.y {
		before, h := widen(tr.H[t]), tr.H[t+1]
		for j := range h {
			most := d.most(d.whh[j*d.h:], before) + d.most(d.wxh[j*d.i:], d.x[t*d.i:][:d.i]) + d.most(d.bh[j:], []double{{1, 0}})
			i := t*d.h + j
			d.ofA[i], d.ofH[i] = roundedBy(d.sum(t, j, before), h[j], most)
		}
		state := widen(h)
		for j, alpha := range tr.Alpha[t+1] {
			by := double{alpha, 0}.minus(d.output(j, state))
			if most := d.most(d.whz[j*d.h:], state) + d.most(d.bz[j:], []double{{1, 0}}); math.Abs(by.hi) <= most {
				d.ofAlpha[t*d.k+j] = by
			}
		}
	}
}

// most is the most that a sum of products of w and v, among others, can be
// rounded by on their account.
func (d *doubled) most(w, v []double) (most float64) {
	for i := range v {
		most += math.Abs(w[i].hi * v[i].hi)
	}
	return most * unit * float64(d.i+d.h+4)
}

// roundedBy says by how much float64's sum before tanh was off, of which a is
// exact and which may be off by most, and by how much tanh, so that h came out.
// tanh's own rounding is taken for one of the sum, as far as it can be: then the
// slope is that of h, too.
func roundedBy(a double, h, most float64) (ofA, ofH double) {
	exact := double{h, 0}
	allowed := perFunction * unit * math.Abs(h)
	switch {
	case math.Abs(h) < 1:
		most += allowed / (1 - h*h)
		ofA = exact.atanh().minus(a)
	case math.Abs(exact.minus(a.tanh()).hi) > allowed:
		ofA = double{math.Copysign(most, h), 0}
	}
	if math.Abs(ofA.hi) > most {
		ofA = double{math.Copysign(most, ofA.hi), 0}
	}
	ofH = exact.minus(a.plus(ofA).tanh())
	if !(math.Abs(ofH.hi) <= allowed) {
		return double{}, double{}
	}
	return ofA, ofH
}
