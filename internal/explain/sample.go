package explain

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/internal/data"
)

// Sample says how much of some data a flow is taken from: Chains states k, drawn
// from Seed, each followed over at most Steps steps, to the end of its piece of
// at most MaxSteps steps.
type Sample struct {
	Chains, Steps int
	Seed          uint64
}

// DefaultSample is what a model is explained by, unless its states are wide.
var DefaultSample = Sample{Chains: 32, Steps: MaxSteps, Seed: 1}

// What a sample may cost, about a minute of a core, and how few states are
// followed whatever it does.
const (
	sampleWork   = 2e12
	fewestChains = 4
)

// Sample returns what the model is explained by: DefaultSample, but for wide
// states, whose products cost S³, fewer of them.
func (m *Model) Sample() Sample { return sampleOf(stateOf(m.Config.Recurrent())) }

func sampleOf(state int) Sample {
	s, width := DefaultSample, float64(state)
	s.Chains = min(max(int(sampleWork/(2*width*width*width*MaxSteps)), fewestChains), s.Chains)
	return s
}

// start is a state that is followed: k, of a piece.
type start struct{ piece, k int }

// Flow adds to a report, nil for a new one, how gradients fade or grow in every
// layer and direction over sequences. Longer ones count as pieces of MaxSteps
// steps that begin anew.
func (m *Model) Flow(r *ModelReport, name string, sequences []data.Sequence, sample Sample) (*ModelReport, error) {
	if r == nil {
		r = m.report(name)
	}
	if err := m.flow(r.Layers, name, sequences, sample); err != nil {
		return nil, err
	}
	r.Flow, r.Verdict = r.Layers[0].Flow, r.Layers[0].Flow.Verdict
	return r, nil
}

// flow sets the flow of the given layers.
func (m *Model) flow(layers []LayerReport, name string, sequences []data.Sequence, sample Sample) error {
	pieces := cut(sequences)
	all := make([]*pairs, len(layers))
	starts := sample.draw(pieces)
	if len(starts) == 0 {
		return errors.New("no steps to follow a state through: expected at least one sequence")
	}
	for len(starts) > 0 {
		piece := starts[0].piece
		n := slices.IndexFunc(starts, func(s start) bool { return s.piece != piece })
		if n < 0 {
			n = len(starts)
		}
		st, err := m.pass(pieces[piece])
		if err != nil {
			return err
		}
		for i := range layers {
			r := st.runs[layers[i].Layer-1][layers[i].direction()]
			if all[i] == nil {
				all[i] = newPairs(r)
			}
			all[i].follow(r, starts[:n], sample.Steps)
		}
		starts = starts[n:]
	}
	for i, p := range all {
		layers[i].Flow = p.flow(name)
	}
	return nil
}

// follow adds the pairs of all these states of a pass, each over that many steps
// at most.
func (p *pairs) follow(r *run, starts []start, steps int) {
	var items []int
	for i := range starts {
		items = append(items, i)
	}
	norms := make([][]float64, len(starts))
	share(items, func(next <-chan int) {
		c, jacobian := &chain{}, make([]float64, r.state()*r.state())
		for i := range next {
			norms[i] = r.follow(c, jacobian, starts[i].k, min(starts[i].k+steps, r.steps()))
		}
	})
	for i, s := range starts {
		p.add(r, s.k, norms[i])
	}
}

// cut returns the sequences, those that are too long as pieces.
func cut(sequences []data.Sequence) (pieces []data.Sequence) {
	for _, s := range sequences {
		for from := 0; from < s.Steps(); from += MaxSteps {
			pieces = append(pieces, Piece(s, from))
		}
	}
	return pieces
}

// Piece returns the at most MaxSteps steps of s from the given one on.
func Piece(s data.Sequence, from int) data.Sequence {
	steps := s.Steps()
	to := min(from+MaxSteps, steps)
	if s.Tokens != nil {
		s.Tokens = s.Tokens[from:to]
	}
	if s.X != nil {
		s.X = s.X[from:to]
	}
	if len(s.Labels) == steps {
		s.Labels = s.Labels[from:to]
	}
	if len(s.Values) == steps {
		s.Values = s.Values[from:to]
	}
	return s
}

// draw returns distinct states of the pieces, piece by piece. Early ones are
// drawn more often, since many steps follow on them.
func (s Sample) draw(pieces []data.Sequence) []start {
	steps := 0
	for _, p := range pieces {
		steps += p.Steps()
	}
	r := rand.New(rand.NewPCG(s.Seed, flowStream))
	seen := map[start]bool{}
	for len(seen) < min(s.Chains, steps) {
		i := r.IntN(len(pieces))
		early := r.Float64()
		seen[start{i, int(early * early * float64(pieces[i].Steps()))}] = true
	}
	var starts []start
	for at := range seen {
		starts = append(starts, at)
	}
	slices.SortFunc(starts, func(a, b start) int { return cmp.Or(cmp.Compare(a.piece, b.piece), cmp.Compare(a.k, b.k)) })
	return starts
}

// flowStream keeps the random numbers of samples apart from others of the seed.
const flowStream = 4 << 32
