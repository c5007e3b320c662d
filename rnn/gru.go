package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// gru is the gated recurrent unit (Cho et al. 2014) in PyTorch's form, whose
// reset gate acts on the product with the state. Its gates stand in the order
// r, z, n.
type gru[F Float] struct{}

func (gru[F]) forward(l *layer[F], s *step[F]) {
	h := l.h
	a := s.deltaH // Whh·h_{t-1} of the three gates
	for r := range s.n {
		clear(a[r*3*h : r*3*h+2*h])
		copy(a[r*3*h+2*h:(r+1)*3*h], l.params.bhn)
	}
	kernel.Mul(a, s.prev, s.n, &l.whh, true)
	for row := range s.n {
		x, y := s.gates[row*3*h:(row+1)*3*h], a[row*3*h:(row+1)*3*h]
		for j, v := range y[:2*h] {
			x[j] += v
		}
		kernel.Sigmoid(x[:2*h]) // r_t, z_t
		r, z, n := x[:h], x[h:2*h], x[2*h:]
		hn := s.hn[row*h : (row+1)*h]
		copy(hn, y[2*h:])
		for j := range n {
			n[j] += F(r[j] * hn[j])
		}
		kernel.Tanh(n) // n_t
		out, prev := s.h[row*h:(row+1)*h], s.prev[row*h:(row+1)*h]
		for j := range out {
			out[j] = F((1-z[j])*n[j]) + F(z[j]*prev[j]) // h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
		}
	}
}

func (gru[F]) backward(l *layer[F], s *step[F]) {
	h := l.h
	for row := range s.n {
		a := s.gates[row*3*h : (row+1)*3*h]
		d, dH := s.delta[row*3*h:(row+1)*3*h], s.deltaH[row*3*h:(row+1)*3*h]
		r, z, n := a[:h], a[h:2*h], a[2*h:]
		hn, prev := s.hn[row*h:(row+1)*h], s.prev[row*h:(row+1)*h]
		dh, dstate := s.dh[row*h:(row+1)*h], s.dstate[row*h:(row+1)*h]
		for j := range h {
			out := dh[j] + dstate[j]                      // ∂L/∂h_t
			dn := F(F(out*(1-z[j])) * (1 - F(n[j]*n[j]))) // at n's own sum
			dr := F(F(dn*hn[j]) * F(r[j]*(1-r[j])))
			dz := F(F(out*(prev[j]-n[j])) * F(z[j]*(1-z[j])))
			d[j], d[h+j], d[2*h+j] = dr, dz, dn
			dH[j], dH[h+j], dH[2*h+j] = dr, dz, F(dn*r[j])
			dstate[j] = F(out * z[j]) // the way around the gates
		}
	}
	kernel.Mul(s.dstate, s.deltaH, s.n, &l.whhT, true)
}
