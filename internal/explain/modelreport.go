package explain

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
)

// ModelReport is a trained model explained: who influenced whom in one input,
// and how gradients fade or grow over data. Influence, Flow and Verdict are
// those of the top layer's forward direction, the first of Layers.
type ModelReport struct {
	Model     string        `json:"model"`            // its file
	Input     string        `json:"input,omitempty"`  // what the influences are of
	Tokens    []string      `json:"tokens,omitempty"` // [T] of the input; none of vectors
	Steps     int           `json:"steps,omitempty"`  // T
	Labels    []string      `json:"labels,omitempty"` // [T], or one of the whole: whose loss L(t) is; none of real values
	Given     bool          `json:"given,omitempty"`  // they are the right ones; otherwise the model's own
	Output    string        `json:"output"`           // softmax, crf or real: what L(t) is made of, see [Model.Influence]
	Influence *Influence    `json:"influence,omitempty"`
	Layers    []LayerReport `json:"layers"`
	LeftOut   int           `json:"left_out,omitempty"` // layers and directions that were not looked at
	Flow      Flow          `json:"flow"`
	Verdict   Verdict       `json:"verdict"`
}

// LayerReport is one direction of a recurrent layer. DLdX is only with the first.
type LayerReport struct {
	Layer     int        `json:"layer"`     // from 1, the lowest
	Direction string     `json:"direction"` // forward or backward
	Influence *Influence `json:"influence,omitempty"`
	Flow      Flow       `json:"flow"`
}

// The directions of a layer.
const (
	Forward  = "forward"
	Backward = "backward"
)

// MaxSteps is how many steps an input may have whose influence is told: the
// tables grow with its square, the work with the square times S³.
const MaxSteps = 200

// Influence returns the report of a sequence of at most MaxSteps steps: who
// influenced whom in every layer and direction, and no flow. L(t) is −log z_t of
// the label that is right, or of the model's own where no right ones are known;
// of real values the squared error. A CRF's loss is no sum over steps: there z_t
// is the softmax of the step's own scores α_t.
func (m *Model) Influence(name string, s data.Sequence) (*ModelReport, error) {
	if s.Steps() > MaxSteps {
		return nil, fmt.Errorf("%d steps: expected at most %d, since the tables grow with their square", s.Steps(), MaxSteps)
	}
	st, err := m.pass(s)
	if err != nil {
		return nil, err
	}
	best, err := m.best(s)
	if err != nil {
		return nil, err
	}
	said := m.labels(s, best)
	losses, err := m.losses(st, s, said.labels)
	if err != nil {
		return nil, err
	}
	r := m.report(name)
	r.Tokens, r.Steps, r.Given = s.Tokens, st.steps(), said.given
	if m.Config.Output != model.Real {
		r.Labels = m.names(said.labels)
	}
	all, dx := st.influence(losses)
	for i := range r.Layers {
		l := &r.Layers[i]
		d := l.direction()
		l.Influence = &all[l.Layer-1][d]
		l.Influence.DHdH = st.placed(d, st.runs[l.Layer-1][d].table())
	}
	r.Influence = r.Layers[0].Influence
	r.Influence.DLdX = dx
	return r, nil
}

// report returns an empty report of the layers, the top one's forward direction
// first.
func (m *Model) report(name string) *ModelReport {
	r := &ModelReport{Model: name, Output: string(m.Config.Output), Verdict: Neither}
	for l := len(m.layers); l > 0; l-- {
		for _, direction := range []string{Forward, Backward}[:len(m.layers[l-1])] {
			r.Layers = append(r.Layers, LayerReport{Layer: l, Direction: direction})
		}
	}
	if !m.all {
		r.Layers, r.LeftOut = r.Layers[:1], len(r.Layers)-1
	}
	return r
}

// direction returns the number of l's.
func (l *LayerReport) direction() int {
	if l.Direction == Backward {
		return 1
	}
	return 0
}
