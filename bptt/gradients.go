package bptt

import "slices"

// Gradients is the derivative of the loss by every weight, by the initial state
// and by every input, each in the shape of what it is the gradient of; X is
// indexed as in Trace. The caller owns it.
type Gradients struct {
	Wxh []float64   // [H,I] dL/dWxh (14)
	Whh []float64   // [H,H] dL/dWhh (11)
	Bh  []float64   // [H]   dL/dBh
	Whz []float64   // [K,H] dL/dWhz (6)
	Bz  []float64   // [K]   dL/dBz (7)
	H0  []float64   // [H]   dL/dh_0
	X   [][]float64 // [T+1][I] dL/dx_t at index t = 1..T; X[0] is nil
}

// newGradients returns gradients of zero for the network and T steps.
func (n *Network) newGradients(T int) *Gradients {
	g := &Gradients{
		Wxh: make([]float64, n.H*n.I),
		Whh: make([]float64, n.H*n.H),
		Bh:  make([]float64, n.H),
		Whz: make([]float64, n.K*n.H),
		Bz:  make([]float64, n.K),
		H0:  make([]float64, n.H),
		X:   make([][]float64, T+1),
	}
	for t := 1; t <= T; t++ {
		g.X[t] = make([]float64, n.I)
	}
	return g
}

// DAlpha returns the row dL/dalpha_t as a new vector [K], for t in 1..T. Of the
// whole loss only L(t) depends on alpha_t, so it is dL(t)/dalpha_t too.
//
// It is the product of dL/dz_t = -y_t / z_t and the softmax's Jacobian
// diag(z_t) - z_t z_t^T, in which the division by z_t cancels; that is why (6),
// (7) and all that follow use dL/dalpha_t and never form dL/dz_t.
func (tr *Trace) DAlpha(t int) []float64 {
	d := slices.Clone(tr.Z[t])
	d[tr.Y[t]] -= 1 // (5)
	return d
}

// addOutput adds the gradients of the output layer. Whz and Bz act at every step
// but only within it, so one sum over t is all there is.
func (n *Network) addOutput(g *Gradients, tr *Trace) {
	for t := 1; t <= tr.T(); t++ {
		addOuter(g.Whz, tr.DAlpha(t), tr.H[t]) // (6)
		addTo(g.Bz, tr.DAlpha(t))              // (7)
	}
}
