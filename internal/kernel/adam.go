package kernel

import "math"

// AdamStep is an update of Adam's with all that is the same for every
// parameter worked out. Assembly has the bits of the Go: each product, root and
// quotient is rounded by itself.
type AdamStep[F Float] struct {
	Scale        F // of the gradients
	Beta1, Beta2 F // what is kept of m and v
	Gain1, Gain2 F // what is added of g and g²
	Rate, Root   F // of m; of √v
	Epsilon      F
	Keep         F // of the parameters
}

// Update moves params by grads and their moments m and v, all of one length.
// s must outlive no call, but lie where it stays: in what its caller keeps.
func (s *AdamStep[F]) Update(params, grads, m, v []F) {
	n := len(params)
	grads, m, v = grads[:n], m[:n], v[:n]
	if set := active[F](); set.adam != nil && n > 0 {
		set.adam(&params[0], &grads[0], &m[0], &v[0], n, &s.Scale)
		return
	}
	s.apply(params, grads, m, v)
}

// apply is the specification.
func (s *AdamStep[F]) apply(params, grads, m, v []F) {
	for i, g := range grads {
		g = F(g * s.Scale)
		m[i] = F(m[i]*s.Beta1) + F(g*s.Gain1)
		v[i] = F(v[i]*s.Beta2) + F(F(g*g)*s.Gain2)
		step := F(m[i]*s.Rate) / (F(F(math.Sqrt(float64(v[i])))*s.Root) + s.Epsilon)
		params[i] = F(params[i]*s.Keep) - step
	}
}

// SumSquares returns the sum of the squares of x in float64, with the same bits
// on every path: 32 sums of every 32nd element, which are then added up, and
// what is left behind the last 32.
func SumSquares[F Float](x []F) float64 {
	blocks, sum := len(x)/chains, 0.0
	if s := active[F](); s.sumSquares != nil && blocks > 0 {
		sum = s.sumSquares(&x[0], blocks)
	} else {
		sum = foldSquares(x[:blocks*chains])
	}
	for _, v := range x[blocks*chains:] {
		sum += float64(float64(v) * float64(v))
	}
	return sum
}

// chains is how many sums SumSquares makes at a time: one would have to wait
// for itself.
const chains = 32

// foldSquares is the specification of whole blocks.
func foldSquares[F Float](x []F) float64 {
	var sums [chains]float64
	for ; len(x) >= chains; x = x[chains:] {
		for i, v := range x[:chains] {
			sums[i] += float64(float64(v) * float64(v))
		}
	}
	for i := range 8 {
		sums[i] = (sums[i] + sums[i+8]) + (sums[i+16] + sums[i+24])
	}
	for n := 4; n > 0; n /= 2 {
		for i := range n {
			sums[i] += sums[i+n]
		}
	}
	return sums[0]
}
