package model

import (
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/seq"
)

// Labeller labels one sequence token by token, as they come. Labellers of a
// network may be used beside each other.
type Labeller struct {
	model *Model
	run   *Stream[float32]
	z     []float32
}

// NewLabeller returns a labeller at the beginning of a sequence, on a network
// of the model. A model that needs whole sequences has none.
func (m *Model) NewLabeller(n *Network[float32]) (*Labeller, error) {
	run, err := n.NewStream()
	return &Labeller{model: m, run: run}, err
}

// Step takes the sequence's next token and returns its most likely label. It
// allocates nothing.
func (l *Labeller) Step(token string) string {
	l.z = l.run.Step(l.model.Vocab.ID(token))
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
// model that nobody else uses meanwhile. It returns the labels and z [T, K],
// which is the network's own until its next call.
func (m *Model) Label(n *Network[float32], tokens []string) (labels []string, z []float32, err error) {
	var layout seq.Packed
	if err := layout.Reset([]int{len(tokens)}); err != nil {
		return nil, nil, err
	}
	n.Begin(&layout)
	z, best, _ := n.Predict(0, len(tokens), m.Vocab.Encode(nil, tokens), nil)
	for _, id := range best {
		labels = append(labels, m.Labels[id])
	}
	return labels, z, nil
}
