package explain

import (
	"errors"
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/internal/data"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/internal/seq"
	"github.com/unroll-go/unroll/rnn"
)

// Model is a trained model in float64, to be explained. It is for one goroutine.
type Model struct {
	*model.Model
	all     bool
	net     *model.Network[float64]
	layers  [][]*layer
	whz, bz []float64 // [K, D·H], [K]
}

// maxState bounds S, the numbers of a state, and so memory: a Jacobian has S².
const maxState = 2048

func checkState(c rnn.Config) error {
	if n := stateOf(c); n > maxState {
		return fmt.Errorf("states of %d numbers: expected at most %d, since a Jacobian has their square", n, maxState)
	}
	return nil
}

// New returns the model in float64. It tells of all layers and directions, or of
// the top layer's forward direction alone, in that much less time.
func New(m *model.Model, all bool) (*Model, error) {
	if err := checkState(m.Config.Recurrent()); err != nil {
		return nil, err
	}
	params := make([]float64, len(m.Params))
	for i, p := range m.Params {
		params[i] = float64(p)
	}
	net, err := model.NewNetwork(m.Config, m.Dims(), params, nil, nil)
	if err != nil {
		return nil, err
	}
	e := &Model{Model: m, all: all, net: net, layers: layersOf(m.Config.Recurrent(), net.RNN().Params())}
	for _, t := range net.Tensors {
		switch t.Name {
		case "out.weight":
			e.whz = params[t.Offset:][:t.Size()]
		case "out.bias":
			e.bz = params[t.Offset:][:t.Size()]
		}
	}
	return e, nil
}

// read returns a sequence as the network reads it.
func (m *Model) read(s data.Sequence) (*seq.Packed, *model.Lexicon, model.Chunk, error) {
	var c model.Chunk
	lexicon := m.NewLexicon()
	if (m.Config.Vector > 0) != (len(s.X) > 0) {
		return nil, nil, c, m.CheckReads(len(s.X) > 0)
	}
	layout, err := seq.New(s.Steps())
	if err != nil {
		return nil, nil, c, errors.New("an empty sequence: expected at least one step")
	}
	for _, token := range s.Tokens {
		c.Tokens = append(c.Tokens, lexicon.Number(token))
	}
	for _, n := range c.Tokens {
		c.IDs = append(c.IDs, lexicon.Forms().IDs[n])
	}
	for t, x := range s.X {
		if len(x) != m.Config.Vector {
			return nil, nil, c, fmt.Errorf("vector of step %d has %d numbers, expected %d", t+1, len(x), m.Config.Vector)
		}
		c.X = append(c.X, x...)
	}
	return layout, lexicon, c, nil
}

// pass runs the recurrent layers over a sequence.
func (m *Model) pass(s data.Sequence) (*stack, error) {
	layout, lexicon, chunk, err := m.read(s)
	if err != nil {
		return nil, err
	}
	m.net.Begin(layout, lexicon.Forms())
	x := slices.Clone(m.net.X(0, layout.Steps(), chunk))
	st := forward(m.layers, slices.Collect(slices.Chunk(x, m.Config.Input())))
	return st, st.check()
}

// best returns the numbers of the labels that the model gives a sequence: one a
// step, or one of the whole.
func (m *Model) best(s data.Sequence) ([]int32, error) {
	layout, lexicon, chunk, err := m.read(s)
	if err != nil {
		return nil, err
	}
	m.net.Begin(layout, lexicon.Forms())
	_, best, _ := m.net.Predict(0, layout.Steps(), chunk)
	return best, nil
}
