package model

import (
	"errors"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/seq"
)

// Labeller labels one sequence token by token, as they come. Labellers of a
// network may be used beside each other.
type Labeller struct {
	model   *Model
	lexicon *Lexicon
	run     *Stream[float32]
	z       []float32
}

// CheckLabels says why a model does not label tokens, if it does not.
func (m *Model) CheckLabels() error {
	if m.Config.Vector > 0 || m.Config.Output == Real {
		return errors.New("the model reads vectors or gives values: expected one that labels tokens")
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
	if m.Config.Vector > 0 {
		return nil, nil, m.CheckLabels()
	}
	var layout seq.Packed
	if err := layout.Reset([]int{len(tokens)}); err != nil {
		return nil, nil, err
	}
	l := m.NewLexicon()
	c := Chunk{Tokens: make([]int32, len(tokens)), IDs: make([]int32, len(tokens))}
	for t, token := range tokens {
		c.Tokens[t] = l.Number(token)
		c.IDs[t] = l.forms.IDs[c.Tokens[t]]
	}
	n.Begin(&layout, l.Forms())
	z, best, _ := n.Predict(0, len(tokens), c)
	for _, id := range best {
		labels = append(labels, m.Labels[id])
	}
	return labels, z, nil
}
