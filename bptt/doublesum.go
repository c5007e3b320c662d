package bptt

// DoubleSum returns the same gradients as Backward by the sums of (11) and (14)
// as they stand: for every step t and every k <= t one term, T(T+1)/2 in all, of
// about 4(HH + HI) floating-point operations each. tr must come from this
// network's Forward with the same weights; it is only read.
func (n *Network) DoubleSum(tr *Trace) *Gradients {
	g := n.newGradients(tr.T())
	n.addOutput(g, tr)
	for t := 1; t <= tr.T(); t++ {
		n.addStepLoss(g, tr, t) // (11), (14)
	}
	return g
}

// addStepLoss adds the gradient of L(t) alone by all but the output layer: the
// sum over k of the row dL(t)/da_k times the immediate derivative of a_k.
func (n *Network) addStepLoss(g *Gradients, tr *Trace, t int) {
	r := n.Terms(tr, t)
	for k := 1; k <= t; k++ {
		addOuter(g.Whh, r[k], tr.H[k-1]) // (10)
		addOuter(g.Wxh, r[k], tr.X[k])   // (13)
		addTo(g.Bh, r[k])
		addTo(g.X[k], vecMat(r[k], n.Wxh))
	}
	addTo(g.H0, vecMat(r[1], n.Whh)) // h_0 acts through a_1 only
}

// Terms returns the rows that the inner sums of (11) and (14) are made of, for
// one t in 1..T: entry k is
//
//	r(t,k) = dL(t)/dz_t dz_t/dh_t dh_t/dh_k D_k = dL(t)/da_k,  k = 1..t
//
// [H] each, and entry 0 is nil. The term of (11) is r(t,k) outer h_{k-1}, that
// of (14) r(t,k) outer x_k. How the rows shrink or grow as k falls is how the
// gradient vanishes or explodes. The caller owns the result.
//
// dh_t/dh_k is the product of the Jacobians D_j Whh of the steps j = t..k+1; the
// row is multiplied by one more of them as k falls by one. The two parts that
// (12) shows are the rows k = t and k = t-1.
func (n *Network) Terms(tr *Trace, t int) [][]float64 {
	r := make([][]float64, t+1)
	dh := vecMat(tr.DAlpha(t), n.Whz) // dL(t)/dh_t
	r[t] = timesSlope(dh, tr.H[t])    // (8), (12)
	for k := t - 1; k >= 1; k-- {
		dh = vecMat(r[k+1], n.Whh)     // dL(t)/dh_k
		r[k] = timesSlope(dh, tr.H[k]) // (9), (12)
	}
	return r
}
