package explain

import (
	"math"

	"github.com/unroll-go/unroll/rnn"
)

// slopes are the derivatives of a step's new state by what the step sums up:
// a gate's sum over h_{t−1} and over x_t (the two differ in the GRU's n gate
// alone, where r stands before the sum over h), and by the old state where it
// comes in without a sum. All are diagonal matrices, here their diagonals [H].
// With s_t for the state, q for the gates and W_q for the rows of a gate,
//
//	∂h_t/∂h_{t−1} = Σ_q diag(hh_q)·Whh_q + diag(direct)    ∂h_t/∂x_t = Σ_q diag(hx_q)·Wxh_q
//
// and of the LSTM, c being the rest of the state,
//
//	∂c_t/∂h_{t−1} = Σ_q diag(c_q)·Whh_q     ∂c_t/∂x_t = Σ_q diag(c_q)·Wxh_q
//	∂c_t/∂c_{t−1} = diag(f)                 ∂h_t/∂c_{t−1} = diag(hc)·diag(f)
type slopes struct {
	hh, hx, c      [][]float64 // [G][H]
	direct, hc, cc []float64   // [H]
}

// slopes returns those of step t.
func (r *run) slopes(t int) slopes {
	switch r.cell {
	case rnn.LSTM:
		return r.lstmSlopes(t)
	case rnn.GRU:
		return r.gruSlopes(t)
	}
	d := make([]float64, r.layer.h)
	for j, h := range r.h[t] {
		d[j] = slope(r.cell, h)
	}
	return slopes{hh: [][]float64{d}, hx: [][]float64{d}}
}

// slope is the derivative of tanh or of max(·, 0) where its value is h.
func slope(cell rnn.Cell, h float64) float64 {
	switch {
	case cell == rnn.Tanh:
		return 1 - h*h // the paper's appendix
	case h > 0:
		return 1
	}
	return 0
}

// lstmSlopes differentiates c_t = f ⊙ c_{t−1} + i ⊙ g and h_t = o ⊙ tanh c_t,
// i = σ(a^i) and so on: σ' = σ(1 − σ), tanh' = 1 − tanh².
func (r *run) lstmSlopes(t int) slopes {
	n := r.layer.h
	i, f, g, o := r.gates[t][:n], r.gates[t][n:2*n], r.gates[t][2*n:3*n], r.gates[t][3*n:]
	s := slopes{hh: rows(4, n), c: rows(4, n), hc: make([]float64, n), cc: f}
	for j := range n {
		tc := math.Tanh(r.c[t][j])
		s.hc[j] = o[j] * (1 - tc*tc) // ∂h_t/∂c_t
		s.c[0][j] = g[j] * i[j] * (1 - i[j])
		s.c[1][j] = r.c[t-1][j] * f[j] * (1 - f[j])
		s.c[2][j] = i[j] * (1 - g[j]*g[j])
		for q := range 3 {
			s.hh[q][j] = s.hc[j] * s.c[q][j]
		}
		s.hh[3][j] = tc * o[j] * (1 - o[j])
	}
	s.hx = s.hh
	return s
}

// gruSlopes differentiates h_t = (1 − z) ⊙ n + z ⊙ h_{t−1} with
// n = tanh(a^n + r ⊙ (Whn·h_{t−1} + bhn)), a^n the sum over x_t.
func (r *run) gruSlopes(t int) slopes {
	m := r.layer.h
	reset, z, n, hn := r.gates[t][:m], r.gates[t][m:2*m], r.gates[t][2*m:3*m], r.gates[t][3*m:]
	s := slopes{hh: rows(3, m), direct: z}
	ofN := make([]float64, m)
	for j := range m {
		ofN[j] = (1 - z[j]) * (1 - n[j]*n[j])
		s.hh[0][j] = ofN[j] * hn[j] * reset[j] * (1 - reset[j])
		s.hh[1][j] = (r.h[t-1][j] - n[j]) * z[j] * (1 - z[j])
		s.hh[2][j] = ofN[j] * reset[j]
	}
	s.hx = [][]float64{s.hh[0], s.hh[1], ofN}
	return s
}

// rows returns n rows of zeros.
func rows(n, width int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, width)
	}
	return m
}

// jacobian sets dst [S, S] to ∂s_t/∂s_{t−1}, the new state in rows.
func (r *run) jacobian(t int, dst []float64) {
	n, width := r.layer.h, r.state()
	s := r.slopes(t)
	clear(dst)
	addRows(dst, width, s.hh, r.whh, n)
	addDiagonal(dst, width, s.direct)
	if r.cell == rnn.LSTM {
		below := dst[n*width:]
		addRows(below, width, s.c, r.whh, n)
		addDiagonal(below[n:], width, s.cc)
		for j, f := range s.cc {
			dst[j*width+n+j] = s.hc[j] * f
		}
	}
}

// inputJacobian sets dst [S, I] to ∂s_t/∂x_t.
func (r *run) inputJacobian(t int, dst []float64) {
	s := r.slopes(t)
	clear(dst)
	addRows(dst, r.i, s.hx, r.wxh, r.i)
	addRows(dst[r.layer.h*r.i:], r.i, s.c, r.wxh, r.i)
}

// addRows adds Σ_q diag(d_q)·W_q, W_q [H, n] the blocks of w, to the first n
// columns of a matrix of that width.
func addRows(dst []float64, width int, d [][]float64, w []float64, n int) {
	for q, dq := range d {
		for j, v := range dq {
			from := w[(q*len(dq)+j)*n:][:n]
			to := dst[j*width:][:n]
			for k, x := range from {
				to[k] += v * x
			}
		}
	}
}

func addDiagonal(dst []float64, width int, d []float64) {
	for j, v := range d {
		dst[j*width+j] += v
	}
}
