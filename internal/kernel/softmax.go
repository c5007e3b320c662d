package kernel

import "math"

// ExpRow finds the largest of floor and the elements of x, replaces every
// element by e^(x − top), and returns that top and the sum: what softmax needs
// of a row. In assembly the difference is rounded, the elements are within
// 4e-7 of its exponential, and the sum is one of float32. A row with NaN or +∞
// has the sum NaN.
func ExpRow[F Float](x []F, floor F) (top F, sum float64) {
	if s := active[F](); s.expRow != nil && len(x) > 0 {
		top, sum := s.expRow(&x[0], len(x), floor)
		return top, float64(sum)
	}
	top = floor
	for _, v := range x {
		top = max(top, v)
	}
	for i, v := range x {
		e := math.Exp(float64(v) - float64(top))
		x[i] = F(e)
		sum += e
	}
	return top, sum
}

// Scale multiplies every element of x.
func Scale[F Float](x []F, by F) {
	if s := active[F](); s.scaleRow != nil && len(x) > 0 {
		s.scaleRow(&x[0], len(x), by)
		return
	}
	for i := range x {
		x[i] *= by
	}
}
