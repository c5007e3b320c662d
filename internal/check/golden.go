package check

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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
	g, err := ReadCase(r)
	if err != nil {
		return nil, err
	}
	return g, g.validateShapes(g.expected(), false)
}

// ReadCase reads a golden file that need not say what to expect: h, logits,
// losses and gradients are checked where they are there, and may be absent.
func ReadCase(r io.Reader) (*Golden, error) {
	g := new(Golden)
	var text bytes.Buffer
	d := json.NewDecoder(io.TeeReader(r, &text))
	if err := d.Decode(g); err != nil {
		return nil, fmt.Errorf("no golden case: %w", plain(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("no golden case: something follows its object")
	}
	if at := nullInArray(text.Bytes()); at >= 0 {
		return nil, fmt.Errorf("no golden case: null at byte %d, expected a number", at+1)
	}
	if g.Case.Cell == "" {
		return nil, errors.New("no golden case of a recurrent network: case.cell is missing")
	}
	return g, g.validate()
}

// plain says what JSON has in the wrong place without naming Go's types.
func plain(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("nothing is there, expected a JSON object")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle of its JSON object")
	case errors.As(err, &kind) && strings.HasPrefix(kind.Value, "number "):
		return fmt.Errorf("%s has the %s, which does not fit there", cmp.Or(kind.Field, "the whole"), kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s is of the wrong kind: a JSON %s", cmp.Or(kind.Field, "the whole"), kind.Value)
	case errors.As(err, &syntax) && (strings.Contains(err.Error(), "'N'") || strings.Contains(err.Error(), "'I'")):
		return fmt.Errorf("NaN or Infinity at byte %d, expected a finite number", syntax.Offset)
	}
	return err
}

// nullInArray returns where a null stands in an array of a JSON text, −1 for
// nowhere: decoded it would be 0, and some programs write it for NaN.
func nullInArray(text []byte) int {
	quoted, last := false, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted, last = !quoted, c
		case quoted, c == ' ', c == '\n', c == '\r', c == '\t':
		case c == 'n' && (last == '[' || last == ','):
			return i
		default:
			last = c
		}
	}
	return -1
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
	if c.T < 1 {
		return fmt.Errorf("case.T is %d, expected at least 1 step", c.T)
	}
	if len(c.Lengths) != c.B || float64(c.T)*float64(c.B)*float64(c.I) != float64(len(g.X.Data)) || slices.Max(append(c.Lengths, 0)) > c.T {
		return fmt.Errorf("case has T %d, B %d, I %d, %d lengths and %d numbers in x: they do not fit", c.T, c.B, c.I, len(c.Lengths), len(g.X.Data))
	}
	b, err := rnn.NewBatch(c.Lengths...)
	if err != nil {
		return fmt.Errorf("lengths: %w", err)
	}
	if b.Size() == 0 || b.Size() != c.B || b.Steps() != c.T || c.K < 1 {
		return fmt.Errorf("case has T %d, B %d, K %d, lengths %v: they do not fit, or are below 1", c.T, c.B, c.K, c.Lengths)
	}
	if err := g.validateShapes(g.given(), false); err != nil {
		return err
	}
	if err := g.validateShapes(g.expected(), true); err != nil {
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

// absent says whether the file does not have the tensor.
func (s shape) absent() bool { return s.array.Shape == nil && s.array.Data == nil }

// given lists what the network computes with.
func (g *Golden) given() []shape {
	c, config := g.Case, g.config()
	all := []shape{
		{"x", g.X, []int{c.T, c.B, c.I}}, {"h0", g.H0, g.states()},
		{"params.out.weight", g.Params["out.weight"], []int{c.K, config.Output()}}, {"params.out.bias", g.Params["out.bias"], []int{c.K}},
	}
	if config.Cell == rnn.LSTM {
		all = append(all, shape{"c0", g.C0, g.states()})
	}
	for _, t := range config.TorchTensors() {
		all = append(all, shape{"params." + recurrent + t.Name, g.Params[recurrent+t.Name], t.Shape})
	}
	return all
}

// expected lists what it should come to; the loss is a scalar.
func (g *Golden) expected() []shape {
	c, config := g.Case, g.config()
	all := []shape{
		{"h", g.H, []int{c.T, c.B, config.Output()}}, {"logits", g.Logits, []int{c.T, c.B, c.K}}, {"step_loss", g.StepLoss, []int{c.T, c.B}},
	}
	if g.Loss == nil {
		all = append(all, shape{name: "loss"})
	}
	for _, s := range g.given() {
		name := strings.TrimPrefix(s.name, "params.")
		all = append(all, shape{"grads." + name, g.Grads[name], s.shape})
	}
	return all
}

// states returns the shape of the states before the first step.
func (g *Golden) states() []int {
	return []int{g.Case.Layers * g.config().Directions(), g.Case.B, g.Case.H}
}

// validateShapes checks tensors; those that are absent only if they may not be.
func (g *Golden) validateShapes(all []shape, optional bool) error {
	for _, s := range all {
		switch {
		case s.absent() && optional:
		case s.absent():
			return missing(s)
		default:
			if err := s.array.check(s.name, s.shape); err != nil {
				return err
			}
		}
	}
	return nil
}

func missing(s shape) error {
	if s.shape == nil {
		return fmt.Errorf("%s is missing, expected a number", s.name)
	}
	return fmt.Errorf("%s is missing, expected shape %v", s.name, s.shape)
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
