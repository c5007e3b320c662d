package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// lstm is the long short-term memory (Hochreiter and Schmidhuber 1997, with
// the forget gate of Gers et al. 2000). Its gates stand in the order i, f, g, o.
type lstm[F Float] struct{}

func (lstm[F]) forward(l *layer[F], s *step[F]) {
	h := l.h
	kernel.Mul(s.gates, s.prev, s.n, &l.whh, true)
	for r := range s.n {
		a := s.gates[r*4*h : (r+1)*4*h]
		kernel.Sigmoid(a[:2*h])      // i_t, f_t
		kernel.Tanh(a[2*h : 3*h])    // g_t
		kernel.Sigmoid(a[3*h : 4*h]) // o_t
		i, f, g := a[:h], a[h:2*h], a[2*h:3*h]
		c, prev := s.c[r*h:(r+1)*h], s.prevC[r*h:(r+1)*h]
		for j := range c {
			c[j] = F(f[j]*prev[j]) + F(i[j]*g[j]) // c_t = f ⊙ c_{t-1} + i ⊙ g
		}
	}
	copy(s.h, s.c)
	kernel.Tanh(s.h)
	copy(s.tanhC, s.h)
	for r := range s.n {
		o, out := s.gates[r*4*h+3*h:(r+1)*4*h], s.h[r*h:(r+1)*h]
		for j := range out {
			out[j] *= o[j] // h_t = o ⊙ tanh(c_t)
		}
	}
}

func (lstm[F]) backward(l *layer[F], s *step[F]) {
	h := l.h
	for r := range s.n {
		a, d := s.gates[r*4*h:(r+1)*4*h], s.delta[r*4*h:(r+1)*4*h]
		i, f, g, o := a[:h], a[h:2*h], a[2*h:3*h], a[3*h:]
		di, df, dg, do := d[:h], d[h:2*h], d[2*h:3*h], d[3*h:]
		prev, tc := s.prevC[r*h:(r+1)*h], s.tanhC[r*h:(r+1)*h]
		dh, dstate, dcell := s.dh[r*h:(r+1)*h], s.dstate[r*h:(r+1)*h], s.dcell[r*h:(r+1)*h]
		for j := range h {
			out := dh[j] + dstate[j]                           // ∂L/∂h_t
			dc := dcell[j] + F(F(out*o[j])*(1-F(tc[j]*tc[j]))) // ∂L/∂c_t
			di[j] = F(F(dc*g[j]) * F(i[j]*(1-i[j])))
			df[j] = F(F(dc*prev[j]) * F(f[j]*(1-f[j])))
			dg[j] = F(F(dc*i[j]) * (1 - F(g[j]*g[j])))
			do[j] = F(F(out*tc[j]) * F(o[j]*(1-o[j])))
			dcell[j] = F(dc * f[j]) // ∂L/∂c_{t-1}: no matrix, no tanh between
		}
	}
	kernel.Mul(s.dstate, s.delta, s.n, &l.whhT, false)
}
