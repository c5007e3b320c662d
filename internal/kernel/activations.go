package kernel

import "math"

// Tanh replaces every element of x by its hyperbolic tangent. float64 is the
// standard library's; float32 is within one unit in the last place, in assembly
// within 4e-7 of it, ±1 exactly for large |x|, and keeps NaN and the sign of zero.
func Tanh[F Float](x []F) {
	if s := active[F](); s.tanh != nil && len(x) > 0 {
		s.tanh(&x[0], len(x))
		return
	}
	tanhGeneric(x)
}

func tanhGeneric[F Float](x []F) {
	switch x := any(x).(type) {
	case []float32:
		for i, v := range x {
			x[i] = tanh32(v)
		}
	case []float64:
		for i, v := range x {
			x[i] = math.Tanh(v)
		}
	}
}

// tanh32 computes tanh|x| = E/(E+2), E = e^{2|x|} − 1, in float64, and gives it
// x's sign. E comes from 2|x| = k·ln 2 + r, |r| ≤ ln 2 / 2, as
// 2^k·(e^r − 1) + (2^k − 1), which loses nothing near zero; e^r − 1 is its
// Taylor series to r^8/8!, whose first missing term is below 1e-9 of the value.
//
// It takes x apart by its bits rather than convert it: the processor's
// conversion to float64 keeps half of the old register, so that one element
// would wait for the one before, and take 30 ns instead of 6.
func tanh32(x float32) float32 {
	const (
		sign  = 1 << 31
		small = 0x39800000 // 2^-12: below, tanh x rounds to x or its neighbour
		large = 0x41200000 // 10: above, 1 − tanh x < 2^-25 rounds to 1
		nan   = 0x7f800001 // the least of them
		one   = 0x3f800000
		magic = 3 << 51 // adding it rounds to an integer
	)
	bits := math.Float32bits(x)
	abs := bits &^ sign
	switch {
	case abs < small || abs >= nan:
		return x
	case abs > large:
		return math.Float32frombits(one | bits&sign)
	}
	y := math.Float64frombits(uint64(abs)<<29 + (1023-127+1)<<52) // 2|x|
	k := float64(float64(y*math.Log2E)+magic) - magic
	r := y - float64(k*math.Ln2)
	p := 1.0/5040 + float64(r*(1.0/40320))
	p = 1.0/720 + float64(r*p)
	p = 1.0/120 + float64(r*p)
	p = 1.0/24 + float64(r*p)
	p = 1.0/6 + float64(r*p)
	p = 1.0/2 + float64(r*p)
	p = r + float64(float64(r*r)*p) // e^r − 1
	scale := math.Float64frombits(uint64(int64(k)+1023) << 52)
	e := float64(scale*p) + (scale - 1)
	return math.Float32frombits(math.Float32bits(float32(e/(e+2))) | bits&sign)
}

// ReLU replaces every element of x by max(x, 0); NaN stays.
func ReLU[F Float](x []F) {
	if s := active[F](); s.relu != nil && len(x) > 0 {
		s.relu(&x[0], len(x))
		return
	}
	for i, v := range x {
		if v < 0 {
			x[i] = 0
		}
	}
}

// Sigmoid replaces every element of x by 1/(1 + e^{−x}): exactly 0 and 1 far
// out, NaN kept. The generic Go computes it in float64; float32 in assembly is
// within 4e-7 of it.
func Sigmoid[F Float](x []F) {
	if s := active[F](); s.sigmoid != nil && len(x) > 0 {
		s.sigmoid(&x[0], len(x))
		return
	}
	for i, v := range x {
		x[i] = F(1 / (1 + math.Exp(-float64(v))))
	}
}

// Exp replaces every element of x by e^x, with Sigmoid's accuracy where that
// is a normal number.
func Exp[F Float](x []F) {
	if s := active[F](); s.exp != nil && len(x) > 0 {
		s.exp(&x[0], len(x))
		return
	}
	for i, v := range x {
		x[i] = F(math.Exp(float64(v)))
	}
}

// TanhBack sets delta = (dh + dstate) ⊙ (1 − h²), all of one length: from
// ∂L/∂h in two parts to ∂L/∂a for h = tanh(a). delta may be one of the others.
func TanhBack[F Float](delta, h, dh, dstate []F) {
	n := len(delta)
	h, dh, dstate = h[:n], dh[:n], dstate[:n]
	if s := active[F](); s.tanhBack != nil && n > 0 {
		s.tanhBack(&delta[0], &h[0], &dh[0], &dstate[0], n)
		return
	}
	for i, v := range h {
		delta[i] = F((dh[i] + dstate[i]) * (1 - F(v*v)))
	}
}

// ReLUBack is the same for h = max(a, 0): delta is 0 where h is not above 0.
func ReLUBack[F Float](delta, h, dh, dstate []F) {
	n := len(delta)
	h, dh, dstate = h[:n], dh[:n], dstate[:n]
	if s := active[F](); s.reluBack != nil && n > 0 {
		s.reluBack(&delta[0], &h[0], &dh[0], &dstate[0], n)
		return
	}
	for i, v := range h {
		delta[i] = 0
		if v > 0 {
			delta[i] = dh[i] + dstate[i]
		}
	}
}
