package kernel

import "math"

// Tanh replaces every element of x by its hyperbolic tangent. float64 is the
// standard library's; float32 is within one unit in the last place, ±1 exactly
// for large |x|, and keeps NaN and the sign of zero.
func Tanh[F Float](x []F) {
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

// tanh32 computes tanh|x| = E/(E+2), E = e^{2|x|} − 1, in float64. E comes from
// 2|x| = k·ln 2 + r, |r| ≤ ln 2 / 2, as 2^k·(e^r − 1) + (2^k − 1), which loses
// nothing near zero; e^r − 1 is its Taylor series to r^8/8!, whose first
// missing term is below 1e-9 of the value.
func tanh32(x float32) float32 {
	const (
		limit = 10      // 1 − tanh(10) < 2^-25: rounds to 1
		magic = 3 << 51 // adding it rounds to an integer
	)
	y := 2 * math.Abs(float64(x))
	if y > 2*limit {
		return float32(math.Copysign(1, float64(x)))
	}
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
	return float32(math.Copysign(e/(e+2), float64(x)))
}

// ReLU replaces every element of x by max(x, 0); NaN stays.
func ReLU[F Float](x []F) {
	for i, v := range x {
		if v < 0 {
			x[i] = 0
		}
	}
}
