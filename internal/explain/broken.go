package explain

import (
	"slices"

	"github.com/unroll-go/unroll/bptt"
)

// Mistake is a classic mistake in a backward pass, put in to see which checks
// notice it.
type Mistake string

// The mistakes.
const (
	None       Mistake = ""
	Transpose  Mistake = "transpose"   // outer products the wrong way round: the Jacobian's layout, not the parameter's
	DirectTerm Mistake = "direct-term" // (10) as printed: the sum over k stops before k = t
	Sign       Mistake = "sign"        // (5) as +(y - z)
	Held       Mistake = "held"        // ∂h_k/∂W the total derivative, where h_{k-1} should be held
)

// Mistakes lists all of them.
func Mistakes() []Mistake { return []Mistake{Transpose, DirectTerm, Sign, Held} }

// told returns the trace that gradients are computed from. With Sign, (5) comes
// out as y - z: it subtracts y from what it takes for z, here y + (y - z). All
// that is made of (5) has the mistake, the terms and the double sum as well.
func (m Mistake) told(tr *bptt.Trace) *bptt.Trace {
	if m != Sign {
		return tr
	}
	wrong := *tr
	wrong.Z = slices.Clone(tr.Z)
	for t := 1; t <= tr.T(); t++ {
		z := make([]float64, len(tr.Z[t]))
		for i, p := range tr.Z[t] {
			z[i] = -p
		}
		z[tr.Y[t]] += 2
		wrong.Z[t] = z
	}
	return &wrong
}

// only returns the trace with the loss of step t alone: where the prediction is
// the label itself, (5) is zero and nothing flows back.
func only(tr *bptt.Trace, t int) *bptt.Trace {
	one := *tr
	one.Z = make([][]float64, len(tr.Z))
	for s := 1; s <= tr.T(); s++ {
		one.Z[s] = make([]float64, len(tr.Z[s]))
		one.Z[s][tr.Y[s]] = 1
	}
	one.Z[t] = tr.Z[t]
	return &one
}

// backward is bptt's Backward with the mistake in it. What the mistake has no
// part in is bptt's.
func (m Mistake) backward(n *bptt.Network, tr *bptt.Trace) *bptt.Gradients {
	g := n.Backward(tr)
	switch m {
	case Transpose:
		transposed(g, n, tr)
	case DirectTerm:
		withoutDirectTerm(g, n, tr)
	case Held:
		notHeld(g, n, tr)
	}
	return g
}

// transposed computes h_{k-1} outer δ_k for δ_k outer h_{k-1}, and so on. In
// memory without shapes that goes unseen even where a matrix is not square.
func transposed(g *bptt.Gradients, n *bptt.Network, tr *bptt.Trace) {
	clear(g.Whz)
	clear(g.Whh)
	clear(g.Wxh)
	recursion(n, tr, func(k int, own, later []float64) {
		delta := plus(own, later)
		matrix{n.H, n.K, g.Whz}.addOuter(tr.H[k], tr.DAlpha(k))
		matrix{n.H, n.H, g.Whh}.addOuter(tr.H[k-1], delta)
		matrix{n.I, n.H, g.Wxh}.addOuter(tr.X[k], delta)
	})
}

// withoutDirectTerm leaves out of (11) the terms k = t: of what reaches a_k, the
// part that the loss of step k sends itself.
func withoutDirectTerm(g *bptt.Gradients, n *bptt.Network, tr *bptt.Trace) {
	clear(g.Whh)
	recursion(n, tr, func(k int, _, later []float64) {
		matrix{n.H, n.H, g.Whh}.addOuter(later, tr.H[k-1])
	})
}

// notHeld takes the total derivative of h_k for the last factor of every term:
// what h_{k-1}, h_{k-2}, ... owe to the weights is counted there once more,
// although the terms of smaller k have it. With r(t,k) counted once for each of
// k..t, the rows that meet h_{k-1} and x_k add up to
//
//	sum over t of (t - k + 1) r(t,k) = δ_k + (those of k+1) Whh D_k
func notHeld(g *bptt.Gradients, n *bptt.Network, tr *bptt.Trace) {
	clear(g.Whh)
	clear(g.Wxh)
	again := make([]float64, n.H)
	recursion(n, tr, func(k int, own, later []float64) {
		through := row(again).times(matrix{n.H, n.H, n.Whh}).times(diagonal(tr.H[k], tanhSlope)).data
		again = plus(plus(own, later), through)
		matrix{n.H, n.H, g.Whh}.addOuter(again, tr.H[k-1])
		matrix{n.H, n.I, g.Wxh}.addOuter(again, tr.X[k])
	})
}

// recursion walks back from step T and hands out δ_k in its two parts: own, from
// the loss of step k, and later, from those after it. It is right.
func recursion(n *bptt.Network, tr *bptt.Trace, visit func(k int, own, later []float64)) {
	fromLater := row(make([]float64, n.H))
	for k := tr.T(); k >= 1; k-- {
		slope := diagonal(tr.H[k], tanhSlope)
		own := row(tr.DAlpha(k)).times(matrix{n.K, n.H, n.Whz}).times(slope).data
		later := fromLater.times(slope).data
		visit(k, own, later)
		fromLater = row(plus(own, later)).times(matrix{n.H, n.H, n.Whh})
	}
}

// plus returns a + b.
func plus(a, b []float64) []float64 {
	sum := make([]float64, len(a))
	for i := range a {
		sum[i] = a[i] + b[i]
	}
	return sum
}
