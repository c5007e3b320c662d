package rnn

// step is what a cell sees of one time step: n rows of the layer's matrices.
// Forward fills gates, h, c and hn from prev and prevC; backward fills delta
// and deltaH and turns dstate and dcell into those of the step before.
type step[F Float] struct {
	n     int
	gates []F // [n, G·H] holds Wxh·x_t + b, and then what backward needs of the gates
	prev  []F // [n, H] h_{t-1}
	h     []F // [n, H] h_t
	prevC []F // [n, H] c_{t-1}, LSTM
	c     []F // [n, H] c_t, LSTM
	tanhC []F // [n, H] tanh(c_t), LSTM
	hn    []F // [n, H] Whn·h_{t-1} + bhn, GRU

	dh     []F // [n, H] ∂L/∂h_t from above
	dstate []F // [n, H] ∂L/∂h_t from the step after; then ∂L/∂h_{t-1}
	dcell  []F // [n, H] the same for c, LSTM
	delta  []F // [n, G·H] ∂L/∂(Wxh·x_t + b)
	deltaH []F // [n, G·H] ∂L/∂(Whh·h_{t-1}); delta itself but for the GRU, to which it is scratch in forward
}

// cell computes a step: forward beside backward, by hand.
type cell[F Float] interface {
	forward(l *layer[F], s *step[F])
	backward(l *layer[F], s *step[F])
}

func newCell[F Float](c Cell) cell[F] {
	switch c {
	case LSTM:
		return lstm[F]{}
	case GRU:
		return gru[F]{}
	case ReLU:
		return relu[F]{}
	}
	return elman[F]{}
}
