package check

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

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
	H0       Array            `json:"h0"`     // [layers·D, B, H]
	C0       Array            `json:"c0"`     // the same, LSTM
	Targets  [][]int          `json:"targets"`
	H        Array            `json:"h"`      // [T, B, D·H], top layer
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
	d := json.NewDecoder(r)
	if err := d.Decode(g); err != nil {
		return nil, fmt.Errorf("no golden case: %w", plain(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("no golden case: something follows its object")
	}
	if g.Case.Cell == "" {
		return nil, errors.New("no golden case of a recurrent network: case.cell is missing")
	}
	if err := g.validate(); err != nil {
		return nil, err
	}
	return g, nil
}

// plain says what JSON has in the wrong place without naming Go's types.
func plain(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return fmt.Errorf("%s is of the wrong kind: a JSON %s", cmp.Or(t.Field, "the whole"), t.Value)
	}
	return err
}

// config returns the shape of the case's recurrent layers.
func (g *Golden) config() rnn.Config {
	return rnn.Config{Cell: rnn.Cell(g.Case.Cell), Input: g.Case.I, Hidden: g.Case.H, Layers: g.Case.Layers, Bidirectional: g.Case.Bidirectional}
}

func (g *Golden) validate() error {
	c := g.Case
	if err := g.config().Validate(); err != nil {
		return err
	}
	if len(c.Lengths) != c.B || c.T < 1 || float64(c.T)*float64(c.B)*float64(c.I) != float64(len(g.X.Data)) || slices.Max(append(c.Lengths, 0)) > c.T {
		return fmt.Errorf("case has T %d, B %d, I %d, %d lengths and %d numbers in x: they do not fit", c.T, c.B, c.I, len(c.Lengths), len(g.X.Data))
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

// shape is a tensor's name and the shape that it should have.
type shape struct {
	name  string
	array Array
	shape []int
}

// validateShapes checks every tensor of the case.
func (g *Golden) validateShapes() error {
	c, config := g.Case, g.config()
	x, states := []int{c.T, c.B, c.I}, []int{c.Layers * config.Directions(), c.B, c.H}
	all := []shape{
		{"x", g.X, x}, {"grads.x", g.Grads["x"], x},
		{"h0", g.H0, states}, {"grads.h0", g.Grads["h0"], states},
		{"h", g.H, []int{c.T, c.B, config.Output()}}, {"logits", g.Logits, []int{c.T, c.B, c.K}}, {"step_loss", g.StepLoss, []int{c.T, c.B}},
		{"params.out.weight", g.Params["out.weight"], []int{c.K, config.Output()}}, {"params.out.bias", g.Params["out.bias"], []int{c.K}},
		{"grads.out.weight", g.Grads["out.weight"], []int{c.K, config.Output()}}, {"grads.out.bias", g.Grads["out.bias"], []int{c.K}},
	}
	if config.Cell == rnn.LSTM {
		all = append(all, shape{"c0", g.C0, states}, shape{"grads.c0", g.Grads["c0"], states})
	}
	for _, t := range config.TorchTensors() {
		name := recurrent + t.Name
		all = append(all, shape{"params." + name, g.Params[name], t.Shape}, shape{"grads." + name, g.Grads[name], t.Shape})
	}
	for _, s := range all {
		if err := s.array.check(s.name, s.shape); err != nil {
			return err
		}
	}
	return nil
}

// recurrent begins the names of the recurrent layers' tensors.
const recurrent = "rnn."

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
