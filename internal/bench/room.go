package bench

import (
	"fmt"

	"github.com/unroll-go/unroll/rnn"
)

// memory returns the bytes that a shape needs at least: x and, unless it computes
// again, what is kept of every row; of one step ∂L/∂x, ∂L/∂h, δ and the states
// before it and their gradient.
func (s Shape) memory() int64 {
	row := 4 * s.Input
	if !s.Recompute {
		row += rnn.RowBytes[float32](s.config(), false)
	}
	step := 4 * (s.Input + (s.gates()+3)*s.Hidden)
	return int64(s.Batch) * (int64(s.Steps)*int64(row) + int64(step))
}

// fits says what is wrong if so many bytes are free, 0 standing for nobody knows.
func (s Shape) fits(free int64) error {
	if need := s.memory(); free > 0 && need > free {
		return fmt.Errorf("steps %d, batch %d: at least %.1f GB of memory are needed, %.1f are free; expected fewer of them",
			s.Steps, s.Batch, float64(need)/1e9, float64(free)/1e9)
	}
	return nil
}
