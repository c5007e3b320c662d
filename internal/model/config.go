package model

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/rnn"
)

// Config holds the options that determine what the weights mean, and no others.
type Config struct {
	Task          string   `json:"task"`             // "tag" or "lm"
	Format        string   `json:"format,omitempty"` // of the data: "go", "conllu", "text"; empty for a program's own
	Column        string   `json:"column,omitempty"` // of a CoNLL-U file that held the labels
	Cell          rnn.Cell `json:"cell"`
	Embed         int      `json:"embed"`  // E, width of a token's vector
	Hidden        int      `json:"hidden"` // H
	Layers        int      `json:"layers"`
	Bidirectional bool     `json:"bidirectional,omitempty"`
	LearnH0       bool     `json:"learn_h0,omitempty"`
	Output        Output   `json:"output"`
}

// The tasks.
const (
	TaskTag = "tag" // a label for every step
	TaskLM  = "lm"  // the label of a step is the next token
)

// Output names what makes labels of a network's scores α.
type Output string

// The outputs.
const (
	Softmax Output = "softmax" // each step by itself
	CRF     Output = "crf"     // all steps together, by a linear-chain conditional random field
)

// Whole says whether the network needs a sequence's end before its first label.
func (c Config) Whole() bool { return c.Bidirectional || c.Output == CRF }

// maxSize bounds the parameters of a model, and so what a header may ask for.
const maxSize = 1 << 28

// Recurrent returns the shape of the recurrent layers.
func (c Config) Recurrent() rnn.Config {
	return rnn.Config{Cell: c.Cell, Input: c.Embed, Hidden: c.Hidden, Layers: c.Layers, Bidirectional: c.Bidirectional, LearnH0: c.LearnH0}
}

// Validate says what is wrong with c, if anything.
func (c Config) Validate() error {
	if c.Task != TaskTag && c.Task != TaskLM {
		return fmt.Errorf("task %.20q is unknown: expected %s or %s", c.Task, TaskTag, TaskLM)
	}
	if c.Task == TaskLM && c.Whole() {
		return errors.New("a language model that sees a sequence's end: expected one direction and softmax")
	}
	if c.Output != Softmax && c.Output != CRF {
		return fmt.Errorf("output %.20q is unknown: expected %s or %s", string(c.Output), Softmax, CRF)
	}
	if c.Embed < 1 {
		return fmt.Errorf("embed %d: expected at least 1", c.Embed)
	}
	return c.Recurrent().Validate()
}

// validate says what is wrong with c for v tokens and k labels, if anything.
func (c Config) validate(v, k int) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if k < 1 {
		return fmt.Errorf("no labels: expected at least 1")
	}
	if float64(v)*float64(c.Embed)+float64(k)*float64(c.Recurrent().Output()+k+3) > maxSize {
		return fmt.Errorf("%d tokens of width %d and %d labels: more than %d parameters", v, c.Embed, k, maxSize)
	}
	return nil
}

// Model is a trained labeller, or one about to be trained.
type Model struct {
	Config Config
	Vocab  *Vocab
	Labels []string
	Params []float32 // laid out as Tensors says
}

// New returns a model with parameters made from seed, tokens' vectors with
// deviation scale. The labels must be distinct and UTF-8.
func New(c Config, v *Vocab, labels []string, scale float64, seed uint64) (*Model, error) {
	m, err := newModel(c, v, labels)
	if err != nil {
		return nil, err
	}
	m.Params = make([]float32, size(m.Tensors()))
	m.init(scale, rand.New(rand.NewPCG(seed, initStream)))
	return m, nil
}

// newModel returns a model without parameters.
func newModel(c Config, v *Vocab, labels []string) (*Model, error) {
	if err := c.validate(v.Size(), len(labels)); err != nil {
		return nil, err
	}
	_, err := number("label", labels, 0)
	return &Model{Config: c, Vocab: v, Labels: labels}, err
}

// initStream keeps the random numbers of initialisation apart from others of the seed.
const initStream = 1

// init starts embeddings at N(0, scale²); the recurrent layers as rnn.Init
// does; and the output at zero, so that training begins with every label
// equally likely.
func (m *Model) init(scale float64, r *rand.Rand) {
	embed := m.Vocab.Size() * m.Config.Embed
	for i := range m.Params[:embed] {
		m.Params[i] = float32(scale * r.NormFloat64())
	}
	c := m.Config.Recurrent()
	rnn.Init(c, m.Params[embed:embed+c.Size()], r)
}

// LabelID returns the index of a label, or loss.NoLabel.
func (m *Model) LabelID(label string) int32 {
	return int32(slices.Index(m.Labels, label))
}

// Tensors lists the parameters in the order of the slab.
func (m *Model) Tensors() []rnn.Tensor {
	return Tensors(m.Config, m.Vocab.Size(), len(m.Labels))
}

// Size returns the number of parameters of c for v tokens and k labels.
func Size(c Config, v, k int) (int, error) {
	if err := c.validate(v, k); err != nil {
		return 0, err
	}
	return size(Tensors(c, v, k)), nil
}

// Tensors lists the parameters of c for v tokens and k labels in the order of
// the slab: the embedding, the recurrent layers, the output.
func Tensors(c Config, v, k int) []rnn.Tensor {
	ts := []rnn.Tensor{{Name: "embed.weight", Shape: []int{v, c.Embed}}}
	offset := size(ts)
	for _, t := range c.Recurrent().Tensors() {
		ts = append(ts, rnn.Tensor{Name: recurrent + t.Name, Shape: t.Shape, Offset: offset + t.Offset})
	}
	ts = append(ts, rnn.Tensor{Name: "out.weight", Shape: []int{k, c.Recurrent().Output()}, Offset: size(ts)})
	ts = append(ts, rnn.Tensor{Name: "out.bias", Shape: []int{k}, Offset: size(ts)})
	if c.Output == CRF {
		ts = append(ts, rnn.Tensor{Name: "crf.transitions", Shape: []int{k, k}, Offset: size(ts)}) // [from, to]
		ts = append(ts, rnn.Tensor{Name: "crf.start", Shape: []int{k}, Offset: size(ts)})
		ts = append(ts, rnn.Tensor{Name: "crf.end", Shape: []int{k}, Offset: size(ts)})
	}
	return ts
}

// recurrent begins the names of the recurrent layers' tensors.
const recurrent = "rnn."

// size returns where a list of tensors ends in the slab.
func size(ts []rnn.Tensor) int {
	last := ts[len(ts)-1]
	return last.Offset + last.Size()
}
