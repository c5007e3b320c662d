package rnn

import (
	"math"
	"math/rand/v2"
)

// forgetBias is what the LSTM's forget gate starts from: open, so that early
// gradients pass (Gers et al. 2000, Jozefowicz et al. 2015).
const forgetBias = 1

// Init fills params, laid out as Tensors says, with a start for training: Wxh
// uniform in ±√(6/(I+H)) (Glorot and Bengio 2010); Whh of each gate a random
// orthogonal matrix, which neither shrinks nor stretches the state (Saxe et
// al. 2014); biases and initial states zero, but for the LSTM's forget gate, 1.
func Init[F Float](c Config, params []F, r *rand.Rand) {
	clear(params)
	h := c.Hidden
	for l := range c.Layers {
		for range c.Directions() {
			var v views[F]
			params = v.take(c, l, params)
			limit := math.Sqrt(6 / float64(c.inputOf(l)+h))
			for j := range v.wxh {
				v.wxh[j] = F(limit * (2*r.Float64() - 1))
			}
			for g := range c.Cell.gates() {
				orthogonal(v.whh[g*h*h:(g+1)*h*h], h, r)
			}
			if c.Cell == LSTM {
				for j := range h {
					v.b[h+j] = forgetBias
				}
			}
		}
	}
}

// orthogonal fills w [n, n] with orthonormal rows: Gaussian rows made
// orthogonal to those before, twice for accuracy (Gram–Schmidt).
func orthogonal[F Float](w []F, n int, r *rand.Rand) {
	q := make([]float64, n*n)
	for i := range n {
		row := q[i*n : (i+1)*n]
		for j := range row {
			row[j] = r.NormFloat64()
		}
		for range 2 {
			for k := range i {
				project(row, q[k*n:(k+1)*n])
			}
		}
		norm := math.Sqrt(inner(row, row))
		for j := range row {
			row[j] /= norm
			w[i*n+j] = F(row[j])
		}
	}
}

// project takes from v its part along the unit vector u.
func project(v, u []float64) {
	d := inner(v, u)
	for j := range v {
		v[j] -= float64(d * u[j])
	}
}

func inner(a, b []float64) (s float64) {
	for j, v := range a {
		s += float64(v * b[j])
	}
	return s
}
