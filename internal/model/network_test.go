package model_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/internal/loss"
	"github.com/unroll-go/unroll/internal/model"
	"github.com/unroll-go/unroll/rnn"
)

// someLengths are of a batch whose sequences end at different steps, two together.
var someLengths = []int{9, 7, 7, 3, 1}

func labeller(t testing.TB, s shape) *model.Model {
	return newModel(t, s.config(5, 6), oddTokens, []string{"A", "B", "C"})
}

func TestPredictGivesProbabilitiesAndTheirLoss(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.String(), func(t *testing.T) {
			m := labeller(t, s)
			n, p, k := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...), len(m.Labels)
			z, got := predict(n, p, p.Steps())
			want := 0.0
			for r, y := range p.Labels {
				sum := 0.0
				for _, v := range z[r*k : (r+1)*k] {
					if v <= 0 {
						t.Errorf("row %d has probability %v", r, v)
					}
					sum += v
				}
				if math.Abs(sum-1) > 1e-15*float64(k) {
					t.Errorf("probabilities of row %d sum to %v", r, sum)
				}
				if y != loss.NoLabel {
					want -= math.Log(z[r*k+int(y)])
				}
			}
			if math.Abs(got-want) > 1e-12*want {
				t.Errorf("loss %v, want %v", got, want)
			}
			if step := train(n, p, p.Steps()); step != got {
				t.Errorf("Step's loss %v, Predict's %v", step, got)
			}
			n.Begin(p.Batch, p.forms)
			if alone, _, _ := n.Predict(0, p.Steps(), model.Chunk{IDs: p.IDs}); !slices.Equal(alone, z) {
				t.Error("without targets z is another")
			}
		})
	}
}

func TestChunksLeaveTheLossAsItIs(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.String(), func(t *testing.T) {
			m := labeller(t, s)
			n, p := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...)
			z, want := predict(n, p, p.Steps())
			for steps := 1; steps < p.Steps(); steps++ {
				if got := train(n, p, steps); math.Abs(got-want) > 1e-12*want {
					t.Errorf("chunks of %d steps: loss %v, want %v", steps, got, want)
				}
				if got, _ := predict(n, p, steps); !slices.Equal(got, z) {
					t.Errorf("chunks of %d steps: z is another", steps)
				}
			}
		})
	}
}

func TestStepAddsTheLossesSlope(t *testing.T) {
	const h = 1e-5
	for _, s := range shapes() {
		if s.cell != rnn.Tanh { // a kink has no slope
			continue
		}
		t.Run(s.String(), func(t *testing.T) {
			m := labeller(t, s)
			n, p := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...)
			train(n, p, p.Steps())
			at := func(i int, v float64) float64 {
				defer func(old float64) { n.Params[i] = old }(n.Params[i])
				n.Params[i] = v
				_, l := predict(n, p, p.Steps())
				return l
			}
			for i, v := range n.Params {
				slope := (at(i, v+h) - at(i, v-h)) / (2 * h)
				if math.Abs(n.Grads[i]-slope) > 1e-7 {
					t.Fatalf("gradient %d is %v, want %v", i, n.Grads[i], slope)
				}
			}
		})
	}
}

func TestStepsWithoutLabelContributeNothing(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.String(), func(t *testing.T) {
			m := labeller(t, s)
			n, p := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...)
			run := func(keep func(row int) bool) (float64, []float64) {
				part := p
				part.Labels = slices.Clone(p.Labels)
				for r := range part.Labels {
					if !keep(r) {
						part.Labels[r] = loss.NoLabel
					}
				}
				return train(n, part, p.Steps()), slices.Clone(n.Grads)
			}
			none, zeros := run(func(int) bool { return false })
			if none != 0 || slices.ContainsFunc(zeros, func(v float64) bool { return v != 0 }) {
				t.Errorf("no label at all: loss %v, gradients %v, want zeros", none, zeros)
			}
			all, grads := run(func(int) bool { return true })
			odd, gradsOdd := run(func(row int) bool { return row%2 == 1 })
			even, gradsEven := run(func(row int) bool { return row%2 == 0 })
			if math.Abs(odd+even-all) > 1e-12*all {
				t.Errorf("losses %v of the odd rows and %v of the even, want together %v", odd, even, all)
			}
			for i, v := range grads {
				if math.Abs(gradsOdd[i]+gradsEven[i]-v) > 1e-12 {
					t.Fatalf("gradients[%d] %v of the odd rows and %v of the even, want together %v", i, gradsOdd[i], gradsEven[i], v)
				}
			}
		})
	}
}

