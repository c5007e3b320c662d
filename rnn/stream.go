package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// Stream runs one sequence through a network a step at a time, as its inputs
// arrive. Its numbers are those of Forward, to the bit.
type Stream[F Float] struct {
	net   *Net[F]
	cells []layer[F] // one layer each, its own packed weights and state
	next  []F        // [H]
}

// NewStream returns a stream at the beginning of a sequence. The network's
// parameters must not change while streams use them.
func (n *Net[F]) NewStream() *Stream[F] {
	s := &Stream[F]{net: n, cells: make([]layer[F], len(n.layers)), next: make([]F, n.config.Hidden)}
	for i, l := range n.layers {
		s.cells[i] = layer[F]{cell: l.cell, i: l.i, h: l.h, params: l.params}
		s.cells[i].wxh.Pack(l.params.wxh, l.h, l.i)
		s.cells[i].whh.Pack(l.params.whh, l.h, l.h)
	}
	s.Reset()
	return s
}

// Reset goes back to the beginning of a sequence: the learned initial states, or zero.
func (s *Stream[F]) Reset() {
	for i := range s.cells {
		s.cells[i].begin(1, nil)
	}
}

// Step takes x_t [I] and returns the top layer's h_t [H], which is the
// stream's and holds until the next Step. It allocates nothing.
func (s *Stream[F]) Step(x []F) []F {
	for i := range s.cells {
		l := &s.cells[i]
		copy(s.next, l.params.bh)
		kernel.Mul(s.next, x, 1, &l.wxh, true)
		l.forwardStep(s.next, l.state, 1)
		copy(l.state, s.next)
		x = l.state
	}
	return x
}
