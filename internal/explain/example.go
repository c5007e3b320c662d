package explain

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/bptt"
	"github.com/unroll-go/unroll/internal/check"
	"github.com/unroll-go/unroll/rnn"
)

// Example is the paper's network, one tanh layer, and a sequence to explain it by.
type Example struct {
	Name string
	Net  *bptt.Network
	X    [][]float64 // [T][I] x_1..x_T
	H0   []float64   // [H] h_0
	Y    []int       // [T] y_1..y_T

	golden *check.Golden // what another program says it comes to, in parts or whole; nil for no program
}

// BuiltinName is the name of the case that is built in.
const BuiltinName = "example"

// Builtin is the paper's section 4 with numbers: two steps, sizes that are told
// apart by their shapes (but for I and K), weights of two decimals, and an h_0
// that is not zero, for with h_0 = 0 half of (17), (21) and (25) would vanish.
func Builtin() *Example {
	n := bptt.New(2, 3, 2)
	n.Wxh = []float64{
		0.50, -0.30,
		0.20, 0.40,
		-0.60, 0.10,
	}
	n.Whh = []float64{
		0.40, -0.20, 0.30,
		0.10, 0.50, -0.40,
		-0.30, 0.20, 0.60,
	}
	n.Bh = []float64{0.10, 0.00, -0.10}
	n.Whz = []float64{
		0.70, -0.50, 0.30,
		-0.40, 0.60, -0.20,
	}
	n.Bz = []float64{0.05, -0.05}
	return &Example{
		Name: BuiltinName, Net: n,
		X:  [][]float64{{1.00, 0.50}, {-0.50, 1.00}},
		H0: []float64{0.50, -0.20, 0.30},
		Y:  []int{0, 1},
	}
}

// ReadExample reads a case in the format of golden files: one tanh layer in one
// direction, one sequence. What it should come to may be left out.
func ReadExample(r io.Reader) (*Example, error) {
	g, err := check.Decode(r)
	if err != nil {
		return nil, err
	}
	c := g.Case // the right network first: what else does not fit may be of another
	if c.Cell != string(rnn.Tanh) || c.Layers != 1 || c.Bidirectional || c.B != 1 {
		directions := 1
		if c.Bidirectional {
			directions = 2
		}
		return nil, fmt.Errorf("cell %s, layers %d, directions %d, sequences %d: expected the paper's network, cell tanh and one of each", c.Cell, c.Layers, directions, c.B)
	}
	if err := g.Validate(); err != nil {
		return nil, err
	}
	n := bptt.New(c.I, c.H, c.K)
	n.Wxh, n.Whh = g.Params["rnn.weight_ih_l0"].Data, g.Params["rnn.weight_hh_l0"].Data
	for i := range n.Bh {
		n.Bh[i] = g.Params["rnn.bias_ih_l0"].Data[i] + g.Params["rnn.bias_hh_l0"].Data[i]
	}
	n.Whz, n.Bz = g.Params["out.weight"].Data, g.Params["out.bias"].Data
	e := &Example{Name: c.Name, Net: n, H0: g.H0.Data, golden: g}
	for t := range c.T {
		e.X = append(e.X, g.X.Data[t*c.I:][:c.I])
		e.Y = append(e.Y, g.Targets[t][0])
	}
	return e, nil
}

// T returns the number of steps.
func (e *Example) T() int { return len(e.X) }

// describe returns the case with all that the trace holds, the values of the
// single steps only where they are few.
func (e *Example) describe(tr *bptt.Trace) Case {
	n := e.Net
	c := Case{Name: e.Name, T: e.T(), I: n.I, H: n.H, K: n.K, Y: e.Y, Losses: tr.StepLoss[1:], Loss: tr.Loss,
		Values: map[string]Tensor{
			"Wxh": {[]int{n.H, n.I}, n.Wxh}, "Whh": {[]int{n.H, n.H}, n.Whh}, "Bh": {[]int{n.H}, n.Bh},
			"Whz": {[]int{n.K, n.H}, n.Whz}, "Bz": {[]int{n.K}, n.Bz}, "h0": {[]int{n.H}, e.H0},
		}}
	if e.T() > ShownSteps {
		return c
	}
	for t := 1; t <= e.T(); t++ {
		for name, v := range map[string][]float64{"x": tr.X[t], "h": tr.H[t], "alpha": tr.Alpha[t], "z": tr.Z[t]} {
			c.Values[fmt.Sprint(name, t)] = Tensor{[]int{len(v)}, v}
		}
	}
	return c
}

// ShownSteps is how many steps a report holds x, h, alpha and z of.
const ShownSteps = 100
