package kernel

import "math"

// ExpRow finds the largest element of x, which has at least one, replaces every
// one by e^(x − top), and returns that top and the sum: what softmax needs of a row. In assembly the difference is rounded, the elements are within
// 4e-7 of its exponential, and the sum is one of float32. A row with NaN or +∞
// has the sum NaN.
func ExpRow[F Float](x []F) (top F, sum float64) {
	if s := active[F](); s.expRow != nil {
		top, sum := s.expRow(&x[0], len(x))
		return top, float64(sum)
	}
	top = x[0]
	for _, v := range x[1:] {
		top = max(top, v)
	}
	for i, v := range x {
		e := math.Exp(float64(v) - float64(top))
		x[i] = F(e)
		sum += e
	}
	return top, sum
}

// ScaleRow multiplies every element of x by a finite number, and returns their sum.
func ScaleRow[F Float](x []F, by F) (sum F) {
	if s := active[F](); s.scaleRow != nil && len(x) > 0 {
		return s.scaleRow(&x[0], len(x), by)
	}
	for i := range x {
		x[i] *= by
		sum += x[i]
	}
	return sum
}
