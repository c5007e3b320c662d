package model_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/input"
	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// network returns the model's network on params, which may be another type's.
func network[F rnn.Float](t testing.TB, m *model.Model, params []F, team *rnn.Team) *model.Network[F] {
	t.Helper()
	n, err := model.NewNetwork(m.Config, m.Dims(), params, make([]F, len(params)), team)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// double returns the numbers in float64.
func double(params []float32) []float64 {
	wide := make([]float64, len(params))
	for i, v := range params {
		wide[i] = float64(v)
	}
	return wide
}

// team returns a team that closes with the test; of one thread it is nil.
func team(t testing.TB, threads int) *rnn.Team {
	if threads == 1 {
		return nil
	}
	team := rnn.NewTeam(threads)
	t.Cleanup(team.Close)
	return team
}

// problem is a batch of random tokens or vectors, with random labels, some of
// them unknown, or values.
type problem struct {
	*rnn.Batch
	model.Chunk // all steps
	tokens      []string
	forms       *input.Forms
	ends        bool // what is said is said of whole sequences
	k           int
}

// strangers are tokens that no vocabulary of a test has: the last are longer
// than what is read of a token, and no UTF-8.
var strangers = []string{"of", "Theodore", "값을", "x", strings.Repeat("abcdefg ", 20), "th\xffe"}

func newProblem(t testing.TB, m *model.Model, lengths ...int) problem {
	t.Helper()
	b, err := rnn.NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	p := problem{Batch: b, ends: m.Config.Task == model.TaskClassify, k: len(m.Labels)}
	r := rand.New(rand.NewPCG(3, 4))
	p.drawInput(m, r)
	p.drawTargets(m.Config.Output, r)
	return p
}

func (p *problem) drawInput(m *model.Model, r *rand.Rand) {
	if m.Config.Vector > 0 {
		for range p.Rows() * m.Config.Vector {
			p.X = append(p.X, float32(r.NormFloat64()))
		}
		return
	}
	l := m.NewLexicon()
	all := slices.Concat(m.Vocab.Tokens(), strangers)
	for range p.Rows() {
		token := all[r.IntN(len(all))]
		number := l.Number(token)
		p.tokens = append(p.tokens, token)
		p.Tokens, p.IDs = append(p.Tokens, number), append(p.IDs, l.Forms().IDs[number])
	}
	p.forms = l.Forms()
}

// drawTargets draws labels; for a CRF the first two, which BIO and BIOES allow
// everywhere. Of the first output the label is unknown.
func (p *problem) drawTargets(o model.Output, r *rand.Rand) {
	n := p.Rows()
	if p.ends {
		n = p.Size()
	}
	for range n {
		switch o {
		case model.Real:
			for range p.k {
				p.Values = append(p.Values, float32(r.NormFloat64()))
			}
		case model.CRF:
			p.Labels = append(p.Labels, r.Int32N(2))
		default:
			p.Labels = append(p.Labels, r.Int32N(int32(p.k+1))-1)
		}
	}
	if p.Labels != nil {
		p.Labels[0] = loss.NoLabel
	}
}

// part returns the steps [from, to).
func (p problem) part(from, to int) (c model.Chunk) {
	lo, hi := p.Off[from], p.Off[to]
	if p.X != nil {
		width := len(p.X) / p.Rows()
		c.X = p.X[lo*width : hi*width]
	} else {
		c.Tokens, c.IDs = p.Tokens[lo:hi], p.IDs[lo:hi]
	}
	if p.ends {
		lo, hi = p.Ending(from, to)
	}
	if p.Values != nil {
		c.Values = p.Values[lo*p.k : hi*p.k]
	} else {
		c.Labels = p.Labels[lo:hi]
	}
	return c
}

// outputs returns where the outputs of the steps [from, to) lie among all: as
// z of one sequence's end after the other's has them, longest first, or in rows.
func (p problem) outputs(from, to int) (lo, hi int) {
	if p.ends {
		return p.Ending(from, to)
	}
	return p.Off[from], p.Off[to]
}

// chunks calls f for chunks of that many steps that cover the batch.
func (p problem) chunks(steps int, f func(from, to int, c model.Chunk)) {
	for from := 0; from < p.Steps(); from += steps {
		to := min(from+steps, p.Steps())
		f(from, to, p.part(from, to))
	}
}

// train runs the batch forward and backward in chunks, and returns its loss.
func train[F rnn.Float](n *model.Network[F], p problem, steps int) (sum float64) {
	clear(n.Grads)
	n.Begin(p.Batch, p.forms)
	p.chunks(steps, func(from, to int, c model.Chunk) { sum += n.Step(from, to, c) })
	return sum
}

// predict runs the batch forward in chunks, and returns z of all outputs, in
// the order of the whole's, and the loss.
func predict[F rnn.Float](n *model.Network[F], p problem, steps int) (z []F, sum float64) {
	n.Begin(p.Batch, p.forms)
	_, outputs := p.outputs(0, p.Steps())
	z = make([]F, outputs*p.k)
	p.chunks(steps, func(from, to int, c model.Chunk) {
		rows, _, l := n.Predict(from, to, c)
		lo, hi := p.outputs(from, to)
		if len(rows) != (hi-lo)*p.k {
			panic("z has not a row for every output")
		}
		copy(z[lo*p.k:], rows)
		sum += l
	})
	return z, sum
}
