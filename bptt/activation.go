package bptt

import "math"

// Tanh is the nonlinearity of (2).
//
// The paper's last form for it, (e^{2x}-1)/(e^{2x}+1), is not used: from about
// x = 355 on, e^{2x} overflows and the quotient is Inf/Inf = NaN where tanh is 1,
// and near 0 the subtraction cancels nearly every digit. math.Tanh is right at
// both ends, keeps the sign of zero, and returns NaN only for NaN.
func Tanh(x float64) float64 { return math.Tanh(x) }

// tanhAll returns Tanh of every element of a as a new vector.
func tanhAll(a []float64) []float64 {
	h := make([]float64, len(a))
	for i := range a {
		h[i] = Tanh(a[i])
	}
	return h
}

// timesSlope returns r D as a new row [H], where D is the diagonal matrix of
// 1 - h^2: the slope of tanh, written by its value h as in the paper's appendix.
func timesSlope(r, h []float64) []float64 {
	out := make([]float64, len(r))
	for i := range r {
		out[i] = r[i] * (1 - h[i]*h[i])
	}
	return out
}

// Softmax returns e^alpha_i / sum of e^alpha_j as a new vector [K], for finite
// alpha [K]. The largest alpha is subtracted first: that changes nothing in
// exact arithmetic, and leaves no exponential above 1, so none overflows.
func Softmax(alpha []float64) []float64 {
	z := make([]float64, len(alpha))
	top, total := argMax(alpha), 0.0
	for i := range alpha {
		z[i] = math.Exp(alpha[i] - alpha[top])
		total += z[i]
	}
	for i := range z {
		z[i] /= total
	}
	return z
}

// negLogSoftmax returns -log Softmax(alpha)[y] without computing the softmax,
// as log(sum of e^alpha_j) - alpha_y. Where z_y is so small that it is stored as
// 0, its logarithm is lost but this difference is not. The largest term of the
// sum is e^0 = 1 exactly; Log1p of the others keeps a loss near 0 exact too.
func negLogSoftmax(alpha []float64, y int) float64 {
	top, rest := argMax(alpha), 0.0
	for i := range alpha {
		if i != top {
			rest += math.Exp(alpha[i] - alpha[top])
		}
	}
	return math.Log1p(rest) + (alpha[top] - alpha[y])
}

// argMax returns the index of the first largest element, 0 if there is none.
func argMax(v []float64) int {
	top := 0
	for i := range v {
		if v[i] > v[top] {
			top = i
		}
	}
	return top
}
