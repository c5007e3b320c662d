package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// lstm is the long short-term memory (Hochreiter and Schmidhuber 1997, with
// the forget gate of Gers et al. 2000). Its gates stand in the order i, f, g, o.
type lstm[F Float] struct{}

func (lstm[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	l.eachTile(s, (*kernel.Step[F]).LSTM) // c_t = f ⊙ c_{t-1} + i ⊙ g, h_t = o ⊙ tanh(c_t)
}

func (lstm[F]) backward(l *layer[F], s *step[F]) {
	l.eachTile(s, (*kernel.Step[F]).LSTMBack)
}
