package model_test

import (
	"math/rand/v2"
	"testing"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// network returns the model's network on params, which may be another type's.
func network[F rnn.Float](t testing.TB, m *model.Model, params []F, team *rnn.Team) *model.Network[F] {
	t.Helper()
	n, err := model.NewNetwork(m.Config, m.Vocab.Size(), len(m.Labels), params, make([]F, len(params)), team)
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

// problem is a batch of random tokens and labels, some of them unknown.
type problem struct {
	*rnn.Batch
	ids, targets []int32
}

func newProblem(t testing.TB, m *model.Model, lengths ...int) problem {
	t.Helper()
	b, err := rnn.NewBatch(lengths...)
	if err != nil {
		t.Fatal(err)
	}
	p := problem{b, make([]int32, b.Rows()), make([]int32, b.Rows())}
	r := rand.New(rand.NewPCG(3, 4))
	for i := range p.ids {
		p.ids[i] = r.Int32N(int32(m.Vocab.Size()))
		p.targets[i] = r.Int32N(int32(len(m.Labels)+1)) - 1
	}
	p.targets[0] = loss.NoLabel
	return p
}

// chunks calls f for chunks of that many steps that cover the batch.
func (p problem) chunks(steps int, f func(from, to int, ids, targets []int32)) {
	for from := 0; from < p.Steps(); from += steps {
		to := min(from+steps, p.Steps())
		lo, hi := p.Off[from], p.Off[to]
		f(from, to, p.ids[lo:hi], p.targets[lo:hi])
	}
}

// train runs the batch forward and backward in chunks, and returns its loss.
func train[F rnn.Float](n *model.Network[F], p problem, steps int) (sum float64) {
	clear(n.Grads)
	n.Begin(p.Batch)
	p.chunks(steps, func(from, to int, ids, targets []int32) { sum += n.Step(from, to, ids, targets) })
	return sum
}

// predict runs the batch forward in chunks, and returns z of all rows and the loss.
func predict[F rnn.Float](n *model.Network[F], p problem, steps int) (z []F, sum float64) {
	n.Begin(p.Batch)
	p.chunks(steps, func(from, to int, ids, targets []int32) {
		rows, _, l := n.Predict(from, to, ids, targets)
		z, sum = append(z, rows...), sum+l
	})
	return z, sum
}
