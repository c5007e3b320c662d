package model

import (
	"errors"
	"fmt"

	"github.com/unroll-go/unroll/rnn"
)

// Dims are the sizes of a model that its data decide.
type Dims struct {
	Tokens   int   // V, ids of the vocabulary, Unknown among them; unused with vectors
	Chars    int   // ids of characters, Unknown among them; unused without
	Features []int // ids of each feature's values, Unknown among them
	Labels   int   // K

	Norm      Norm   // of vectors that are normalised
	Forbidden []bool // which label may not follow which, as loss.CRF has it; nil for none
}

// validate says what is wrong with c for these dimensions, if anything.
func (c Config) validate(d Dims) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if d.Labels < 1 {
		return errors.New("no labels: expected at least 1")
	}
	if len(d.Features) != len(c.Features) {
		return fmt.Errorf("values of %d features, expected %d", len(d.Features), len(c.Features))
	}
	k := float64(d.Labels)
	size := k * (float64(c.Recurrent().Output()) + k + 3)
	if c.Vector == 0 {
		size += float64(d.Tokens)*float64(c.Embed) + float64(d.Chars)*float64(c.Chars)
	}
	for _, values := range d.Features {
		size += float64(values) * float64(c.FeatureEmbed)
	}
	if size > maxSize {
		return fmt.Errorf("%d tokens of width %d and %d labels: more than %d parameters", d.Tokens, c.Embed, d.Labels, maxSize)
	}
	return nil
}

// Size returns the number of parameters of c for d.
func Size(c Config, d Dims) (int, error) {
	if err := c.validate(d); err != nil {
		return 0, err
	}
	return size(Tensors(c, d)), nil
}

// The beginnings of the names of recurrent layers' tensors.
const (
	recurrent = "rnn."
	charLayer = "chars.rnn."
)

// Tensors lists the parameters of c for d in the order of the slab: what reads
// tokens, the recurrent layers, the output.
func Tensors(c Config, d Dims) []rnn.Tensor {
	var ts []rnn.Tensor
	add := func(name string, shape ...int) {
		ts = append(ts, rnn.Tensor{Name: name, Shape: shape, Offset: size(ts)})
	}
	layers := func(prefix string, r rnn.Config) {
		for _, t := range r.Tensors() {
			add(prefix+t.Name, t.Shape...)
		}
	}
	if c.Vector == 0 {
		add("embed.weight", d.Tokens, c.Embed)
	}
	if c.Chars > 0 {
		add("chars.embed.weight", d.Chars, c.Chars)
		layers(charLayer, c.CharLayer())
	}
	for i, f := range c.Features {
		add("features."+string(f)+".weight", d.Features[i], c.FeatureEmbed)
	}
	layers(recurrent, c.Recurrent())
	add("out.weight", d.Labels, c.Recurrent().Output())
	add("out.bias", d.Labels)
	if c.Output == CRF {
		add("crf.transitions", d.Labels, d.Labels) // [from, to]
		add("crf.start", d.Labels)
		add("crf.end", d.Labels)
	}
	return ts
}

// size returns where a list of tensors ends in the slab.
func size(ts []rnn.Tensor) int {
	if len(ts) == 0 {
		return 0
	}
	last := ts[len(ts)-1]
	return last.Offset + last.Size()
}

// group returns the part of a slab that the tensors whose names begin with
// prefix take, which lie side by side; nil of nil.
func group[F any](slab []F, ts []rnn.Tensor, prefix string) []F {
	from, to := -1, 0
	for _, t := range ts {
		if len(t.Name) >= len(prefix) && t.Name[:len(prefix)] == prefix {
			if from < 0 {
				from = t.Offset
			}
			to = t.Offset + t.Size()
		}
	}
	if from < 0 {
		panic("model: no tensor " + prefix)
	}
	if slab == nil {
		return nil
	}
	return slab[from:to:to]
}
