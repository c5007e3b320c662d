package model

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/internal/span"
	"github.com/unroll-go/unroll/rnn"
)

// Model is a trained labeller, or one about to be trained.
type Model struct {
	Config Config
	Vocabs
	Labels []string  // names of the scores α, in their order
	Params []float32 // laid out as Tensors says
	Norm   Norm      // of vectors, where Config.Normalized
}

// Vocabs number what a model reads.
type Vocabs struct {
	Vocab         *Vocab   // of tokens; empty with vectors
	CharVocab     *Vocab   // of the characters of tokens; nil without
	FeatureVocabs []*Vocab // of the values of each feature
}

// New returns a model with parameters made from seed, tokens' vectors with
// deviation scale. The labels must be distinct and UTF-8.
func New(c Config, v Vocabs, labels []string, scale float64, seed uint64) (*Model, error) {
	m, err := newModel(c, v, labels)
	if err != nil {
		return nil, err
	}
	m.Params = make([]float32, size(m.Tensors()))
	m.init(scale, rand.New(rand.NewPCG(seed, initStream)))
	return m, nil
}

// newModel returns a model without parameters.
func newModel(c Config, v Vocabs, labels []string) (*Model, error) {
	m := &Model{Config: c, Vocabs: v, Labels: labels}
	if (c.Chars > 0) != (v.CharVocab != nil) {
		return nil, fmt.Errorf("a vocabulary of characters and chars %d: expected both or none", c.Chars)
	}
	if err := c.validate(m.sizes()); err != nil {
		return nil, err
	}
	if _, err := number("label", labels, 0); err != nil {
		return nil, err
	}
	if err := c.Constraints.Fits(labels); err != nil {
		return nil, fmt.Errorf("constraints %s: %w", c.Constraints, err)
	}
	return m, nil
}

// Dims returns what the model's data decided, for its network.
func (m *Model) Dims() Dims {
	d := m.sizes()
	d.Norm = m.Norm
	if m.Config.Constraints != span.None {
		d.Forbidden = Forbidden(m.Config.Constraints, m.Labels)
	}
	return d
}

// sizes returns Dims without the square of the labels, which a file that is
// not checked yet may make long.
func (m *Model) sizes() Dims {
	d := Dims{Tokens: m.Vocab.Size(), Labels: len(m.Labels)}
	if m.CharVocab != nil {
		d.Chars = m.CharVocab.Size()
	}
	for _, f := range m.FeatureVocabs {
		d.Features = append(d.Features, f.Size())
	}
	return d
}

// Forbidden lists [K+1, K+1] which label may not follow which; the row K
// stands for the beginning and the column K for the end.
func Forbidden(s span.Scheme, labels []string) []bool {
	all := append(slices.Clone(labels), "")
	f := make([]bool, 0, len(all)*len(all))
	for _, from := range all {
		for _, to := range all {
			f = append(f, !s.Follows(from, to))
		}
	}
	return f
}

// initStream keeps the random numbers of initialisation apart from others of the seed.
const initStream = 1

// partScale is the deviation of the vectors of characters and of features.
const partScale = 0.3

// init starts tokens' vectors at N(0, scale²) and those of characters and
// features at N(0, 0.3²); recurrent layers as rnn.Init does; and the output at
// zero, so that training begins with every label equally likely.
func (m *Model) init(scale float64, r *rand.Rand) {
	ts := m.Tensors()
	normal := func(name string, scale float64) {
		p := group(m.Params, ts, name)
		for i := range p {
			p[i] = float32(scale * r.NormFloat64())
		}
	}
	if m.Config.Vector == 0 {
		normal("embed.weight", scale)
	}
	if m.Config.Chars > 0 {
		normal("chars.embed.weight", partScale)
		rnn.Init(m.Config.CharLayer(), group(m.Params, ts, charLayer), r)
	}
	if len(m.Config.Features) > 0 {
		normal("features.", partScale)
	}
	rnn.Init(m.Config.Recurrent(), group(m.Params, ts, recurrent), r)
}

// SetVectors gives tokens the vectors they have in the map, [E] each, and
// returns how many there were.
func (m *Model) SetVectors(byToken map[string][]float32) (found int, err error) {
	embed := group(m.Params, m.Tensors(), "embed.weight")
	for i, t := range m.Vocab.Tokens() {
		v, ok := byToken[t]
		if !ok {
			continue
		}
		if len(v) != m.Config.Embed {
			return found, fmt.Errorf("a vector of %d numbers for %.60q, expected %d", len(v), t, m.Config.Embed)
		}
		copy(embed[(Unknown+1+i)*m.Config.Embed:], v)
		found++
	}
	return found, nil
}

// LabelID returns the index of a label, or loss.NoLabel.
func (m *Model) LabelID(label string) int32 {
	return int32(slices.Index(m.Labels, label))
}

// Tensors lists the parameters in the order of the slab.
func (m *Model) Tensors() []rnn.Tensor { return Tensors(m.Config, m.sizes()) }
