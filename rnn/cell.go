package rnn

import "github.com/unroll-go/unroll/internal/kernel"

// step is what a cell sees of one time step: n rows of the layer's matrices.
// Forward fills Gates, H and C from Prev and PrevC, Gates holding Wxh·x_t + b;
// backward fills Delta and turns DState and DCell into those of the step before.
type step[F Float] struct {
	kernel.Step[F]
	t, lo int            // the step, and the sequence of its first row
	tile  kernel.Step[F] // rows of it that are of one tile of c, LSTM
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

// gateLayout says how the sums of a cell's gates lie in a panel of u units:
// column block q of width u belongs to rows [gate·H, (gate+1)·H) of Wxh or Whh.
// Forward a sum over x goes to where δ of it lies backward, and one over h
// likewise, beginning with block hFrom.
type gateLayout struct {
	blocks int   // width of a panel in blocks of u
	x, h   []int // the gate of each block that sums over x, and over h
	hFrom  int
}

func layoutOf(c Cell) gateLayout {
	switch c {
	case LSTM: // i, f, g, o
		return gateLayout{4, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}, 0}
	case GRU: // n over x; r, z over both; n over h
		return gateLayout{4, []int{2, 0, 1}, []int{0, 1, 2}, 1}
	}
	return gateLayout{1, []int{0}, []int{0}, 0}
}
