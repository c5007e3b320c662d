package rnn

import "errors"

// Stream runs one sequence through a network a step at a time, as its inputs
// arrive. Its numbers are those of Forward of this sequence alone, to the bit.
type Stream[F Float] struct {
	layers []*layer[F]
}

// NewStream returns a stream at the beginning of a sequence. The network's
// parameters must not change while streams use them. A bidirectional network
// has no streams: it needs a sequence's end before its first step.
func (n *Net[F]) NewStream() (*Stream[F], error) {
	if n.config.Bidirectional {
		return nil, errors.New("a bidirectional network cannot label a stream: it begins at a sequence's end")
	}
	s := &Stream[F]{}
	for _, v := range n.levels {
		of := v.directions[0]
		l := &layer[F]{kind: of.kind, cell: of.cell, i: of.i, h: of.h, g: of.g, layout: of.layout, params: of.params,
			chunk: oneStep, at: make([]step[F], 1)}
		l.fill = l.fillWeights
		l.pack(nil)
		l.resize(l.h, l.kind, oneStep)
		l.out = l.hs[l.h:]
		l.enterBlock(0, 1)
		l.view(&l.at[0], 0, 0, 1)
		l.at[0].To = l.h
		s.layers = append(s.layers, l)
	}
	s.Reset()
	return s, nil
}

// oneStep is the chunk that a stream computes again and again.
var oneStep = &chunk{batch: &Batch{Lengths: []int{1}, Off: []int{0, 1}}, from: 0, to: 1, origin: 0, end: 1, blocks: []int{0, 1}, workers: 1}

// Reset goes back to the beginning of a sequence: the learned initial states, or zero.
func (s *Stream[F]) Reset() {
	for _, l := range s.layers {
		l.begin(1, nil, nil)
		l.enter(l.state, l.cstate)
	}
}

// Step takes x_t [I] and returns the top layer's h_t [H], which is the
// stream's and holds until the next Step. It allocates nothing.
func (s *Stream[F]) Step(x []F) []F {
	for _, l := range s.layers {
		at := &l.at[0]
		l.project(at.Gates, x, nil, 1, 0, l.h, 0)
		l.cell.forward(l, at)
		at.Down = !at.Down
		copy(l.hs[:l.h], l.out) // h_t is h_{t-1} of the next step
		if l.kind == LSTM {
			copy(l.cs[:len(l.cs)/2], l.cs[len(l.cs)/2:])
		}
		x = l.out
	}
	return x
}