func TestOnlyTheFirstChunkReachesH0(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, true})
	n, p := network(t, m, double(m.Params), nil), newProblem(t, m, someLengths...)
	h0 := func() (grads []float64) {
		for _, l := range n.Tensors {
			if strings.HasPrefix(l.Name, "rnn.h0") {
				grads = append(grads, n.Grads[l.Offset:l.Offset+l.Size()]...)
			}
		}
		return grads
	}
	n.Begin(p.Batch, p.forms)
	n.Step(0, 2, p.part(0, 2))
	first := h0()
	if slices.Contains(first, 0) {
		t.Errorf("gradients of h_0 %v, want none zero", first)
	}
	train(n, p, 2)
	if all := h0(); !slices.Equal(all, first) {
		t.Errorf("gradients of h_0 %v after all chunks, want the first's %v", all, first)
	}
}

// largeProblem is large enough that rnn shares its phases out: the smallest,
// Wxh·x_t over all rows, takes 2·N·H·E operations, above its bound of 200,000.
func largeProblem(t testing.TB, s shape) (*model.Model, problem) {
	m := newModel(t, s.config(40, 48), oddTokens, []string{"A", "B", "C", "D", "E"})
	p := newProblem(t, m, 30, 29, 29, 21, 17, 8, 3, 1)
	if work := 2 * p.Rows() * m.Config.Hidden * m.Config.Embed; work < 2*200_000 {
		t.Fatalf("%d operations: too few for a team", work)
	}
	return m, p
}

func TestTeamsOfAnySizeGiveTheSameBits(t *testing.T) {
	for _, s := range []shape{{rnn.Tanh, 2, true}, {rnn.ReLU, 2, false}, {rnn.Tanh, 1, false}} {
		m, p := largeProblem(t, s)
		for _, steps := range []int{p.Steps(), 18} {
			t.Run(fmt.Sprint(s, "-", steps), func(t *testing.T) {
				one := network(t, m, m.Params, nil)
				want := train(one, p, steps)
				wantZ, _ := predict(one, p, steps)
				for threads := 1; threads <= 3; threads++ {
					n := network(t, m, m.Params, team(t, threads))
					for range 2 { // the second time in memory that was used
						if got := train(n, p, steps); got != want {
							t.Errorf("%d threads: loss %v, want %v", threads, got, want)
						}
						sameBits(t, fmt.Sprintf("gradients of %d threads", threads), n.Grads, one.Grads)
					}
					z, _ := predict(n, p, steps)
					sameBits(t, fmt.Sprintf("z of %d threads", threads), z, wantZ)
				}
			})
		}
	}
}

func TestRepackTakesChangedParametersIntoUse(t *testing.T) {
	m := labeller(t, shape{rnn.Tanh, 2, false})
	p := newProblem(t, m, someLengths...)
	n, fresh := network(t, m, double(m.Params), nil), network(t, m, double(m.Params), nil)
	n.Begin(p.Batch, p.forms)
	for i := range n.Params {
		n.Params[i] *= -1.5
		fresh.Params[i] *= -1.5
	}
	n.Repack()
	got, want := n.Step(0, p.Steps(), p.part(0, p.Steps())), train(fresh, p, p.Steps())
	if got != want || !slices.Equal(n.Grads, fresh.Grads) {
		t.Errorf("loss %v, want %v; gradients equal: %t", got, want, slices.Equal(n.Grads, fresh.Grads))
	}
}

func TestTrainingAllocatesNothingOnceWarm(t *testing.T) {
	for _, threads := range []int{1, 2} {
		m, p := largeProblem(t, shape{rnn.Tanh, 2, true})
		smaller := newProblem(t, m, 5, 2)
		n := network(t, m, m.Params, team(t, threads))
		train(n, p, 16)
		step := func() {
			train(n, p, 16)
			train(n, smaller, 3)
			n.Begin(p.Batch, p.forms)
			n.Predict(0, 16, model.Chunk{IDs: p.IDs[:p.Off[16]]})
		}
		allocs := testing.AllocsPerRun(5, step)
		if allocs > 0 { // a worker that was not counted on until now has made its own memory
			allocs = testing.AllocsPerRun(5, step)
		}
		if allocs != 0 {
			t.Errorf("%d threads: %v allocations, want none", threads, allocs)
		}
	}
}
