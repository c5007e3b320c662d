package rnn

// gru is the gated recurrent unit (Cho et al. 2014) in PyTorch's form, whose
// reset gate acts on the product with the state. Its gates stand in the order
// r, z, n.
type gru[F Float] struct{}

func (gru[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	s.GRU(s.From, s.To) // h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
}

func (gru[F]) backward(l *layer[F], s *step[F]) {
	s.GRUBack(s.From, s.To)
}
