package model

import (
	"errors"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/rnn"
)

// Stream labels one sequence a step at a time. Streams of a network
// may be used beside each other while its parameters do not change.
type Stream[F rnn.Float] struct {
	words  *input.Words[F]
	rnn    *rnn.Stream[F]
	linear loss.Linear[F]
	real   bool
	norm   Norm
	x      []F // [I]
	z      []F // [K]
}

// NewStream returns a stream at the beginning of a sequence. A bidirectional
// network has none, nor has a CRF.
func (n *Network[F]) NewStream() (*Stream[F], error) {
	if n.config.Output == CRF {
		return nil, errors.New("a CRF cannot label a stream: it weighs all labels of a sequence together")
	}
	run, err := n.rnn.NewStream()
	if err != nil {
		return nil, err
	}
	s := &Stream[F]{rnn: run, real: n.config.Output == Real, norm: n.dims.Norm, x: make([]F, n.config.Input()), z: make([]F, n.linear.K)}
	if n.words != nil {
		if s.words, err = n.wordsAlone(); err != nil {
			return nil, err
		}
	}
	s.linear = loss.Linear[F]{H: n.linear.H, K: n.linear.K, Whz: n.linear.Whz, Bz: n.linear.Bz}
	s.linear.PackForward()
	return s, nil
}

// wordsAlone returns what reads tokens, on the network's parameters but with
// working memory of its own and one thread.
func (n *Network[F]) wordsAlone() (*input.Words[F], error) {
	alone := &Network[F]{Params: n.Params, Tensors: n.Tensors, config: n.config}
	w, err := alone.newWords(n.dims)
	if err == nil {
		w.Pack()
	}
	return w, err
}

// Reset goes back to the beginning of a sequence.
func (s *Stream[F]) Reset() { s.rnn.Reset() }

// one is the number of the only form.
var one = []int32{0}

// Step takes the next token, the only one of forms, and returns z_t [K], the
// stream's own until the next Step. It allocates nothing.
func (s *Stream[F]) Step(forms *input.Forms) []F {
	s.words.Begin(forms)
	s.words.Read(one, forms.IDs)
	s.words.Forward(s.x, 0, 1)
	return s.step()
}

// StepVector takes the next vector [I] of a network of vectors, as Step a token.
func (s *Stream[F]) StepVector(x []float32) []F {
	normalize(s.norm, s.x, x)
	return s.step()
}

func (s *Stream[F]) step() []F {
	s.linear.Forward(s.z, s.rnn.Step(s.x), 1)
	if !s.real {
		loss.Softmax(s.z, s.z, s.linear.K)
	}
	return s.z
}
