package model

import "github.com/unroll-go/unroll/internal/loss"

// Labeller labels one sequence token by token. Labellers of a network may be
// used beside each other.
type Labeller struct {
	model *Model
	run   *Stream[float32]
	z     []float32
}

// NewLabeller returns a labeller at the beginning of a sequence, on a network
// of the model.
func (m *Model) NewLabeller(n *Network[float32]) *Labeller {
	return &Labeller{model: m, run: n.NewStream()}
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
