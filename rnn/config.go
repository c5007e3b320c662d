package rnn

import (
	"fmt"
	"math"
	"math/rand/v2"

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

// The cells.
const (
	Tanh Cell = "tanh" // h_t = tanh(Wxh·x_t + Whh·h_{t-1} + bh)   (2)
	ReLU Cell = "relu" // the same with max(·, 0)
)

// Cells lists the cells there are.
func Cells() []Cell { return []Cell{Tanh, ReLU} }

// What a Config may ask for at most, so that a number in a file cannot exhaust memory.
const (
	maxSize   = 1 << 31 // elements of the slab
	maxLayers = 1000
)

// Config is the shape of a network.
type Config struct {
	Cell    Cell `json:"cell"`
	Input   int  `json:"input"`              // I, width of x_t
	Hidden  int  `json:"hidden"`             // H, width of h_t
	Layers  int  `json:"layers"`             // at least 1
	LearnH0 bool `json:"learn_h0,omitempty"` // h_0 of each layer is a parameter; otherwise zero unless given
}

// Validate says what is wrong with c, if anything.
func (c Config) Validate() error {
	switch {
	case c.Cell != Tanh && c.Cell != ReLU:
		return fmt.Errorf("cell %q is unknown: expected one of %v", c.Cell, Cells())
	case c.Input < 1 || c.Hidden < 1 || c.Layers < 1:
		return fmt.Errorf("input %d, hidden %d, layers %d: expected at least 1 each", c.Input, c.Hidden, c.Layers)
	case c.Layers > maxLayers:
		return fmt.Errorf("%d layers: expected at most %d", c.Layers, maxLayers)
	}
	i, h, l := float64(c.Input), float64(c.Hidden), float64(c.Layers)
	if h*(i+h+2)+(l-1)*h*(2*h+2) > maxSize {
		return fmt.Errorf("input %d, hidden %d, layers %d: more than %d parameters", c.Input, c.Hidden, c.Layers, maxSize)
	}
	return nil
}

// Tensor is a named parameter: its place in the slab and its shape, row-major.
type Tensor struct {
	Name   string
	Shape  []int
	Offset int // first element in the slab
}

// Size returns the number of elements.
func (t Tensor) Size() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Tensors lists the parameters in the order of the slab: for each layer l
// weight_ih_l Wxh [H, I], weight_hh_l Whh [H, H], bias_l bh [H] and, where
// learned, h0_l [H]. I is H above the first layer.
func (c Config) Tensors() []Tensor {
	var ts []Tensor
	offset := 0
	add := func(name string, layer int, shape ...int) {
		t := Tensor{fmt.Sprintf("%s_l%d", name, layer), shape, offset}
		ts = append(ts, t)
		offset += t.Size()
	}
	for l := range c.Layers {
		add("weight_ih", l, c.Hidden, c.inputOf(l))
		add("weight_hh", l, c.Hidden, c.Hidden)
		add("bias", l, c.Hidden)
		if c.LearnH0 {
			add("h0", l, c.Hidden)
		}
	}
	return ts
}

// Size returns the number of parameters.
func (c Config) Size() int {
	last := c.Tensors()
	t := last[len(last)-1]
	return t.Offset + t.Size()
}

func (c Config) inputOf(layer int) int {
	if layer == 0 {
		return c.Input
	}
	return c.Hidden
}

// Init fills params, laid out as Tensors says, with a start for training: Wxh
// uniform in ±√(6/(I+H)) (Glorot and Bengio 2010), Whh a random orthogonal
// matrix, which neither shrinks nor stretches the state (Saxe et al. 2014), bh
// and h_0 zero.
func Init[F Float](c Config, params []F, r *rand.Rand) {
	clear(params)
	h := c.Hidden
	for l, rest := 0, params; l < c.Layers; l++ {
		i := c.inputOf(l)
		limit := math.Sqrt(6 / float64(i+h))
		for j := range rest[:h*i] {
			rest[j] = F(limit * (2*r.Float64() - 1))
		}
		orthogonal(rest[h*i:h*(i+h)], h, r)
		rest = rest[c.layerSize(l):]
	}
}

func (c Config) layerSize(l int) int {
	n := c.Hidden * (c.inputOf(l) + c.Hidden + 1)
	if c.LearnH0 {
		n += c.Hidden
	}
	return n
}

// orthogonal fills w [n, n] with orthonormal rows: Gaussian rows made
// orthogonal to those before, twice for accuracy (Gram–Schmidt).
func orthogonal[F Float](w []F, n int, r *rand.Rand) {
	q := make([]float64, n*n)
	for i := range n {
		row := q[i*n : (i+1)*n]
		for j := range row {
			row[j] = r.NormFloat64()
		}
		for range 2 {
			for k := range i {
				project(row, q[k*n:(k+1)*n])
			}
		}
		norm := math.Sqrt(inner(row, row))
		for j := range row {
			row[j] /= norm
			w[i*n+j] = F(row[j])
		}
	}
}

// project takes from v its part along the unit vector u.
func project(v, u []float64) {
	d := inner(v, u)
	for j := range v {
		v[j] -= float64(d * u[j])
	}
}

func inner(a, b []float64) (s float64) {
	for j, v := range a {
		s += float64(v * b[j])
	}
	return s
}
