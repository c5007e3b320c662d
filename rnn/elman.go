package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// elman is the paper's cell (Elman 1990), h_t = tanh(a_t). Its gates are h_t
// itself: one vector, in the same memory.
type elman[F Float] struct{}

func (elman[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	kernel.Tanh(s.H.Data[:s.N*l.h]) // (2)
}

func (elman[F]) backward(l *layer[F], s *step[F]) {
	n := s.N * l.h
	kernel.TanhBack(s.Delta.Data[:n], s.H.Data[:n], s.DH.Data[:n], s.DState.Data[:n]) // (10): one factor of ∂h_{t+1}/∂h_k
	l.stateBack(s, false)
}

// relu is the same with h_t = max(a_t, 0).
type relu[F Float] struct{}

func (relu[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	kernel.ReLU(s.H.Data[:s.N*l.h])
}

func (relu[F]) backward(l *layer[F], s *step[F]) {
	n := s.N * l.h
	kernel.ReLUBack(s.Delta.Data[:n], s.H.Data[:n], s.DH.Data[:n], s.DState.Data[:n])
	l.stateBack(s, false)
}
