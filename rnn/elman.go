package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// elman is the paper's cell (Elman 1990), h_t = tanh(a_t). Its gates are h_t
// itself: one vector, in the same memory, but for what apart.go keeps beside it.
type elman[F Float] struct{}

func (elman[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	for from, to, ok := l.run(s, 0); ok; from, to, ok = l.run(s, to) {
		kernel.Tanh(s.H.Data[from:to]) // (2)
	}
}

func (elman[F]) backward(l *layer[F], s *step[F]) {
	for from, to, ok := l.run(s, 0); ok; from, to, ok = l.run(s, to) {
		kernel.TanhBack(s.Delta.Data[from:to], s.H.Data[from:to], s.DH.Data[from:to], s.DState.Data[from:to]) // (10): one factor of ∂h_{t+1}/∂h_k
	}
}

// relu is the same with h_t = max(a_t, 0).
type relu[F Float] struct{}

func (relu[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	for from, to, ok := l.run(s, 0); ok; from, to, ok = l.run(s, to) {
		kernel.ReLU(s.H.Data[from:to])
	}
}

func (relu[F]) backward(l *layer[F], s *step[F]) {
	for from, to, ok := l.run(s, 0); ok; from, to, ok = l.run(s, to) {
		kernel.ReLUBack(s.Delta.Data[from:to], s.H.Data[from:to], s.DH.Data[from:to], s.DState.Data[from:to])
	}
}

// run returns the next run of elements of s that stand together, after the one
// that ended with element after: all, or those of s.From to s.To of a row.
func (l *layer[F]) run(s *step[F], after int) (from, to int, ok bool) {
	units := s.To - s.From
	if units == l.h {
		return 0, s.N * l.h, after == 0
	}
	if from = s.From; after > 0 {
		from = after - units + l.h
	}
	return from, from + units, from < s.N*l.h
}
