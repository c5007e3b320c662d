package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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
	g, err := Decode(r)
	if err != nil {
		return nil, err
	}
	return g, g.Validate()
}

// Decode reads the object of a golden file, whose keys must all be known ones.
// Whether its parts fit together is for Validate to say.
func Decode(r io.Reader) (*Golden, error) {
	g := new(Golden)
	var text bytes.Buffer
	d := json.NewDecoder(io.TeeReader(r, &text))
	if err := d.Decode(g); err != nil {
		return nil, fmt.Errorf("no case: %w", plain(err, text.Bytes()))
	}
	object := text.Bytes()[:d.InputOffset()]
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("no case: something follows its object")
	}
	if at := nullInArray(object); at >= 0 {
		return nil, fmt.Errorf("no case: %s has null at byte %d, expected a number", pathAt(object, int64(at)), at+1)
	}
	if err := checkKeys(object); err != nil {
		return nil, fmt.Errorf("no case: %w", err)
	}
	if g.Case.Cell == "" {
		return nil, errors.New("no case of a recurrent network: case.cell is missing")
	}
	return g, checkSizes(object)
}

// config returns the shape of the case's recurrent layers.
func (g *Golden) config() rnn.Config {
	return rnn.Config{Cell: rnn.Cell(g.Case.Cell), Input: g.Case.I, Hidden: g.Case.H, Layers: g.Case.Layers, Bidirectional: g.Case.Bidirectional}
}

// Validate says what does not fit together, if anything.
func (g *Golden) Validate() error {
	if err := g.validateSizes(); err != nil {
		return err
	}
	if err := g.validateNames(); err != nil {
		return err
	}
	if err := g.validateShapes(g.given(), false); err != nil {
		return err
	}
	if err := g.validateShapes(g.expected(), true); err != nil {
		return err
	}
	return g.validateTargets()
}

// validateSizes checks the case before anything is made of that size: x must have
// as many numbers as it says.
func (g *Golden) validateSizes() error {
	c := g.Case
	for _, size := range []struct {
		name string
		n    int
	}{{"T", c.T}, {"B", c.B}, {"I", c.I}, {"H", c.H}, {"K", c.K}, {"layers", c.Layers}} {
		if size.n < 1 {
			return fmt.Errorf("case.%s is %d, expected at least 1", size.name, size.n)
		}
	}
	if err := g.config().Validate(); err != nil {
		return err
	}
	if len(c.Lengths) != c.B {
		return fmt.Errorf("case.lengths has %d numbers, expected B = %d", len(c.Lengths), c.B)
	}
	if longest := slices.Max(c.Lengths); longest != c.T {
		return fmt.Errorf("the longest of case.lengths is %d, expected T = %d", longest, c.T)
	}
	if x := (shape{"x", g.X, []int{c.T, c.B, c.I}}); x.absent() {
		return missing(x)
	}
	if float64(c.T)*float64(c.B)*float64(c.I) != float64(len(g.X.Data)) {
		return fmt.Errorf("x has shape %v and %d elements, expected [T, B, I] = [%d %d %d]", g.X.Shape, len(g.X.Data), c.T, c.B, c.I)
	}
	if _, err := rnn.NewBatch(c.Lengths...); err != nil {
		return fmt.Errorf("case.lengths: %w", err)
	}
	return nil
}

// validateNames wants no parameters, gradients or states that the network has not.
func (g *Golden) validateNames() error {
	var params, grads []string
	for _, s := range g.given() {
		param, ok := strings.CutPrefix(s.name, "params.")
		if grads = append(grads, param); ok {
			params = append(params, param)
		}
	}
	for _, m := range []struct {
		path   string
		arrays map[string]Array
		known  []string
	}{{"params", g.Params, params}, {"grads", g.Grads, grads}} {
		for _, name := range slices.Sorted(maps.Keys(m.arrays)) {
			if !slices.Contains(m.known, name) {
				return key{in: m.path, name: name}.unknown(m.known)
			}
		}
	}
	if c0 := (shape{array: g.C0}); !c0.absent() && g.config().Cell != rnn.LSTM {
		return fmt.Errorf("c0 is there, which the cell %s has not: expected it of an lstm alone", g.Case.Cell)
	}
	return nil
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
	if fmt.Sprint(a.Shape) != fmt.Sprint(shape) {
		return fmt.Errorf("%s has shape %v, expected %v", name, a.Shape, shape)
	}
	if len(a.Data) != size {
		return fmt.Errorf("%s has %d elements, expected %d of shape %v", name, len(a.Data), size, shape)
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
	if g.Targets == nil {
		return fmt.Errorf("targets is missing, expected the labels of T = %d steps", c.T)
	}
	if len(g.Targets) != c.T {
		return fmt.Errorf("targets has %d steps, expected T = %d", len(g.Targets), c.T)
	}
	for t, row := range g.Targets {
		if len(row) != c.B {
			return fmt.Errorf("targets[%d] has %d labels, expected B = %d", t, len(row), c.B)
		}
		for b, y := range row {
			if t < c.Lengths[b] && (y < 0 || y >= c.K) {
				return fmt.Errorf("targets[%d][%d] is %d, expected 0 to %d", t, b, y, c.K-1)
			}
		}
	}
	return nil
}
