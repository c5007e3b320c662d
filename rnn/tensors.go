package rnn

import "fmt"

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

// Tensors lists the parameters in the order of the slab: for each layer l, and
// each direction of it (the backward one's names end in _reverse),
// weight_ih_l Wxh [G·H, I], weight_hh_l Whh [G·H, H], bias_l b [G·H], for the
// GRU bias_hn_l [H], and where the initial states are learned h0_l [H], for the
// LSTM c0_l [H]. I is D·H above the first layer. The gates stand in PyTorch's
// order: i, f, g, o for the LSTM and r, z, n for the GRU.
func (c Config) Tensors() []Tensor {
	var ts []Tensor
	offset := 0
	for l := range c.Layers {
		for d := range c.Directions() {
			suffix := fmt.Sprintf("_l%d", l)
			if d == 1 {
				suffix += "_reverse"
			}
			for _, t := range c.layerTensors(l) {
				t.Name += suffix
				t.Offset = offset
				offset += t.Size()
				ts = append(ts, t)
			}
		}
	}
	return ts
}

// layerTensors lists the parameters of one direction of layer l.
func (c Config) layerTensors(l int) []Tensor {
	g, h := c.Cell.gates(), c.Hidden
	ts := []Tensor{
		{Name: "weight_ih", Shape: []int{g * h, c.inputOf(l)}},
		{Name: "weight_hh", Shape: []int{g * h, h}},
		{Name: "bias", Shape: []int{g * h}},
	}
	if c.Cell == GRU {
		ts = append(ts, Tensor{Name: "bias_hn", Shape: []int{h}})
	}
	if c.LearnH0 {
		ts = append(ts, Tensor{Name: "h0", Shape: []int{h}})
	}
	if c.LearnH0 && c.Cell == LSTM {
		ts = append(ts, Tensor{Name: "c0", Shape: []int{h}})
	}
	return ts
}

// Size returns the number of parameters.
func (c Config) Size() int {
	all := c.Tensors()
	last := all[len(all)-1]
	return last.Offset + last.Size()
}

// views are a layer's parameters, or their gradients, in the slab; empty where
// the network has no such parameter.
type views[F Float] struct {
	wxh, whh, b, bhn []F // [G·H, I], [G·H, H], [G·H], [H]
	h0, c0           []F // [H], [H]
}

// take cuts the views of one direction of layer l off the slab and returns the rest.
func (v *views[F]) take(c Config, l int, slab []F) (rest []F) {
	for _, t := range c.layerTensors(l) {
		n := t.Size()
		*v.named(t.Name) = slab[:n:n]
		slab = slab[n:]
	}
	return slab
}

func (v *views[F]) named(name string) *[]F {
	return map[string]*[]F{"weight_ih": &v.wxh, "weight_hh": &v.whh, "bias": &v.b, "bias_hn": &v.bhn, "h0": &v.h0, "c0": &v.c0}[name]
}

// TorchTensor is a parameter as PyTorch has it. Its cells have two biases
// where one would do, bias_ih and bias_hh, of which only the sum counts (but
// for the n gate of the GRU).
type TorchTensor struct {
	Name   string
	Shape  []int
	Pieces []Piece // what it is made of, one after the other
}

// Piece is a part of a parameter slab that a TorchTensor holds. A second one
// is a summand of parameters that another tensor holds already: zero when
// written, added when read; its gradient is theirs.
type Piece struct {
	Offset, Size int
	Second       bool
}

// TorchTensors lists the parameters as PyTorch's state_dict has them; those it
// does not know, the learned initial states, keep their names.
func (c Config) TorchTensors() []TorchTensor {
	var ts []TorchTensor
	var suffix string
	for _, t := range c.Tensors() {
		whole := TorchTensor{t.Name, t.Shape, []Piece{{t.Offset, t.Size(), false}}}
		if n, _ := fmt.Sscanf(t.Name, "bias_l%s", &suffix); n == 0 {
			if m, _ := fmt.Sscanf(t.Name, "bias_hn_l%s", &suffix); m == 0 {
				ts = append(ts, whole)
			}
			continue
		}
		hh := []Piece{{t.Offset, t.Size(), true}}
		if h := c.Hidden; c.Cell == GRU { // b_hn follows b in the slab
			hh = []Piece{{t.Offset, 2 * h, true}, {t.Offset + 3*h, h, false}}
		}
		whole.Name = "bias_ih_l" + suffix
		ts = append(ts, whole, TorchTensor{"bias_hh_l" + suffix, t.Shape, hh})
	}
	return ts
}
