package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// elman is the paper's cell (Elman 1990), h_t = tanh(a_t). Its gates are h_t
// itself: one vector, in the same memory.
type elman[F Float] struct{}

func (elman[F]) forward(l *layer[F], s *step[F]) {
	kernel.Mul(s.h, s.prev, s.n, &l.whh, true)
	kernel.Tanh(s.h) // (2)
}

func (elman[F]) backward(l *layer[F], s *step[F]) {
	for i, h := range s.h {
		s.delta[i] = F((s.dh[i] + s.dstate[i]) * (1 - F(h*h))) // (10): one factor of ∂h_{t+1}/∂h_k
	}
	kernel.Mul(s.dstate, s.delta, s.n, &l.whhT, false)
}

// relu is the same with h_t = max(a_t, 0).
type relu[F Float] struct{}

func (relu[F]) forward(l *layer[F], s *step[F]) {
	kernel.Mul(s.h, s.prev, s.n, &l.whh, true)
	kernel.ReLU(s.h)
}

func (relu[F]) backward(l *layer[F], s *step[F]) {
	for i, h := range s.h {
		if h > 0 {
			s.delta[i] = s.dh[i] + s.dstate[i]
		} else {
			s.delta[i] = 0
		}
	}
	kernel.Mul(s.dstate, s.delta, s.n, &l.whhT, false)
}
