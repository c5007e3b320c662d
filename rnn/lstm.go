package rnn

// lstm is the long short-term memory (Hochreiter and Schmidhuber 1997, with
// the forget gate of Gers et al. 2000). Its gates stand in the order i, f, g, o.
type lstm[F Float] struct{}

func (lstm[F]) forward(l *layer[F], s *step[F]) {
	l.addState(s)
	if l.inTile(s) {
		s.LSTM(s.From, s.To) // c_t = f ⊙ c_{t-1} + i ⊙ g, h_t = o ⊙ tanh(c_t)
		return
	}
	for r := 0; r < s.N; {
		r = l.viewTile(s, r)
		s.tile.LSTM(s.From, s.To)
	}
}

func (lstm[F]) backward(l *layer[F], s *step[F]) {
	if l.inTile(s) {
		s.LSTMBack(s.From, s.To)
		return
	}
	for r := 0; r < s.N; {
		r = l.viewTileBack(s, r)
		s.tile.LSTMBack(s.From, s.To)
	}
}
