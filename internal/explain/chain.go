package explain

import (
	"math"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/rnn"
)

// chain follows one state k through the steps after it:
//
//	∂s_t/∂s_k = ∂s_t/∂s_{t−1} · … · ∂s_{k+1}/∂s_k
//
// one factor more with every step. The product is kept near 1 by powers of two,
// which are exact, so that it neither overflows nor loses digits.
type chain struct {
	product, next []float64 // [S, S] the product, divided by 2^exponent
	exponent      int
	norm          norm // which has the product laid out for the next step
}

// begin makes the product that of no step, of states of n numbers.
func (c *chain) begin(n int) {
	c.product, c.next, c.exponent = kernel.Grow(c.product, n*n), kernel.Grow(c.next, n*n), 0
	clear(c.product)
	for i := range n {
		c.product[i*n+i] = 1
	}
	c.norm.pt.PackTransposed(c.product, n, n)
}

// step multiplies by a step's Jacobian [n, n] and returns the 2-norm.
func (c *chain) step(jacobian []float64, n int) float64 {
	kernel.Mul(c.next, jacobian, n, &c.norm.pt, false)
	c.product, c.next = c.next, c.product
	c.exponent += rescale(c.product)
	return finite(math.Ldexp(c.norm.of(c.product, n), c.exponent))
}

// rescale divides numbers by 2^e, so that the largest is near 1, if it is far
// from that, and returns e.
func rescale(v []float64) (e int) {
	const far = 64
	top := 0.0
	for _, x := range v {
		if a := math.Abs(x); a > top {
			top = a
		}
	}
	if top == 0 || top > math.MaxFloat64 {
		return 0
	}
	if e = math.Ilogb(top); -far <= e && e <= far {
		return 0
	}
	for i := range v {
		v[i] = math.Ldexp(v[i], -e)
	}
	return e
}

// finite returns v, or where it is beyond float64 its largest number.
func finite(v float64) float64 {
	if v > math.MaxFloat64 || v != v {
		return math.MaxFloat64
	}
	return v
}

// follow returns ‖∂s_t/∂s_k‖₂ for t = k, …, T, of the states of a pass, T at
// the most last.
func (r *run) follow(c *chain, jacobian []float64, k, last int) []float64 {
	n := r.state()
	c.begin(n)
	norms := []float64{1}
	for t := k + 1; t <= last; t++ {
		r.jacobian(t, jacobian)
		norms = append(norms, c.step(jacobian, n))
	}
	return norms
}

// bounds returns what no ‖∂h_t/∂h_k‖₂ can exceed, t = k, …, last: the product
// of σ, the largest singular value of Whh, and the steps' largest slopes.
func (r *run) bounds(sigma float64, k, last int) []float64 {
	bounds := []float64{1}
	for t := k + 1; t <= last; t++ {
		bounds = append(bounds, finite(bounds[t-k-1]*sigma*r.steepest(t)))
	}
	return bounds
}

// steepest returns the largest slope of step t of tanh or ReLU.
func (r *run) steepest(t int) float64 {
	top := 0.0
	for _, h := range r.h[t] {
		top = max(top, slope(r.cell, h))
	}
	return top
}

// sigma returns σ_max(Whh) of tanh and ReLU; 0 of the cells with gates, whose
// states go on beside the matrix, too.
func (r *run) sigma() float64 {
	if r.cell != rnn.Tanh && r.cell != rnn.ReLU {
		return 0
	}
	var m norm
	w := slices.Clone(r.whh)
	e := rescale(w)
	return finite(math.Ldexp(m.of(w, r.layer.h), e))
}
