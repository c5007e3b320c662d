package rnn

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/seq"
)

// Float is the element type of a network: float32 for work, float64 for proofs.
type Float = kernel.Float

// Batch is the packed layout of B sequences, longest first: row Off[t]+b of an
// [N, ·] matrix is sequence b at step t, N the sum of the lengths. Make one
// with [NewBatch]; its Reset, Rows, Steps, Alive and Row say the rest.
type Batch = seq.Packed

// NewBatch returns the layout of a batch of sequences with these lengths,
// longest first, each at least 1.
func NewBatch(lengths ...int) (*Batch, error) { return seq.New(lengths...) }

// Cell names what a layer computes from its input and its last state.
type Cell string

// The cells; the package's doc has their equations.
const (
	Tanh Cell = "tanh"
	ReLU Cell = "relu"
	LSTM Cell = "lstm"
	GRU  Cell = "gru"
)

// Cells lists the cells there are.
func Cells() []Cell { return []Cell{Tanh, ReLU, LSTM, GRU} }

// gates returns G, how many vectors of width H a cell computes from its input.
func (c Cell) gates() int {
	switch c {
	case LSTM:
		return 4
	case GRU:
		return 3
	}
	return 1
}

// What a Config may ask for at most, so that a number in a file cannot exhaust memory.
const (
	maxSize   = 1 << 28 // elements of the slab
	maxLayers = 1000
)

// Config is the shape of a network.
type Config struct {
	Cell          Cell `json:"cell"`
	Input         int  `json:"input"`  // I, width of x_t
	Hidden        int  `json:"hidden"` // H, width of one direction's h_t
	Layers        int  `json:"layers"` // at least 1
	Bidirectional bool `json:"bidirectional,omitempty"`
	LearnH0       bool `json:"learn_h0,omitempty"` // the states before the first step are parameters; otherwise zero unless given
}

// Directions returns D, 2 for a bidirectional network and 1 for another.
func (c Config) Directions() int {
	if c.Bidirectional {
		return 2
	}
	return 1
}

// Output returns D·H, the width of the network's output.
func (c Config) Output() int { return c.Directions() * c.Hidden }

// Validate says what is wrong with c, if anything.
func (c Config) Validate() error {
	switch {
	case !slices.Contains(Cells(), c.Cell):
		return fmt.Errorf("cell %.20q is unknown: expected one of %v", string(c.Cell), Cells())
	case c.Input < 1:
		return fmt.Errorf("input %d: expected at least 1", c.Input)
	case c.Hidden < 1:
		return fmt.Errorf("hidden %d: expected at least 1", c.Hidden)
	case c.Layers < 1:
		return fmt.Errorf("layers %d: expected at least 1", c.Layers)
	case c.Layers > maxLayers:
		return fmt.Errorf("%d layers: expected at most %d", c.Layers, maxLayers)
	}
	i, h, l, d := float64(c.Input), float64(c.Hidden), float64(c.Layers), float64(c.Directions())
	if float64(c.Cell.gates())*d*h*((i+h+4)+(l-1)*((d+1)*h+4)) > maxSize {
		return fmt.Errorf("input %d, hidden %d, layers %d: more than %d parameters", c.Input, c.Hidden, c.Layers, maxSize)
	}
	return nil
}

func (c Config) inputOf(layer int) int {
	if layer == 0 {
		return c.Input
	}
	return c.Output()
}
