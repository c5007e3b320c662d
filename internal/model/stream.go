package model

import (
	"errors"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// Stream labels one sequence a step at a time. Streams of a network may be
// used beside each other while its parameters do not change.
type Stream[F rnn.Float] struct {
	net *Network[F]
	rnn *rnn.Stream[F]
	out loss.Linear[F]
	z   []F
}

// NewStream returns a stream at the beginning of a sequence. A bidirectional
// network has none, nor has a CRF.
func (n *Network[F]) NewStream() (*Stream[F], error) {
	if n.crf != nil {
		return nil, errors.New("a CRF cannot label a stream: it weighs all labels of a sequence together")
	}
	run, err := n.rnn.NewStream()
	if err != nil {
		return nil, err
	}
	s := &Stream[F]{net: n, rnn: run, z: make([]F, n.out.K)}
	s.out = loss.Linear[F]{H: n.out.H, K: n.out.K, Whz: n.out.Whz, Bz: n.out.Bz}
	s.out.PackForward()
	return s, nil
}

// Reset goes back to the beginning of a sequence.
func (s *Stream[F]) Reset() { s.rnn.Reset() }

// Step takes the next token and returns z_t [K], the stream's own until the
// next Step. It allocates nothing.
func (s *Stream[F]) Step(id int32) []F {
	e := &s.net.embed
	h := s.rnn.Step(e.Weights[int(id)*e.E : (int(id)+1)*e.E])
	s.out.Forward(s.z, h, 1)
	loss.Softmax(s.z, s.z, s.out.K)
	return s.z
}
