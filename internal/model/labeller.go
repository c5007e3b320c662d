package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/seq"
)

// Labeller labels one sequence step by step, as it comes: tokens by Step or, of
// a model of vectors, these by StepVector. Labellers of a network may be used
// beside each other.
type Labeller struct {
	model   *Model
	lexicon *Lexicon
	run     *Stream[float32]
	z       []float32
}

// CheckLabels says why a model gives no labels, if it does not.
func (m *Model) CheckLabels() error {
	if m.Config.Output == Real {
		return errors.New("the model gives values: expected one that gives labels")
	}
	return nil
}

// CheckTokens says why a model does not label tokens, if it does not.
func (m *Model) CheckTokens() error { return cmp.Or(m.CheckReads(false), m.CheckLabels()) }

// CheckVectors says why a model does not label vectors, if it does not.
func (m *Model) CheckVectors() error { return cmp.Or(m.CheckReads(true), m.CheckLabels()) }

// CheckReads says why a model does not read vectors, or tokens.
func (m *Model) CheckReads(vectors bool) error {
	switch {
	case vectors && m.Config.Vector == 0:
		return errors.New("vectors, expected tokens, which the model reads")
	case !vectors && m.Config.Vector > 0:
		return fmt.Errorf("tokens, expected vectors of %d numbers, which the model reads", m.Config.Vector)
	}
	return nil
}

// NewLabeller returns a labeller at the beginning of a sequence, on a network
// of the model. A model that needs whole sequences has none.
func (m *Model) NewLabeller(n *Network[float32]) (*Labeller, error) {
	run, err := n.NewStream()
	return &Labeller{model: m, lexicon: m.NewLexicon(), run: run}, err
}

// Step takes the sequence's next token and returns its most likely label or,
// of a model that classifies, that of the sequence so far. It allocates
// nothing once it has seen the longest token.
func (l *Labeller) Step(token string) string {
	l.lexicon.Only(token)
	l.z = l.run.Step(l.lexicon.Forms())
	return l.model.Labels[loss.Best(l.z)]
}

// StepVector takes the sequence's next vector [I], as Step a token.
func (l *Labeller) StepVector(x []float32) string {
	l.z = l.run.StepVector(x)
	return l.model.Labels[loss.Best(l.z)]
}

// Scores returns z_t [K] of the last Step, the labeller's own until its next
// Step; nil before the first.
func (l *Labeller) Scores() []float32 { return l.z }

// Reset begins another sequence.
func (l *Labeller) Reset() {
	l.run.Reset()
	l.z = nil
}

// Label labels a whole sequence, which must not be empty, on a network of the
// model that nobody else uses meanwhile. It returns a label for every token or,
// of a model that classifies, one; and z [T, K] or [K], which is the network's
// own until its next call.
func (m *Model) Label(n *Network[float32], tokens []string) (labels []string, z []float32, err error) {
	if err := m.CheckReads(false); err != nil {
		return nil, nil, err
	}
	l := m.NewLexicon()
	c := Chunk{Tokens: make([]int32, len(tokens)), IDs: make([]int32, len(tokens))}
	for t, token := range tokens {
		c.Tokens[t] = l.Number(token)
		c.IDs[t] = l.forms.IDs[c.Tokens[t]]
	}
	return m.labelChunk(n, len(tokens), l.Forms(), c)
}

// LabelVectors is Label of vectors x [T, I].
func (m *Model) LabelVectors(n *Network[float32], x [][]float32) (labels []string, z []float32, err error) {
	if err := m.CheckReads(true); err != nil {
		return nil, nil, err
	}
	if err := FiniteRows(x, m.Config.Vector); err != nil {
		return nil, nil, fmt.Errorf("vector %w", err)
	}
	return m.labelChunk(n, len(x), nil, Chunk{X: slices.Concat(x...)})
}

// labelChunk labels a sequence of that many steps.
func (m *Model) labelChunk(n *Network[float32], steps int, forms *input.Forms, c Chunk) (labels []string, z []float32, err error) {
	var layout seq.Packed
	if err := layout.Reset([]int{steps}); err != nil {
		return nil, nil, err
	}
	n.Begin(&layout, forms)
	z, best, _ := n.Predict(0, steps, c)
	for _, id := range best {
		labels = append(labels, m.Labels[id])
	}
	return labels, z, nil
}
