package bptt

// Backward returns the gradients of tr.Loss in T steps, about 4T(HH + HI + HK)
// floating-point operations. tr must come from this network's Forward with the
// same weights; it is only read. A gradient that explodes past what a float64
// holds comes back as it is, infinite or NaN.
//
// The double sum of (11) and (14) has a term r(t,k) for every pair k <= t, but
// all terms of one k meet the same last factor, h_{k-1} or x_k. So they may be
// summed over t first, into
//
//	delta_k = sum over t >= k of r(t,k) = dL/da_k
//
// and since r(t,k) = r(t,k+1) Whh D_k for every t > k, so is their sum:
//
//	delta_k = (dL/dalpha_k Whz + delta_{k+1} Whh) D_k,  delta_{T+1} = 0
//
// which is (8) for the loss of step k itself and (9) for all later ones at once.
func (n *Network) Backward(tr *Trace) *Gradients {
	g := n.newGradients(tr.T())
	n.addOutput(g, tr)
	delta := make([]float64, n.H) // delta_{T+1}: no step follows the last
	for k := tr.T(); k >= 1; k-- {
		dh := sum(vecMat(tr.DAlpha(k), n.Whz), vecMat(delta, n.Whh)) // dL/dh_k
		delta = timesSlope(dh, tr.H[k])                              // (8), (9)
		addOuter(g.Whh, delta, tr.H[k-1])                            // (11)
		addOuter(g.Wxh, delta, tr.X[k])                              // (14)
		addTo(g.Bh, delta)
		addTo(g.X[k], vecMat(delta, n.Wxh))
	}
	addTo(g.H0, vecMat(delta, n.Whh))
	return g
}
