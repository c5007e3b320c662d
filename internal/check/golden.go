package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/rnn"
)

// Golden is a case computed by another program: a network, its input, and what
// it should give. Shapes are row-major, [T, B, ·] padded with zeros.
type Golden struct {
	Case struct {
		Name          string `json:"name"`
		Cell          string `json:"cell"`
		I             int    `json:"I"`
		H             int    `json:"H"`
		K             int    `json:"K"`
		Layers        int    `json:"layers"`
		Bidirectional bool   `json:"bidirectional"`
		Lengths       []int  `json:"lengths"`
		T             int    `json:"T"`
		B             int    `json:"B"`
	} `json:"case"`
	Params   map[string]Array `json:"params"` // PyTorch's names
	X        Array            `json:"x"`      // [T, B, I]
	H0       Array            `json:"h0"`     // [layers, B, H]
	Targets  [][]int          `json:"targets"`
	H        Array            `json:"h"`      // [T, B, H], top layer
	Logits   Array            `json:"logits"` // [T, B, K]
	Loss     *float64         `json:"loss"`
	StepLoss Array            `json:"step_loss"` // [T, B]
	Grads    map[string]Array `json:"grads"`
}

// Array is a tensor in a golden file.
type Array struct {
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// ReadGolden reads a golden file and checks that every tensor is there with
// the shape that the case asks for.
func ReadGolden(r io.Reader) (*Golden, error) {
	g := new(Golden)
	if err := json.NewDecoder(r).Decode(g); err != nil {
		return nil, fmt.Errorf("no golden case: %w", err)
	}
	if err := g.validate(); err != nil {
		return nil, err
	}
	return g, nil
}

// config returns the shape of the case's recurrent layers.
func (g *Golden) config() rnn.Config {
	return rnn.Config{Cell: rnn.Cell(g.Case.Cell), Input: g.Case.I, Hidden: g.Case.H, Layers: g.Case.Layers}
}

func (g *Golden) validate() error {
	c := g.Case
	if c.Bidirectional {
		return errors.New("case is bidirectional: expected one direction")
	}
	if err := g.config().Validate(); err != nil {
		return err
	}
	b, err := rnn.NewBatch(c.Lengths...)
	if err != nil {
		return fmt.Errorf("lengths: %w", err)
	}
	if b.Size() == 0 || b.Size() != c.B || b.Steps() != c.T || c.K < 1 {
		return fmt.Errorf("case has T %d, B %d, K %d, lengths %v: they do not fit, or are below 1", c.T, c.B, c.K, c.Lengths)
	}
	if g.Loss == nil {
		return errors.New("loss is missing")
	}
	if err := g.validateShapes(); err != nil {
		return err
	}
	return g.validateTargets()
}

// validateShapes checks every tensor of the case.
func (g *Golden) validateShapes() error {
	c := g.Case
	want := map[string][]int{"out.weight": {c.K, c.H}, "out.bias": {c.K}}
	for _, t := range g.config().Tensors() {
		for _, name := range torchNames(t.Name) {
			want[name] = t.Shape
		}
	}
	x, h0 := []int{c.T, c.B, c.I}, []int{c.Layers, c.B, c.H}
	for name, shape := range want {
		if err := g.Params[name].check("params."+name, shape); err != nil {
			return err
		}
		if err := g.Grads[name].check("grads."+name, shape); err != nil {
			return err
		}
	}
	for _, t := range []struct {
		name  string
		array Array
		shape []int
	}{
		{"x", g.X, x}, {"h0", g.H0, h0}, {"grads.x", g.Grads["x"], x}, {"grads.h0", g.Grads["h0"], h0},
		{"h", g.H, []int{c.T, c.B, c.H}}, {"logits", g.Logits, []int{c.T, c.B, c.K}}, {"step_loss", g.StepLoss, []int{c.T, c.B}},
	} {
		if err := t.array.check(t.name, t.shape); err != nil {
			return err
		}
	}
	return nil
}

// torchNames returns PyTorch's names for a parameter of package rnn: its cells
// have two biases, whose sum is b_h.
func torchNames(name string) []string {
	var layer int
	if n, _ := fmt.Sscanf(name, "bias_l%d", &layer); n == 1 {
		return []string{fmt.Sprintf("rnn.bias_ih_l%d", layer), fmt.Sprintf("rnn.bias_hh_l%d", layer)}
	}
	return []string{"rnn." + name}
}

func (a Array) check(name string, shape []int) error {
	size := 1
	for _, d := range shape {
		size *= d
	}
	if fmt.Sprint(a.Shape) != fmt.Sprint(shape) || len(a.Data) != size {
		return fmt.Errorf("%s has shape %v and %d elements, expected %v", name, a.Shape, len(a.Data), shape)
	}
	for i, v := range a.Data {
		if v-v != 0 {
			return fmt.Errorf("%s[%d] is %v, expected a finite number", name, i, v)
		}
	}
	return nil
}

func (g *Golden) validateTargets() error {
	c := g.Case
	if len(g.Targets) != c.T {
		return fmt.Errorf("targets has %d steps, expected %d", len(g.Targets), c.T)
	}
	for t, row := range g.Targets {
		if len(row) != c.B {
			return fmt.Errorf("targets of step %d has %d sequences, expected %d", t, len(row), c.B)
		}
		for b, y := range row {
			if t < c.Lengths[b] && (y < 0 || y >= c.K) {
				return fmt.Errorf("target of step %d, sequence %d is %d, expected 0 to %d", t, b, y, c.K-1)
			}
		}
	}
	return nil
}
